"""The backtest: statistics against scipy, tolerant reading, embedded results, derived weights."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.charts import backtest as charts
from core.decision.tasks import PRESETS
from core.errors import InvalidTableError, SourceUnavailableError
from core.evidence import backtest as command
from core.evidence import defaults, findings, kinds, matching, outcomes, signals, statistics
from core.evidence.backtest import backtest, embedded
from core.evidence.labels import SIGNALS
from core.leaderboard import load_leaderboard
from core.variants.pairs import pair_variants
from tests.places import SHARED

MODELS = (
    "meta-llama/Llama-2-7b-hf", "mistralai/Mistral-7B-v0.1", "google/gemma-2b", "google/gemma-7b",
    "microsoft/phi-2", "tiiuae/falcon-7b",
)  # fmt: skip
FILES = sorted((SHARED / "data").glob("outcomes_*.csv"))


@pytest.fixture(scope="module")
def board():
    return load_leaderboard("snapshot")


@pytest.fixture(scope="module")
def pairs(board):
    return pair_variants(board)


def table(values, **columns):
    return pd.DataFrame({"base_model": MODELS[: len(values)], "after": values, "task": "t", **columns})


@pytest.mark.parametrize("name", ["spearman", "kendall"])
def test_correlations_agree_with_scipy_ties_included(name):
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 6, (20, 9)).astype(float), rng.integers(0, 6, (20, 9)).astype(float)

    reference = stats.spearmanr if name == "spearman" else stats.kendalltau
    for x, y in zip(a, b, strict=True):
        found = getattr(statistics, name)(x, y, np.array([np.ones(9), np.arange(9)]))
        # A resample that holds a model twice is the table with its row twice.
        rows = np.repeat(np.arange(9), np.arange(9))
        expected = [reference(x, y).statistic, reference(x[rows], y[rows]).statistic]
        assert found == pytest.approx(np.array(expected))


def test_regret_by_hand():
    # Outcomes 10, 6, 0: ranking the second first loses 4 of 10; ties at the top count with their mean.
    outcome = np.array([10.0, 6.0, 0.0])

    assert statistics.regret(np.array([1.0, 2.0, 0.0]), outcome) == pytest.approx([0.4])
    assert statistics.regret(np.array([2.0, 2.0, 0.0]), outcome) == pytest.approx([0.2])
    # Without the best, the second is the best; the first twice and the second once: two thirds lose nothing.
    counts = np.array([[0.0, 1.0, 1.0], [2.0, 1.0, 1.0]])
    assert statistics.regret(np.array([2.0, 2.0, 0.0]), outcome, counts) == pytest.approx([0, 0.4 / 3])
    assert statistics.random_regret(outcome) == pytest.approx((0 + 4 + 10) / 3 / 10)


def test_no_spread_gives_no_figure_instead_of_a_wrong_one():
    flat = np.ones(5)

    assert np.isnan(statistics.spearman(flat, flat)).all()
    assert np.isnan(statistics.regret(flat, flat)).all()


def test_the_bootstrap_draws_every_model_a_group_knows_equally_often():
    """By hand: 5 of 10 models are known, one is best and one is put first; all others are level.

    Regret is 1 where both are drawn, 0 where the best is but not the one put first, and undefined where the
    best isn't drawn or nothing beside it. Drawing 10 of 10, the chance of regret 1 is
    (1 - 2 * .9^10 + .8^10) / ((1 - .9^10) - (.6^10 - .5^10)) = .41000 / .64625 = .634.
    """
    known = np.arange(10) >= 5
    signal = np.where(known, [0, 0, 0, 0, 0, 0, 0, 0, 1, 2], np.nan)
    outcome = np.where(known, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], np.nan)

    def regrets(counts):
        return statistics.over_groups(signal[:, None], outcome[:, None], counts)["regret"][None]

    whole, resampled = statistics.bootstrap(regrets, 10, resamples=20_000)

    assert whole.tolist() == [1]
    assert np.nanmean(resampled) == pytest.approx(0.634, abs=0.01)
    assert np.isnan(resampled).mean() == pytest.approx(1 - 0.64625, abs=0.01)


def test_lower_is_better_is_turned_round():
    frame = outcomes.from_table(table([3.0, 1.0, 2.0, 5.0, 4.0], direction="lower"), study="s")

    assert frame["outcome"].tolist() == [-3, -1, -2, -5, -4]


def test_a_perfect_signal_scores_one(board, pairs):
    size = board.drop_duplicates("model_id").set_index("model_id")["params_b"]
    values = [float(size[name]) for name in MODELS]

    result = backtest(outcomes.from_table(table(values), study="s"), board, pairs)
    row = result.results.set_index("signal").loc["size"]

    assert row["spearman"] == pytest.approx(1)
    assert row["regret"] == pytest.approx(0)
    assert row["models"] == len(MODELS)


def test_other_columns_and_names_of_the_same_schema_are_read(board, pairs):
    ranks = pd.DataFrame(
        {
            "edition": "v1",
            "base_model": MODELS,
            "quantity": "finetuned",
            "avg_rank": range(1, 7),
            "source": "x",
        }
    )
    loss = pd.DataFrame(
        {
            "base_model": MODELS,
            "params": 7e9,
            "task": "a",
            "n_train": 100,
            "direction": "lower",
            "value": range(6),
        }
    )

    for each in (ranks, loss):
        frame = outcomes.from_table(each, study="s")
        assert len(frame) == len(MODELS)
        assert len(backtest(frame, board, pairs).studies) == 1


def test_marks_for_no_result_are_skipped_and_other_text_is_refused_by_row():
    assert len(outcomes.from_table(table(["1", "-", "n/a", "OOM", "2"]), study="s")) == 2
    with pytest.raises(InvalidTableError, match="Row 3, column after"):
        outcomes.from_table(table(["1", "good", "2"]), study="s")


def test_runs_not_made_alike_are_not_compared():
    frame = table(
        [1.0, 2.0, 3.0, 4.0, 5.0], controlled=["yes", "no (own data)", "yes", "course author", "no"]
    )

    assert outcomes.from_table(frame, study="s")["value"].tolist() == [1, 3, 4]


def test_remarks_in_the_recipe_do_not_split_what_was_tuned_alike():
    frame = outcomes.from_table(
        table([1.0, 2.0, 3.0, 4.0, 5.0], method="lora", recipe=list("abcde")), study="s"
    )

    assert len(set(frame["group"])) == 1


def test_a_table_without_models_or_results_names_what_is_missing():
    with pytest.raises(InvalidTableError, match="base_model"):
        outcomes.from_table(pd.DataFrame({"after": [1]}), study="s")
    with pytest.raises(InvalidTableError, match="after or value"):
        outcomes.from_table(pd.DataFrame({"base_model": ["x"]}), study="s")


def test_a_missing_file_is_said_and_the_command_fails(tmp_path, capsys):
    with pytest.raises(SourceUnavailableError):
        outcomes.read(tmp_path / "none.csv")
    assert command.main([str(tmp_path / "none.csv")]) == 1
    assert "could not be read" in capsys.readouterr().err


def test_the_command_prints_every_signal_it_could_compute(tmp_path, capsys):
    path = tmp_path / "outcomes_mine.csv"
    table([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], direction="higher", metric="f1").to_csv(path, index=False)

    assert command.main([str(path)]) == 0

    printed = capsys.readouterr().out
    assert "mine: 6 models, 6 on the board" in printed
    for signal in ("size", "average", "mmlu_pro", "decision", "random"):
        assert signal in printed


def test_models_of_a_study_are_matched_by_name_and_old_names(board):
    found = signals.match(
        ["meta-llama/Meta-Llama-3.1-8B", "GOOGLE/gemma-7b", "Mistral-7B-v0.1", "no/such"], board
    )

    assert found == {
        "meta-llama/Meta-Llama-3.1-8B": "meta-llama/Llama-3.1-8B",
        "GOOGLE/gemma-7b": "google/gemma-7b",
        "Mistral-7B-v0.1": "mistralai/Mistral-7B-v0.1",
    }


@pytest.mark.parametrize(
    ("name", "size"), [("a/x-7b-hf", 7), ("a/Cerebras-GPT-111M", 0.111), ("a/Qwen2.5-1.5B", 1.5)]
)
def test_sizes_are_read_from_names(name, size):
    assert signals.size_in_name(name) == pytest.approx(size)


def test_embedded_results_have_their_sources_and_sensible_figures():
    result = embedded()

    assert result.studies["source"].str.len().min() > 0
    assert set(result.results["signal"]) <= set(SIGNALS)
    for name in ("spearman", "kendall"):
        inside = result.results[f"{name}_low"] <= result.results[f"{name}_high"]
        assert inside.all()
        assert result.results[name].abs().max() <= 1
    assert result.results["regret"].between(0, 1).all()


def test_a_study_of_one_publishers_models_has_no_say_in_the_default_weights():
    result = embedded()
    alone = result.studies.loc[result.studies["publishers"] < 2, "key"]

    assert "tinker_sweep" in set(alone)
    without = replace(result, results=result.results[~result.results["study"].isin(alone)])
    pd.testing.assert_frame_equal(defaults.evidence(without), defaults.evidence(result))


def test_kinds_of_task_are_told_by_name_and_only_where_it_tells_something():
    result = embedded()

    named = {
        "gsm8k": "mathematics",
        "conllpp": "extraction",
        "wmt19": "text",
        "fin-sentiment FPB": "classification",
    }
    assert {task: kinds.kind_of(task) for task in named} == named
    assert kinds.kind_of("price_task_finetunes") == ""
    table = matching.by_kind(result)
    assert set(table["kind"]) == set(kinds.KINDS)
    assert "Tinker sweep" not in set(table["study"])
    assert (table["spearman"] - table["average"]).to_numpy() == pytest.approx(table["gain"], abs=2e-4)


@pytest.mark.parametrize(("low", "says"), [(-0.1, "doesn't carry"), (0.1, "is evidence for")])
def test_the_matching_column_is_advised_only_where_most_intervals_say_so(low, says):
    result = embedded()
    shifted = replace(result, kinds=result.kinds.assign(gain_low=low, gain_high=0.5))

    assert says in matching.verdict(shifted)


@pytest.mark.parametrize("key", PRESETS)
def test_default_benchmark_weights_follow_from_the_embedded_results(key):
    assert dict(PRESETS[key].task.benchmarks) == defaults.benchmark_weights(key, embedded())


def test_findings_say_when_nothing_separates_the_signals():
    result = embedded()
    land = result.results[result.results["study"] == "loraland_310"]

    assert (land["spearman_high"] >= land["spearman_low"].max()).all()
    assert findings.of_study(result, "loraland_310").startswith("Nothing separates")
    assert "None is better than the leaderboard average" in findings.headline(result)
    assert "trial run" in findings.trial(result)


@pytest.mark.parametrize("statistic", charts.STATISTICS)
def test_chart_draws_each_signal_once(statistic):
    rows = embedded().results.query("study == 'loraland_310'")

    fig = charts.signals(rows, statistic=statistic, title="t", random=0.4)

    drawn = [label for trace in fig.data for label in trace.y]
    assert sorted(drawn) == sorted(SIGNALS[name] for name in rows["signal"])
    assert sorted(x for trace in fig.data for x in trace.x) == pytest.approx(sorted(rows[statistic]))


@pytest.mark.skipif(not FILES, reason="the published outcomes beside the project are absent")
def test_embedded_results_come_out_of_the_published_outcomes_again(board, pairs):
    files = [path for path in FILES if path.stem.endswith(("loraland_310", "fingpt_sentiment"))]
    tables = pd.concat([outcomes.read(path) for path in files])

    document = command.to_document(backtest(tables, board, pairs), board_date="")

    stored = json.loads(command.PATH.read_text(encoding="utf-8"))
    keys = {row["study"] for row in document["results"]}
    mine = [row for row in document["results"] if row["signal"] != "decision"]
    theirs = [row for row in stored["results"] if row["study"] in keys and row["signal"] != "decision"]
    assert mine == theirs


@pytest.mark.parametrize(
    ("task", "key"),
    [
        ("text generation", "classification"),
        ("dinner reviews", "classification"),
        ("decoder probing", "classification"),
        ("NER CoNLL2003", "extraction"),
        ("text2sql", "code"),
        ("gsm8k", "mathematics"),
        ("wmt19", "language"),
    ],
)
def test_whole_words_of_a_task_tell_its_preset(task, key):
    assert signals.preset_for(task) == key


def test_both_ways_of_reading_a_size_agree():
    assert signals.size_in_name("internlm/internlm2-1_8b") == 1.8
