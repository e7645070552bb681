"""JSON from outside, within bounds."""

from __future__ import annotations

import json
from typing import Any

from core.errors import InvalidInputError


def read_json(body: bytes, *, name: str, max_bytes: int) -> Any:
    """The document in ``body``; NaN and infinities, which JSON has not, become None.

    Raises:
        InvalidInputError: too large, nested too deep, or not JSON in UTF-8.
    """
    if len(body) > max_bytes:
        raise InvalidInputError(
            f"The file is {len(body) / 1e6:.1f} MB; at most {max_bytes / 1e6:.0f} MB are read.",
            source=name,
            remedy="Leave out what is not needed, such as samples.",
        )
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=lambda _name: None, parse_float=_finite)
    except RecursionError:
        raise InvalidInputError(
            "The file is nested too deep to be results.", source=name, remedy="Choose another file."
        ) from None
    except ValueError:
        raise InvalidInputError(
            "The file is not JSON.", source=name, remedy="Choose the .json file itself, unpacked."
        ) from None


def _finite(text: str) -> float | None:
    number = float(text)  # "1e999" reads as infinity
    return number if number - number == 0 else None
