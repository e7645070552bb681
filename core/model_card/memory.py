"""Which common cards a model can be tuned on with QLoRA, as far as its layer sizes tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.errors import InvalidInputError
from core.memory import architectures, gpus
from core.memory.estimate import MemoryEstimate, estimate_qlora_memory
from core.memory.fit import cheapest_gpu, longest_sequence, verdict
from core.memory.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.memory.architectures import Architecture
    from core.model_card.card import ModelCard

# Shown for every model, and besides them the cheapest that holds it.
CARDS: Final = ("t4", "rtx3060", "rtx4090", "l4", "l40s", "a100-80", "h200")
COLUMNS: Final = (
    "card", "usable_gb", "verdict", "longest_safe", "longest_likely", "price_low", "price_high", "note"
)  # fmt: skip
RANK: Final = 32
_BASIS: Final = {
    "listed": "its layer sizes are known",
    "config": "from its config.json",
    "catalogue": "from its published layer sizes",
    "config of an unknown type": "from its config.json, whose kind is unknown",
    "size": "from its size, with the range widened",
}


@dataclass(frozen=True, slots=True)
class CardMemory:
    """QLoRA of one model.

    Attributes:
        estimate: None where the tool does not know.
        basis: what the estimate rests on, in words.
        caveat: what it leaves out, or why there is none.
        cards: COLUMNS, one row a card, the cheapest first: verdict as in :func:`core.memory.fit.verdict`,
            tokens of the longest example that fits, and US dollars per hour.
        cheapest: the listed card with the lowest middle price that holds the whole range, None if none does.
        length: tokens of an example.
    """

    estimate: MemoryEstimate | None
    basis: str
    caveat: str
    cards: pd.DataFrame
    cheapest: gpus.Gpu | None
    length: int


def on_cards(card: ModelCard, *, length: int = 1024, bases: Sequence[str] = ()) -> CardMemory:
    """What QLoRA needs with examples of ``length`` tokens, one a step, and adapters on attention layers.

    Args:
        card: of :func:`core.model_card.gather`.
        length: tokens of the longest example, prompt and answer together.
        bases: what the model was tuned from: its layers are theirs.
    """
    try:
        shape = _shape(card, bases)
    except InvalidInputError as problem:
        return CardMemory(None, "", problem.what, pd.DataFrame(columns=list(COLUMNS)), None, length)
    setting: dict[str, Any] = {"lora_rank": RANK, "targets": "q,k,v,o", "framework": "huggingface"}
    estimate = estimate_qlora_memory(shape, sequence_length=length, batch_size=1, **setting)
    safe, _ = cheapest_gpu(estimate)
    rows = []
    for gpu in sorted({*map(gpus.get, CARDS), *filter(None, [safe])}, key=lambda gpu: gpu.price):
        room = longest_sequence(shape, gpu.usable_gb, batch_size=1, method="qlora", **setting)
        fits = verdict(estimate, gpu.usable_gb)
        prices = (gpu.price_low, gpu.price_high)
        rows.append((gpu.label, gpu.usable_gb, fits, room.safe, room.likely, *prices, gpu.note))
    return CardMemory(
        estimate=estimate,
        basis=_BASIS.get(shape.evidence, shape.evidence),
        caveat=shape.caveat,
        cards=pd.DataFrame(rows, columns=list(COLUMNS)),
        cheapest=safe,
        length=length,
    )


def _shape(card: ModelCard, bases: Sequence[str]) -> Architecture:
    listed = next((shape for name in (card.model_id, *bases) if (shape := architectures.get(name))), None)
    if listed is not None:
        return listed
    config = dict(card.added.config) if card.added and card.added.config else None
    return resolve(card.model_id, card.known.params_b, config)
