"""Parts of a page that a phone shows on request; a wide screen has room for them and shows them always.

The server doesn't know how wide the screen is, so page.css decides: the switch is there on narrow screens
only, and hides what it belongs to while it is off.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def on_phone(key: str, label: str) -> Iterator[None]:
    """What is written inside can be folded away on a phone, and is at first.

    Args:
        key: stable and unique on the page.
        label: of the switch: what it shows.
    """
    with st.container(key=f"fold_{key}"):
        st.toggle(label, key=f"unfold_{key}")
        with st.container(key=f"folded_{key}"):
            yield
