"""Whether a loaded tokenizer does what it must: spell digits, and give back the text it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.tokenizers.numbers import cut_numbers
from core.tokenizers.text_pieces import visible

if TYPE_CHECKING:
    from core.tokenizers.tokenizer import Tokenizer

_NUMBERS: Final = tuple(
    str(number) for number in (*range(10), 10, 42, 123, 999, 1000, 12345, 987654, 1234567)
)
_TEXTS: Final = (
    "Price is $123.00", "1,234.56", "The quick brown fox.", "two  spaces", "Zürich, 中文",
    " leading", "trailing ", "line\nbreak",
)  # fmt: skip


def self_check(tokenizer: Tokenizer) -> tuple[str, ...]:
    """Sentences about what is wrong; empty if nothing is."""
    found = []
    for prefix in ("", "Price is $"):
        cuts = cut_numbers(tokenizer, _NUMBERS, prefix=prefix, suffix="")
        if not cuts.spelled.all():
            missing = _NUMBERS[int((~cuts.spelled).argmax())]
            found.append(
                f"It can't spell {missing}: digits are missing from its vocabulary or are dropped. Its "
                f"number figures mean little."
            )
            break
    for text in _TEXTS:
        back = round_trip(tokenizer, text)
        if back != text:
            found.append(
                f"It does not give back every text as it was: {visible(text.encode())!r} becomes "
                f"{visible(back.encode('utf-8', 'replace'))!r}."
            )
            break
    return tuple(found)


def round_trip(tokenizer: Tokenizer, text: str) -> str:
    """The text after encoding and decoding. A space that only marks the beginning is not a change."""
    decoded = tokenizer.backend.decode(tokenizer.encode(text).ids, skip_special_tokens=False)
    return decoded[1:] if decoded == f" {text}" else decoded
