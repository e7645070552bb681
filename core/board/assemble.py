"""From the Hub's columns to the project's own schema, with kinds, sizes, errors and origins worked out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.board import contents, families, listed, names, runs, scoring
from core.board.kinds import REPORTED, Row, kind_of
from core.board.lineage import Origin, origin
from core.board.runs import BASE_KINDS
from core.board.sizes import size_of
from core.schema import BENCHMARK_KEYS, BENCHMARKS, SOURCE_BOARD, SOURCE_NEWER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

TEXT_COLUMNS: Final = ("precision", "reported_kind", "architecture", "license", "revision", "declared_base")
# Where runs of one model are told differently, the first of these is the model's kind.
_KIND_ORDER: Final = ("merge", "multimodal", "base", "continued", "instruct", "finetune", "other")


def from_hub(checked: pd.DataFrame) -> pd.DataFrame:
    """A checked table in the Hub's columns, in the project's schema as far as it is reported."""
    frame = pd.DataFrame({"model_id": checked["fullname"].astype("str")})
    frame["precision"] = checked["Precision"]
    frame["reported_kind"] = checked["Type"].map(contents.reported_kind, na_action="ignore")
    frame["reported_params_b"] = checked["#Params (B)"]
    architecture = checked["Architecture"].astype("string")
    frame["architecture"] = architecture.mask(architecture.isin(["?", "Unknown", ""]))
    frame["license"] = checked["Hub License"]
    for key, column in {
        "chat_template": "Chat Template",
        "merged": "Merged",
        "moe": "MoE",
        "flagged": "Flagged",
        "official": "Official Providers",
    }.items():
        frame[key] = checked[column].to_numpy(dtype=bool)
    frame["likes"] = checked["Hub ❤️"].round().astype("Int64")
    frame["revision"] = checked["Model sha"]
    frame["submitted"] = checked["Submission Date"]
    frame["uploaded"] = checked["Upload To Hub Date"]
    frame["declared_base"] = checked["Base Model"]
    frame["average"] = checked["Average ⬆️"]
    for benchmark in BENCHMARKS:
        frame[benchmark.key] = checked[benchmark.hub_column]
        frame[benchmark.raw] = checked[f"{benchmark.hub_column} Raw"]
    frame["source"] = SOURCE_BOARD
    return frame


def from_newer(table: pd.DataFrame, *, source: str) -> pd.DataFrame:
    """The later study's scores in the same schema: bases only, nothing but names and scores reported."""
    contents.require(table, ("fullname", *contents.SCORE_COLUMNS), source)
    empty = pd.DataFrame(index=table.index)
    for column in contents.HUB_COLUMNS:
        empty[column] = table[column] if column in table.columns else None
    frame = from_hub(contents.check_hub_columns(empty, source=source))
    frame["reported_kind"] = None
    frame["source"] = SOURCE_NEWER
    return frame


def complete(reported: pd.DataFrame) -> pd.DataFrame:
    """Add what is worked out: kind, size, origin, errors, which row stands for its model.

    Args:
        reported: the reported columns of the schema, one row per evaluated model and precision.

    Returns:
        A new frame with the columns of :data:`COLUMNS`, in that order.
    """
    frame = reported.reset_index(drop=True).copy()
    for column in TEXT_COLUMNS:
        frame[column] = frame[column].astype("string")
    origins = _origins(frame)
    _fill_from_cards(frame)
    frame["organization"] = pd.array([names.organisation(model) for model in frame["model_id"]], dtype="str")
    _add_kinds(frame, origins)
    _add_sizes(frame, origins)
    frame["moe"] = frame["moe"] | frame["active_params_b"].notna()
    _add_origins(frame, origins)
    for key in BENCHMARK_KEYS:
        frame[f"{key}_se"] = scoring.standard_error(key, frame[f"{key}_raw"])
    frame["average_se"] = scoring.average_error(frame)
    frame["comparability"] = runs.comparability(frame)
    frame["primary"] = runs.primary_rows(frame)
    return frame.loc[:, list(COLUMNS)]


