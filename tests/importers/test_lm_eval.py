"""lm-eval results: real files of the harness, the board's own scores rebuilt, and partial runs."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from core.board import scoring
from core.errors import DataError, InvalidInputError, InvalidTableError, SourceUnavailableError
from core.importers.contract_frame import SOURCE_OWN_RUN
from core.importers.join_board import append_to_board
from core.importers.lm_eval import MATH_SUBTASKS, TASKS, import_results, parse_results, read_results
from core.leaderboard import load_leaderboard
from core.schema import BENCHMARK_KEYS

FIXTURES = Path(__file__).parent.parent / "fixtures" / "lm_eval"
FULL = FIXTURES / "full.json"
PARTIAL = FIXTURES / "partial_chat.json"


def document(**changes) -> dict:
    return json.loads(FULL.read_text()) | changes


def as_bytes(content: object) -> bytes:
    return json.dumps(content).encode()


def test_the_real_file_is_of_the_pinned_version():
    assert {json.loads(path.read_text())["lm_eval_version"] for path in (FULL, PARTIAL)} == {"0.4.13"}


def test_a_full_run_of_the_real_harness():
    row = read_results(FULL).iloc[0]
    figures = json.loads(FULL.read_text())["results"]
    assert (row["model_id"], row["precision"], row["source"]) == ("tiny-llama", "float32", SOURCE_OWN_RUN)
    assert row["chat_template"] is False or not row["chat_template"]
    assert row["params_b"] == pytest.approx(13456 / 1e9)
    assert row["submitted"].year == 2026
    # IFEval: the mean of the two strict accuracies, 0.5 and 2/3 in this file.
    assert row["ifeval_raw"] == pytest.approx((0.5 + 2 / 3) / 2, abs=1e-12)
    # GPQA and MATH: over all questions; the harness's own group figures are the reference.
    assert row["gpqa_raw"] == pytest.approx(figures["leaderboard_gpqa"]["acc_norm,none"], abs=1e-12)
    assert row["math_lvl_5_raw"] == figures["leaderboard_math_hard"]["exact_match,none"]
    assert row["mmlu_pro_raw"] == figures["leaderboard_mmlu_pro"]["acc,none"]
    # Here every subtask has six questions, so the plain mean is the harness's weighted one too.
    assert row["bbh_raw"] == pytest.approx(figures["leaderboard_bbh"]["acc_norm,none"], abs=1e-12)
    assert row["average"] == pytest.approx(sum(row[key] for key in BENCHMARK_KEYS) / 6, abs=1e-12)


def test_standard_errors_follow_the_sample_counts():
    row = read_results(FULL).iloc[0]
    # Six prompts at p = 7/12: 100 * sqrt(p (1-p) / 6), by hand.
    assert row["ifeval_se"] == pytest.approx(100 * math.sqrt(7 / 12 * 5 / 12 / 6), abs=1e-9)
    notes = import_results([("full.json", FULL.read_bytes())]).notes
    assert any("IFEval was run on 6 of 541 questions" in note for note in notes)
    # With the board's own counts, the errors are the board's.
    counts = {
        f"leaderboard_gpqa_{name}": {"original": n, "effective": n}
        for name, n in scoring.GPQA_QUESTIONS.items()
    }
    whole = document()
    whole["n-samples"] |= counts
    gpqa = import_results([("x", as_bytes(whole))]).frame.iloc[0]
    assert gpqa["gpqa_se"] == pytest.approx(
        float(scoring.standard_error("gpqa", gpqa["gpqa_raw"])), abs=1e-12
    )


def test_a_partial_run_gives_what_it_has():
    imported = import_results([("partial.json", PARTIAL.read_bytes())])
    row = imported.frame.iloc[0]
    assert bool(row["chat_template"])
    assert row[["ifeval", "bbh"]].notna().all()
    assert row[["math_lvl_5", "gpqa", "musr", "mmlu_pro", "average", "average_se"]].isna().all()
    assert "tiny-llama: GPQA is left unknown (1 of 3 subtasks)." in imported.notes


def test_a_folder_of_runs(tmp_path):
    for name, source in (("full", FULL), ("chat", PARTIAL)):
        folder = tmp_path / name / "tiny-llama"
        folder.mkdir(parents=True)
        (folder / "results_2026.json").write_bytes(source.read_bytes())
    frame = read_results(tmp_path)
    assert sorted(frame["chat_template"]) == [False, True], "settings that differ stay apart"
    assert list(frame.columns) == list(load_leaderboard("snapshot").columns)


def test_runs_of_the_same_model_are_put_together():
    """The same model and setting in two files: tasks are joined, the later file wins where both have one."""
    first, second = document(date=1.77e9), document(date=1.78e9)
    first["results"] = {k: v for k, v in first["results"].items() if "ifeval" in k or "mmlu" in k}
    second["results"] = {k: v for k, v in second["results"].items() if "mmlu" in k or "musr" in k}
    second["results"]["leaderboard_mmlu_pro"]["acc,none"] = 0.5
    for order in ([first, second], [second, first]):
        frame = import_results([(str(i), as_bytes(d)) for i, d in enumerate(order)]).frame
        assert len(frame) == 1
        assert frame["mmlu_pro_raw"][0] == 0.5
        assert frame[["ifeval", "musr"]].notna().all(axis=None)


def test_scores_are_rebuilt_from_published_subtasks(shared):
    """BBH and MUSR of 188 models, through a results file each, equal the board's scores within 1e-9."""
    published = pd.read_csv(shared / "data" / "bbh_musr_subtasks.csv")
    board = pd.read_parquet(shared / "data" / "open_llm_leaderboard_contents.parquet")
    board["short"] = board["fullname"].str.split("/").str[-1]
    both = published.merge(board, left_on="Model", right_on="short", suffixes=("", " (board)"))
    both = both.dropna(subset=["bbh_navigate", "musr_murder_mysteries", "gpqa_main", "math_algebra_hard"])
    # Rows of another run of the same model can't be told by name; their raw figures tell.
    names = {"bbh": list(scoring.BBH_SUBTASKS), "musr": list(scoring.MUSR_SUBTASKS)}
    same = (both[[f"bbh_{name}" for name in names["bbh"]]].mean(axis=1) - both["BBH Raw"]).abs() < 1e-9
    checked = 0
    for _, row in both[same].iterrows():
        results = {
            f"leaderboard_{key}_{name}": {"acc_norm,none": row[f"{key}_{name}"]}
            for key in ("bbh", "musr")
            for name in names[key]
        }
        results |= {
            f"leaderboard_gpqa_{n}": {"acc_norm,none": row[f"gpqa_{n}"]} for n in scoring.GPQA_QUESTIONS
        }
        results |= {
            f"leaderboard_math_{n}_hard": {"exact_match,none": row[f"math_{n}_hard"]} for n in MATH_SUBTASKS
        }
        config = {"model_args": f"pretrained={row['fullname']},dtype=bfloat16"}
        built = import_results([("r.json", as_bytes({"results": results, "config": config}))]).frame.iloc[0]
        assert built["model_id"] == row["fullname"]
        assert built["bbh"] == pytest.approx(row["BBH (board)"], abs=1e-9)
        assert built["musr"] == pytest.approx(row["MUSR (board)"], abs=1e-9)
        assert built["gpqa"] == pytest.approx(row["GPQA (board)"], abs=1e-9)
        assert built["bbh_raw"] == pytest.approx(row["BBH Raw"], abs=1e-9)
        checked += 1
    assert checked >= 40


