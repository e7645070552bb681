"""Published scores: what load_reports gives, and what it refuses."""

import shutil

import pytest

from core.catalogue import load_benchmarks, load_report_sources, load_reports
from core.catalogue.reports import FOLDER, report_path
from core.errors import InvalidTableError, SourceUnavailableError


def test_columns_and_kinds():
    scores = load_reports()
    assert {
        "report", "model_id", "benchmark", "shots", "cot", "metric", "value", "quoted", "excluded", "note"
    } <= set(scores)  # fmt: skip
    assert scores["value"].dtype == "float64"
    assert scores["quoted"].dtype == bool
    assert str(scores["cot"].dtype) == "Int8"
    assert scores["value"].notna().all()
    assert set(scores["report"]) == set(load_report_sources())
    assert set(scores["benchmark"]) <= set(load_benchmarks())


def test_a_figure_stands_as_printed():
    scores = load_reports()
    row = scores.query("report == 'qwen3-report' and model_id == 'Qwen/Qwen2.5-72B' and benchmark == 'MMLU'")
    assert row["value"].tolist() == [86.06]
    assert row["shots"].tolist() == ["5"]


def test_quoted_rows_are_never_fitted():
    scores = load_reports()
    quoted = scores[scores["quoted"]]
    assert set(quoted["report"]) >= {
        "moonlight-report",
        "glm-4.5-report",
        "motif-2-card",
        "step-3.5-flash-report",
    }
    assert quoted["excluded"].notna().all()


@pytest.mark.parametrize(
    ("report", "model_id", "benchmark"),
    [
        ("qwen2.5-report", "google/gemma-2-27b", "WinoGrande"),
        ("llama3.1-card", "meta-llama/Llama-3.1-8B", "WinoGrande"),
        ("apertus-report", "meta-llama/Llama-3.1-70B", "HellaSwag"),
        ("olmo3-report", "ByteDance-Seed/Seed-OSS-36B-Base", "GSM8K"),
        ("falcon-edge", "Qwen/Qwen2.5-1.5B", "BBH"),
    ],
)
def test_known_outliers_stay_with_the_reason(report, model_id, benchmark):
    row = load_reports().query("report == @report and model_id == @model_id and benchmark == @benchmark")
    assert len(row) == 1
    assert row["excluded"].notna().all()


def test_most_rows_may_be_fitted():
    scores = load_reports()
    assert scores["excluded"].isna().mean() > 0.95


def test_reports_of_one_study_share_it_only_where_they_do():
    scores = load_reports().query("report in ['qwen2.5-report', 'qwen3-report']")
    study = scores.groupby(["report", "benchmark"])["study"].first()
    assert study["qwen2.5-report", "MMLU"] == study["qwen3-report", "MMLU"]
    assert study["qwen2.5-report", "MBPP"] != study["qwen3-report", "MBPP"]


def test_the_copy_is_the_callers():
    mine = load_reports()
    mine["value"] = 0.0
    assert load_reports()["value"].max() > 0


def test_a_value_that_is_no_number_names_file_and_line(tmp_path):
    folder = _copy(tmp_path, "comma-report")
    path = report_path("comma-report", folder)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace(lines[3].split(",")[5], "NaN", 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InvalidTableError, match=r"comma-report\.csv, line 4"):
        load_reports(folder)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("model_id,value\na/b,1\n", "column missing"),
        ("\x00\x00", "column missing"),
        ('model_id,benchmark,shots,cot,metric,value,quoted,excluded,note\na/b,"MMLU\n', "not a CSV row"),
        ("model_id,benchmark,shots,cot,metric,value,quoted,excluded,note\na/b,MMLU,5\n", "3 cells"),
        (
            "model_id,benchmark,shots,cot,metric,value,quoted,excluded,note\n\na/b,MMLU,5,,,1,0,,\n",
            "empty line",
        ),
        (
            f"model_id,benchmark,shots,cot,metric,value,quoted,excluded,note\n{'x' * 3000},M,5,,,1,0,,\n",
            "2,000",
        ),
    ],
)
def test_a_malformed_file_is_refused(tmp_path, text, says):
    folder = _copy(tmp_path, "comma-report")
    report_path("comma-report", folder).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidTableError, match=says):
        load_reports(folder)


def test_a_packed_bomb_is_refused(tmp_path):
    import gzip

    folder = _copy(tmp_path, "comma-report")
    report_path("comma-report", folder).unlink()
    (folder / "comma-report.csv.gz").write_bytes(gzip.compress(b"a" * 60_000_000))
    with pytest.raises(InvalidTableError, match="unpacks to more"):
        load_reports(folder)


def test_a_missing_file_is_named(tmp_path):
    folder = _copy(tmp_path, "comma-report")
    report_path("comma-report", folder).unlink()
    with pytest.raises(SourceUnavailableError, match="comma-report"):
        load_reports(folder)


def _copy(tmp_path, report):
    folder = tmp_path / "reports"
    folder.mkdir()
    shutil.copy(report_path(report, FOLDER), folder)
    (folder / "reports.toml").write_text(f'["{report}"]\ntitle = "t"\nsource = "s"\n', encoding="utf-8")
    return folder
