"""The controls of the Leaderboard page; all of them live in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.languages import NAMES
from core.memory import gpus
from core.ranking.filters import SIZE_STOPS, BoardFilter
from core.schema import BENCHMARKS, KINDS
from pages.parts.shell import board, links, per_board

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pages.parts.shell.board import Board

# Whether a control was set from outside: the slider's fragment alone would not draw it again.
_SET: Final = "board_filters_set"
# Labels are the options, because a bound widget writes what it shows into the address.
OWN: Final = "My own weights"
SCORES: Final = {"Average": "average", **{b.label: b.key for b in BENCHMARKS}, OWN: "own"}
WEIGHTS: Final = {benchmark.key: f"w_{benchmark.key}" for benchmark in BENCHMARKS}
_LISTS: Final = {
    "pub": "organization", "fam": "family", "ev": "evidence", "lic": "license", "arch": "architecture",
    "prec": "precision",
}  # fmt: skip
ANY_MONTH: Final = "Any month"
ANY_CARD: Final = "Any card"
_CARDS: Final = {ANY_CARD: None, **{card.label: card.usable_gb for card in gpus.GPUS}}
_MONTHS: Final = (
    ANY_MONTH,
    *(f"{year}-{month}" for year in (2026, 2025, 2024, 2023) for month in ("07", "01")),
)
# Columns the table shows when asked, by label.
FURTHER_COLUMNS: Final = {
    "Licence": "license", "Publisher": "publisher", "Family": "family", "Context (tokens)": "context_length",
    "Layers": "layer_kinds", "Memory (QLoRA)": "memory_gb", "Ends its answers": "stops",
    "Trained on (T tokens)": "pretrain_tokens_t", "Reports": "n_reports", "Remarks": "comparability",
}  # fmt: skip
LANGUAGES: Final = {name: code for code, name in sorted(NAMES.items(), key=lambda pair: pair[1])}
# Orders of the table's rows by label: the column, and whether it rises. The ranks stay as they are.
BEST_FIRST: Final = "Best first"
_IN_LANGUAGE: Final = "Best in "
ORDERS: Final[Mapping[str, tuple[str, bool]]] = {
    BEST_FIRST: ("rank", True), "Smallest first": ("params_b", True), "Newest first": ("released", False),
    "Longest context first": ("context_length", False), "Least memory first": ("memory_gb", True),
    "Longest trained first": ("pretrain_tokens_t", False), "Most reports first": ("n_reports", False),
    "By name": ("model_id", True), "By kind": ("kind", True), "By licence": ("license", True),
    "By publisher": ("publisher", True), "By family": ("family", True), "By layers": ("layer_kinds", True),
    "By how answers end": ("stops", True),
    **{f"{_IN_LANGUAGE}{name}": (code, False) for name, code in LANGUAGES.items()},
}  # fmt: skip
# Columns that hold the average, or the reader's own score, and its interval.
_AVERAGE: Final = frozenset({"score", "interval"})
# What each reason for hiding a row needs to let it in again.
_WIDEST: Final[Mapping[str, Mapping[str, Any]]] = {
    "kind": {"base": False}, "unknown_size": {"unknown": True},
    "size": {"size": (SIZE_STOPS[0], SIZE_STOPS[-1])},
    "newer": {"newer": True}, "size_only": {"sizeonly": True}, "evidence": {"ev": []},
    "released": {"since": ANY_MONTH}, "publisher": {"pub": []}, "family": {"fam": []}, "license": {"lic": []},
    "architecture": {"arch": []}, "precision": {"prec": []}, "merged": {"merges": False},
    "moe": {"moe": False},
    "flagged": {"flagged": False}, "memory": {"card": ANY_CARD}, "plain_hf": {"plainhf": False},
    "second_run": {"runs": True}, "no_score": {"by": "Average"},
}  # fmt: skip
# Fields of the filter by the control that holds them.
_LISTED: Final = {
    "publishers": "pub", "families": "fam", "evidence": "ev", "licenses": "lic", "architectures": "arch",
    "precisions": "prec",
}  # fmt: skip
_SWITCHES: Final = {
    "base_only": "base", "continued": "cont", "unknown_size": "unknown", "newer": "newer",
    "as_reported": "reported", "hide_merged": "merges", "hide_moe": "moe", "hide_flagged": "flagged",
    "plain_hf": "plainhf", "all_runs": "runs", "size_only": "sizeonly",
}  # fmt: skip
_DEFAULTS: Final[Mapping[str, Any]] = {
    "size": (0, 9), "by": "Average", "q": "", "base": True, "cont": False, "unknown": False, "newer": True,
    "reported": False, "runs": False, "merges": False, "moe": False, "flagged": False, "sizeonly": False,
    "since": ANY_MONTH, "sort": BEST_FIRST, "cols": [], "lang": [], "card": ANY_CARD, "plainhf": False,
    **{key: [] for key in _LISTS}, **dict.fromkeys(WEIGHTS.values(), 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    filter: BoardFilter
    by: str
    weights: dict[str, int]
    label: str
    search: str
    """What to look for; it marks rows and hides none."""
    languages: tuple[str, ...]
    """ISO 639-1 codes; each adds a column."""
    columns: tuple[str, ...]
    """Further columns of the table, values of :data:`FURTHER_COLUMNS`."""
    order: str
    """A key of :data:`ORDERS`."""


@per_board.cached(shared=8, own=8)
def _options(rows: Board, column: str) -> list[str]:
    """What a list filter offers, most frequent first."""
    return [str(value) for value in rows.frame[column].dropna().value_counts(sort=True).index]


def checks() -> dict[str, links.Check]:
    """What a link may ask of this page."""
    stops = {f"{stop:g}" for stop in SIZE_STOPS}
    in_order = links.number(SIZE_STOPS[0], SIZE_STOPS[-1], count=2)
    toggles = [key for key, value in _DEFAULTS.items() if isinstance(value, bool)]
    return {
        "size": lambda values: in_order(values) and set(values) <= stops,
        "by": links.one_of(*SCORES),
        "q": links.short_text(80),
        "since": links.one_of(*_MONTHS),
        "card": links.one_of(*_CARDS),
        "lang": links.some_of(frozenset(LANGUAGES)),
        "cols": links.some_of(frozenset(FURTHER_COLUMNS)),
        "sort": links.one_of(*ORDERS),
        "drag": links.one_of("Pan", "Pick", "Zoom"),
        **dict.fromkeys(toggles, links.switch),
        **{key: links.some_of(frozenset(_options(board.in_use(), column))) for key, column in _LISTS.items()},
        **dict.fromkeys(WEIGHTS.values(), links.one_of(*(str(weight) for weight in range(6)))),
    }


def reset() -> None:
    """Back to the opening view; a callback, because it sets widgets."""
    for key, value in _DEFAULTS.items():
        st.session_state[key] = value
    st.session_state[_SET] = True


def sort_by(column: str) -> None:
    """Order the rows by a column of the table, best first; a callback, because it sets widgets.

    A score becomes what the rows are ranked by, so that ranks and order say the same.
    """
    if column in _AVERAGE and st.session_state.get("by") != OWN:
        column = "average"
    score = next((label for label, key in SCORES.items() if key == column), None)
    if score is not None:
        st.session_state["by"] = score
    order = next((label for label, (key, _) in ORDERS.items() if key == column), BEST_FIRST)
    st.session_state["sort"] = BEST_FIRST if score is not None else order
    st.session_state[_SET] = True


def sorted_by(choices: Choices) -> frozenset[str]:
    """The columns of the table that its order follows."""
    column, _ = ORDERS[choices.order]
    if column != "rank":
        return frozenset({column})
    return frozenset({"rank", *(_AVERAGE if choices.by in {"average", "own"} else {choices.by})})


def let_in(reasons: Iterable[str]) -> None:
    """Widen just what hides rows for these reasons (keys of REASONS); a callback, because it sets widgets."""
    for reason in reasons:
        for key, value in _WIDEST[reason].items():
            st.session_state[key] = value
    st.session_state[_SET] = True


def _chosen() -> Choices:
    held = st.session_state
    by = str(held["by"])
    return Choices(
        BoardFilter(
            card_gb=_CARDS[held["card"]],
            since="" if held["since"] == ANY_MONTH else held["since"],
            **{field: held[key] for field, key in _SWITCHES.items()},
            **{field: tuple(held[key]) for field, key in _LISTED.items()},
        ),
        SCORES[by],
        {benchmark: held[key] for benchmark, key in WEIGHTS.items()} if by == OWN else {},
        "Own score" if by == OWN else by,
        (held["q"] or "").strip(),
        tuple(LANGUAGES[name] for name in held["lang"]),
        tuple(FURTHER_COLUMNS[label] for label in held["cols"]),
        str(held["sort"]),
    )


def with_size(choices: Choices) -> Choices:
    """Draw the slider, and say what all controls hold.

    ``choices`` are those of :func:`show`: a run of the slider's fragment alone doesn't know the others.
    """
    if st.session_state.get(_SET):
        st.rerun()
    size = st.select_slider(
        "Size in billions of parameters",
        SIZE_STOPS,
        value=_DEFAULTS["size"],
        format_func=lambda stop: f"{stop:g}",
        key="size",
        bind="query-params",
        help="Both ends count, by the size people mean: up to 9 holds all of Gemma-2-9B (9.24 exactly). "
        "150 means 150 and more.",
    )
    return replace(choices, filter=replace(choices.filter, size=size))


def show() -> Choices:
    """Draw all controls but the slider, and say what they hold; the size is the opening view's."""
    st.session_state[_SET] = False
    by, search, more = st.columns([2, 2.4, 5.6], vertical_alignment="bottom")
    with by:
        st.selectbox("Rank by", list(SCORES), key="by", bind="query-params")
    with search:
        st.text_input(
            "Search by name",
            key="q",
            bind="query-params",
            max_chars=80,
            placeholder="qwen3 8b",
            help="Marks what it finds in table and chart. Ranks and filters stay as they are.",
        )
    with more, st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="board_more"):
        _toggle("base", "Base models only", KINDS["base"].capitalize() + ".")
        _toggle("cont", "Continued bases too", KINDS["continued"].capitalize() + ".")
        with st.popover("More filters", icon=":material/tune:"):
            _further()
    # A container of its own keeps the results' place, by which Streamlit knows their fragment.
    with st.container():
        if st.session_state["by"] == OWN:
            _weights()
    return _chosen()


