"""Any model of the Hub by its repository id: its facts, and its place beside the board."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.errors import DataError, SourceUnavailableError
from core.hub import evals as hub_evals
from core.hub.models import HubModel, read_model
from core.schema import KINDS
from pages.parts.data import benchmark, by_hand, newer
from pages.parts.shell import board, hub_token, shortlist, workspace
from pages.parts.shell.note import note
from pages.parts.shell.text import plain
from pages.parts.shell.waiting import wait_for

if TYPE_CHECKING:
    from core.hub.client import HubAccess
    from core.workspace.contents import Workspace
    from pages.parts.shell.waiting import Progress

_FROM_NAME = "from its name"
_PROBLEM = "x_model_problem"
_WANTED = "x_model_wanted"


def show() -> None:
    st.markdown(
        "Size, licence, gating, context length, architecture and declared base come from the model's own "
        "repository. It gets no scores by this: what is not known stays unknown on every page."
    )
    hub_token.control()
    with st.form("x_model_form", border=True):
        left, right = st.columns([3, 2])
        left.text_input(
            "Repository on the Hub",
            key="x_repo",
            max_chars=200,
            placeholder="publisher/name",
            help="As in the address of its page: Qwen/Qwen2.5-7B",
        )
        right.selectbox(
            "What it is",
            [_FROM_NAME, *KINDS],
            key="x_kind",
            help="A base model can only be picked as one if this says so or its name is known.",
        )
        st.form_submit_button("Look it up", icon=":material/search:", type="primary", on_click=_look_up)
    if _WANTED in st.session_state:
        _read()
        st.rerun()
    if problem := st.session_state.get(_PROBLEM):
        st.error(problem, icon=":material/error:")
    _added()
    newer.show(_want)
    by_hand.show()
    benchmark.show()


def _look_up() -> None:
    st.session_state.pop(_PROBLEM, None)
    repo_id = str(st.session_state.get("x_repo", ""))
    st.session_state[_WANTED] = (repo_id, st.session_state.get("x_kind", _FROM_NAME))


def _want(repo_id: str) -> None:
    """Take in a base of the list of newer ones."""
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_WANTED] = (repo_id, "base")


def _stopped() -> None:
    st.session_state.pop(_WANTED, None)
    st.session_state[_PROBLEM] = "You stopped it; nothing was added."


def _ask(repo_id: str, access: HubAccess, progress: Progress) -> tuple[HubModel, pd.DataFrame | None]:
    """The model's facts and its evals; None for these, with a note on the model, where only they failed."""
    model = read_model(repo_id, access, cancel=progress.cancel)
    try:
        return model, hub_evals.read_model_evals(model.repo_id, access, cancel=progress.cancel)
    except SourceUnavailableError as problem:
        said = f"Its Community Evals could not be read: {problem.what}"
        return replace(model, notes=(*model.notes, said)), None


def _read() -> None:
    """The model last asked for. It stays wanted until it was read, refused or stopped."""
    repo_id, kind = st.session_state[_WANTED]
    try:
        model, evals = wait_for(
            partial(_ask, repo_id, hub_token.access()),
            said=f"Asking the Hub about {plain(repo_id[:96])}",
            key="x_model_stop",
            on_stop=_stopped,
        )
        workspace.change(partial(_with, model=model, kind=None if kind == _FROM_NAME else kind, evals=evals))
    except DataError as problem:
        where = f" ({problem.source})" if problem.source else ""
        st.session_state[_PROBLEM] = plain(f"{problem}{where}")
    st.session_state.pop(_WANTED, None)


def _with(found: Workspace, *, model: HubModel, kind: str | None, evals: pd.DataFrame | None) -> Workspace:
    if evals is None:
        # Those read before stay.
        evals = found.evals[found.evals["model_id"] == model.repo_id]
    return found.with_model(model, kind, evals)


def _added() -> None:
    models = workspace.current().models
    if not models:
        note("No model added yet.")
    on_board = set(board.shared()["model_id"])
    for model in reversed(models):
        with st.container(border=True):
            _card(model, model.repo_id in on_board)


def _card(model: HubModel, on_board: bool) -> None:
    st.markdown(f"**{plain(model.repo_id)}**")
    st.dataframe(_facts(model), key=f"x_facts_{model.repo_id}", hide_index=True, placeholder="unknown")
    for line in model.notes:
        note(plain(line))
    if on_board:
        note("The board has this model already; its row there stays as it is.")
    with st.container(horizontal=True):
        st.button(
            "Add to the shortlist",
            key=f"x_pick_{model.repo_id}",
            icon=":material/playlist_add:",
            disabled=model.repo_id in shortlist.current(),
            on_click=shortlist.add,
            args=([model.repo_id],),
        )
        st.button(
            "Remove",
            key=f"x_drop_{model.repo_id}",
            icon=":material/delete:",
            on_click=_remove,
            args=(model.repo_id,),
        )


def _remove(repo_id: str) -> None:
    shortlist.remove(repo_id)
    workspace.change(lambda found: found.without_model(repo_id))


def _facts(model: HubModel) -> pd.DataFrame:
    unknown = "unknown"
    gated = {True: "yes: request access on its page", False: "no", None: unknown}[model.gated]
    bases = ", ".join(model.base_models)
    relation = f" ({model.base_relation})" if model.base_relation and bases else ""
    facts = {
        "Parameters": f"{model.params_b:,.3f} billion" if model.params_b is not None else unknown,
        "Licence": model.license or unknown,
        "Gated": gated,
        "Context length": f"{model.context_length:,} tokens" if model.context_length else unknown,
        "Architecture": model.architecture or unknown,
        "Declared base": (bases + relation) or "none declared",
        "Tokenizer": model.tokenizer or unknown,
        "Revision": (model.revision or unknown)[:12],
        "Last changed": model.modified or unknown,
        "Read from the Hub": f"{model.read.replace('T', ' ')} UTC" if model.read else unknown,
    }
    return pd.DataFrame({"Fact": list(facts), "Value": list(facts.values())})
