"""The contexts in which 0 to 999 were cut beforehand."""

from __future__ import annotations

from typing import Final, Literal

Context = Literal["bare", "price", "space"]
# What stands before and after the number in each context.
CONTEXT_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "bare": ("", ""),
    "price": ("Price is $", ".00"),
    "space": ("Price is ", ""),
}
PRICE_PREFIX, PRICE_SUFFIX = CONTEXT_TEXTS["price"]
SPACE_PREFIX: Final = CONTEXT_TEXTS["space"][0]
