"""Which common cards a model can be tuned on with QLoRA, as far as its layer sizes tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.catalogue import load_catalogue
from core.errors import InvalidInputError
from core.memory import architectures, gpus
from core.memory.estimate import MemoryEstimate, estimate_qlora_memory
from core.memory.fit import cheapest_gpu, longest_sequence, verdict
from core.memory.table import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.memory.architectures import Architecture
    from core.model_card.card import ModelCard

CARDS: Final = ("t4", "rtx3060", "rtx4090", "l4", "l40s", "a100-80", "h200")
COLUMNS: Final = ("card", "usable_gb", "verdict", "longest_safe", "longest_likely", "note")
_RANK: Final = 32
# Blocks whose memory the estimate was checked for.
_CHECKED: Final = frozenset({"full attention", "sliding attention"})
_BASIS: Final = {
    "listed": "its layer sizes are known",
    "config": "from its config.json",
    "config of an unknown type": "from its layer sizes, the details of its kind unknown",
    "size": "from its size alone, as its layer sizes are not known: the range is wider",
}
# Of a config.json, as the catalogue names it.
_CONFIG: Final = {
    "num_hidden_layers": "layers", "hidden_size": "hidden", "intermediate_size": "intermediate",
    "num_attention_heads": "heads", "num_key_value_heads": "kv_heads", "vocab_size": "vocab",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardMemory:
    """QLoRA of one model.

    Attributes:
        estimate: None where the tool does not know; ``reason`` then says why.
        basis: what the estimate rests on, in words.
        cards: COLUMNS, one row a card: what fits, and tokens of the longest example that does.
        cheapest: label of the cheapest listed card that holds the whole range, None if none does.
        length, batch, rank: the setting: tokens, examples a step, LoRA's r.
    """

    estimate: MemoryEstimate | None
    basis: str
    reason: str
    cards: pd.DataFrame
    cheapest: str | None
    length: int
    batch: int
    rank: int


def on_cards(card: ModelCard, *, length: int = 1024, bases: Sequence[str] = ()) -> CardMemory:
    """What QLoRA needs with examples of ``length`` tokens, one a step, and adapters on attention layers.

    Args:
        card: of :func:`core.model_card.gather`.
        length: tokens of the longest example, prompt and answer together.
        bases: what the model was tuned from: its layers are theirs.
    """
    setting: dict[str, Any] = {"lora_rank": _RANK, "targets": "q,k,v,o", "framework": "huggingface"}
    empty = pd.DataFrame(columns=list(COLUMNS))
    shape, reason = _shape(card, bases)
    if shape is None:
        return CardMemory(None, "", reason, empty, None, length, 1, _RANK)
    estimate = estimate_qlora_memory(shape, sequence_length=length, batch_size=1, **setting)
    rows = []
    for key in CARDS:
        gpu = gpus.get(key)
        room = longest_sequence(shape, gpu.usable_gb, batch_size=1, method="qlora", **setting)
        fits = VERDICTS[verdict(estimate, gpu.usable_gb)]
        rows.append((gpu.label, gpu.usable_gb, fits, room.safe, room.likely, gpu.note))
    safe, _ = cheapest_gpu(estimate)
    return CardMemory(
        estimate, _BASIS.get(shape.evidence, shape.evidence), "", pd.DataFrame(rows, columns=list(COLUMNS)),
        safe.label if safe else None, length, 1, _RANK,
    )  # fmt: skip


def _shape(card: ModelCard, bases: Sequence[str]) -> tuple[Architecture | None, str]:
    """The architecture, or why there is none to estimate with."""
    listed = next((shape for name in (card.model_id, *bases) if (shape := architectures.get(name))), None)
    if listed is not None:
        return listed, ""
    other = [kind for kind in card.known.layer_kinds if kind not in _CHECKED]
    read = dict(card.added.config) if card.added and card.added.config else None
    if other and not read:
        return None, f"its blocks are of kinds the estimate was not checked for ({', '.join(other)})"
    config = read or _catalogue_config(card.model_id)
    if config is None and card.known.active_params_b is not None:
        return None, "not all of its parameters work on each token, and its layer sizes are not known"
    try:
        return architectures.resolve(card.model_id, card.known.params_b, config), ""
    except InvalidInputError:
        return None, "neither its layer sizes nor its number of parameters are known"


def _catalogue_config(model_id: str) -> Mapping[str, Any] | None:
    """Layer sizes of the catalogue as a ``config.json`` names them; None where one is missing."""
    table = load_catalogue()
    found = table[table["model_id"] == model_id]
    if found.empty or found[[*_CONFIG.values(), "tied_embeddings"]].isna().any(axis=None):
        return None
    row = found.iloc[0]
    config: dict[str, Any] = {name: int(row[column]) for name, column in _CONFIG.items()}
    if pd.notna(row["head_dim"]):
        config["head_dim"] = int(row["head_dim"])
    if pd.notna(row["context_length"]):
        config["max_position_embeddings"] = int(row["context_length"])
    return config | {"tie_word_embeddings": bool(row["tied_embeddings"])}