@pytest.mark.parametrize(
    ("arguments", "model", "precision"),
    [
        ("pretrained=Qwen/Qwen2.5-7B,dtype=float16,revision=abc", "Qwen/Qwen2.5-7B", "float16"),
        ({"pretrained": "Qwen/Qwen2.5-7B", "load_in_4bit": True}, "Qwen/Qwen2.5-7B", "4bit"),
        ("pretrained=meta-llama/Llama-3.1-8B,peft=me/my-adapter", "me/my-adapter", "bfloat16"),
        ("pretrained=/home/someone/secret project/my model!/", "my-model", "bfloat16"),
        ("pretrained=./runs/out", "runs-out", "bfloat16"),
        ("model=gpt-x", "gpt-x", "bfloat16"),
        ("pretrained=https://evil.example/a", "a", "bfloat16"),
        ("pretrained=<script>alert(1)</script>/x", "x", "bfloat16"),
    ],
)
def test_the_model_and_its_precision(arguments, model, precision):
    """Both spellings of `model_args`; of a path no more is shown than tells the model."""
    config = {"model_args": arguments, "model_dtype": "torch.bfloat16", "model_num_parameters": 7_615_616_512}
    if isinstance(arguments, str) and "dtype" in arguments:
        config.pop("model_dtype")
    run = parse_results(as_bytes(document(config=config)), name="r")
    assert (run.model_id, run.precision) == (model, precision)
    packed = "4bit" in str(arguments) or "peft" in str(arguments)
    assert (run.params_b is None) == packed, "packed or adapted models count other things too"


