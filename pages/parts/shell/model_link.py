"""The way from a model's name to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pyarrow.compute as pc
import streamlit as st

from core.errors import DataError
from core.hub.repo_ids import check_repo_id
from pages.parts.shell import field, links, shortlist
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    import pyarrow as pa

PAGE = "pages/model.py"
PARAM = "id"
_START = f"model?{PARAM}="
_MOST_CARRIED = 250_000  # bytes for a table's addresses to carry the shortlist
# Takes the name out of an address of model_url, for column_config.LinkColumn's display_text.
NAME_IN_URL = r"[?&]id=([^&]*)"


def model_url(model_id: str, params: Mapping[str, list[str]] | None = None) -> str:
    """The address of the model's page, relative to any page of the app; "" for what is no repository's name.

    Args:
        model_id: any repository.
        params: what the address carries besides, as :func:`pages.parts.shell.shortlist.link_params` gives it.

    >>> model_url("Qwen/Qwen3-8B-Base", {"pick": ["Qwen/Qwen2.5-7B"]})
    'model?id=Qwen/Qwen3-8B-Base&pick=Qwen/Qwen2.5-7B'
    """
    try:
        address = f"{_START}{quote(check_repo_id(model_id), safe='/')}"
    except DataError:
        return ""
    return f"{address}&{_query(params)}" if params else address


def _query(params: Mapping[str, list[str]]) -> str:
    return urlencode(params, doseq=True, safe="/", quote_via=quote)


def model_urls(model_ids: pd.Series) -> pd.Series:
    """:func:`model_url` of a column of names; a name that is no repository's stays as it is.

    They open a new tab, thus a new session, so they carry the shortlist.
    """
    params = shortlist.link_params()
    return model_ids.map(lambda name: model_url(str(name), params) or str(name), na_action="ignore")


def with_shortlist(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    """What :func:`model_url` made, carrying the shortlist; a name that stayed as it is stays so again.

    On thousands of rows twelve names would be a megabyte for each change of a filter; there it stays behind.
    """
    params = shortlist.link_params()
    if len(urls) * len(_query(params)) > _MOST_CARRIED:
        params.pop(shortlist.PARAM, None)
    if not params:
        return urls
    carried = pc.binary_join_element_wise(urls, _query(params), "&")
    return pc.if_else(pc.starts_with(urls, _START), carried, urls)


def column(label: str, **options: Any) -> Any:
    """Configuration of a column of :func:`model_urls`: it shows the names, and opens their pages."""
    return st.column_config.LinkColumn(label, display_text=NAME_IN_URL, **options)


def model_link(model_id: str, *, label: str = "", icon: str | None = None, where: str = "") -> None:
    """The way to the model's page within the session: the shortlist comes along.

    Args:
        model_id: any repository.
        label: the name, if left out.
        icon: as in ``st.page_link``.
        where: tells two links to one model on one page apart.
    """
    text = plain(label or model_id)
    if not model_url(model_id):
        st.markdown(text)
    elif links.current_page() == PAGE:
        # A link to the page that is open changes what it shows, but not its address.
        st.button(
            text, key=f"m_to_{where}_{model_id}", icon=icon, type="tertiary", on_click=_open, args=(model_id,)
        )
    else:
        params = {PARAM: model_id} | field.link_params() | shortlist.link_params()
        st.page_link(PAGE, label=text, icon=icon, query_params=params)


def model_links(model_ids: Iterable[str], *, where: str) -> None:
    """Links to the pages of several models, side by side."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for name in model_ids:
            model_link(name, label=name.rsplit("/", 1)[-1], icon=":material/deployed_code:", where=where)


def _open(model_id: str) -> None:
    st.session_state[PARAM] = model_id