def _further() -> None:
    for key, label in (
        ("ev", "How the scores are known"), ("pub", "Publisher"), ("fam", "Family"),
        ("lic", "Licence"), ("arch", "Architecture"), ("prec", "Precision of the run"),
    ):  # fmt: skip
        st.multiselect(
            label,
            _options(board.in_use(), _LISTS[key]),
            key=key,
            select_all=False,
            bind="query-params",
            placeholder="Any",
        )
    st.multiselect(
        "Languages",
        list(LANGUAGES),
        key="lang",
        select_all=False,
        bind="query-params",
        placeholder="Any of your texts",
        help="Adds a column and a chart for each. The six benchmarks, and so the ranks, are English.",
    )
    st.multiselect(
        "Further columns",
        list(FURTHER_COLUMNS),
        key="cols",
        select_all=False,
        bind="query-params",
        placeholder="None",
    )
    st.selectbox(
        "Order of the rows", list(ORDERS), key="sort", bind="query-params",
        help="A click on a column's heading does the same. Ranks stay as they are.",
    )  # fmt: skip
    st.selectbox(
        "Trains on", list(_CARDS), key="card", bind="query-params",
        help="Hides what needs more memory than the card has, in QLoRA with Decide's usual lengths. "
        "Bases of which this isn't known are kept. Cards are sold by GiB: 24 on the box are up to 25.8 GB "
        "of 1e9 bytes, as memory is counted here.",
    )  # fmt: skip
    _toggle(
        "plainhf",
        "Plain Hugging Face only",
        "Hides bases known to need more than transformers, PEFT and bitsandbytes as they are to train in "
        "4 bits. Bases of which this isn't known are kept.",
    )
    st.selectbox(
        "Released since", _MONTHS, key="since", bind="query-params",
        help="By the month of release, or of the upload to the Hub where that is all that is known.",
    )  # fmt: skip
    _toggle(
        "sizeonly",
        "Placed by size alone",
        "Bases without any published score: placed by size, date and family, with wide intervals.",
    )
    _toggle("unknown", "Unknown size", "Also show models whose size nobody knows; they pass any size range.")
    _toggle(
        "newer",
        "Newer bases",
        "Nine 2025 bases from a second study (prescriptive-scaling): the same six tasks, but without "
        "chat template and with the older MATH scoring. Marked wherever they show.",
    )
    _toggle(
        "reported",
        "Kinds as reported",
        "Use the board's own types instead of the repaired ones; the overrides are listed below.",
    )
    _toggle("merges", "Hide merges", KINDS["merge"].capitalize() + ".")
    _toggle("moe", "Hide mixtures of experts", "They hold more parameters than they use per token.")
    _toggle("flagged", "Hide flagged", "Rows that the board's own team flagged.")
    _toggle(
        "runs",
        "All runs of a model",
        "79 models were evaluated twice, in two precisions. By default one row a model: the "
        "board's main run where it is known, else bfloat16 before float16.",
    )


def _weights() -> None:
    """One slider a benchmark; only their ratios matter."""
    for column, benchmark in zip(st.columns(len(BENCHMARKS)), BENCHMARKS, strict=True):
        with column:
            st.slider(
                benchmark.label,
                0,
                5,
                1,
                key=WEIGHTS[benchmark.key],
                bind="query-params",
                help=describe(benchmark.key),
            )


def describe(key: str) -> str:
    """A benchmark in a sentence, with the link to its source."""
    benchmark = next(benchmark for benchmark in BENCHMARKS if benchmark.key == key)
    return (
        f"{benchmark.label} {benchmark.measures}. 0 is guessing, 100 is all right. [Source]({benchmark.link})"
    )


def _toggle(key: str, label: str, explanation: str) -> None:
    st.toggle(label, value=_DEFAULTS[key], key=key, bind="query-params", help=explanation)
