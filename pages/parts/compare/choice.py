"""Which models the Compare page shows: the shortlist, and what is added here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from core.comparison import MOST_MODELS, SCORE_LABELS
from core.languages import NAMES
from core.overview import COURSE_CANDIDATES
from pages.parts.shell import board, links, shortlist

_SCORES: Final = {label: key for key, label in SCORE_LABELS.items()}
_LANGUAGES: Final = {name: code for code, name in sorted(NAMES.items(), key=lambda pair: pair[1])}
_OFFERED: Final = ("base", "continued", "instruct")


@dataclass(frozen=True, slots=True)
class Choices:
    model_ids: list[str]
    reference: str
    by: str
    languages: tuple[str, ...]


def checks() -> dict[str, links.Check]:
    """What a link may ask of this page."""
    known = frozenset(board.current()["model_id"])
    return {
        "c_of": links.some_of(known),
        "c_ref": lambda values: len(values) == 1 and values[0] in known,
        "c_by": links.one_of(*_SCORES),
        "c_all": links.switch,
        "c_lang": links.some_of(frozenset(_LANGUAGES)),
    }


def show() -> Choices | None:
    """The controls; None while there is nothing to compare."""
    picks = shortlist.current()
    if not picks:
        _empty()
        return None
    chosen, reference, by = st.columns([3, 2, 1.4], vertical_alignment="bottom")
    with chosen:
        of = st.multiselect(
            f"Models, at most {MOST_MODELS}",
            picks,
            default=picks[:MOST_MODELS],
            max_selections=MOST_MODELS,
            key="c_of",
            select_all=False,
            bind="query-params",
            help="From the shortlist",
        )
    models = [model for model in of if model in picks][:MOST_MODELS] or picks[:MOST_MODELS]
    with reference:
        to = st.selectbox(
            "Differences to", models, key="c_ref", bind="query-params",
            help="Scores of the others are shown with their difference to this one.",
        )  # fmt: skip
    with by:
        score = st.selectbox(
            "Chances by", list(_SCORES), key="c_by", bind="query-params", help="The score of “who beats whom”"
        )
    _add()
    spoken = st.multiselect(
        "Languages",
        list(_LANGUAGES),
        key="c_lang",
        select_all=False,
        bind="query-params",
        placeholder="Any of your texts",
        help="Shows what boards that test bases in these languages say. The six benchmarks are English.",
    )
    return Choices(
        models, str(to or models[0]), _SCORES[str(score)], tuple(_LANGUAGES[name] for name in spoken)
    )


def _add() -> None:
    """Any model of the board joins the shortlist."""
    find, widen = st.columns([3, 2], vertical_alignment="bottom")
    with widen:
        everything = st.toggle(
            "Include fine-tunes and merges", key="c_all", bind="query-params",
            help="Otherwise base, continued and instruct models are offered.",
        )  # fmt: skip
    with find:
        st.selectbox(
            "Add any model known here", _offered(everything=everything), index=None, key="c_add",
            placeholder="Type a name", on_change=_take, disabled=len(shortlist.current()) >= shortlist.LIMIT,
        )  # fmt: skip


def _take() -> None:
    if added := st.session_state.get("c_add"):
        shortlist.add([added])
        if "c_of" in st.session_state:
            shown = [*st.session_state["c_of"], added]
            st.session_state["c_of"] = list(dict.fromkeys(shown))[:MOST_MODELS]
    st.session_state["c_add"] = None


def _offered(*, everything: bool) -> list[str]:
    frame = board.current()
    rows = frame if everything else frame[frame["kind"].isin(_OFFERED)]
    taken = set(shortlist.current())
    return [model for model in rows["model_id"].drop_duplicates() if model not in taken]


def _empty() -> None:
    st.info(
        "Nothing to compare yet: the shortlist is empty. Tick models on the Leaderboard and add them, add "
        "one below, or take the three of the course.",
        icon=":material/playlist_add:",
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Compare the course's three", key="c_course", type="primary", on_click=shortlist.add,
            args=(COURSE_CANDIDATES,),
        )  # fmt: skip
        st.page_link("pages/leaderboard.py", label="Go to the Leaderboard", icon=":material/leaderboard:")
    _add()