@pytest.mark.parametrize("value", [1.2, -0.1, "much", True, [0.5]])
def test_a_figure_that_is_no_share_is_named(value):
    bad = document()
    bad["results"]["leaderboard_bbh_navigate"]["acc_norm,none"] = value
    with pytest.raises(InvalidTableError, match=r"leaderboard_bbh_navigate.*acc_norm.*between 0 and 1"):
        parse_results(as_bytes(bad), name="bad.json")


@pytest.mark.parametrize("value", [None, "N/A", float("nan"), float("inf")])
def test_a_figure_that_is_not_there_is_missing(value):
    bad = document()
    bad["results"]["leaderboard_bbh_navigate"]["acc_norm,none"] = value
    assert pd.isna(import_results([("r", as_bytes(bad))]).frame["bbh"][0])


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"results": []}', b'{"results": {}}', b"\xff\xfe", b"PK\x03\x04",
     b"[" * 100_000, b'{"results":' * 5_000, as_bytes({"results": {"mmlu": {"acc,none": 0.5}}}),
     b"1" * 10_000],
)  # fmt: skip
def test_other_files_are_refused(content):
    with pytest.raises(DataError) as raised:
        import_results([("file.json", content)])
    assert raised.value.remedy


def test_a_file_without_a_model_is_refused():
    with pytest.raises(InvalidInputError, match="which model"):
        parse_results(as_bytes({"results": document()["results"]}), name="r")


def test_nothing_at_the_path(tmp_path):
    with pytest.raises(SourceUnavailableError):
        read_results(tmp_path / "nothing")
    with pytest.raises(InvalidInputError, match="No results"):
        read_results(tmp_path)


def test_too_much_in_the_folder(tmp_path):
    (tmp_path / "big.json").write_bytes(b" " * 8_000_001)
    with pytest.raises(InvalidInputError, match="larger than"):
        read_results(tmp_path)


def test_an_own_run_stands_beside_the_board():
    board = load_leaderboard("snapshot")
    known = document(config={"model_args": "pretrained=Qwen/Qwen2.5-7B"})
    rows = import_results([("a", as_bytes(known)), ("b", FULL.read_bytes())]).frame
    joined = append_to_board(board, rows)
    assert list(joined.columns) == list(board.columns)
    assert len(joined) == len(board) + 2
    pd.testing.assert_frame_equal(joined.iloc[: len(board)], board)
    own = joined.iloc[len(board)]
    on_board = board[board["model_id"] == "Qwen/Qwen2.5-7B"].iloc[0]
    assert own["model_id"] == "Qwen/Qwen2.5-7B-own-run"
    assert (own["kind"], own["license"]) == (on_board["kind"], on_board["license"])
    assert own["params_b"] == on_board["params_b"]
    assert own["source"] == SOURCE_OWN_RUN
    assert own["average"] != on_board["average"]
    assert not joined["model_id"].iloc[len(board) :].isin(board["model_id"]).any()


def test_every_task_of_the_group_is_read():
    """The tasks named here are those of the real file, no more and no fewer."""
    groups = {
        "leaderboard",
        "leaderboard_bbh",
        "leaderboard_gpqa",
        "leaderboard_math_hard",
        "leaderboard_musr",
    }
    assert set(TASKS) == set(document()["results"]) - groups
