"""The plain facts of one model: who published it, when, how large, under which licence, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.board import families
from core.catalogue import load_catalogue, load_no_base
from core.memory import architectures

if TYPE_CHECKING:
    from core.hub.models import HubModel


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one model; None or empty is unknown.

    Attributes:
        kind: a key of :data:`core.schema.KINDS`; kind_evidence: how it was told.
        params_b, active_params_b: billions; pretrain_tokens_t: trillions.
        released: YYYY-MM; context_length: tokens.
        layer_kinds, modality, instruct_variants: the catalogue's lists.
        continued_from: another publisher's model it was trained on from.
        licence: identifier as the Hub writes it; gated: whether the Hub asks for consent.
        architecture: class in transformers.
        note: a remark of the catalogue; sources: where the catalogue's facts were read.
        read: when the Hub was asked (ISO 8601), for a model the reader added.
    """

    publisher: str | None = None
    family: str | None = None
    kind: str | None = None
    kind_evidence: str | None = None
    params_b: float | None = None
    active_params_b: float | None = None
    released: str | None = None
    context_length: int | None = None
    layer_kinds: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    pretrain_tokens_t: float | None = None
    licence: str | None = None
    gated: bool | None = None
    architecture: str | None = None
    continued_from: str | None = None
    instruct_variants: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[str, ...] = ()
    read: str | None = None


def _found(model_id: str, row: pd.Series | None, added: HubModel | None) -> tuple[dict[str, Any], ...]:
    """Every source in the order in which they are believed."""
    listed = (_catalogue(model_id), _without_base(model_id))
    return (*listed, _row(row), _hub(added), _variant(model_id), _shape(model_id), _name(model_id))


@dataclass(frozen=True, slots=True)
class NoBase:
    """An entry of the catalogue's list of families without a public base.

    Attributes:
        status: "none published" or "not established".
        nearest: the published base that stands nearest, None if there is none.
    """

    status: str
    nearest: str | None
    instruct_variants: tuple[str, ...]
    sources: tuple[str, ...]


def collect(model_id: str, row: pd.Series | None, added: HubModel | None) -> Facts:
    """Facts from the catalogue, then the field's row, then what the Hub said of a model the reader added.

    Args:
        model_id: as the sources write it.
        row: the model's row of the field, in the contract's schema; None where it has none.
        added: as :func:`core.hub.models.read_model` returned it.
    """
    known: dict[str, Any] = {}
    for found in _found(model_id, row, added):
        known |= {
            name: value for name, value in found.items() if value not in (None, ()) and name not in known
        }
    return Facts(**{field.name: known[field.name] for field in fields(Facts) if field.name in known})


def no_base(model_id: str) -> NoBase | None:
    """What the catalogue says of a model without a public base; None for all others."""
    table = load_no_base()
    found = table[table["model_id"].str.lower() == model_id.lower()]
    if found.empty:
        return None
    row = found.iloc[0]
    return NoBase(
        status=str(row["status"]),
        nearest=text(row["nearest_base"]),
        instruct_variants=parts(row["instruct_variants"], "|"),
        sources=parts(row["source"], ";"),
    )


def text(value: object) -> str | None:
    """The value as a string, None for NA and blanks."""
    if not isinstance(value, str) or not value.strip():
        return None
    return value.strip()


def number(value: Any) -> float | None:
    """The value as a float, None for NA."""
    return None if value is None or pd.isna(value) else float(value)


def parts(value: object, separator: str) -> tuple[str, ...]:
    """The parts of a cell that holds several."""
    return tuple(part for each in (text(value) or "").split(separator) if (part := each.strip()))


def _catalogue(model_id: str) -> dict[str, Any]:
    table = load_catalogue()
    found = table[table["model_id"].str.lower() == model_id.lower()]
    if found.empty:
        return {}
    row = found.iloc[0]
    context = number(row["context_length"])
    return {
        "publisher": text(row["publisher"]),
        "family": text(row["family"]),
        "kind": "continued" if text(row["continued_from"]) else "base",
        "kind_evidence": "listed in the catalogue of published bases",
        "params_b": number(row["params_b"]),
        "active_params_b": number(row["active_params_b"]),
        "released": text(row["released"]),
        "context_length": None if context is None else int(context),
        "layer_kinds": parts(row["layer_kinds"], "|"),
        "modality": parts(row["modality"], "|"),
        "pretrain_tokens_t": number(row["pretrain_tokens_t"]),
        "licence": text(row["licence"]),
        "gated": None if pd.isna(row["gated"]) else bool(row["gated"]),
        "continued_from": text(row["continued_from"]),
        "instruct_variants": parts(row["instruct_variants"], "|"),
        "note": text(row["note"]),
        "sources": parts(row["source"], ";"),
    }


def _without_base(model_id: str) -> dict[str, Any]:
    table = load_no_base()
    found = table[table["model_id"].str.lower() == model_id.lower()]
    if found.empty:
        return {}
    row = found.iloc[0]
    return {
        "publisher": text(row["publisher"]),
        "family": text(row["family"]),
        "params_b": number(row["params_b"]),
        "released": text(row["released"]),
        "licence": text(row["licence"]),
        "instruct_variants": parts(row["instruct_variants"], "|"),
        "sources": parts(row["source"], ";"),
    }


def _row(row: pd.Series | None) -> dict[str, Any]:
    if row is None:
        return {}
    uploaded = row.get("uploaded")
    gated = row.get("gated")
    month = None if uploaded is None or pd.isna(uploaded) else f"{pd.Timestamp(uploaded):%Y-%m}"
    return {
        "publisher": text(row.get("publisher")) or text(row.get("organization")),
        "family": text(row.get("family")),
        "kind": text(row.get("kind")),
        "kind_evidence": text(row.get("kind_evidence")),
        "params_b": number(row.get("params_b")),
        "active_params_b": number(row.get("active_params_b")),
        "released": text(row.get("released")) or month,
        "licence": text(row.get("license")),
        "gated": None if gated is None or pd.isna(gated) else bool(gated),
        "architecture": text(row.get("architecture")),
    }


def _hub(added: HubModel | None) -> dict[str, Any]:
    if added is None:
        return {}
    return {
        "params_b": added.params_b,
        "released": (added.created or "")[:7] or None,
        "context_length": added.context_length,
        "licence": added.license,
        "gated": added.gated,
        "architecture": added.architecture,
        "read": added.read or None,
    }


def _variant(model_id: str) -> dict[str, Any]:
    """What the catalogue says of a tuned model that it names beside a base, published or not."""
    for table, said in (
        (load_catalogue(), "tuned from"),
        (load_no_base(), "tuned from an unpublished base,"),
    ):
        named = table["instruct_variants"].str.contains(model_id, regex=False).fillna(value=False)
        for _, row in table[named].iterrows():
            if model_id in parts(row["instruct_variants"], "|"):
                return {
                    "publisher": text(row["publisher"]),
                    "family": text(row["family"]),
                    "kind": "instruct",
                    "kind_evidence": f"the catalogue names it as {said} {row['model_id']}",
                }
    return {}


def _shape(model_id: str) -> dict[str, Any]:
    """What the table of layer sizes knows beside them."""
    listed = architectures.get(model_id)
    return {"context_length": listed.context_length or None} if listed else {}


def _name(model_id: str) -> dict[str, Any]:
    """What the name alone says: the organisation before the slash, and a family known by that name."""
    place = families.place(model_id)
    owner, slash, _ = model_id.partition("/")
    return {"publisher": owner if slash else None, "family": place.family.name if place else None}
