"""The rows in view as a table, rounded to what each figure's error allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from core.field.own import own_rows
from core.languages import NAMES, load_languages
from core.ranking.ranks import INTERVAL_Z
from core.schema import BENCHMARKS, KINDS, OWN_MARK, SOURCE_NEWER
from pages.parts.leaderboard import selection, training
from pages.parts.leaderboard.filters import BEST_FIRST, ORDERS, describe
from pages.parts.shell import shortlist, ticks
from pages.parts.shell.model_link import column as model_column
from pages.parts.shell.model_link import model_url, with_shortlist
from pages.parts.shell.text import intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.parts.leaderboard.filters import Choices
    from pages.parts.leaderboard.view import View

ROOM: Final = "board_rows"
_SCORES = [benchmark.key for benchmark in BENCHMARKS]
# Further columns that are worked out only when asked for.
_TRAINING = ("memory_gb", "stops")
# A phone's width ends after the interval.
_SHOWN = ("model_id", "rank", "score", "interval", "params_b", "released", "kind", *_SCORES)
_LISTED, _FOUND = "\N{BLACK STAR}", "\N{BLACK RIGHT-POINTING POINTER}"
_NOTES_MEAN = {
    OWN_MARK: "a row you added",
    "gated": "its files are had only after agreeing to something on the Hub",
    "other settings": "run otherwise than the board's; the column Remarks (under “More filters”) says how",
    "fits": "trains on the card chosen under “More filters”",
}


def order(view: View, choices: Choices) -> np.ndarray:
    """Positions of the rows in view, of the best first, in the order in which the table shows them."""
    column, rises = ORDERS[choices.order]
    if column == "rank":
        return np.arange(len(view.ranks))
    if column in _TRAINING:
        values = training.facts().loc[view.ranks.index, column]
    elif column in NAMES:
        names = view.board.loc[view.ranks.index, "model_id"]
        known = load_languages()
        values = names.map(known[known["language"] == column].set_index("model_id")["score"])
    else:
        values = view.board.loc[view.ranks.index, column]
    values = values.reset_index(drop=True)
    if column in {"model_id", "kind"}:
        values = values.astype(str).str.lower()
    return values.sort_values(ascending=rises, kind="stable", na_position="last").index.to_numpy()


def show(view: View, choices: Choices, rows: np.ndarray, found: Sequence[int] = ()) -> None:
    """Draw the table.

    Args:
        view: what is in view.
        choices: what the controls say.
        rows: of :func:`order`.
        found: index labels of rows that a search marks.
    """
    table = view.table.select([*_SHOWN, *(name for name in choices.columns if name not in _TRAINING)])
    for name in choices.columns:
        if name in _TRAINING:
            facts = training.facts().loc[view.ranks.index, name]
            table = table.append_column(name, pa.array(facts, from_pandas=True))
    for code in reversed(choices.languages):
        table = _with_language(table, view, code)
    if choices.filter.card_gb is not None:
        table = _with_fit(table, view, choices.filter.card_gb)
    place = table.column_names.index("model_id")
    table = table.set_column(place, "model_id", with_shortlist(table.column("model_id")))
    listed = shortlist.current()
    if found or listed:
        own = view.board.loc[view.ranks.index, "model_id"].isin(listed)
        table = _marked(table, np.flatnonzero(own), view.ranks.index.get_indexer(list(found)))
    with st.container(key=ROOM, gap=None):
        st.dataframe(
            table if choices.order == BEST_FIRST else table.take(pa.array(rows)),
            key=selection.TABLE,
            height="stretch",
            hide_index=True,
            on_select=selection.from_table,
            # A click on a heading chooses the column, by which the page then sorts, best first.
            selection_mode=("multi-row", "single-column"),
            column_config=_columns(view.errors, choices) | _language_columns(choices),
            placeholder="",
            alt=f"Models in view, {choices.order.lower()}; ticked rows can be added to the shortlist",
        )
        ticks.number(selection.TABLE)


def _with_fit(table: pa.Table, view: View, card_gb: float) -> pa.Table:
    """The table with a badge for what fits the card chosen; what is known not to fit is not in view."""
    need = training.facts().loc[view.ranks.index, "memory_gb"].astype(float)
    badges = [
        [
            *notes,
            "fit unknown" if math.isnan(gb) else f"fits: {gb:.0f} GB" if gb <= card_gb else "doesn't fit",
        ]
        for notes, gb in zip(table.column("kind").to_pylist(), need, strict=True)
    ]
    return table.set_column(table.column_names.index("kind"), "kind", pa.array(badges, pa.list_(pa.string())))


def _with_language(table: pa.Table, view: View, code: str) -> pa.Table:
    """The table with a column of scores in one language, and its interval, behind the average's."""
    known = load_languages()
    known = known[known["language"] == code].set_index("model_id")
    own = known.reindex(view.board.loc[view.ranks.index, "model_id"])
    place = table.column_names.index("interval") + 1
    table = table.add_column(
        place, f"{code}_interval", pa.array(_interval(own["low"], own["high"]), from_pandas=True)
    )
    return table.add_column(place, code, pa.array(_float(own["score"]), from_pandas=True))


