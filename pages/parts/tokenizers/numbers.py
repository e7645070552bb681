"""How 0 to 999, and any other number, are cut: the grids, the figures, the examples and the caveats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.charts.tokenizers import number_grid
from core.errors import DataError
from core.tokenizers import facts
from core.tokenizers.contexts import CONTEXT_TEXTS
from core.tokenizers.number_views import NumberView, from_facts, from_tokenizer
from pages.parts.shell import figure
from pages.parts.shell.note import note
from pages.parts.shell.text import plain
from pages.parts.tokenizers.choice import CONTEXTS, STARTS

if TYPE_CHECKING:
    from pages.parts.tokenizers.choice import Chosen

_WRITTEN: Final = {"price": "Price is $N.00", "bare": "N", "space": "Price is N", "own": "your own text"}


@st.fragment
def show(chosen: Chosen) -> None:
    if not chosen.count:
        st.info(
            "Choose at least one tokenizer family above, or load a tokenizer, to see how it cuts numbers."
        )
        return
    context, prefix, suffix = _context(own_possible=bool(chosen.loaded))
    start = _start(more_possible=bool(chosen.loaded))
    views, left_out = _views(chosen, context, prefix, suffix, start)
    if left_out:
        note(
            f"Left out, because the embedded facts cover 0 to 999 in three contexts only: "
            f"{', '.join(plain(label) for label in left_out)}. Load their tokenizers above to see them."
        )
    if not views:
        return
    _grids(views, start)
    _figures(views)
    _any_number(chosen)
    _examples(views)
    _boundary(views)
    other_side()


def _context(*, own_possible: bool) -> tuple[str, str, str]:
    options = [label for label, key in CONTEXTS.items() if key != "own" or own_possible]
    label = st.segmented_control(
        "The number stands",
        options,
        default=options[0],
        required=True,
        key="t_ctx",
        bind="query-params",
        help="The same number can be cut differently in other surroundings.",
    )
    context = CONTEXTS[label or options[0]]
    st.markdown(f":small[N is the number, the text is `{_WRITTEN[context]}`.]")
    if context != "own":
        return context, *CONTEXT_TEXTS[context]
    left, right = st.columns(2)
    prefix = left.text_input("Text before", "Price is ", max_chars=200, key="t_pre", bind="query-params")
    suffix = right.text_input("Text after", "", max_chars=200, key="t_suf", bind="query-params")
    return context, prefix, suffix


def _start(*, more_possible: bool) -> int:
    if not more_possible:
        return 0
    label = st.selectbox(
        "Numbers",
        list(STARTS),
        key="t_from",
        bind="query-params",
        help="A thousand numbers at a time, up to 999,999.",
    )
    return STARTS[label]


def _views(
    chosen: Chosen, context: str, prefix: str, suffix: str, start: int
) -> tuple[list[NumberView], list[str]]:
    numbers = range(start, start + 1000)
    views = []
    for label, loaded in chosen.loaded.items():
        # One that fails leaves the others standing.
        try:
            views.append(from_tokenizer(label, loaded, numbers, prefix=prefix, suffix=suffix))
        except DataError as error:
            _explain(label, error)
    if context == "own" or start:
        return views, list(chosen.families)
    return views + [from_facts(label, key, context) for label, key in chosen.families.items()], []


def _explain(label: str, error: DataError) -> None:
    st.error(f"{plain(label)}: {plain(error.what)} {plain(error.remedy)}", icon=":material/error:")


def _grids(views: list[NumberView], start: int) -> None:
    for first in range(0, len(views), 3):
        row = views[first : first + 3]
        # Three columns also for one or two, or a single grid would fill the whole width.
        for column, view in zip(st.columns(max(len(row), 2)), row, strict=False):
            with column:
                singles = int(view.frame["single"].sum())
                figure.show(
                    number_grid(view.frame, view.label),
                    key=f"t_grid_{view.label}",
                    data=view.frame[["number", "n_tokens", "fused", "single"]].assign(
                        pieces=view.frame["pieces"].str.join(" | ")
                    ),
                    alt=f"Grid of the numbers {start:,} to {start + 999:,}, each coloured by how many tokens "
                    f"{view.label} needs for it. {singles} of 1000 are one token.",
                )
    note("Each cell is a number; 25 stand in a row. Point at one to see its pieces.")


def _figures(views: list[NumberView]) -> None:
    st.subheader("In figures")
    st.dataframe(
        pd.DataFrame([view.figures for view in views]),
        hide_index=True,
        key="t_figures",
        placeholder="unknown",
        column_config={
            "tokenizer": st.column_config.TextColumn("Tokenizer", pinned=True),
            "single": st.column_config.ProgressColumn(
                "One token", min_value=0, max_value=1000, format="%d of 1000",
                help="How many of the thousand numbers above are a single token in this context.",
            ),
            "mean_tokens": st.column_config.NumberColumn(
                "Tokens per number", format="%.2f", help="Mean over the thousand numbers above."
            ),
            "first_token_floor": st.column_config.NumberColumn(
                "First-token floor", format="%.1f",
                help="Mean absolute error left over these numbers, all equally likely, if only the first "
                "number "
                "token is right and the median of those that share it is guessed. Always the median: 250.",
            ),
            "grouping": st.column_config.TextColumn("Digits are grouped", help="How longer numbers are cut."),
            "vocab_size": st.column_config.NumberColumn("Vocabulary", format="localized"),
            "status": st.column_config.TextColumn(
                "Figures", help="Computed beforehand from the file, published by its maker, or loaded "
                "just now."
            ),
            "source": st.column_config.TextColumn("Where from"),
        },
    )  # fmt: skip
    if any(view.status == "published" for view in views):
        note(
            "Published: the file could not be read here; its makers say that digits are split, and the "
            "figures "
            "follow from that."
        )


def _any_number(chosen: Chosen) -> None:
    st.subheader("Any number")
    number = int(
        st.number_input(
            "Number",
            0,
            10**15,
            1234,
            key="t_num",
            bind="query-params",
            help="Cut as it stands, without context.",
        )
    )
    rows = []
    for label, loaded in chosen.loaded.items():
        try:
            rows.append(_cut_row(label, from_tokenizer(label, loaded, [number]).frame))
        except DataError as error:
            rows.append({"tokenizer": label, "pieces": plain(error.what), "tokens": None})
    for label, key in chosen.families.items():
        if number <= 999:
            frame = facts.numbers(key).iloc[[number]]
            rows.append(_cut_row(label, frame))
        else:
            pieces = facts.cut_by_rule(key, number)
            known = " | ".join(pieces) if pieces else "not in the facts: load the tokenizer"
            rows.append({"tokenizer": label, "pieces": known, "tokens": len(pieces) if pieces else None})
    st.dataframe(
        pd.DataFrame(rows).astype({"tokens": "Int64"}),
        hide_index=True,
        key="t_cut",
        placeholder="unknown",
        column_config={
            "tokenizer": st.column_config.TextColumn("Tokenizer", pinned=True),
            "pieces": st.column_config.TextColumn("Pieces"),
            "tokens": st.column_config.NumberColumn("Tokens"),
        },
    )


def _cut_row(label: str, frame: pd.DataFrame) -> dict[str, object]:
    return {
        "tokenizer": label,
        "pieces": " | ".join(frame["pieces"].iloc[0]),
        "tokens": int(frame["n_tokens"].iloc[0]),
    }


def _examples(views: list[NumberView]) -> None:
    st.subheader("Decimals, separators, dates and the like")
    tables = [view.examples.assign(tokenizer=view.label) for view in views if len(view.examples)]
    if not tables:
        note("The chosen families have published facts only; load their tokenizers to see examples.")
        return
    table = pd.concat(tables)
    table["pieces"] = table["pieces"].str.join(" | ")
    wide = table.pivot_table(
        index=["context", "text"], columns="tokenizer", values="pieces", aggfunc="first", sort=False
    )
    wide = wide.reindex(columns=[view.label for view in views if len(view.examples)]).reset_index()
    st.dataframe(
        wide,
        hide_index=True,
        key="t_examples",
        placeholder="unknown",
        column_config={
            "context": st.column_config.TextColumn("Kind"),
            "text": st.column_config.TextColumn("Text", pinned=True),
        },
    )
    note("Pieces are separated by |; a space within a piece is shown as ␣.")


def _boundary(views: list[NumberView]) -> None:
    st.subheader("Where the prompt ends")
    said = False
    for view in views:
        for sentence in view.boundary:
            said = True
            st.warning(f"**{plain(view.label)}**: {sentence}", icon=":material/content_cut:")
    if not said:
        st.markdown(
            "For the tokenizers shown, neither a prompt that ends `Price is $` nor one that ends `Price is ` "
            "(with a trailing space) changes how the number after it is cut, as far as is known."
        )
    note(
        "The safe habit: end the prompt where a token ends. With GPT-2's family, end it `Price is` or "
        "`Price is $`, "
        "never with a space."
    )


def other_side() -> None:
    """The evidence that one token is not simply better. Shown wherever the count is."""
    with st.container(border=True):
        st.markdown(
            "**Is one token per number better?** Not simply.\n\n"
            "- The count says how much of the answer the first step holds, not how well a tuned model "
            "will do.\n"
            "- Digit by digit does best at arithmetic: "
            "[a comparison of number "
            "tokenization](https://huggingface.co/spaces/huggingface/number-tokenization-blog) "
            "by Lee and others on the Hub.\n"
            "- Models seem to hold numbers digit by digit inside, whatever the tokenizer: "
            "[Levy and Geva, 2025](https://arxiv.org/abs/2410.11781).\n"
            "- A loss that knows the size of numbers works with both kinds: "
            "[Number Token Loss, ICML 2025](https://arxiv.org/abs/2411.02083).\n"
            "- On the price task itself the two come close: published fine-tunes on 20,000 examples "
            "report mean "
            "errors of $65.40 (Llama 3.2 3B, one token per price) and $63.13 (Qwen2.5 3B, one per digit), "
            "each "
            "on 200 tests and with different settings, so neither is shown to be better "
            "([course repository](https://github.com/ed-donner/llm_engineering)).\n"
            "- A three-digit first token also begins longer numbers (`123` in 1234): it is the price only "
            "if the "
            "number ends there."
        )
