"""Every figure of ``core.charts``, drawn from the data that comes with the app."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING

import pandas as pd

import core.charts
from core.charts import (
    backtest,
    compare,
    decision,
    languages,
    leaderboard,
    memory,
    model,
    pilot,
    pilot_proof,
    placement,
    text_cost,
    tokenizers,
    variants,
)
from core.comparison import compare as compared
from core.decision.language_figures import by_language
from core.decision.rank import rank_bases, sensitivity
from core.decision.tasks import Task
from core.evidence import matching
from core.evidence.backtest import embedded as evidence
from core.memory import architectures
from core.memory.table import embedded_check, memory_table
from core.model_card import languages as card_languages
from core.model_card.reports import printed_figures
from core.model_card.scores import placement_of, score_table
from core.pilot import proof
from core.pilot.curves import learning_curves
from core.pilot.file import read_pilot
from core.placement import cross_validation
from core.ranking.filters import BoardFilter, one_run_each
from core.ranking.filters import apply as pass_filters
from core.ranking.ranks import rank_board
from core.tokenizers import facts, targets
from core.tokenizers.text_cost import load_text_cost
from core.variants import lift
from tests import boards
from tests.pilot.make_pilot import as_bytes, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    import plotly.graph_objects as go

_MODELS = ["meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B", "google/gemma-2-9b", "Qwen/Qwen2.5-3B",
           "Qwen/Qwen2-7B", "mistralai/Mistral-7B-v0.3"]  # fmt: skip


def names() -> set[str]:
    """``module.function`` of every public function that gives a figure."""
    found = set()
    for info in pkgutil.iter_modules(core.charts.__path__):
        module = importlib.import_module(f"core.charts.{info.name}")
        found |= {
            f"{info.name}.{name}"
            for name, made in inspect.getmembers(module, inspect.isfunction)
            if made.__module__ == module.__name__
            and not name.startswith("_")
            and inspect.signature(made).return_annotation == "go.Figure"
        }
    return found - {"theme.style"}


def figures() -> Iterator[tuple[str, go.Figure]]:
    """Each of :func:`names` at least once."""
    for part in (_board, _variants, _comparison, _decision, _memory, _model, _evidence, _tokenizers):
        yield from part()


def _board() -> Iterator[tuple[str, go.Figure]]:
    for chosen in (BoardFilter(), BoardFilter(base_only=False, unknown_size=True, size=(0, 150))):
        view = rank_board(pass_filters(boards.today(), chosen).rows, "average")
        yield (
            "leaderboard.size_against_score",
            leaderboard.size_against_score(
                view, score_label="Average", picked=view.index[:2], found=view.index[2:3]
            ),
        )
    rows = by_language(view["model_id"].tolist(), ("de", "ko", "fr"))
    tested = rows["model_id"].drop_duplicates().head(8).tolist()
    yield (
        "languages.by_language",
        languages.by_language(rows[rows["model_id"].isin(tested)], tested, title="By language"),
    )


def _variants() -> Iterator[tuple[str, go.Figure]]:
    table = boards.lifts()
    yield "variants.dumbbells", variants.dumbbells(table.head(20), "average")
    yield "variants.median_lifts", variants.median_lifts(lift.median_lifts(table))
    orders = lift.order_bases(table, boards.board(), boards.pairs(), "average")
    yield "variants.order_change", variants.order_change(orders, set())
    base = one_run_each(boards.board()).set_index("model_id", drop=False).loc[_MODELS[0]]
    tuned = lift.descendants(boards.board(), boards.pairs(), _MODELS[0]).dropna(subset=["average"])
    yield "variants.family", variants.family(base, tuned)
    yield "variants.descendant_scores", variants.descendant_scores(base, tuned)


def _comparison() -> Iterator[tuple[str, go.Figure]]:
    found = compared(boards.today(), _MODELS, boards.lifts())
    yield "compare.scores", compare.scores(found)
    yield "compare.chances", compare.chances(found)


def _decision() -> Iterator[tuple[str, go.Figure]]:
    decided = rank_bases(boards.board(), Task(draws=200))
    table = decision.acceptability_table(decided.acceptability)
    yield "decision.rank_acceptability", decision.rank_acceptability(table, draws=200)
    yield (
        "decision.score_against_memory",
        decision.score_against_memory(decided.ranking, decided.beyond, gpu_gb=16, gpu="T4"),
    )
    yield "decision.contributions", decision.contributions(decided.points)
    swept = sensitivity(decided, "capability", steps=4)
    yield "decision.sensitivity", decision.sensitivity(swept, criterion="capability", now=0.4)
    made = read_pilot(as_bytes(document({"a/one": [6.0, 5.4, 4.9, 4.5], "b/two": [5.0, 4.8]})))
    curves = learning_curves(made)
    yield "pilot.learning_curves", pilot.learning_curves(curves, measure="error", all_data=20_000)


def _memory() -> Iterator[tuple[str, go.Figure]]:
    shapes = [shape for name in _MODELS if (shape := architectures.get(name))]
    table = memory_table(shapes, Task(), capacity_gb=16)
    yield "memory.memory_terms", memory.memory_terms(table, capacity_gb=16, card="T4")
    yield "memory.memory_check", memory.memory_check(pd.DataFrame(embedded_check()["rows"]), title="Check")


def _model() -> Iterator[tuple[str, go.Figure]]:
    name = _MODELS[0]
    row = one_run_each(boards.today()).set_index("model_id", drop=False).loc[name]
    yield "model.scores", model.scores(score_table(row, placement_of(name)), title="Scores")
    figures = printed_figures(name)
    titles = {str(report): str(report) for report in figures["report"].unique()}
    yield "model.printed", model.printed(figures, titles, title="Printed")
    yield "model.languages", model.languages(card_languages.by_language(name), title="Languages")


def _evidence() -> Iterator[tuple[str, go.Figure]]:
    result = evidence()
    study = result.results[result.results["study"] == result.results["study"].iloc[0]]
    for statistic in backtest.STATISTICS:
        drawn = backtest.signals(study, statistic=statistic, title="Signals", random=0.5)
        yield "backtest.signals", drawn
    yield "backtest.matching", backtest.matching(matching.by_kind(result), title="Matching")
    means = proof.summary(proof.load_proof()).query("set == 'mean'")
    for statistic in pilot_proof.STATISTICS:
        yield "pilot_proof.by_budget", pilot_proof.by_budget(means, statistic=statistic, title="Proof")
    placed = cross_validation()
    yield "placement.true_against_placed", placement.true_against_placed(placed, title="Placed")


def _tokenizers() -> Iterator[tuple[str, go.Figure]]:
    families = facts.families()["family"].head(8).tolist()
    for family in families[:3]:
        yield "tokenizers.number_grid", tokenizers.number_grid(facts.numbers(family), family)
    tokens = {family: facts.numbers(family, "price")["n_tokens"].to_numpy(int) for family in families}
    spread = pd.concat([targets.token_histogram(family, counts) for family, counts in tokens.items()])
    yield "tokenizers.token_histogram", tokenizers.token_histogram(spread)
    floors = pd.DataFrame(
        {
            "tokenizer": families,
            "first_token_floor": [facts.family_facts(family)["first_token_floor"] for family in families],
            "median_error": 250.0,
        }
    )
    yield "tokenizers.floor_bars", tokenizers.floor_bars(floors)
    costs = load_text_cost().rename(columns={"family": "tokenizer"})
    costs = costs[costs["tokenizer"].isin(families) & costs["language"].isin(["de", "ko", "el"])]
    yield "text_cost.text_cost", text_cost.text_cost(costs)
    names = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "longest": 1, "proposed": 0.99}
    tokens_of = costs.dropna().groupby("tokenizer")["tokens"]
    lengths = pd.DataFrame({name: tokens_of.quantile(share) for name, share in names.items()}).astype(float)
    yield "tokenizers.length_percentiles", tokenizers.length_percentiles(lengths.reset_index())