def _language_columns(choices: Choices) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for code in choices.languages:
        config[code] = st.column_config.NumberColumn(
            NAMES[code],
            format="%.0f",
            width=66,
            help="Points on the tasks of this language's main board; empty: not tested. docs/languages.md",
        )
        config[f"{code}_interval"] = st.column_config.TextColumn("90%", width=56)
    return config


def prepare(board: pd.DataFrame) -> pa.Table:
    """What the table shows of each row of the board, but for its rank: four-byte numbers, short texts."""
    # Addresses, of which the table shows the name; what is no repository's name leads nowhere.
    links = [model_url(str(name)) or str(name) for name in board["model_id"]]
    shown = pd.DataFrame({"model_id": pd.Series(links, index=board.index, dtype=pd.ArrowDtype(pa.string()))})
    shown["params_b"] = board["params_b"].astype(float).round(2).astype(np.float32)
    shown["released"] = board["released"].astype("category")
    shown["score"] = _float(board["average"])
    # A few hundred different ones for thousands of rows.
    shown["interval"] = _interval(board["average_low"], board["average_high"]).astype("category")
    for key in _SCORES:
        shown[key] = _float(board[key])
    for key in ("license", "publisher", "family", "layer_kinds"):
        shown[key] = board[key].astype("category")
    for key in ("context_length", "pretrain_tokens_t", "n_reports"):
        shown[key] = board[key].astype("Float32")
    shown["comparability"] = board["comparability"].astype("category")
    table = pa.Table.from_pandas(shown, preserve_index=False).replace_schema_metadata()
    notes = pa.array(_notes(board), pa.list_(pa.string()))
    words = notes.flatten().dictionary_encode()
    return table.append_column("kind", pa.ListArray.from_arrays(notes.offsets, words))


def arrange(prepared: pa.Table, places: np.ndarray, ranks: pd.DataFrame, *, own: bool) -> pa.Table:
    """The rows at ``places`` of :func:`prepare`, best first; 400 kB for the full board.

    ``own``: whether the reader's own score takes the place of the average.
    """
    table = prepared.take(pa.array(places))
    low, high = (
        pa.array(ranks[limit].fillna(ranks["rank"]).to_numpy(np.int64)) for limit in ("rank_low", "rank_high")
    )
    # Blanks in front make the column's alphabetical order the order of ranks.
    first = pc.utf8_lpad(low.cast(pa.string()), len(str(len(ranks))))
    both = pc.binary_join_element_wise(first, high.cast(pa.string()), "–")
    texts = pc.if_else(pc.equal(low, high), first, both)
    if own:
        place = table.column_names.index("score")
        score = pa.array(_float(ranks["score"]), from_pandas=True)
        table = table.set_column(place, "score", score)
        half = INTERVAL_Z * ranks["score_se"]
        interval = _interval(ranks["score"] - half, ranks["score"] + half)
        table = table.set_column(place + 1, "interval", pa.array(interval, from_pandas=True))
    return table.add_column(1, "rank", texts)


def _marked(table: pa.Table, listed: np.ndarray, found: np.ndarray) -> pa.Table:
    """The table with marks before the rows at these places: on the shortlist, and found by the search."""
    marks = np.full(len(table), "", dtype=object)
    marks[listed] = _LISTED
    marks[found] += _FOUND
    return table.add_column(0, "mark", pa.array(marks.tolist(), pa.string()))


def _float(values: pd.Series) -> pd.Series:
    return values.astype(float).round(1).astype(np.float32)


def _interval(low: pd.Series, high: pd.Series) -> pd.Series:
    return intervals(low, high).astype(pd.ArrowDtype(pa.string()))


def overridden(board: pd.DataFrame) -> pd.Series:
    """True for rows whose kind isn't what the board reports, where it reports any."""
    return board["reported_kind"].notna() & (board["reported_kind"].astype(object) != board["kind"])