def _fill_from_cards(frame: pd.DataFrame) -> None:
    """Fill what a source leaves empty with what was published with the model; ``card_facts`` says so."""
    frame["card_facts"] = pd.array([None] * len(frame), dtype="string")
    empty = frame.isna()
    for row, model in enumerate(frame["model_id"]):
        card = families.card_of(str(model))
        if card is None:
            continue
        released = None if card.released is None else pd.Timestamp(card.released)
        filled: list[str] = []
        for key, value in (
            ("architecture", card.architecture),
            ("license", card.license),
            ("uploaded", released),
        ):
            if value is not None and bool(empty[key].iloc[row]):
                frame.loc[row, key] = value
                filled.append("release date" if key == "uploaded" else key)
        if filled:
            frame.loc[row, "card_facts"] = f"{', '.join(filled)}: as published with the model"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _origins(frame: pd.DataFrame) -> list[Origin]:
    declared_by: dict[str, object] = {
        model.lower(): base for model, base in zip(frame["model_id"], frame["declared_base"], strict=True)
    }
    columns = (frame["model_id"], frame["reported_params_b"], frame["declared_base"])
    return [
        origin(model, _number(params), base, declared_by)
        for model, params, base in zip(*columns, strict=True)
    ]


def own_bases(models: Iterable[str], bases: Collection[str]) -> Mapping[str, str]:
    """Model -> the base of the same organisation whose name is its own without the tuning words.

    Where no base has that name, dates and the tune's own version are set aside, as in ``Olmo-3-1025-7B`` and
    ``Olmo-3-7B-Instruct``, if one base alone then fits. A name without words for tuning belongs to the base
    that says ``Base`` and is called alike otherwise.
    """
    exact: dict[tuple[str, tuple[str, ...]], str] = {}
    loose: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for base in sorted(bases):
        owner = names.organisation(base)
        if owner is not None and core_of(base):  # a name of nothing but such words says nothing
            exact.setdefault((owner.lower(), core_of(base)), base)
            loose.setdefault((owner.lower(), _undated(base)), []).append(base)
    found = {}
    for model in models:
        owner = names.organisation(model)
        if owner is None or model in bases:
            continue
        own = exact.get((owner.lower(), core_of(model)))
        if not names.has_word(model, names.TUNED_WORDS):
            own = own if own is not None and names.base_word(own) else None
        elif own is None:
            near = loose.get((owner.lower(), _undated(model)), [])
            # Two dates that differ are two releases.
            own = near[0] if len(near) == 1 and not (_dates(near[0]) and _dates(model)) else None
        if own is not None:
            found[model] = own
    return found


_FORM_WORDS: Final = names.BASE_WORDS | {"hf", "pt", "human", "data"}
_DATE: Final = re.compile(r"\d{4}|\d{6}|\d{8}")
_VERSION: Final = re.compile(r"v?\d+")


def core_of(model_id: str) -> tuple[str, ...]:
    """A name's parts without the words for tuning and form: what base and instruct model share.

    >>> core_of("CYFRAGOVPL/PLLuM-12B-nc-chat") == core_of("CYFRAGOVPL/PLLuM-12B-nc-base")
    True
    """
    return tuple(part for part in names.parts(model_id) if not _is_form(part))


def _is_form(part: str) -> bool:
    return part in _FORM_WORDS or names.is_word(part, names.TUNED_WORDS)


def _undated(model_id: str) -> tuple[str, ...]:
    """:func:`core_of` without dates and without the version behind the last word for tuning."""
    own = names.parts(model_id)
    last = max((i for i, part in enumerate(own) if names.is_word(part, names.TUNED_WORDS)), default=len(own))
    kept = (part for i, part in enumerate(own) if i < last or not _VERSION.fullmatch(part))
    return tuple(part for part in kept if not _is_form(part) and not _DATE.fullmatch(part))


def _dates(model_id: str) -> list[str]:
    return [part for part in names.parts(model_id) if _DATE.fullmatch(part)]


def _own_tunes(rows: Collection[Row], bases: Collection[str]) -> Mapping[str, str]:
    """Model of which nothing is reported -> the chat model its publisher offers under the same name."""
    offered: dict[tuple[str, tuple[str, ...]], str] = {}
    for model in sorted({row.model_id for row in rows}):
        if names.has_word(model, names.CHAT_WORDS) and not names.has_word(model, names.QUANTISED_WORDS):
            offered.setdefault((_owner(model), core_of(model)), model)
    taken = {(_owner(base), core_of(base)) for base in bases}
    return {
        row.model_id: tune
        for row in rows
        if row.reported_kind is None and not names.has_word(row.model_id, names.TUNED_WORDS)
        if (key := (_owner(row.model_id), core_of(row.model_id))) not in taken
        if (tune := offered.get(key)) is not None
    }


def _owner(model_id: str) -> str:
    return (names.organisation(model_id) or "").lower()


