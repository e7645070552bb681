"""What the Leaderboard page says about the rows in view."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from core.charts import languages as language_charts
from core.charts import leaderboard as charts
from core.charts.labels import count
from core.decision.language_figures import by_language
from core.ranking.filters import REASONS
from core.ranking.ranks import INTERVAL_Z, could_be_first, tied_at_top
from core.schema import SOURCE_NEWER
from pages.parts.leaderboard import filters, ranked, selection
from pages.parts.shell import download, figure, shortlist
from pages.parts.shell.model_link import model_link
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.parts.leaderboard.filters import Choices
    from pages.parts.leaderboard.view import View

# Pixels of the chart with its control and note.
CHART_ROOM = 640
# Links to the pages of the first models picked.
_LINKED = 3
# Models in the chart by languages.
_BY_LANGUAGE = 14
_COVERED = "Of points that cover one another the best is drawn; filter to see all. "


def message(view: View) -> None:
    """Who leads, and how many rows the lead means nothing against."""
    first = view.ranks.iloc[0]
    label = view.ranks.index[0]
    name = plain(str(view.board.at[label, "model_id"]))
    newer = view.board.at[label, "source"] == SOURCE_NEWER
    where = " (from a later study, measured a little differently)" if newer else ""
    measured = view.board.at[label, "evidence"] == "measured"
    points = _points(first["score"], first["score_se"], decimals=1 if measured else 0)
    lead = f"**{name}**{where} leads with {points}"
    if not measured:
        points = f"is placed at {points}"
        lead = f"**{name}** comes first: it {points}, which nobody has measured"
    rivals, tied = could_be_first(view.ranks), tied_at_top(view.ranks)
    if len(view.ranks) == 1:
        lead = f"One row in view: **{name}**, {points}."
    elif rivals > 1:
        which = "any" if rivals == len(view.ranks) else f"{rivals}"
        lead += f", but **{which} of the rows in view could be first**: the lead is within noise."
    elif tied > 1:
        lead += f"; its lead over each of the next {tied - 1} is within noise."
    else:
        lead += ", ahead of every other row by more than noise."
        behind = int((view.ranks["group"] == 2).sum())
        lead += f" **The next {behind} rows are tied.**" if behind > 1 else ""
    st.markdown(lead)


def _points(score: float, error: float, *, decimals: int) -> str:
    """``30.1 points (90%: 28.8–31.4)``; without limits where the error isn't known."""
    half = INTERVAL_Z * error
    limits = f" (90%: {score - half:.{decimals}f}–{score + half:.{decimals}f})"
    return f"{score:.{decimals}f} points{'' if math.isnan(half) else limits}"


def counts(view: View) -> None:
    text = f"{len(view.ranks):,} of {len(view.board):,} rows shown"
    kinds = [
        f"{number:,} {what}"
        for number, what in ((view.placed, "placed, not measured"), (view.newer, "from a later study"))
        if number
    ]
    text += f" ({', '.join(kinds)})." if kinds else "."
    text += f" Hidden: {_why(view.hidden)}." if view.hidden else ""
    text += " Scores are points from 0 (guessing) to 100 (all right)."
    st.markdown(f":small[:gray[{text}]]")


