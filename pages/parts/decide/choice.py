"""Controls that several parts of the form are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping


def choice(label: str, options: Mapping[str, str], start: Mapping[str, Any], key: str, text: str) -> str:
    """One of ``options`` (key: label), bound to the address."""
    names = list(options)
    found = st.selectbox(
        label,
        names,
        index=names.index(start[key]),
        format_func=options.__getitem__,
        key=key,
        bind="query-params",
        help=text,
    )
    return str(found)


def toggle(label: str, start: Mapping[str, Any], key: str, text: str) -> bool:
    """A switch, bound to the address."""
    return bool(st.toggle(label, start[key], key=key, bind="query-params", help=text))
