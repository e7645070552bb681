"""What a search by name finds: in view, outside the filters, without a base, or not known at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.catalogue import load_no_base
from core.charts.labels import count
from core.ranking import filters as board_filters
from core.ranking.search import close_to, find
from core.variants import no_base
from pages.parts.leaderboard import filters, selection, training
from pages.parts.shell import board, shortlist
from pages.parts.shell.model_link import model_link
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from pages.parts.leaderboard.filters import Choices
    from pages.parts.leaderboard.view import View

_NAMED: Final = 6
MARKED: Final = 12


def show(view: View, choices: Choices) -> list[int]:
    """Say what was found, and give the index labels to mark in table and chart, best first."""
    if not choices.search:
        return []
    everyone = view.board["model_id"]
    wanted = set(find(everyone.tolist(), choices.search))
    matching = view.board.index[everyone.isin(wanted)]
    inside = [label for label in view.ranks.index if label in set(matching)]
    outside = matching.difference(view.ranks.index)
    with st.container(gap="xxsmall", key="board_found"):
        if inside:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**Found in view{_more(inside)}:**", width="content")
                for label in inside[:_NAMED]:
                    name = str(view.board.loc[label, "model_id"])
                    model_link(name, label=f"{name.rsplit('/', 1)[-1]}, {_place(view, label)}")
                listed = shortlist.current()
                new = [one for one in inside[:MARKED] if everyone[one] not in listed]
                if new:
                    st.button(
                        "Tick it" if len(inside) == 1 else f"Tick {count(len(new), 'row')}",
                        key="board_pick_found",
                        on_click=selection.pick,
                        args=(new,),
                    )
                else:
                    st.markdown(":gray[On your shortlist]", width="content")
        if len(outside):
            _outside(view, choices, outside, any_inside=bool(inside))
        unpublished = _unpublished(choices.search)
        if not inside and not len(outside) and not unpublished:
            _unknown(everyone, choices.search)
    return inside[:MARKED]


def _place(view: View, label: int) -> str:
    """``rank 3 (1–6)``."""
    row = view.ranks.loc[label]
    ranks = f"rank {row['rank']:.0f}"
    if row["rank_low"] != row["rank_high"]:
        ranks += f" ({row['rank_low']:.0f}–{row['rank_high']:.0f})"
    return ranks


def _more(labels: list[int]) -> str:
    return f" ({len(labels)}, the first {_NAMED})" if len(labels) > _NAMED else ""


def _outside(view: View, choices: Choices, labels: pd.Index, *, any_inside: bool) -> None:
    """Rows that only the filters keep out, and one click that lets them in."""
    by = None if choices.by == "own" else choices.by
    rows = view.board.loc[labels]
    if choices.filter.asks_for_training:
        rows = rows.join(training.facts())
    _, reasons = board_filters.passing(rows, choices.filter, ranked_by=by)
    told = ", ".join(f"{number} {board_filters.REASONS[reason]}" for reason, number in reasons.items())
    names = ", ".join(plain(name) for name in view.board.loc[labels[:3], "model_id"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{len(labels)}{' more' if any_inside else ''} outside your filters** ({told}): {names}"
            f"{' …' if len(labels) > 3 else ''}",
            width="content",
        )
        st.button("Show them", key="board_let_in", on_click=filters.let_in, args=(tuple(reasons),))


def _unpublished(query: str) -> bool:
    """Models that were published without a base, with what can be used instead."""
    listed = load_no_base()
    hits = listed[listed["model_id"].isin(find(listed["model_id"], query))]
    lines = [
        f"- {plain(str(row.model_id))}: "
        + (
            "no base was published"
            if row.status == "none published"
            else "whether a base exists could not be told"
        )
        + (
            f"; the nearest that was is {plain(str(row.nearest_base))}"
            if isinstance(row.nearest_base, str)
            else ""
        )
        for row in hits.head(_NAMED).itertuples(index=False)
    ]
    lines += [
        f"- {plain(model)}: published without a base, as an instruct model only"
        for model in no_base.matching(board.current(), query)[:_NAMED]
    ]
    if lines:
        st.markdown("**Published without a base:**\n" + "\n".join(lines))
    return bool(lines)


def _unknown(everyone: pd.Series, query: str) -> None:
    near = close_to(everyone.unique().tolist(), query)
    meant = f" Did you mean {' or '.join(plain(name) for name in near)}?" if near else ""
    st.markdown(f"No model here has “{plain(query)}” in its name.{meant}")
    st.page_link(
        "pages/data.py",
        label="Newer than the catalogue? Add it on the Data page",
        icon=":material/add:",
        query_params=None,
    )
