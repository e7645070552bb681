"""The session's workspace: found again after a reload, seen by nobody else.

A random key in a cookie of the reader's browser names it. The cookie is set only once there is something to
keep; it never stands in the address, so a link that is passed on gives nothing away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from core.workspace.contents import Workspace, from_bytes
from core.workspace.store import MAX_AGE_DAYS, WorkspaceStore, is_key, new_key

if TYPE_CHECKING:
    from collections.abc import Callable

COOKIE = "basewise_workspace"
_STATE = "workspace"
_KEY = "workspace_key"
_DIGEST = "workspace_digest"
_LOST = "workspace_lost"

# Within another site's frame a cookie must be partitioned and secure; without https it can't be secure.
_SET_COOKIE = """
export default function ({ data }) {
  const isSecure = window.location.protocol === "https:";
  const scope = isSecure ? "SameSite=None; Secure; Partitioned" : "SameSite=Lax";
  document.cookie = `${data.name}=${data.value}; path=/; max-age=${data.seconds}; ${scope}`;
}
"""


@st.cache_resource(show_spinner=False, max_entries=1)
def _store() -> WorkspaceStore:
    return WorkspaceStore()


def current() -> Workspace:
    """What this reader added; empty for most."""
    if _STATE not in st.session_state:
        _restore()
    found: Workspace = st.session_state[_STATE]
    return found


def digest() -> str:
    """Tells one workspace from another; "" for an empty one."""
    current()
    return str(st.session_state[_DIGEST])


def change(step: Callable[[Workspace], Workspace]) -> bool:
    """Apply ``step`` to the workspace and keep the result; True if it is on the server's disk.

    Another tab of the same browser may have changed it since, so the step is applied to what is stored.

    Raises:
        DataError: what ``step`` raises; nothing is changed then.
    """
    before = current()
    key = st.session_state.setdefault(_KEY, new_key())
    body = _store().load(key)
    changed = step(before if body is None else from_bytes(body))
    if changed.is_empty:
        _store().delete(key)
        _take(changed)
        return True
    kept = _store().save(key, changed.to_bytes())
    _take(changed)
    return kept


def remember() -> None:
    """Let the browser keep the key. Call it where the workspace is changed, after the changes."""
    if not current().is_empty and _KEY in st.session_state:
        st.components.v2.component("basewise_remember", js=_SET_COOKIE)(
            key="remember",
            data={
                "name": COOKIE,
                "value": st.session_state[_KEY],
                "seconds": MAX_AGE_DAYS * 86400,
            },
            height=1,
        )


def report_lost() -> None:
    """Say once if a stored workspace could not be used."""
    if lost := st.session_state.pop(_LOST, None):
        st.warning(lost)


def _restore() -> None:
    _take(Workspace())
    key = st.context.cookies.get(COOKIE)
    if not is_key(key):
        return
    body = _store().load(str(key))
    if body is None:
        return
    st.session_state[_KEY] = str(key)
    try:
        _take(from_bytes(body))
    except DataError as problem:
        st.session_state[_LOST] = f"What you had added could not be restored. {problem}"


def _take(workspace: Workspace) -> None:
    st.session_state[_STATE] = workspace
    st.session_state[_DIGEST] = "" if workspace.adds_nothing else workspace.digest()
