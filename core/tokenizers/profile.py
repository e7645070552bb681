"""How a tokenizer treats numbers, in one description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from core.tokenizers.contexts import PRICE_PREFIX, PRICE_SUFFIX, SPACE_PREFIX
from core.tokenizers.floor import floor_of_groups
from core.tokenizers.numbers import cut_numbers, profile_numbers
from core.tokenizers.text_pieces import pieces_of
from core.tokenizers.tokenizer import Tokenizer, as_tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPINGS: Final = {
    "per digit": "every digit is a token of its own",
    "threes from the left": "up to three digits a token, counted from the left (1234 is 123 4)",
    "threes from the right": "up to three digits a token, counted from the right (1234 is 1 234)",
    "irregular": "no rule: which digits share a token depends on the number",
}
# A rule must hold for this share of the numbers to be called the rule (Falcon lacks one of 1000 tokens).
_RULE_HOLDS: Final = 0.99

CONTEXTS: Final = (
    ("1,000 and above", "1234"), ("1,000 and above", "12345"), ("1,000 and above", "123456"),
    ("1,000 and above", "1234567"), ("decimals", "19.99"), ("decimals", "1234.56"), ("decimals", "0.125"),
    ("thousands separators", "1,234.56"), ("thousands separators", "1,234,567"),
    ("thousands separators", "1 234 567"), ("leading zeros", "007"), ("leading zeros", "00042"),
    ("negative", "-5"), ("negative", "-1234"), ("currency", "$999"), ("currency", "€999"),
    ("currency", "999 USD"), ("dates", "2026-11-23"), ("dates", "11/23/2026"), ("scientific", "1.5e-3"),
    ("scientific", "6.02e23"), ("percent", "12.5%"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberProfile:
    """What :func:`describe_tokenizer` found.

    Counts are of 0..999; means are tokens per number. ``grouping_share``: how many of the numbers up to
    999,999 that were looked at follow the rule (1.0 for "irregular", which is no rule). ``contexts``: one row
    per example: context, text, n_tokens (digit-bearing), pieces. ``first_token_floor``: for uniform 0..999 in
    ``Price is $N.00``, in the same unit. ``boundary``: see :func:`boundary_warnings`.
    """

    vocab_size: int
    single_token_count: int
    single_in_price: int
    single_after_space: int
    mean_tokens: float
    mean_tokens_in_price: float
    mean_tokens_to_9999: float
    grouping: str
    grouping_share: float
    longest_digit_token: str
    first_token_floor: float
    contexts: pd.DataFrame
    boundary: tuple[str, ...]


# Kept as long as the tokenizer itself is.
_DESCRIBED: Final[WeakKeyDictionary[Tokenizer, NumberProfile]] = WeakKeyDictionary()


def described(tokenizer: Tokenizer) -> NumberProfile:
    """:func:`describe_tokenizer`, worked out once for each tokenizer in memory."""
    found = _DESCRIBED.get(tokenizer)
    if found is None:
        found = _DESCRIBED[tokenizer] = describe_tokenizer(tokenizer)
    return found


def describe_tokenizer(tokenizer: Any) -> NumberProfile:
    """Profile a tokenizer; takes some 50 to 300 ms, most of it reading the vocabulary once."""
    loaded = as_tokenizer(tokenizer)
    bare = profile_numbers(loaded)
    price = profile_numbers(loaded, prefix=PRICE_PREFIX, suffix=PRICE_SUFFIX)
    spaced = profile_numbers(loaded, prefix=SPACE_PREFIX)
    grouping, share, mean_9999 = _grouping(loaded)
    return NumberProfile(
        vocab_size=loaded.vocab_size,
        single_token_count=int(bare["single"].sum()),
        single_in_price=int(price["single"].sum()),
        single_after_space=int(spaced["single"].sum()),
        mean_tokens=float(bare["n_tokens"].mean()),
        mean_tokens_in_price=float(price["n_tokens"].mean()),
        mean_tokens_to_9999=mean_9999,
        grouping=grouping,
        grouping_share=share,
        longest_digit_token=_longest_digit_token(loaded),
        first_token_floor=floor_of_groups(price["number"], price["first_id"]),
        contexts=example_contexts(loaded),
        boundary=boundary_warnings(loaded),
    )


def example_contexts(tokenizer: Tokenizer) -> pd.DataFrame:
    """The examples of ``CONTEXTS``, cut. Marks the tokenizer puts before the text are left out."""
    rows = []
    for context, text in CONTEXTS:
        pieces = pieces_of(tokenizer, text)
        if pieces and not pieces[0].bytes.strip():
            pieces = pieces[1:]
        if pieces and pieces[0].bytes.startswith(b" "):
            shown = [pieces[0].shown.removeprefix("␣"), *(piece.shown for piece in pieces[1:])]
        else:
            shown = [piece.shown for piece in pieces]
        rows.append(
            {
                "context": context,
                "text": text,
                "n_tokens": sum(piece.has_digit for piece in pieces),
                "pieces": shown,
            }
        )
    return pd.DataFrame(rows)


def boundary_warnings(tokenizer: Tokenizer) -> tuple[str, ...]:
    """What happens where the prompt ends and the answer begins.

    Prompt and answer are usually tokenized together in training and apart when the model is asked. If the
    prompt's own tokens are not the beginning of the whole text's tokens, the two differ.
    """
    found = []
    for prompt in (PRICE_PREFIX, SPACE_PREFIX):
        alone = tokenizer.encode(prompt).ids
        count = sum(
            tokenizer.encode(f"{prompt}{value}").ids[: len(alone)] != alone
            for value in (*range(10), 10, 42, 100, 123, 999)
        )
        name = f"`{prompt}`"
        if count:
            ending = "the trailing space" if prompt.endswith(" ") else "the currency sign"
            found.append(
                f"A prompt that ends {name} is cut differently once the number follows: {ending} becomes "
                f"part of the number's first token. Trained on the whole text, the model never saw the "
                f"prompt end there."
            )
        elif prompt.endswith(" ") and alone == tokenizer.encode(prompt.rstrip()).ids:
            found.append(f"The trailing space of {name} leaves no token: the model can't see it.")
    return tuple(found)


def _grouping(tokenizer: Tokenizer) -> tuple[str, float, float]:
    values = np.concatenate([np.arange(10_000), np.arange(10_000, 1_000_000, 97)])
    texts = list(map(str, values.tolist()))
    cuts = cut_numbers(tokenizer, texts, prefix="", suffix="")
    widths = np.array([len(text) for text in texts])
    mean_9999 = float(cuts.n_tokens[:10_000].mean())
    if not cuts.spelled.all():
        return "irregular", 1.0, mean_9999
    shares = {name: float((cuts.mask == _rule(name, widths)).mean()) for name in list(GROUPINGS)[:3]}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] < _RULE_HOLDS:
        return "irregular", 1.0, mean_9999
    return best, shares[best], mean_9999


def _rule(name: str, widths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The cut mask a rule gives to a number of each width."""

    def mask(width: int) -> int:
        if name == "per digit":
            ends = range(1, width)
        elif name == "threes from the left":
            ends = range(3, width, 3)
        else:
            ends = range(width % 3 or 3, width, 3)
        return sum(1 << (end - 1) for end in ends)

    table = np.array([mask(width) for width in range(int(widths.max()) + 1)], dtype=np.int64)
    return table[widths]


def _longest_digit_token(tokenizer: Tokenizer) -> str:
    """The longest token made of digits alone (a mark or a space before them aside); "" if there is none."""
    notation = tokenizer.table.notation
    added = {token.content for token in tokenizer.backend.get_added_tokens_decoder().values()}
    bare = re.compile(r"[0-9]+")
    best = ""
    for token in tokenizer.vocabulary():
        if token in added or not any(character.isdigit() for character in token):
            continue
        text = notation.spell(token, added=False).decode("utf-8", "replace").strip()
        if bare.fullmatch(text) and (len(text), text) > (len(best), best):
            best = text
    return best
