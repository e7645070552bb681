"""The model in a few lines: who, how large, when, how its ability is known, and where to go next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.model_card.card import STATUS_WORDS
from core.schema import KINDS
from pages.parts.shell import board, own, shortlist
from pages.parts.shell.model_link import model_link
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from typing import Literal

    from core.model_card import ModelCard
    from core.model_card.card import Status

    Colour = Literal["green", "blue", "orange", "gray"]

_LOOK: Final[dict[Status, tuple[Colour, str]]] = {
    "measured": ("green", ":material/straighten:"),
    "placed": ("blue", ":material/my_location:"),
    "size only": ("orange", ":material/help:"),
    "no base": ("orange", ":material/block:"),
    "unscored": ("gray", ":material/help:"),
}


def show(card: ModelCard) -> None:
    known = card.known
    st.header(plain(card.model_id), anchor=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        colour, icon = _LOOK[card.status]
        st.badge(STATUS_WORDS[card.status], icon=icon, color=colour)
        if known.gated:
            st.badge("asks for consent on the Hub", icon=":material/lock:", color="orange")
        if card.added or card.model_id in own.names():
            st.badge("added by you", icon=":material/person_add:", color="gray")
        st.markdown(_who(card), width="content")
    if card.sentence:
        bare = plain(card.model_id.rsplit("/", 1)[-1])
        st.markdown(f"**{bare}** {plain(card.sentence)}.")
    elif card.status == "unscored":
        st.markdown("No score of this model is known, neither measured nor published.")
    if card.without_base:
        _without_base(card)
    _figures(card)
    _ways(card)


def _who(card: ModelCard) -> str:
    known = card.known
    parts = [known.publisher, known.family if known.family != known.publisher else None]
    said = " · ".join(plain(part) for part in parts if part)
    kind = known.kind and f"{known.kind}: {KINDS.get(known.kind, '')}"
    return f"{said}{f' · {kind}' if kind else ''}"


def _without_base(card: ModelCard) -> None:
    entry = card.without_base
    if entry is None:
        return
    if entry.status == "none published":
        said = "Its publisher has not released the base of this model; only tuned versions can be downloaded."
    else:
        said = "It could not be established whether its publisher has released a base of this model."
    if card.n_scores:
        said += " Published tables score the base all the same, which is why it is placed."
    st.info(said, icon=":material/block:")
    if entry.nearest:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown("The nearest base that was published:", width="content")
            model_link(entry.nearest, icon=":material/arrow_forward:", where="nearest")


def _figures(card: ModelCard) -> None:
    known = card.known
    size = "unknown" if known.params_b is None else f"{known.params_b:,.3g} B"
    if known.active_params_b is not None:
        size += f", {known.active_params_b:,.3g} B active"
    trained = known.pretrain_tokens_t
    with st.container(horizontal=True, gap="large", key="model_figures"):
        st.metric("Parameters", size, width="content")
        st.metric("Released", known.released or "unknown", width="content")
        st.metric(
            "Context",
            f"{known.context_length:,} tokens" if known.context_length else "unknown",
            width="content",
        )
        st.metric("Trained on", f"{trained:g} T tokens" if trained else "unknown", width="content")


def _ways(card: ModelCard) -> None:
    on_board = card.model_id in set(board.current()["model_id"])
    picked = card.model_id in shortlist.current()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="model_ways"):
        st.button(
            "On the shortlist" if picked else "Add to the shortlist", key="m_pick",
            icon=":material/check:" if picked else ":material/playlist_add:", disabled=picked or not on_board,
            on_click=shortlist.add, args=([card.model_id],),
            help=None if on_board else "Only models in the field in use can be put on the shortlist.",
        )  # fmt: skip
        st.link_button("Open on the Hub", card.hub_url, icon=":material/open_in_new:")
        st.page_link(
            "pages/compare.py", label="Compare", icon=":material/compare_arrows:",
            query_params=shortlist.link_params() or None,
        )  # fmt: skip
        st.page_link(
            "pages/decide.py", label="Decide", icon=":material/task_alt:",
            query_params=shortlist.link_params() or None,
        )  # fmt: skip
