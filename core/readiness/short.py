"""One line a base, for tables and filters: does it stop, does it train with plain tools, may it be sold.

What is worked out here comes from published facts about the family, the class transformers has, and the
licence's identifier. A model's own files say more: :func:`core.readiness.assess`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core import catalogue, licences
from core.board import snapshot
from core.readiness.families import YES_NO, end_of, family_row, known_row, stops_of
from core.readiness.licence_terms import terms
from core.readiness.tables import modules, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.readiness.result import Stops

_KINDS: Final = ("base", "continued")
_REPORTED: Final = {"fails", "doubtful", "partly"}
_HEADS: Final = ("forcausallm", "lmheadmodel", "forconditionalgeneration")
# Its identifier says it; the catalogue's source names where it stands.
_NOT_FOR_SALE: Final = {"research-only"}
COLUMNS: Final = {
    "model_id": "string",
    "stops": "string",
    "end_token": "string",
    "plain_end": "string",
    "remote_code": "boolean",
    "plain_hf": "boolean",
    "eu_commercial": "boolean",
    "trained_embeddings_needed": "boolean",
    "fp16_t4": "string",
    "basis": "string",
    "source": "string",
}


@dataclass(frozen=True, slots=True)
class Short:
    """One base in short; None is unknown. Fields as the columns of :func:`load_readiness`."""

    model_id: str
    stops: str | None = None
    end_token: str | None = None
    plain_end: str | None = None
    remote_code: bool | None = None
    plain_hf: bool | None = None
    eu_commercial: bool | None = None
    trained_embeddings_needed: bool | None = None
    fp16_t4: str | None = None
    basis: str | None = None
    source: str | None = None


def load_readiness() -> pd.DataFrame:
    """Every base of the catalogue and of the embedded board, one row a model, NA where nobody says.

    Returns:
        * model_id: str
        * stops: str, as :attr:`Readiness.stops` without "unknown", which is NA; end_token: str, the one to
          end answers with
        * plain_end: str, the token that ends texts in pre-training, for a format without chat tokens
        * remote_code: boolean, transformers has no class for it, so its publisher's code would run
        * plain_hf: boolean, it trains in 4 bits with transformers, PEFT and bitsandbytes as they are: a
          class of its own, causal, without experts that 4-bit loading leaves in 16-bit
        * eu_commercial: boolean, the licence lets a tuned model be sold in the EU, whatever it asks for in
          return; NA where that depends on the seller
        * trained_embeddings_needed: boolean, a chat's end token, or the only one, was not trained; with
          ``plain_end`` a plain format can do without
        * fp16_t4: str, "fails", "doubtful" or "partly"; NA where nobody tested it
        * basis: str, "family" (published about it), "end token" (only that, by its files or its vocabulary,
          and its class), "class" (its class only) or "licence" (only that)
        * source: str, what the row rests on
    """
    return _frame().copy()


def for_model(model_id: str) -> Short:
    """The row of one model; all unknown where the table doesn't hold it."""
    found = _rows().get(model_id)
    return Short(model_id) if found is None else found


@lru_cache(maxsize=1)
def _frame() -> pd.DataFrame:
    rows = _rows().values()
    columns = {field.name: [getattr(row, field.name) for row in rows] for field in fields(Short)}
    return pd.DataFrame(columns).astype(COLUMNS)


@lru_cache(maxsize=1)
def _rows() -> dict[str, Short]:
    bases = catalogue.load_catalogue()
    board = snapshot.read()
    board = board[board["kind"].isin(_KINDS)]
    ran_on = {name: rest for name, *rest in _records(board, "model_id", "architecture", "license", "moe")}
    found: dict[str, Short] = {}
    columns = ("model_id", "layer_kinds", "licence", "modality", "continued_from")
    for name, listed, licence, modality, continues in _records(bases, *columns):
        kinds = None if listed is None else set(listed.split("|"))
        architecture, licence_on_board, _ = ran_on.pop(name, (None, None, None))
        found[name] = _short(
            name,
            architecture=architecture,
            experts=None if kinds is None else "mixture of experts" in kinds,
            causal=None if kinds is None else not {"encoder-decoder", "bytes"} & kinds,
            licence=licence or licence_on_board,
            text_only=None if modality is None else modality == "text",
            continues=continues,
        )
    for name, (architecture, licence, moe) in ran_on.items():
        found[name] = _short(name, architecture=architecture, experts=moe, licence=licence, text_only=True)
    return found