def _notes(board: pd.DataFrame) -> list[list[str]]:
    """The kind, and what a reader must know before comparing the row or taking the model."""
    own = own_rows(board)
    measured = board["evidence"] == "measured"
    other_settings = measured & board["comparability"].notna() & (board["source"] != SOURCE_NEWER)
    reported = "reported as " + board["reported_kind"].astype(str)
    told: list[tuple[pd.Series, str | pd.Series]] = [
        (own, OWN_MARK),
        (board["source"] == SOURCE_NEWER, "later study"),
        (board["evidence"] == "placed", "placed"),
        (board["evidence"] == "size only", "placed by size alone"),
        (other_settings, "other settings"),
        (board["gated"].fillna(value=False).astype(bool), "gated"),
        (overridden(board), reported),
        (board["moe"], "MoE"),
        (board["flagged"], "flagged"),
    ]
    notes = [[kind] for kind in board["kind"].astype(str)]
    for mask, note in told:
        for place in np.flatnonzero(mask.to_numpy(dtype=bool, na_value=False)):
            notes[place].append(note if isinstance(note, str) else note.iloc[place])
    return notes


def _columns(errors: dict[str, float], choices: Choices) -> dict[str, Any]:
    config: dict[str, Any] = {
        "mark": st.column_config.TextColumn(
            "", width=32, help=f"{_LISTED} is on your shortlist, {_FOUND} was found by your search."
        ),
        "model_id": model_column("Model", width=184, help="Opens the model's page in a new tab."),
        "rank": st.column_config.TextColumn(
            "Rank",
            width=54,
            help=f"By {choices.label}, among the rows "
            "in view. The interval holds the true rank in 90% of simulated repeats of the evaluation.",
        ),
        "comparability": st.column_config.TextColumn(
            "Remarks", width=260, help="What keeps the row's scores from being compared with others."
        ),
        "params_b": st.column_config.NumberColumn(
            "Size (B)", format="%.2f", width=58, help="Parameters in billions"
        ),
        "score": st.column_config.NumberColumn(
            "Own score" if choices.by == "own" else "Average",
            format=_format(errors["score"]),
            width=60,
            help=f"{_formula(choices)} Points from 0 (guessing) to 100. "
            f"Usual standard error ±{_typical(errors['score'])}. Decide weighs the six for the task, so its "
            "capability is another figure.",
        ),
        "released": st.column_config.TextColumn(
            "Released", width=66, help="Month of release; of the upload to the Hub where only that is known."
        ),
        "interval": st.column_config.TextColumn(
            "90%",
            width=56,
            help="The true score lies between these with 90% probability: for a measured base from the "
            "number of questions, for a placed one from the reports it stands in.",
        ),
        "kind": st.column_config.ListColumn(
            "Kind and notes",
            width=170,
            help="  \n".join(f"**{kind}**: {meaning}" for kind, meaning in (KINDS | _NOTES_MEAN).items()),
        ),
        "license": st.column_config.TextColumn(
            "Licence", width=78, help="As the Hub states it; empty is unknown."
        ),
    }
    config |= {
        "memory_gb": st.column_config.NumberColumn(
            "Memory", format="%.0f GB", width=66, help="QLoRA with Decide's usual lengths; empty is unknown."
        ),
        "stops": st.column_config.TextColumn(
            "Ends its answers", width=130, help="Empty is unknown; the model's page says why."
        ),
        "publisher": st.column_config.TextColumn("Publisher", width=100),
        "family": st.column_config.TextColumn("Family", width=100),
        "layer_kinds": st.column_config.TextColumn("Layers", width=130, help="Empty is unknown."),
        "context_length": st.column_config.NumberColumn(
            "Context", format="compact", width=66, help="Tokens the base was trained for; empty is unknown."
        ),
        "pretrain_tokens_t": st.column_config.NumberColumn(
            "Trained on", format="%.1f T", width=70, help="Trillions of tokens; empty is unknown."
        ),
        "n_reports": st.column_config.NumberColumn(
            "Reports", format="%d", width=60, help="Reports a placed base's scores come from."
        ),
    }
    for benchmark in BENCHMARKS:
        error = errors[benchmark.se]
        config[benchmark.key] = st.column_config.NumberColumn(
            benchmark.label,
            format=_format(error),
            width=70 if len(benchmark.label) > 6 else 56,
            help=f"{describe(benchmark.key)} Usual standard error ±{_typical(error)} points.",
        )
    return config


def _formula(choices: Choices) -> str:
    """How the score comes about from the six."""
    if choices.by != "own":
        return f"Average = ({' + '.join(benchmark.label for benchmark in BENCHMARKS)}) / {len(BENCHMARKS)}."
    total = sum(choices.weights.values())
    parts = [
        f"{choices.weights[each.key]} x {each.label}" for each in BENCHMARKS if choices.weights[each.key]
    ]
    return f"Own score = ({' + '.join(parts)}) / {total}."


def _typical(error: float) -> str:
    return "unknown" if math.isnan(error) else f"{error:.1f}"


def _format(error: float) -> str:
    """No decimal where the error is above 1 point, one where it is below: ±2.1 makes 39.9 say 40."""
    decimals = 0 if math.isnan(error) or error <= 0 else min(1, max(0, -math.floor(math.log10(error))))
    return f"%.{decimals}f"
