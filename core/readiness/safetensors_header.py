"""Where each weight stands in a safetensors file, read from its first bytes and checked before use.

Format: 8 bytes little-endian header length, a JSON header, then the data
(https://huggingface.co/docs/safetensors, read 2026-11-29).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from core.errors import InvalidInputError

# (file, first byte, byte after the last) -> those bytes.
ReadRange = Callable[[str, int, int], bytes]

# Headers of the largest open models are below 5 MB.
LARGEST_HEADER: Final = 16_000_000
_MOST_DIMENSIONS: Final = 8
WIDTHS: Final = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
_REMEDY: Final = "Don't load this file; fetch it again from its publisher."


@dataclass(frozen=True, slots=True)
class Tensor:
    """A stored weight: file, type as safetensors writes it, shape, first byte and byte after the last."""

    file: str
    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def read_header(read_range: ReadRange, file: str, length: int | None = None) -> dict[str, Tensor]:
    """The tensors of a file.

    Args:
        read_range: reads part of a file.
        file: its name.
        length: of the whole file, bytes; None where unknown.

    Raises:
        InvalidInputError: the header is too large, no JSON, or points outside the file.
    """
    first = read_range(file, 0, 8)
    if len(first) != 8:
        raise _bad(file, "is shorter than a safetensors file can be")
    size = int.from_bytes(first, "little")
    if not 2 <= size <= LARGEST_HEADER:
        raise _bad(file, f"claims a header of {size:,} bytes, more than any such file needs")
    if length is not None and 8 + size > length:
        raise _bad(file, f"claims a header of {size:,} bytes but is {length:,} bytes long")
    raw = read_range(file, 8, 8 + size)
    if len(raw) != size:
        raise _bad(file, "ends within its header")
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError, MemoryError):
        raise _bad(file, "has a header that is not plain JSON") from None
    if not isinstance(header, dict):
        raise _bad(file, "has a header that lists no weights")
    return {
        name: _tensor(file, name, entry, 8 + size, length)
        for name, entry in header.items()
        if name != "__metadata__"
    }


def _tensor(file: str, name: str, entry: Any, data: int, length: int | None) -> Tensor:
    entry = entry if isinstance(entry, dict) else {}
    dtype: Any = entry.get("dtype")
    shape: Any = entry.get("shape")
    offsets: Any = entry.get("data_offsets")
    if not isinstance(dtype, str) or not _whole(shape, _MOST_DIMENSIONS) or not _whole(offsets, 2):
        raise _bad(file, f"describes {name[:80]!r} in a way safetensors does not")
    if len(offsets) != 2 or offsets[0] > offsets[1]:
        raise _bad(file, f"gives {name[:80]!r} no valid place")
    start, end = data + offsets[0], data + offsets[1]
    if length is not None and end > length:
        raise _bad(file, f"places {name[:80]!r} beyond its end")
    cells = 1
    for n in shape:
        cells *= n
    if dtype in WIDTHS and cells * WIDTHS[dtype] != end - start:
        raise _bad(file, f"gives {name[:80]!r} a place that does not fit its shape")
    return Tensor(file, name, dtype[:20], tuple(shape), start, end)


def _whole(values: Any, most: int) -> bool:
    return (
        isinstance(values, list)
        and len(values) <= most
        and all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 2**62 for n in values)
    )


def _bad(file: str, what: str) -> InvalidInputError:
    return InvalidInputError(f"{file} {what}.", source=file, remedy=_REMEDY)
