"""The reader's own target values: tokens per target and the first-token floor."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.tokenizers import floor_bars, token_histogram
from core.errors import CancelledByReaderError, DataError, InvalidTableError
from core.sandbox.numbers import UnclearSignError
from core.tokenizers import read_targets
from core.tokenizers.target_facts import PRICE_TEMPLATE, compare_by_facts, covers
from core.tokenizers.targets import MAX_TARGETS, MAX_TEMPLATE, TargetComparison, Template, compare_targets
from pages.parts.shell import figure
from pages.parts.shell.note import note
from pages.parts.shell.text import plain
from pages.parts.shell.waiting import wait_for
from pages.parts.tokenizers.numbers import other_side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from core.tokenizers.tokenizer import Tokenizer
    from pages.parts.shell.waiting import Progress
    from pages.parts.tokenizers.choice import Chosen

_MAX_UPLOAD_MB: Final = 100
_STOPPED: Final = "t_targets_stopped"
_READ: Final = "tokenizers_values_read"
_COMMAS: Final[dict[str, read_targets.Commas]] = {
    "decimals: 19,99 is 19.99": "decimal",
    "thousands: 1,299 is 1299": "thousands",
    "the next value: 1,2 is 1 and 2": "between",
}
_SIGNS: Final = {"decimals: 1,299 is 1.299": ",", "thousands: 1,299 is 1299": "."}
_SPACES: Final[dict[str, read_targets.Spaces]] = {
    "thousands: 1 299.50 is 1299.5": "thousands",
    "the next value: 1 299.50 is 1 and 299.5": "between",
}

Meaning = TypeVar("Meaning")


@st.fragment
def show(chosen: Chosen) -> None:
    st.markdown(
        "Give the values your model should answer with. For each tokenizer you see what they cost, and how "
        "much of "
        "the answer the first number token holds."
    )
    try:
        given = _targets()
        if given is None:
            return
        targets, said = given
        template = Template.parse(_template())
        result = _compare(chosen, targets, template)
    except DataError as error:
        st.error(f"{plain(error.what)} {plain(error.remedy)}", icon=":material/error:")
        return
    note(said)
    if result is not None:
        _results(result)
    other_side()


def _targets() -> tuple[read_targets.Targets, str] | None:
    """The values and where they come from; None until the reader has said what commas and spaces mean."""
    left, right = st.columns(2)
    with left:
        text = st.text_area(
            "Paste values",
            key="tokenizers_pasted",
            persist_state="session",
            height=120,
            placeholder="19.99\n249.00\n1,299.00",
            help="One per line, or separated by spaces or semicolons. Stays in this session.",
        )
    with right:
        file = st.file_uploader(
            "Or upload a CSV or Parquet file",
            type=["csv", "tsv", "parquet"],
            key="t_values",
            max_upload_size=_MAX_UPLOAD_MB,
            help=f"At most {_MAX_UPLOAD_MB} MB and {MAX_TARGETS:,} rows. Kept in memory only.",
        )
    if file is not None:
        read = _Read.from_file(file)
        wanted = st.selectbox("Column with the target values", read.columns(), key="t_column")
        try:
            found = read.column(str(wanted))
        except UnclearSignError as unclear:
            sign = _meaning("comma", unclear.shown, _SIGNS, key="t_decimal")
            if sign is None:
                return None
            found = read.column(str(wanted), sign)
        return found, _said(found, f"the column {plain(str(wanted))} of {plain(file.name)}")
    if text.strip():
        return _pasted(text)
    found = read_targets.Targets(np.arange(1000, dtype=np.float64))
    return found, "Nothing pasted or uploaded yet: shown for 0, 1, 2 ... 999, each once."


def _pasted(text: str) -> tuple[read_targets.Targets, str] | None:
    spaces: read_targets.Spaces | None = None
    commas: read_targets.Commas | None = None
    if field := read_targets.unclear_space(text):
        spaces = _meaning("space", field, _SPACES, key="tokenizers_spaces")
        if spaces is None:
            return None
    if word := read_targets.unclear_comma(text, spaces):
        commas = _meaning("comma", word, _COMMAS, key="tokenizers_commas")
        if commas is None:
            return None
    found = read_targets.pasted(text, commas, spaces)
    return found, _said(found, "your pasted values")


def _meaning(mark: str, word: str, meanings: Mapping[str, Meaning], *, key: str) -> Meaning | None:
    """What the reader says that a mark means; None until then."""
    said = st.radio(
        f"What comes after the {mark}, as in “{plain(word)}”?",
        list(meanings),
        index=None,
        key=key,
        horizontal=True,
        persist_state="session",
        help="Your values can be read in more than one way. Nothing is counted until you say which.",
    )
    return meanings.get(said or "")


class _Read:
    """One upload, asked of only once whatever it answers: the page runs again at each change."""

    def __init__(self, file: UploadedFile) -> None:
        self._file = file
        self._known: dict[tuple[str, str | None] | None, list[str] | read_targets.Targets | DataError] = {}

    @staticmethod
    def from_file(file: UploadedFile) -> _Read:
        kept: tuple[str, _Read] | None = st.session_state.get(_READ)
        if kept is None or kept[0] != file.file_id:
            kept = st.session_state[_READ] = (file.file_id, _Read(file))
        return kept[1]

    def columns(self) -> list[str]:
        return self._ask(None, lambda: read_targets.columns(self._file.getvalue(), self._file.name))

    def column(self, name: str, sign: str | None = None) -> read_targets.Targets:
        return self._ask(
            (name, sign), lambda: read_targets.column(self._file.getvalue(), self._file.name, name, sign)
        )

    def _ask(self, key: tuple[str, str | None] | None, read: Callable[[], Any]) -> Any:
        if key not in self._known:
            try:
                self._known[key] = read()
            except InvalidTableError as problem:
                self._known[key] = problem
        if isinstance(self._known[key], DataError):
            raise self._known[key]
        return self._known[key]


def _said(found: read_targets.Targets, where: str) -> str:
    parts = [f"{len(found.values):,} values from {where}."]
    if found.dropped:
        parts.append(f"{found.dropped:,} cells without a number were left out.")
    if found.cut:
        parts.append(f"Only the first {MAX_TARGETS:,} rows were read.")
    return " ".join(parts)


def _template() -> str:
    return st.text_input(
        "How a value stands in the text",
        PRICE_TEMPLATE,
        max_chars=MAX_TEMPLATE,
        key="t_tpl",
        bind="query-params",
        help="{value} is replaced by each value; after a colon comes its format: .2f for two decimals, "
        ".0f rounded, "
        ",.2f with thousands separators.",
    )


def _compare(chosen: Chosen, targets: read_targets.Targets, template: Template) -> TargetComparison | None:
    results = []
    if chosen.families:
        if covers(targets.values, template):
            results.append(compare_by_facts(chosen.families, targets.values))
        else:
            st.info(
                f"The embedded facts cover whole values from 0 to 999 written as `{PRICE_TEMPLATE}`. For "
                f"these "
                "values, or this template, load the tokenizers themselves above; "
                f"left out: {', '.join(plain(label) for label in chosen.families)}.",
                icon=":material/info:",
            )
    if chosen.loaded and (encoded := _encoded(chosen.loaded, targets.values, template)):
        results.append(encoded)
    if not results:
        if not chosen.count:
            st.info("Choose at least one tokenizer family above, or load a tokenizer.")
        return None
    last = results[-1]
    return TargetComparison(
        pd.concat([result.table for result in results], ignore_index=True),
        pd.concat([result.histogram for result in results], ignore_index=True),
        last.rows,
        last.distinct,
        last.example,
    )


def _encoded(
    tokenizers: Mapping[str, Tokenizer], values: np.ndarray, template: Template
) -> TargetComparison | None:
    """The comparison by tokenizers at hand; None where the reader stopped just this one."""
    asked = (tuple(tokenizers), hashlib.sha256(values.tobytes()).hexdigest(), repr(template))
    if st.session_state.get(_STOPPED) == asked:
        st.info("You stopped the encoding, so the loaded tokenizers are left out.", icon=":material/info:")
        st.button("Encode after all", key="t_encode", on_click=st.session_state.pop, args=(_STOPPED,))
        return None
    return wait_for(
        partial(_compared, tokenizers, values, template),
        said=f"Encoding {len(values):,} values",
        key="t_stop_targets",
        on_stop=partial(st.session_state.__setitem__, _STOPPED, asked),
    )


def _compared(
    tokenizers: Mapping[str, Tokenizer], values: np.ndarray, template: Template, progress: Progress
) -> TargetComparison:
    def tell(share: float) -> None:
        if progress.cancel.is_set():
            raise CancelledByReaderError("The encoding was stopped.")
        progress.received, progress.expected = round(100 * share), 100

    return compare_targets(tokenizers, values, template, progress=tell)


def _results(result: TargetComparison) -> None:
    table = result.table
    st.markdown(f"One of them in its text: `{result.example.replace('`', chr(39))}`")
    st.dataframe(
        table.assign(
            share_single=table["share_single"] * 100, held_by_first=table["held_by_first"] * 100
        ),
        hide_index=True,
        key="t_targets",
        placeholder="unknown",
        column_config={
            "tokenizer": st.column_config.TextColumn("Tokenizer", pinned=True),
            "share_single": st.column_config.ProgressColumn(
                "One token", format="%.1f%%", min_value=0, max_value=100,
                help="Targets that are a single token, with nothing of the text around them in it.",
            ),
            "mean_tokens": st.column_config.NumberColumn("Tokens, mean", format="%.2f"),
            "p95_tokens": st.column_config.NumberColumn("Tokens, 95th percentile", format="%d"),
            "first_token_floor": st.column_config.NumberColumn(
                "First-token floor", format="%.2f",
                help="Mean absolute error, in your values' own unit, if the first number token is right "
                "and the "
                "median of the targets that share it is guessed.",
            ),
            "median_error": st.column_config.NumberColumn(
                "Always the median", format="%.2f", help="Mean absolute error of one constant guess for all."
            ),
            "held_by_first": st.column_config.NumberColumn(
                "Held by the first token", format="%.0f%%",
                help="How much of the constant guess's error the right first token removes.",
            ),
        },
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        figure.show(
            floor_bars(table),
            key="t_floor_chart",
            data=table[["tokenizer", "first_token_floor", "median_error"]],
            alt="Bars of the first-token floor of each tokenizer, with a line at the error of always "
            "guessing the "
            "median.",
        )
    with right:
        figure.show(
            token_histogram(result.histogram),
            key="t_histogram",
            data=result.histogram,
            alt="Histogram of the number of tokens per target, for each tokenizer.",
        )
    st.markdown(
        "**What the floor says:** how much of the answer the model's first step decides. A floor of 0 "
        "means the whole "
        "value is settled by one prediction. **What it doesn't say:** the error of a tuned model, which "
        "predicts "
        "the later tokens as well, and can miss the first."
    )
