"""The sections of the Home page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import streamlit as st

from core import overview
from core.board import snapshot
from core.overview import COURSE_CANDIDATES, COURSE_LIMIT_B
from core.schema import SOURCE_NEWER
from pages.parts.shell import board, field, own, per_board
from pages.parts.shell.frame import PAGES
from pages.parts.shell.model_link import column as model_column
from pages.parts.shell.model_link import model_urls
from pages.parts.shell.text import intervals, plain

if TYPE_CHECKING:
    from pages.parts.shell.board import Board

_COURSE_PICKS = list(COURSE_CANDIDATES)
_PLACED = {"placed": "placed", "size only": "placed by size alone"}
# Pixels; Streamlit's for a row of a table at our size of type.
_ROW = 33


@per_board.cached(shared=2)
def _overview(rows: Board) -> overview.Overview:
    return overview.describe(rows.frame)


def first_answer() -> None:
    """What the tool is for in two sentences, and the first figures of an answer."""
    seen = _overview(board.in_use())
    st.markdown(
        "Take the best **base models** your hardware holds, look at what instruction tuning made of them and "
        "at how they cut your numbers into tokens, then decide, and keep the reasons."
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader(f"Leading bases up to {COURSE_LIMIT_B}B", anchor=False)
        best = seen.leaders
        told = zip(best["source"], best["evidence"], own.column(best["model_id"]), strict=True)
        notes = [
            [
                note
                for note in ("later study" if source == SOURCE_NEWER else "", _PLACED.get(known, ""), mine)
                if note
            ]
            for source, known, mine in told
        ]
        leaders = best.assign(
            model_id=model_urls(best["model_id"]),
            interval=intervals(best["average_low"], best["average_high"]),
            notes=notes,
        )
        st.dataframe(
            # What a phone's width holds comes first.
            leaders[["model_id", "average", "interval", "notes", "params_b", "single_token_count"]],
            key="leaders",
            hide_index=True,
            # As high as it comes out anyway, but known ahead, so that what stands below doesn't move.
            height=_ROW * (len(leaders) + 1) + 2,
            placeholder="unknown",
            column_config={
                "model_id": model_column(
                    "Base model", width=176, help="Opens the model's page in a new tab."
                ),
                "notes": st.column_config.ListColumn(
                    "Notes",
                    width=90,
                    help="Later study: runs after the board had ended, measured a little differently. "
                    "Placed: not measured, but put on the same scale from published reports.",
                ),
                "params_b": st.column_config.NumberColumn(
                    "Size (B)", format="%.1f", width=60, help="Parameters in billions"
                ),
                "average": st.column_config.NumberColumn(
                    "Average", format="%.1f", width=60, help="Mean of six benchmarks, 0 (guessing) to 100."
                ),
                "interval": st.column_config.TextColumn(
                    "90%", width=50, help="The true average lies between these with 90% probability."
                ),
                "single_token_count": st.column_config.NumberColumn(
                    "Numbers", width=72, help="How many of 0 to 999 are one token."
                ),
            },
        )
    with right:
        st.subheader("What the data covers", anchor=False)
        _figures(seen)


def _figures(seen: overview.Overview) -> None:
    age = overview.months_between(_board_date(), datetime.now(UTC).date())
    placed = seen.placed
    with st.container(horizontal=True, gap="medium", key="home_figures"):
        st.metric(f"Bases up to {COURSE_LIMIT_B}B", f"{seen.bases_in_limit:,}", width="content")
        st.metric("Bases of any size", f"{seen.bases:,}", width="content")
        st.metric("Models evaluated", f"{seen.models:,}", width="content")
    st.markdown(
        f"The Open LLM Leaderboard v2 as it was frozen on {_board_date():%d %B %Y}, "
        f"{overview.age_in_words(age)} ago: {seen.rows:,} evaluations"
        + (
            f"; and {placed.placed} other bases, up to {placed.newest}, placed on the same scale from the "
            "tables their publishers print, each with an interval tested by refitting without its own "
            "scores."
            if placed.placed
            else "."
        )
        + f" {seen.newer} bases from a later study are marked wherever they show."
    )
    st.page_link("pages/data.py", label="Sources, dates and your own data", icon=":material/database:")


def ways() -> None:
    """Every page with the question it answers."""
    st.subheader("Pages", anchor=False)
    for first in range(1, len(PAGES), 4):
        for column, page in zip(st.columns(4), PAGES[first : first + 4], strict=False):
            with column, st.container(border=True, height="stretch", gap="xsmall"):
                st.page_link(page.path, label=f"**{page.label}**", icon=page.icon)
                st.markdown(f":small[{page.question}]")


@st.cache_resource(show_spinner=False, max_entries=1)
def _both_ways() -> tuple[str, str]:
    """The course's question on its board and on today's field, in a few words each."""
    from core.decision.both_ways import both_ways, short_answer  # noqa: PLC0415 - last on the page

    found = both_ways("price")
    return short_answer(found.board), short_answer(found.today)


def both_answers() -> None:
    """What the course saw, and what the same weights say of today's bases."""
    then, now = _both_ways()
    st.markdown(
        f"**On its board of March 2025:** {plain(then)}.  \n"
        f"**The same weights on today's bases:** {plain(now)}."
    )


def tour() -> None:
    """The course's decision, walked through with links that carry what was chosen."""
    st.subheader("Two-minute tour: the decision this tool was built for", anchor=False)
    st.markdown(
        "A course fine-tunes a model to guess a product's **price from its description**: an answer of 0 to "
        f"999 dollars, on one small GPU, so a base model of at most {COURSE_LIMIT_B}B parameters. Each step "
        "opens a page with the three candidates set."
    )
    for number, (path, label, params, why) in enumerate(_steps(), start=1):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.page_link(
                path, label=f"{number}. {label}", icon=":material/arrow_forward:", query_params=params
            )
            st.markdown(f":small[{why}]", width="stretch")


def _steps() -> tuple[tuple[str, str, dict[str, str | list[str]], str], ...]:
    # The course saw the board; its steps open there.
    picks: dict[str, str | list[str]] = {"pick": _COURSE_PICKS, field.PARAM: field.BOARD}
    size: dict[str, str | list[str]] = {"size": ["0", f"{COURSE_LIMIT_B}"]}
    return (
        ("pages/leaderboard.py", "Who leads", picks | size, "Bases up to 9B, best average first."),
        ("pages/variants.py", "What tuning made of them", picks, "Each base beside its instruct variant."),
        ("pages/tokenizers.py", "How they cut a price", picks, "One token per price, or one per digit?"),
        ("pages/compare.py", "Side by side", picks, "The three candidates, with the chances of each lead."),
        ("pages/decide.py", "Decide", picks, "With weight on number tokens, as the course chose."),
        (
            "pages/decide.py",
            "Decide otherwise",
            picks | {"d_w_numbers": "0"},
            "The same without number tokens: another base comes first.",
        ),
    )


def _board_date() -> date:
    return date.fromisoformat(str(snapshot.manifest()["board"]["date"]))