def _add_kinds(frame: pd.DataFrame, origins: list[Origin]) -> None:
    reported_base = set(frame.loc[frame["reported_kind"].eq("base").fillna(value=False), "model_id"])
    rows = [
        Row(
            model_id=str(row.model_id),
            reported_kind=_text(row.reported_kind),
            reported_base=row.model_id in reported_base,
            architecture=_text(row.architecture),
            chat_template=bool(row.chat_template),
            merged=bool(row.merged),
            moe=bool(row.moe),
            official=bool(row.official),
            ifeval=_number(row.ifeval),
            declared=_text(row.declared_base),
        )
        for row in frame.itertuples(index=False)
    ]
    # First without, then with the bases each publisher turns out to have.
    first = [kind_of(row, found, own_base=None)[0] for row, found in zip(rows, origins, strict=True)]
    bases = {row.model_id for row, kind in zip(rows, first, strict=True) if kind in BASE_KINDS}
    tunes = _own_tunes(rows, bases)
    own = own_bases({row.model_id for row in rows}, bases | set(tunes))
    said = [
        kind_of(row, found, own_base=own.get(row.model_id), own_tune=tunes.get(row.model_id))
        for row, found in zip(rows, origins, strict=True)
    ]
    # A kind belongs to the model: runs that were reported differently are told alike.
    by_model: dict[str, tuple[str, str]] = {}
    for row, told in sorted(zip(rows, said, strict=True), key=lambda pair: _KIND_ORDER.index(pair[1][0])):
        by_model.setdefault(row.model_id, told)
    frame["kind"] = pd.array([by_model[row.model_id][0] for row in rows], dtype="str")
    frame["kind_evidence"] = pd.array(
        [
            evidence if kind == by_model[row.model_id][0] else _of_another_run(row, by_model[row.model_id][1])
            for row, (kind, evidence) in zip(rows, said, strict=True)
        ],
        dtype="str",
    )


def _of_another_run(row: Row, evidence: str) -> str:
    here = f"reported {REPORTED[row.reported_kind]}; " if row.reported_kind else ""
    return f"{here}another run of it: {evidence}"


def _add_sizes(frame: pd.DataFrame, origins: list[Origin]) -> None:
    sizes = [
        size_of(model, _number(reported), found, merged=kind in ("merge", "other"), moe=bool(moe))
        for model, reported, found, kind, moe in zip(
            frame["model_id"], frame["reported_params_b"], origins, frame["kind"], frame["moe"], strict=True
        )
    ]
    frame["params_b"] = pd.Series([size.params_b for size in sizes], dtype="float64")
    frame["params_evidence"] = pd.array([size.evidence for size in sizes], dtype="str")
    frame["active_params_b"] = pd.Series([size.active_b for size in sizes], dtype="float64")
    frame["size_class_b"] = pd.Series([size.class_b for size in sizes], dtype="float64")


def _add_origins(frame: pd.DataFrame, origins: list[Origin]) -> None:
    bases = {str(model).lower() for model in frame.loc[frame["kind"].isin(BASE_KINDS), "model_id"]}
    bases |= {original.lower() for mirror, original in families.mirrors().items() if mirror.lower() in bases}
    states = [_base_state(kind, found, bases) for kind, found in zip(frame["kind"], origins, strict=True)]
    frame["family"] = pd.array([found.family for found in origins], dtype="string")
    frame["base_id"] = pd.array(
        [
            found.base_id if state in ("on_board", "off_board") else None
            for found, state in zip(origins, states, strict=True)
        ],
        dtype="string",
    )
    frame["base_state"] = pd.array(states, dtype="str")


def _base_state(kind: str, found: Origin, bases: set[str]) -> str:
    if kind in BASE_KINDS:
        return "is_base"
    if kind == "merge":
        return "merge"
    if found.base_id is not None and found.base_id.lower() in bases:
        return "on_board"
    if found.place is not None and found.place.family.base is None:
        return "no_public_base"
    # A card may name any model; only those of the table and the catalogue are known to be bases.
    known = found.base_id is not None and (families.known_base(found.base_id) or listed.base(found.base_id))
    return "off_board" if known else "unknown"


COLUMNS: Final = (
    "model_id",
    "organization",
    "precision",
    "kind",
    "reported_kind",
    "kind_evidence",
    "params_b",
    "reported_params_b",
    "params_evidence",
    "active_params_b",
    "size_class_b",
    "family",
    "base_id",
    "base_state",
    "architecture",
    "license",
    "chat_template",
    "merged",
    "moe",
    "flagged",
    "official",
    "likes",
    "revision",
    "submitted",
    "uploaded",
    "declared_base",
    "average",
    "average_se",
    *(column for key in BENCHMARK_KEYS for column in (key, f"{key}_raw", f"{key}_se")),
    "comparability",
    "card_facts",
    "primary",
    "source",
)
