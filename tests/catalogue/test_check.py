"""The builder's checks: each fault with its file, line and reason; the shipped files have none."""

import csv
import shutil

import pytest

from core.catalogue import bases, load_catalogue, load_no_base, load_reports, reports
from core.catalogue.check import check

SCORE = ["model_id", "benchmark", "shots", "cot", "metric", "value", "quoted", "excluded", "note"]
GOOD = ["new-lab/New-7B", "MMLU", "5", "", "", "61.5", "0", "", ""]


@pytest.fixture
def folders(tmp_path):
    catalogue, published = tmp_path / "catalogue", tmp_path / "reports"
    shutil.copytree(bases.FOLDER, catalogue)
    shutil.copytree(reports.FOLDER, published)
    return catalogue, published


def test_what_is_shipped_is_sound():
    assert [str(fault) for fault in check()] == []


def _add_report(
    published, *rows, entry='["new-report"]\ntitle = "New"\nsource = "arXiv"\ndate = "2026-11"\n'
):
    with (published / "new-report.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([SCORE, *rows])
    with (published / "reports.toml").open("a", encoding="utf-8") as file:
        file.write(entry)


def test_recipe_add_a_report(folders):
    catalogue, published = folders
    _add_report(published, GOOD, [*GOOD[:1], "New Bench", *GOOD[2:]])
    assert [str(fault) for fault in check(catalogue, published)] == [
        "new-report.csv, line 3: unknown benchmark 'New Bench': add it to benchmarks.toml"
    ]
    with (catalogue / "benchmarks.toml").open("a", encoding="utf-8") as file:
        file.write('"New Bench" = { ability = "knowledge", chance = 25 }\n')
    assert check(catalogue, published) == []
    added = load_reports(published).query("report == 'new-report'")
    assert added["value"].tolist() == [61.5, 61.5]
    assert added["excluded"].isna().all()


def test_recipe_add_a_base(folders):
    catalogue, published = folders
    row = dict.fromkeys(bases.BASE_COLUMNS, "") | {
        "model_id": "microsoft/phi-4", "publisher": "Microsoft", "family": "Phi-4", "released": "2026-11",
        "params_b": "14.7", "licence": "mit", "layer_kinds": "full attention|mixture of experts",
        "source": "card",
    }  # fmt: skip
    path = catalogue / "bases.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.DictWriter(file, header).writerow(row)
    faults = [str(fault) for fault in check(catalogue, published)]
    assert len(faults) == 1
    assert faults[0].endswith("microsoft/phi-4 is a base of bases.csv")
    others = catalogue / "no_base.csv"
    lines = others.read_text(encoding="utf-8").splitlines(keepends=True)
    others.write_text(
        "".join(line for line in lines if not line.startswith("microsoft/phi-4,")), encoding="utf-8"
    )
    assert check(catalogue, published) == []
    added = load_catalogue(path).iloc[-1]
    assert added["model_id"] == "microsoft/phi-4"
    assert added["params_b"] == 14.7
    assert added.isna()["layers"]
    assert "microsoft/phi-4" not in set(load_no_base(others)["model_id"])


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("benchmark", "Nothing", "unknown benchmark 'Nothing'"),
        ("value", "161.5", "value 161.5 is outside 0 to 100"),
        ("value", "-1", "outside 0 to 100"),
        ("value", "inf", "value is not a number"),
        ("value", "61,5", "value is not a number"),
        ("quoted", "", "quoted is neither 0 nor 1"),
        ("cot", "yes", "cot is neither"),
        ("shots", "many", "shots is not a number"),
        ("model_id", "New-7B", "model_id is not publisher/name"),
        ("model_id", "new-lab/New-7B (never published)", "excluded must say why"),
        ("model_id", "<script>/x", "model_id is not publisher/name"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(folders, column, cell, says):
    row = dict(zip(SCORE, GOOD, strict=True)) | {column: cell}
    _add_report(folders[1], ["new-lab/Other", *GOOD[1:]], list(row.values()))
    faults = check(*folders)
    assert [(fault.file, fault.line) for fault in faults] == [("new-report.csv", 3)]
    assert says in faults[0].reason


def test_a_model_twice(folders):
    _add_report(folders[1], GOOD, ["NEW-lab/new-7b", *GOOD[1:5], "60", *GOOD[6:]])
    assert [fault.line for fault in check(*folders)] == [3]
    assert "stands in line 2 too" in check(*folders)[0].reason


def test_a_report_without_an_entry(folders):
    _add_report(folders[1], GOOD, entry="")
    assert [str(fault) for fault in check(*folders)] == ["new-report.csv: no entry in reports.toml"]


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("released", "November 2026", "released is not YYYY-MM"),
        ("params_b", "7B", "params_b is not a number"),
        ("params_b", "70000", "params_b is out of range"),
        ("layers", "32.5", "layers is not a whole number"),
        ("gated", "yes", "gated is neither"),
        ("licence", "Apache 2.0", "licence is not an id"),
        ("tokenizer", "gpt-17", "no facts for the tokenizer"),
        ("layer_kinds", "magic", "unknown kind of layer 'magic'"),
        ("source", "", "source is empty"),
        ("active_params_b", "999", "more active parameters"),
        ("model_id", "google/gemma-3-4b-pt", "stands in line"),
    ],
)
def test_a_wrong_cell_of_the_catalogue(folders, column, cell, says):
    path = folders[0] / "bases.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[4][column] = cell
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert any(says in fault.reason and fault.file == "bases.csv" for fault in check(*folders))


def test_an_unreadable_list_is_one_fault(folders):
    (folders[1] / "reports.toml").write_text("[[[[", encoding="utf-8")
    faults = check(*folders)
    assert [fault.file for fault in faults] == ["reports.toml"]
    assert "not valid TOML" in faults[0].reason


def test_an_unreadable_line_is_named(folders):
    path = folders[0] / "bases.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[6] += ",one too many"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [str(fault) for fault in check(*folders)] == [
        "bases.csv, line 7: 26 cells where the first line names 25 columns."
    ]
