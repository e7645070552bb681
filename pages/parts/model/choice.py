"""Which model the page is about: out of the address, or picked by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from core.hub.models import HubModel
from core.hub.repo_ids import check_repo_id
from core.model_card import ModelCard, gather
from core.model_card.names import canonical, known_names
from core.ranking.search import find
from pages.parts.model import memory, reports
from pages.parts.shell import board, links, per_board, workspace
from pages.parts.shell.model_link import PARAM

if TYPE_CHECKING:
    from pages.parts.shell.board import Board

_OFFERED = ("base", "continued", "instruct")


def checks() -> dict[str, links.Check]:
    """What a link may ask of this page."""
    return {PARAM: links.Each(_is_repo_id, most=1)} | memory.checks() | reports.checks()


def show() -> ModelCard | None:
    """The picker, and the model picked; None while there is none.

    Raises:
        InvalidInputError: what was typed is not the name of a repository.
    """
    picked = st.selectbox(
        "Model", _offered(board.in_use()), index=None, key=PARAM, bind="query-params",
        accept_new_options=True, on_change=_resolve,
        placeholder="Type a name, or paste publisher/name from the Hub",
        help="All bases and instruct models by name. Any other repository of the Hub can be typed in full.",
    )  # fmt: skip
    if not picked:
        return None
    known = names(board.in_use())
    wanted = canonical(check_repo_id(str(picked)), known)
    return _card(board.in_use(), wanted)


@per_board.cached(shared=64, own=8)
def _card(rows: Board, model_id: str) -> ModelCard:
    return gather(model_id, rows.frame, _added(model_id), known=names(rows))


def _added(model_id: str) -> HubModel | None:
    """What the reader added of it: read from the Hub, or entered by hand."""
    found = workspace.current()
    if model := found.model(model_id):
        return model
    for own in getattr(found, "entered", ()):
        if own.model_id == model_id:
            return HubModel(
                model_id, params_b=own.params_b, license=own.license, created=own.released, config=own.config
            )
    return None


def _resolve() -> None:
    """A name typed in part or in other letters becomes the one the sources write, in the address too."""
    text, known = asked(), names(board.in_use())
    meant = canonical(text, known) if _is_repo_id(text) else text
    if text and meant not in known and len(alike := find(known, text)) == 1:
        meant = alike[0]
    if meant != text:
        st.session_state[PARAM] = meant


def asked() -> str:
    """What was picked or typed."""
    return str(st.session_state.get(PARAM) or "")


@per_board.cached(shared=2)
def names(rows: Board) -> list[str]:
    """Every name something is known of."""
    return known_names(rows.frame["model_id"].drop_duplicates())


@per_board.cached(shared=2)
def _offered(rows: Board) -> list[str]:
    """Names in the list: fine-tunes and merges are thousands, and have to be typed."""
    frame = rows.frame
    hidden = set(frame.loc[~frame["kind"].isin(_OFFERED), "model_id"]) - set(board.added_models())
    return sorted((name for name in names(rows) if name not in hidden), key=str.lower)


def _is_repo_id(text: str) -> bool:
    try:
        return check_repo_id(text) == text
    except DataError:
        return False
