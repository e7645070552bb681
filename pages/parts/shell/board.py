"""The rows the session works on: a board, embedded or live, today's placed bases, the reader's own rows."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from core.board import snapshot
from core.field import joined
from core.field.entered import with_entered
from core.hub.difference import difference
from core.importers.join_board import append_to_board
from core.leaderboard import load_leaderboard
from core.schema import SOURCE_BOARD, SOURCE_NEWER
from pages.parts.shell import field, live, workspace

if TYPE_CHECKING:
    from core.hub.live_board import LiveBoard

PARAM = "board"
LIVE = "live"
SNAPSHOT = "snapshot"
_CHOICE = "board_choice"
_LIVE_IN_USE = "board_live"


@dataclass(frozen=True, slots=True)
class Board:
    """The rows of one session and what tells them from another's, so that no cache mixes them up."""

    key: str
    frame: pd.DataFrame = attribute(compare=False, repr=False)
    """As :func:`current` has it; never changed in place."""

    @property
    def is_own(self) -> bool:
        """Whether rows of one reader's own are among them."""
        return not self.key.endswith("-")


def in_use() -> Board:
    """The session's rows with their key, for :func:`pages.parts.shell.per_board.cached`."""
    name = key()
    if name == f"{field.TODAY}-{SNAPSHOT}-":
        return Board(name, embedded_today())
    return Board(name, _with_field(name, _with_own_rows()))


@st.cache_resource(show_spinner=False, max_entries=1)
def embedded() -> pd.DataFrame:
    """The board that comes with the app, whatever a session has chosen."""
    return load_leaderboard("snapshot")


@st.cache_resource(show_spinner=False, max_entries=1)
def embedded_today() -> pd.DataFrame:
    """Today's field as it comes with the app, whatever a session has chosen."""
    return joined.with_placed(embedded())


def current() -> pd.DataFrame:
    """What the reader chooses from, in the contract's schema with the columns of :mod:`core.field.joined`.

    Never changed in place: most sessions share it. What is worked out from it is cached by :func:`in_use`.
    """
    return in_use().frame


# Bounded for all readers together: one such frame takes 5 MB, and making it again a moment.
@st.cache_resource(show_spinner=False, max_entries=4, ttl="10m")
def _with_field(board_key: str, _board: pd.DataFrame) -> pd.DataFrame:
    """The board with placed bases, or the columns they bring, as the key says."""
    today = board_key.startswith(field.TODAY)
    if not today:
        return joined.as_it_was(_board)
    return with_entered(joined.with_placed(_board), workspace.current().entered)


def _with_own_rows() -> pd.DataFrame:
    """The board with the rows of the reader's workspace."""
    frame = shared()
    return frame if not workspace.digest() else _joined(key(), frame)


@st.cache_resource(show_spinner=False, max_entries=2, ttl="10m")
def _joined(board_key: str, _shared: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    """The board with the rows of the one reader whose workspace the key names."""
    rows = workspace.current().rows(frozenset(_shared["model_id"]))
    return append_to_board(_shared, rows) if len(rows) else _shared


def shared() -> pd.DataFrame:
    """The board without the reader's own rows."""
    board = _live_in_use()
    return embedded() if board is None else _with_newer_bases(board.manifest.sha256, board.frame)


@st.cache_resource(show_spinner=False, max_entries=2)
def _with_newer_bases(sha256: str, _frame: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    """The live board and, below it, the bases of the later study, which the Hub's table lacks."""
    frozen = embedded()
    newer = frozen[(frozen["source"] == SOURCE_NEWER) & ~frozen["model_id"].isin(_frame["model_id"])]
    return pd.concat([_frame, newer], ignore_index=True)


@st.cache_resource(show_spinner=False, max_entries=2)
def live_difference(sha256: str, _frame: pd.DataFrame) -> tuple[int, int]:  # noqa: ARG001 - the cache's key
    """Evaluations of the live board that are new or changed, and embedded ones that are gone from it."""
    frozen = embedded()
    return difference(frozen[frozen["source"] == SOURCE_BOARD], _frame)


def key() -> str:
    """Tells one session's rows from another's."""
    board = _live_in_use()
    base = SNAPSHOT if board is None else f"{LIVE}-{board.manifest.sha256[:16]}"
    return f"{field.choice()}-{base}-{workspace.digest()}"


def choice() -> str:
    """``"snapshot"`` or ``"live"``, as chosen on the Data page or by a link."""
    if _CHOICE not in st.session_state:
        asked = st.query_params.get(PARAM)
        st.session_state[_CHOICE] = LIVE if asked == LIVE else SNAPSHOT
    return str(st.session_state[_CHOICE])


def choose(source: str) -> None:
    """Work on the other board from the next run on."""
    st.session_state[_CHOICE] = source
    st.session_state.pop(_LIVE_IN_USE, None)


def provenance() -> str:
    """Where the figures come from and how old they are, in one line."""
    _follow_address()
    board = _live_in_use()
    if board is not None:
        said = f"Scores: {board.describe()}"
    else:
        manifest = snapshot.manifest()
        said = f"Measured scores: {manifest['board']['source']}, final state of {manifest['board']['date']}."
        found = live.watch().board
        if choice() == LIVE:
            said += " The live board is not there yet; this is the embedded copy."
        elif found is not None and any(live_difference(found.manifest.sha256, found.frame)):
            said += f" A newer state, of {found.manifest.source_date}, can be chosen on the Data page."
    own = len(_with_own_rows()) - len(shared())
    if field.is_today():
        said += " Newer bases are placed from published tables (Evidence says how well)."
    return said + (f" With {own} row{'s' if own != 1 else ''} of your own." if own else "")


def config_of(model_id: str) -> dict[str, Any] | None:
    """``config.json`` of a model the reader added, from the Hub or by hand, for the memory estimate."""
    held = workspace.current()
    model = held.model(model_id)
    if model is not None and model.config:
        return dict(model.config)
    entered = next((base for base in held.entered if base.model_id == model_id), None)
    return dict(entered.config) if entered is not None and entered.config else None


def added_models() -> list[str]:
    """Repository ids of the models the reader added from the Hub, in that order."""
    return [model.repo_id for model in workspace.current().models]


def configs() -> dict[str, dict[str, Any]]:
    """:func:`config_of` by model id, of all models that have one."""
    names = [*added_models(), *(base.model_id for base in workspace.current().entered)]
    return {name: config for name in names if (config := config_of(name))}


def community_evals() -> pd.DataFrame:
    """Community Evals of the models the reader added, in :data:`core.hub.evals.COLUMNS`."""
    return workspace.current().evals


def _live_in_use() -> LiveBoard | None:
    """The live board this session began with: a newer one doesn't change figures under the reader."""
    if choice() != LIVE:
        return None
    held: LiveBoard | None = st.session_state.get(_LIVE_IN_USE)
    if held is None:
        held = live.watch().board
        if held is not None:
            st.session_state[_LIVE_IN_USE] = held
    return held


def _follow_address() -> None:
    field.follow_address()
    if choice() == LIVE:
        if st.query_params.get(PARAM) != LIVE:
            st.query_params[PARAM] = LIVE
    elif PARAM in st.query_params:
        del st.query_params[PARAM]
