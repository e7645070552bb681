"""What text costs in the reader's languages: the chosen tokenizers in a chart, all of them in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.charts.text_cost import text_cost
from core.errors import DataError
from core.languages.scores import NAMES
from core.tokenizers import facts
from core.tokenizers.text_cost import load_text_cost, read_samples, with_rate
from pages.parts.shell import figure, links
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.tokenizers.tokenizer import Tokenizer
    from pages.parts.tokenizers.choice import Chosen

_CHOSEN: Final = "t_lang"
_DEFAULT: Final = ("German", "French", "Spanish", "Polish", "Japanese")
# Counted, though no board tests bases in it.
_MORE_NAMES: Final = {"hi": "Hindi"}
_UNITS: Final = "tokens per 1,000 characters"


def offered() -> dict[str, str]:
    """The counted languages by name: name to ISO 639-1."""
    return dict(sorted((_name(code), code) for code in load_text_cost()["language"].unique()))


@st.fragment
def show(chosen: Chosen) -> None:
    names = offered()
    _open_with_decides()
    picked = st.multiselect(
        "Languages",
        list(names),
        default=list(_DEFAULT),
        key=_CHOSEN,
        select_all=False,
        bind="query-params",
        help="The chart's first line is the language you choose first.",
    )
    if not picked:
        st.info("Choose at least one language to see what its text costs.")
        return
    codes = [names[name] for name in picked]
    table = pd.concat([_of_families(chosen), *_of_loaded(chosen)], ignore_index=True)
    table = table[table["language"].isin(codes)]
    order = {code: at for at, code in enumerate(codes)}
    table = table.sort_values("language", key=lambda column: column.map(order), kind="stable")
    table["language"] = table["language"].map(_name)
    if table["tokens_per_1000_chars"].notna().any():
        figure.show(
            text_cost(table),
            key="t_text_cost",
            data=table[["tokenizer", "language", "tokens_per_1000_chars", "tokens", "n_chars"]],
            alt=f"{_UNITS.capitalize()} of one message in {', '.join(picked)}, one mark a tokenizer.",
        )
    else:
        st.info("Nothing was counted for the chosen tokenizers: choose others above, or see all below.")
    _unknown(chosen, table)
    note(
        "Counted on one message of a shop's support, the same six sentences in every language, written for "
        "this app (Serbian in Cyrillic). It tells tokenizers apart; your own texts will cost somewhat more "
        "or less. A character of Chinese, Japanese or Korean says more than a letter, so compare tokenizers "
        "within a language, not languages with each other."
    )
    _all(codes)


def _open_with_decides() -> None:
    """Languages chosen on Decide hold here too, unless the link or the reader says otherwise."""
    if _CHOSEN in st.session_state or _CHOSEN in st.query_params:
        return
    spoken = [_name(code) for code in links.left("pages/decide.py").get("d_lang", ())]
    if spoken := [name for name in spoken if name in offered()]:
        st.query_params[_CHOSEN] = spoken
        # Controls take what the address held when the run began.
        st.rerun()


def _name(code: str) -> str:
    return NAMES.get(code) or _MORE_NAMES.get(code, code)


def _of_families(chosen: Chosen) -> pd.DataFrame:
    labels = {family: label for label, family in chosen.families.items()}
    costs = load_text_cost()
    costs = costs[costs["family"].isin(labels)]
    order = {family: at for at, family in enumerate(labels)}
    costs = costs.sort_values("family", key=lambda column: column.map(order), kind="stable")
    return costs.assign(tokenizer=costs["family"].map(labels)).drop(columns="family")


def _of_loaded(chosen: Chosen) -> Iterator[pd.DataFrame]:
    for label, tokenizer in chosen.loaded.items():
        try:
            yield _counted(tokenizer).assign(tokenizer=label)
        except DataError as error:
            st.error(f"{plain(label)}: {plain(error.what)} {plain(error.remedy)}", icon=":material/error:")


def _counted(tokenizer: Tokenizer) -> pd.DataFrame:
    from core.tokenizers.sample_counts import count_samples  # noqa: PLC0415 - only with a tokenizer loaded

    return with_rate(count_samples(tokenizer, read_samples())).rename(columns={"text": "language"})


def _unknown(chosen: Chosen, table: pd.DataFrame) -> None:
    counted = set(table["tokenizer"])
    published = [label for label in chosen.families if label not in counted]
    if published:
        note(f"Not counted, because only its maker's word is known: {', '.join(map(plain, published))}.")
    missing = table[table["tokens_per_1000_chars"].isna()]
    if len(missing):
        said = ", ".join(f"{plain(row.tokenizer)} ({row.language})" for row in missing.itertuples())
        note(f"Left out, because the vocabulary can't spell the text: {said}.")


def _all(codes: list[str]) -> None:
    st.subheader("All tokenizers")
    costs = load_text_cost()
    wide = costs[costs["language"].isin(codes)].pivot_table(
        index="family", columns="language", values="tokens_per_1000_chars", dropna=False
    )
    labels = facts.families().set_index("family")["label"]
    wide = wide.reindex(columns=codes).sort_values(codes[0])
    wide.insert(0, "tokenizer", [labels[family] for family in wide.index])
    st.dataframe(
        wide,
        hide_index=True,
        key="t_all_costs",
        placeholder="unknown",
        column_config={
            "tokenizer": st.column_config.TextColumn("Tokenizer", pinned=True),
        }
        | {code: st.column_config.NumberColumn(_name(code), format="%.0f", help=_UNITS) for code in codes},
    )
