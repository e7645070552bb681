"""JSON from outside, within bounds."""

from __future__ import annotations

import json
from typing import Any

from core.errors import InvalidInputError


def read_json(body: bytes, *, name: str, max_bytes: int) -> Any:
    """The document in ``body``; NaN and infinities, which JSON has not, become None.

    Raises:
        InvalidInputError: too large, nested too deep, not JSON in UTF-8, or with text that UTF-8 can't hold.
    """
    if len(body) > max_bytes:
        raise InvalidInputError(
            f"The file is {len(body) / 1e6:.1f} MB; at most {max_bytes / 1e6:.0f} MB are read.",
            source=name,
            remedy="Leave out what is not needed, such as samples.",
        )
    try:
        document = json.loads(
            body.decode("utf-8-sig"), parse_constant=lambda _name: None, parse_float=_finite
        )
        broken = has_broken_text(document)
    except RecursionError:
        raise InvalidInputError(
            "The file is nested too deep to be read.", source=name, remedy="Choose another file."
        ) from None
    except ValueError:
        raise InvalidInputError(
            "The file is not JSON.", source=name, remedy="Choose the .json file itself, unpacked."
        ) from None
    if broken:
        raise InvalidInputError(
            "The file holds half a character, written like \\ud800, which is no text.",
            source=name,
            remedy="Correct or remove it, and choose the file again.",
        )
    return document


def has_broken_text(document: Any) -> bool:
    """Whether a decoded document holds half of a surrogate pair: JSON can escape it, UTF-8 can't write it.

    >>> has_broken_text([chr(0xD800)]), has_broken_text([chr(0x1F600)])
    (True, False)
    """
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _finite(text: str) -> float | None:
    number = float(text)  # "1e999" reads as infinity
    return number if number - number == 0 else None
