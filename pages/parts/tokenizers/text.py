"""The reader's own text: pieces side by side, what it costs, and whether it survives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import pandas as pd
import streamlit as st

from core.charts.tokenizers import length_percentiles
from core.errors import DataError
from pages.parts.shell import figure
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.tokenizers.text_pieces import Piece
    from core.tokenizers.tokenizer import Tokenizer
    from pages.parts.tokenizers.choice import Chosen

T = TypeVar("T")

_EXAMPLE: Final = "Price is $1,234.50 for 12 boxes.\n\tZürich, 2026-11-23 👍"
_SHOWN: Final = 300
_MAX_TEXT: Final = 200_000
_COLOURS: Final = ("blue", "green", "orange", "violet")


@st.fragment
def show(chosen: Chosen) -> None:
    if not chosen.loaded:
        st.info(
            "To cut text the tokenizer itself is needed. Name a repository under **Load a tokenizer from "
            "the Hub** "
            "above (for example `HuggingFaceTB/SmolLM2-1.7B`, which is not gated), or upload a "
            "tokenizer.json. The "
            "families' embedded facts hold figures about numbers only.",
            icon=":material/info:",
        )
        return
    text = st.text_area(
        "Text",
        _EXAMPLE,
        key="tokenizers_text",
        persist_state="session",
        height=140,
        max_chars=_MAX_TEXT,
        help="Stays in this session. Nothing is sent anywhere.",
    )
    pieces = _pieces(chosen.loaded, text)
    _costs({label: chosen.loaded[label] for label in pieces}, text)
    _lengths(chosen.loaded)
    _special_tokens(chosen)
    _overlap(chosen)


def _each(loaded: dict[str, Tokenizer], work: Callable[[Tokenizer], T]) -> dict[str, T]:
    """What ``work`` gives for each tokenizer; one that fails is explained and the others stand."""
    found = {}
    for label, tokenizer in loaded.items():
        try:
            found[label] = work(tokenizer)
        except DataError as error:
            _explain(label, error)
    return found


def _explain(label: str, error: DataError) -> None:
    st.error(f"{plain(label)}: {plain(error.what)} {plain(error.remedy)}", icon=":material/error:")


def _pieces(loaded: dict[str, Tokenizer], text: str) -> dict[str, list[Piece]]:
    from core.tokenizers.text_pieces import pieces_of  # noqa: PLC0415 - only with a tokenizer loaded

    st.subheader("Pieces")
    found = _each(loaded, lambda tokenizer: pieces_of(tokenizer, text))
    labels = list(found)
    for first in range(0, len(labels), 3):
        row = labels[first : first + 3]
        for column, label in zip(st.columns(len(row)), row, strict=True):
            pieces = found[label]
            with column, st.container(border=True):
                st.markdown(f"**{plain(label)}**: {len(pieces):,} tokens")
                st.markdown(coloured(pieces[:_SHOWN]))
                if len(pieces) > _SHOWN:
                    note(f"The first {_SHOWN} are shown.")
                details = st.expander("Ids and bytes", key=f"t_ids_{label}", on_change="rerun")
                if details.open:
                    with details:
                        st.dataframe(_table(pieces[:2000]), hide_index=True, key=f"t_pieces_{label}")
    note("␣ is a space, ⏎ a line break, ⇥ a tab; <E2> is a byte that is no whole character by itself.")
    return found


def coloured(pieces: list[Piece]) -> str:
    """The pieces as Markdown, in alternating background colours; everything in them escaped."""
    parts = []
    for at, piece in enumerate(pieces):
        shown = plain(piece.shown) or "∅"
        parts.append(f":{_COLOURS[at % len(_COLOURS)]}-background[{shown}]")
        if b"\n" in piece.bytes:
            parts.append("  \n")
    return "".join(parts) or "No tokens."


def _table(pieces: list[Piece]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Id": [piece.id for piece in pieces],
            "Piece": [piece.shown for piece in pieces],
            "Bytes": [piece.bytes.hex(" ").upper() for piece in pieces],
        }
    )


def _costs(loaded: dict[str, Tokenizer], text: str) -> None:
    from core.tokenizers.text import text_figures  # noqa: PLC0415

    st.subheader("What it costs, and whether it comes back")
    found = _each(loaded, lambda tokenizer: text_figures({"": tokenizer}, text))
    if not found:
        note("None of the tokenizers takes this text.")
        return
    st.dataframe(
        pd.concat([rows.assign(tokenizer=label) for label, rows in found.items()], ignore_index=True),
        hide_index=True,
        key="t_costs",
        placeholder="unknown",
        column_config={
            "tokenizer": st.column_config.TextColumn("Tokenizer", pinned=True),
            "tokens": st.column_config.NumberColumn("Tokens"),
            "words": st.column_config.NumberColumn("Words", help="Parts between white space."),
            "bytes": st.column_config.NumberColumn("Bytes", help="UTF-8."),
            "tokens_per_word": st.column_config.NumberColumn("Tokens per word", format="%.2f"),
            "tokens_per_byte": st.column_config.NumberColumn("Tokens per byte", format="%.3f"),
            "exact": st.column_config.CheckboxColumn(
                "Comes back unchanged", help="Whether encoding and decoding gives the same text."
            ),
            "difference": st.column_config.TextColumn("First difference"),
        },
    )


def _lengths(loaded: dict[str, Tokenizer]) -> None:
    from core.tokenizers.text import sequence_lengths  # noqa: PLC0415

    st.subheader("How long your examples are")
    left, right = st.columns(2)
    pasted = left.text_area(
        "Examples, one per line", key="tokenizers_examples", persist_state="session", height=120
    )
    file = right.file_uploader(
        "Or a text file, one example per line",
        type=["txt", "jsonl"],
        key="t_examples_file",
        max_upload_size=20,
    )
    raw = file.getvalue().decode("utf-8", "replace") if file is not None else pasted
    texts = [line for line in raw.splitlines() if line.strip()]
    if not texts:
        note("Paste some examples to see their lengths and a maximum length to train with.")
        return
    found = _each(loaded, lambda tokenizer: sequence_lengths({"": tokenizer}, texts).table)
    if not found:
        return
    table = pd.concat([rows.assign(tokenizer=label) for label, rows in found.items()], ignore_index=True)
    st.dataframe(
        table.assign(share_cut=table["share_cut"] * 100),
        hide_index=True,
        key="t_lengths",
        placeholder="unknown",
        column_config={
            "tokenizer": st.column_config.TextColumn("Tokenizer", pinned=True),
            "p50": st.column_config.NumberColumn("Median"),
            "p90": st.column_config.NumberColumn("90th percentile"),
            "p95": st.column_config.NumberColumn("95th"),
            "p99": st.column_config.NumberColumn("99th"),
            "longest": st.column_config.NumberColumn("Longest"),
            "proposed": st.column_config.NumberColumn(
                "Proposed maximum", help="The 99th percentile, rounded up to a multiple of 8."
            ),
            "share_cut": st.column_config.NumberColumn("Cut by it", format="%.1f%%"),
        },
    )
    figure.show(
        length_percentiles(table),
        key="t_lengths_chart",
        data=table,
        alt="Percentiles of the examples' lengths in tokens for each tokenizer, with the proposed maximum.",
    )


def _special_tokens(chosen: Chosen) -> None:
    from core.tokenizers.text import special_tokens  # noqa: PLC0415

    st.subheader("Special tokens")
    rows = []
    for label, tokenizer in chosen.loaded.items():
        found = special_tokens(tokenizer)
        shown = {key: value or "missing" for key, value in found.items()}
        rows.append({"Tokenizer": label} | (shown or {"bos": "unknown: no tokenizer_config.json"}))
    frame = pd.DataFrame(rows).fillna("unknown")
    st.dataframe(frame, hide_index=True, key="t_special")
    if "pad" in frame and (frame["pad"] == "missing").any():
        note(
            "A missing pad token must be set before batches can be padded; give it an id of its own "
            "rather than the "
            "end token's, or the model never learns to stop."
        )


def _overlap(chosen: Chosen) -> None:
    from core.tokenizers.text import vocabulary_overlap  # noqa: PLC0415

    labels = list(chosen.loaded)
    if len(labels) < 2:
        return
    st.subheader("How much two vocabularies share")
    left, right = st.columns(2)
    first = left.selectbox("First", labels, index=0, key="t_a")
    second = right.selectbox("Second", labels, index=1, key="t_b")
    try:
        shared = vocabulary_overlap(chosen.loaded[first], chosen.loaded[second])
    except DataError as error:
        _explain(f"{first}, {second}", error)
        return
    st.markdown(
        f"{shared.shared:,} tokens spell the same in both: {shared.of_first:.0%} of {plain(first)}'s "
        f"{shared.first_size:,} and {shared.of_second:.0%} of {plain(second)}'s {shared.second_size:,}."
    )