def _why(hidden: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {REASONS[reason]}" for reason, number in hidden.items())


def nothing(hidden: dict[str, int]) -> None:
    """An empty view says what hid the rows and leads back."""
    st.info("No row passes all filters at once.", icon=":material/filter_alt_off:")
    st.markdown(f"Hidden: {_why(hidden)}.")
    st.button("Back to the opening view", on_click=filters.reset, key="board_reset_empty")


def actions(view: View) -> None:
    """What can be done with the ticked rows and with the table."""
    picked = selection.models(view)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = f"Add {count(len(picked), 'model')} to the shortlist" if picked else "Add to the shortlist"
        if st.button(
            label,
            key="board_add",
            type="primary",
            icon=":material/playlist_add:",
            disabled=not picked,
            help=f"Tick rows in the table or click points in the chart. At most {shortlist.LIMIT} models.",
        ):
            shortlist.add(picked)
            selection.drop_shown()
            st.rerun()
        for name in picked[:_LINKED]:
            model_link(name, label=f"Page of {name.rsplit('/', 1)[-1]}", icon=":material/article:")
        hidden = selection.hidden()
        st.button("Untick all", on_click=selection.clear, key="board_unpick", disabled=not (picked or hidden))
        if hidden:
            st.markdown(
                f":small[:gray[{count(hidden, 'ticked row')} hidden by the filters]]", width="content"
            )
        st.button("Reset filters", on_click=filters.reset, key="board_reset", type="tertiary")
        download.table(view.rows, name="basewise-leaderboard", key="board_export")


def scatter(view: View, choices: Choices, found: Sequence[int] = ()) -> None:
    if not view.known:
        st.info("No model in view has a known size, so there is nothing to draw against size.")
        return
    st.segmented_control(
        "Dragging in the chart", tuple(selection.DRAGS), default="Pan", required=True, key=selection.DRAG,
        bind="query-params", label_visibility="collapsed",
        help="Pan moves the chart, Zoom enlarges a box, Pick ticks the models in a box. The chart stays "
        "where it was moved to when filters change; a double click shows all of it.",
    )  # fmt: skip
    drawing = ranked.chart(view, choices.label, selection.shown(found))
    figure.show(
        drawing.figure,
        key=selection.CHART,
        data=lambda: view.drawn().assign(on_front=lambda rows: rows.index.isin(drawing.front.index)),
        alt=drawing.description,
        on_pick=selection.from_chart,
    )
    undrawn = len(view.ranks) - view.known
    st.markdown(
        ":small[:gray[Bars span 90%: of repeats of the evaluation where a score is measured, of what the "
        "reports allow where it is placed (open marks). Click a point to tick or untick it. "
        + (f"{count(undrawn, 'row')} of unknown size not drawn. " if undrawn else "")
        + (_COVERED if view.known > charts.MOST_NAMES else "")
        + "Models are taken as independent; they answered the same questions, so a paired test would be "
        "tighter.]]"
    )


def languages(view: View, choices: Choices) -> None:
    """The best rows in view in the languages chosen."""
    if not choices.languages:
        return
    names = view.board.loc[view.ranks.index, "model_id"].tolist()
    rows = by_language(names, choices.languages)
    if rows.empty:
        st.markdown("No model in view was tested in these languages by the boards known here.")
        return
    best = rows.groupby("model_id")["score"].mean().nlargest(_BY_LANGUAGE).index.tolist()
    shown = rows[rows["model_id"].isin(best)]
    figure.show(
        language_charts.by_language(shown, best, title="The best in view in your languages"),
        key="board_languages",
        data=rows,
        alt=f"Scores in {', '.join(rows['name'].unique())} of {', '.join(best[:3])} and others.",
    )
    st.markdown(
        f":small[:gray[{count(rows['model_id'].nunique(), 'model')} of {len(names)} in view tested there; "
        "the others are unknown, not bad. Languages have different tasks: compare within one language.]]"
    )


def overrides(view: View) -> None:
    """Each row whose kind differs from what the board says, with the reason."""
    details = st.expander(
        f"Kinds that differ from the board's: {len(view.differing):,} in view",
        key="board_overrides",
        on_change="rerun",
    )
    if details.open:
        with details:
            st.dataframe(
                view.board.loc[view.differing, ["model_id", "reported_kind", "kind", "kind_evidence"]],
                hide_index=True,
                key="board_overrides_table",
                placeholder="",
                column_config={
                    "model_id": "Model",
                    "reported_kind": "The board says",
                    "kind": "Taken as",
                    "kind_evidence": st.column_config.TextColumn("Because", width="large"),
                },
                alt="Models whose kind was repaired, with the reason",
            )