def _records(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows as tuples, None where unknown."""
    cells = ([None if cell is pd.NA else cell for cell in frame[name].array] for name in columns)
    return zip(*cells, strict=True)


def _short(
    model_id: str,
    *,
    architecture: str | None,
    experts: bool | None,
    licence: str | None,
    text_only: bool | None,
    causal: bool | None = None,
    continues: str | None = None,
) -> Short:
    family, ends = family_row(model_id), known_row(model_id)
    stops = stops_of(ends)[0] if ends else "unknown"
    model_type = family["model_type"] if family else _model_type(architecture)
    said = [f"Published facts about {family['family']}, read {family['read']}"] if family else []
    if ends and ends["end_says"]:
        said.append(f"End token {ends['document_end']}: {ends['end_says'].rstrip('.')}")
    basis = "family" if family else "end token" if ends else None
    if family is None and not model_type and continues:
        source = family_row(continues)
        model_type = source["model_type"] if source else ""
        said += [f"The class of {continues}, which it continues"] if model_type else []
    if family is None and (model_type or architecture):
        basis = basis or "class"
        said += [f"Class {architecture}"] if architecture else []
    sold = sellable_in_eu(licence or (family["licence"] if family else None), text_only=text_only)
    if sold is not None:
        basis = basis or "licence"
        said.append(f"licence {licence or (family['licence'] if family else '')}")
    remote = _remote(model_type, architecture, family)
    return Short(
        model_id,
        stops=None if stops == "unknown" else stops,
        end_token=end_of(ends, stops)[0] if ends else None,
        plain_end=(ends["document_end"] or None) if ends else None,
        remote_code=remote,
        plain_hf=_plain(model_type, architecture, remote=remote, experts=experts, causal=causal),
        eu_commercial=sold,
        trained_embeddings_needed=needs_trained_embeddings(stops),
        fp16_t4=family["fp16_t4"] if family and family["fp16_t4"] in _REPORTED else None,
        basis=basis,
        source="; ".join(said) or None,
    )


def needs_trained_embeddings(stops: Stops) -> bool | None:
    """Whether a chat's end token, or the only one, was not trained; None where unknown."""
    return None if stops == "unknown" else stops == "needs trained chat tokens"


def sellable_in_eu(licence: str | None, *, text_only: bool | None = True) -> bool | None:
    """Whether a licence lets a tuned model be sold in the EU; None where unknown or up to the seller.

    Args:
        licence: identifier, as the Hub writes it.
        text_only: whether the model takes text alone; Llama 3.2's licence keeps its others out of the EU.

    >>> sellable_in_eu("apache-2.0"), sellable_in_eu("llama4"), sellable_in_eu("other")
    (True, False, None)
    """
    if not licence:
        return None
    read = terms(licence)
    if read is not None:
        if read.eu == "text only":
            return text_only
        return {"yes": True, "no": False}.get(read.eu)
    if licence.lower() in _NOT_FOR_SALE:
        return False
    return licences.by_key(licence).commercial


@lru_cache(maxsize=1)
def _built_in() -> frozenset[str]:
    return frozenset(row["model_type"] for name in ("architectures", "defaults") for row in table(name))


@lru_cache(maxsize=1)
def _by_prefix() -> dict[str, str]:
    """Start of a class name, small letters -> model type, as transformers names them."""
    return {name.replace("_", ""): name for name in sorted(_built_in(), reverse=True)}


def _model_type(architecture: str | None) -> str:
    name = (architecture or "").lower()
    for head in _HEADS:
        if name.endswith(head):
            return _by_prefix().get(name.removesuffix(head), "")
    return ""


def _remote(model_type: str, architecture: str | None, family: dict[str, str] | None) -> bool | None:
    if model_type in _built_in():
        return False
    if architecture and architecture.lower() not in {"unknown", "?"}:
        return True
    return YES_NO.get(family["remote_code"]) if family else None


def _plain(
    model_type: str,
    architecture: str | None,
    *,
    remote: bool | None,
    experts: bool | None,
    causal: bool | None,
) -> bool | None:
    if remote:
        return False
    if remote is None or causal is False or (architecture or "").lower().startswith(("t5", "mt5", "umt5")):
        return None
    fused = bool(modules(model_type).get("experts", ([], []))[1])
    if experts is None:
        return None if fused else True
    if experts:
        return False if fused else None
    return True
