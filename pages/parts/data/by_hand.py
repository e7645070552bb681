"""A base entered by hand: its facts and published scores, placed like all others."""

from __future__ import annotations

import json
from typing import Any, Final

import streamlit as st

from core.catalogue import load_report_sources
from core.charts.labels import count
from core.errors import DataError, InvalidInputError
from core.field.entered import MOST_SCORES, OWN_REPORT, Entered, check, parse_scores
from core.hub.repo_ids import check_repo_id
from core.importers.bounded_json import read_json
from core.licences import LICENCES
from core.placement.parameters import load_parameters
from pages.parts.shell import board, contribute, shortlist, workspace
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

_CONFIG_BYTES: Final = 40_000
_PROBLEM: Final = "x_hand_problem"
_UNKNOWN: Final = "not known"


def show() -> None:
    st.subheader("Add a base by hand", anchor=False)
    st.markdown(
        "For a base that nobody here knows yet, with or without a network. Scores from its card place it on "
        "the same scale as all others, with an interval as wide as what they say."
    )
    with st.form("x_hand_form", border=True):
        _facts()
        _scores()
        st.form_submit_button("Place it", icon=":material/add:", type="primary", on_click=_take)
    if problem := st.session_state.get(_PROBLEM):
        st.error(problem, icon=":material/error:")
    for base in reversed(workspace.current().entered):
        _card(base)


def _facts() -> None:
    one, two, three = st.columns(3)
    one.text_input("Repository or name", key="x_hand_id", max_chars=120, placeholder="publisher/name")
    two.number_input(
        "Parameters (billions)",
        min_value=0.01,
        max_value=10_000.0,
        value=None,
        key="x_hand_size",
        placeholder="8.2",
    )
    three.number_input(
        "of which active", min_value=0.01, max_value=10_000.0, value=None, key="x_hand_active",
        placeholder="all", help="Only for a mixture of experts.",
    )  # fmt: skip
    four, five, six = st.columns(3)
    four.text_input("Released", key="x_hand_month", max_chars=7, placeholder="2026-10")
    five.selectbox("Licence", [_UNKNOWN, *LICENCES], key="x_hand_licence")
    six.text_input("Link to the scores", key="x_hand_link", max_chars=300, placeholder="https://…")


def _scores() -> None:
    st.text_area(
        f"Scores, one a line: benchmark, shots, value (at most {MOST_SCORES})", key="x_hand_scores",
        max_chars=8_000, height=120, placeholder="MMLU, 5, 72.3\nBBH, 3, 61.0\nHellaSwag, 80.9",
        help="Shots may be left out. Values as printed, in per cent where the report prints per cent.",
    )  # fmt: skip
    st.selectbox(
        "Report the scores come from", [OWN_REPORT, *load_report_sources()], key="x_hand_report",
        help="One of the catalogue's reports, where they stand beside bases that are known already: that "
        "says more. Otherwise leave it.",
    )  # fmt: skip
    st.text_area(
        "config.json (for the memory estimate; may be left empty)",
        key="x_hand_config",
        height=80,
        max_chars=_CONFIG_BYTES,
    )
    with st.popover("Benchmarks that place a base", icon=":material/list:"):
        st.markdown(", ".join(plain(name) for name in load_parameters().slopes))


def _take() -> None:
    """Read the form; what was typed stays where it was if anything is wrong."""
    st.session_state.pop(_PROBLEM, None)
    try:
        base = _read()
        workspace.change(lambda found: found.with_entered(base))
    except DataError as problem:
        st.session_state[_PROBLEM] = plain(str(problem))


def _read() -> Entered:
    held = st.session_state
    name = check_repo_id(str(held["x_hand_id"] or "").strip())
    if name.lower() in set(board.current()["model_id"].str.lower()) - {
        each.model_id.lower() for each in workspace.current().entered
    }:
        raise InvalidInputError(f"{name} is known here already.", remedy="Its page shows what from.")
    link = str(held["x_hand_link"] or "").strip()
    if link and not link.startswith(("https://", "http://")):
        raise InvalidInputError(
            "The source is no web address.", remedy="Begin it with https://, or leave it out."
        )
    return Entered(
        name,
        held["x_hand_size"],
        held["x_hand_active"],
        str(held["x_hand_month"] or "").strip() or None,
        None if held["x_hand_licence"] == _UNKNOWN else held["x_hand_licence"],
        link or None,
        _config(str(held["x_hand_config"] or "")),
        held["x_hand_report"],
        parse_scores(str(held["x_hand_scores"] or "")),
    )


def _config(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    document = read_json(text.encode(), name="config.json", max_bytes=_CONFIG_BYTES)
    if not isinstance(document, dict):
        raise InvalidInputError(
            "The config.json holds no settings.", remedy="Paste the whole file, or leave it out."
        )
    json.dumps(document)
    return document


def _card(base: Entered) -> None:
    found = check(base)
    with st.container(border=True):
        st.markdown(
            f"**{plain(base.model_id)}** is placed at {found.average:.0f} "
            f"({found.low:.0f}–{found.high:.0f}) from "
            f"{count(len(base.scores), 'score')}" + ("." if base.scores else ", by its size alone.")
        )
        if base.scores:
            note(
                "; ".join(
                    f"{plain(name)} {value:g}" + (f" ({shots}-shot)" if shots else "")
                    for name, shots, value in base.scores
                )
            )
        with st.container(horizontal=True):
            st.button(
                "Add to the shortlist", key=f"x_hand_pick_{base.model_id}", icon=":material/playlist_add:",
                disabled=base.model_id in shortlist.current(), on_click=shortlist.add,
                args=([base.model_id],),
            )  # fmt: skip
            st.button(
                "Remove", key=f"x_hand_drop_{base.model_id}", icon=":material/delete:", on_click=_remove,
                args=(base.model_id,),
            )  # fmt: skip
            if base.scores:
                _contribute(base)


def _contribute(base: Entered) -> None:
    from core.contributions.exports import scores_of  # noqa: PLC0415 - few readers contribute

    contribute.offer(
        scores_of(base, created=contribute.today()),
        key=f"x_hand_give_{base.model_id}",
        left="its family and the title of the report",
    )


def _remove(model_id: str) -> None:
    shortlist.remove(model_id)
    workspace.change(lambda found: found.without_entered(model_id))
