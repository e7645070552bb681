"""Common GPUs for fine-tuning: memory, speed and what an hour costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.errors import InvalidInputError

# Prices move weekly and differ by a factor of three between providers: a range, to compare cards by.
PRICES_NOTE: Final = (
    "Hourly prices are the span of public on-demand offers in 2025, from community markets to large "
    "clouds, in US dollars, noted by hand; they are not fetched, so check your provider's."
)
SPEED_NOTE: Final = "Speeds are the makers' dense 16-bit figures with 32-bit sums."


@dataclass(frozen=True, slots=True)
class Gpu:
    """One card.

    ``usable_gb``: what CUDA reports as total memory, in GB of 1e9 bytes, which is not the size on the box.
    ``tflops``: peak of 16-bit matrix products. Prices: US dollars per hour.
    """

    key: str
    label: str
    usable_gb: float
    tflops: float
    price_low: float
    price_high: float
    note: str = ""

    @property
    def price(self) -> float:
        """The middle of the price range (geometric), US dollars per hour."""
        return float((self.price_low * self.price_high) ** 0.5)


GPUS: Final = tuple(
    Gpu(*row)
    for row in (
        ("t4", "T4 16 GB (Colab, Kaggle)", 15.8, 65, 0.12, 0.55, "free in Colab, with limits"),
        ("l4", "L4 24 GB (Colab)", 23.7, 121, 0.22, 0.85, ""),
        ("a100-40", "A100 40 GB (Colab)", 42.3, 312, 0.75, 3.7, ""),
        ("a100-80", "A100 80 GB", 85.0, 312, 1.2, 5.0, ""),
        ("h100", "H100 80 GB", 85.0, 989, 1.9, 7.0, ""),
        ("h200", "H200 141 GB", 150.0, 989, 2.5, 10.0, ""),
        ("rtx3060", "RTX 3060 12 GB", 12.6, 26, 0.06, 0.2, ""),
        ("rtx4060ti", "RTX 4060 Ti 16 GB", 16.9, 44, 0.1, 0.3, ""),
        ("rtx3090", "RTX 3090 24 GB", 25.3, 71, 0.18, 0.5, ""),
        ("rtx4090", "RTX 4090 24 GB", 25.3, 165, 0.3, 0.8, ""),
        ("rtx5090", "RTX 5090 32 GB", 33.7, 210, 0.5, 1.1, ""),
        ("a10g", "A10G 24 GB", 23.7, 70, 0.75, 1.3, ""),
        ("v100", "V100 16 GB", 16.9, 125, 0.3, 3.1, ""),
        ("a6000", "RTX A6000 48 GB", 51.0, 155, 0.4, 1.0, ""),
        ("l40s", "L40S 48 GB", 47.7, 362, 0.8, 2.0, ""),
    )
)
_BY_KEY: Final = {gpu.key: gpu for gpu in GPUS}


def get(key: str) -> Gpu:
    """The card of that key.

    Raises:
        InvalidInputError: no such card is listed.
    """
    found = _BY_KEY.get(key.strip().lower())
    if found is None:
        raise InvalidInputError(
            f"There is no GPU “{key[:40]}” in the list.",
            remedy=f"Choose one of {', '.join(_BY_KEY)}, or give its memory in GB.",
        )
    return found


def cheapest_that_holds(needed_gb: float) -> Gpu | None:
    """The listed card with the lowest middle price whose memory holds ``needed_gb``; None if none does.

    >>> cheapest_that_holds(14).key
    'rtx4060ti'
    """
    fitting = [gpu for gpu in GPUS if gpu.usable_gb >= needed_gb]
    return min(fitting, key=lambda gpu: (gpu.price, gpu.usable_gb), default=None)
