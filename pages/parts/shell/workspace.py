"""The session's workspace: found again after a reload, seen by nobody else.

A random key in a cookie of the reader's browser names it. The cookie is set only once there is something to
keep; it never stands in the address, so a link that is passed on gives nothing away.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from core.workspace.contents import Workspace, from_bytes
from core.workspace.merge import merged
from core.workspace.store import MAX_AGE_DAYS, WorkspaceStore, is_key, new_key
from pages.parts.shell import private
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

COOKIE = "basewise_workspace"
_STATE = "workspace"
_KEY = "workspace_key"
_DIGEST = "workspace_digest"
_LOST = "workspace_lost"
_APART = "workspace_apart"

# Within another site's frame a cookie must be partitioned and secure; without https it can't be secure.
_SET_COOKIE = """
export default function ({ data, setTriggerValue }) {
  if (!data.value) {
    return;
  }
  const isSecure = window.location.protocol === "https:";
  const scope = isSecure ? "SameSite=None; Secure; Partitioned" : "SameSite=Lax";
  const held = document.cookie.split("; ").find((one) => one.startsWith(`${data.name}=`))?.split("=")[1];
  if (held && held !== data.value) {
    setTriggerValue("held", held);
    return;
  }
  document.cookie = `${data.name}=${data.value}; path=/; max-age=${data.seconds}; ${scope}`;
}
"""


@st.cache_resource(show_spinner=False, max_entries=1)
def _store() -> WorkspaceStore:
    return WorkspaceStore()


def current() -> Workspace:
    """What this reader added; empty for most."""
    if _STATE not in st.session_state:
        # A run may outlive its connection, and hears of no cookie then; a later one will.
        if not st.context.headers:
            return Workspace()
        _restore()
    found: Workspace = st.session_state[_STATE]
    return found


def digest() -> str:
    """Tells one workspace from another; "" for an empty one."""
    held = current()
    then, found = st.session_state.get(_DIGEST, (None, ""))
    if then is not held:
        found = "" if held.adds_nothing else held.digest()
        st.session_state[_DIGEST] = (held, found)
    return str(found)


def change(step: Callable[[Workspace], Workspace]) -> bool:
    """Apply ``step`` to the workspace and keep the result; True if it is on the server's disk.

    Another tab of the same browser may have changed it since, so the step is applied to what is stored.

    Raises:
        DataError: what ``step`` raises; nothing is changed then.
    """
    kept, changed = _update(st.session_state.setdefault(_KEY, new_key()), step)
    st.session_state[_STATE] = changed
    return kept


def _update(key: str, step: Callable[[Workspace], Workspace]) -> tuple[bool, Workspace]:
    """Whether what ``step`` makes of the workspace under ``key`` is on disk, and what that is."""
    changed = before = current()

    def on_what_is_kept(body: bytes | None) -> bytes | None:
        nonlocal changed
        changed = step(before if body is None else from_bytes(body))
        return None if changed.is_empty else changed.to_bytes()

    return _store().update(key, on_what_is_kept, _visitor()), changed


def remember() -> None:
    """Let the browser keep the key. Call it before the page says that something was added.

    The script that does it is in the browser before there is a key: it needs nothing more of the server,
    which may be gone a moment after the page has said so.
    """
    if _APART in st.session_state:
        return
    ask = private.component("basewise_remember", _SET_COOKIE)
    if ask is None:
        return
    value = "" if current().is_empty else st.session_state.get(_KEY, "")
    found = ask(
        key="remember",
        data={"name": COOKIE, "value": value, "seconds": MAX_AGE_DAYS * 86400},
        height=1,
        on_held_change=_nothing,
    )
    if is_key(found.held) and value and found.held != value:
        _join(str(found.held))
        st.rerun()


def _nothing() -> None:
    """The component's answer is looked at where it stands."""


def _join(held: str) -> None:
    """Another tab's workspace came first: this one's goes into it, and both tabs go on with that."""
    own, left = current(), st.session_state[_KEY]
    try:
        _, both = _update(held, lambda theirs: theirs if theirs is own else merged(theirs, own))
    except DataError as problem:
        # Together they are more than one holds: each tab keeps its own.
        st.session_state[_APART] = True
        st.session_state[_LOST] = f"What you added in another tab stays apart. {problem}"
        return
    # In this order: a run that ends in between leaves this tab its key, and the next one joins them again.
    st.session_state[_STATE] = both
    st.session_state[_KEY] = held
    _store().delete(left)


def _visitor() -> str:
    """Whose share of the store's room it is: the address, as the proxy in front says where there is one."""
    address = str(st.context.ip_address or "")
    forwarded = str(st.context.headers.get("X-Forwarded-For") or "").rsplit(",", 1)[-1].strip()
    return forwarded if forwarded and _is_near(address) else address


def _is_near(address: str) -> bool:
    """Whether it is this machine's or its network's, as a proxy's is."""
    try:
        return not address or ip_address(address).is_private
    except ValueError:
        return False


def report_lost() -> None:
    """Say once if a stored workspace could not be used."""
    if lost := st.session_state.pop(_LOST, None):
        st.warning(plain(lost))


def _restore() -> None:
    # Streamlit may end a run at any entry of the session, when the browser asks for another one meanwhile. So
    # the workspace is put there last, once it is read: the next run would take half of this for all there is.
    key = st.context.cookies.get(COOKIE)
    body = _store().load(str(key)) if is_key(key) else None
    found = Workspace()
    if body is not None:
        st.session_state[_KEY] = str(key)
        try:
            found = from_bytes(body)
        except DataError as problem:
            st.session_state[_LOST] = f"What you had added could not be restored. {problem}"
    st.session_state[_STATE] = found
