"""A reader's own rows are known as such, whatever the way they came in."""

from __future__ import annotations

import pandas as pd

from core.charts.leaderboard import size_against_score
from core.decision.rank import rank_bases
from core.decision.tasks import Task
from core.field.entered import Entered, with_entered
from core.field.own import is_own, own_rows
from core.importers.contract_frame import OWN_SOURCES, contract_frame
from core.importers.join_board import append_to_board
from core.ranking.ranks import rank_board
from core.schema import BENCHMARK_KEYS, SOURCE_BOARD
from tests import boards

_OWN = "acme/Nova-8B"


def test_rows_of_every_way_in_are_own_and_no_others() -> None:
    assert not own_rows(boards.today()).any()
    rows = [
        {"model_id": f"acme/{place}", "kind": "base", "ifeval": 40.0, "source": source}
        for place, source in enumerate(OWN_SOURCES)
    ]
    joined = append_to_board(boards.board(), contract_frame(rows))
    assert joined.loc[own_rows(joined), "model_id"].tolist() == ["acme/0", "acme/1", "acme/2"]
    by_hand = with_entered(boards.today(), [Entered(model_id=_OWN, params_b=8.2, released="2026-10")])
    assert by_hand.loc[own_rows(by_hand), "model_id"].tolist() == [_OWN]
    assert is_own(by_hand.iloc[-1])
    assert not is_own({"source": SOURCE_BOARD, "comparability": pd.NA})


def test_a_row_with_two_scores_is_never_called_the_most_capable() -> None:
    top = dict.fromkeys(BENCHMARK_KEYS[:2], 99.0) | dict.fromkeys(
        [f"{key}_se" for key in BENCHMARK_KEYS[:2]], 1.0
    )
    row = {"model_id": _OWN, "kind": "base", "params_b": 7.0, "source": OWN_SOURCES[1], **top}
    decided = rank_bases(
        append_to_board(boards.board(), contract_frame([row])), Task(weights={"capability": 1}, draws=200)
    )
    assert decided.ranking["model_id"].iloc[0] == _OWN
    said = " ".join(decided.reasons)
    assert "most capable of all" not in said
    assert "of its scores are unknown" in said


def test_own_rows_are_named_in_the_chart() -> None:
    view = rank_board(boards.board().dropna(subset=["average", "params_b"]).head(20), "average")
    fig = size_against_score(view, score_label="Average", picked=view.index[:0], own=view.index[3:4])
    ring = next(trace for trace in fig.data if trace.name == "yours")
    assert ring.text[0] == view["model_id"].iloc[3].split("/")[-1]
