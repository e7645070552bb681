"""What is known about tokenizers without loading one: figures computed beforehand, and whose they are.

Nothing here reads a vocabulary or imports a tokenizer library.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.errors import InvalidInputError
from core.tokenizers.floor import floor_of_groups
from core.tokenizers.mapping import by_publisher, through_base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from core.tokenizers.contexts import Context
    from core.tokenizers.mapping import Mapping

_DATA: Final = Path(__file__).resolve().parent.parent / "data"
FACTS_FILE: Final = _DATA / "tokenizer_facts.json"
NUMBERS_FILE: Final = _DATA / "tokenizer_numbers.parquet"
_FAMILY_COLUMNS: Final = (
    "family", "label", "status", "vocab_size", "single_token_count", "single_in_price", "single_after_space",
    "mean_tokens", "mean_tokens_in_price", "mean_tokens_to_9999", "grouping", "grouping_share",
    "first_token_floor", "longest_digit_token", "source", "sha256", "date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TokenizerFacts:
    """What is known of a model's tokenizer.

    ``single_token_count``, ``single_in_price``, ``single_after_space``: how many of 0..999 are one token,
    bare, in ``Price is $N.00``, and after ``Price is `` with its trailing space. ``mean_tokens``: tokens per
    number over 0..999. ``first_token_floor``: mean absolute error left over uniform prices 0..999 when
    only the first number token is right. ``grouping``: see :data:`core.tokenizers.profile.GROUPINGS`.
    ``status``: "computed" from the file with ``sha256``, or "published" by its maker. ``basis``: "publisher"
    (its documents name the tokenizer; ``evidence`` says which) or "inherited" (probable, through a base).
    """

    model_id: str
    family: str
    label: str
    status: str
    vocab_size: int
    single_token_count: int
    single_in_price: int
    single_after_space: int
    mean_tokens: float
    mean_tokens_in_price: float
    mean_tokens_to_9999: float
    grouping: str
    grouping_share: float
    first_token_floor: float
    longest_digit_token: int
    source: str
    sha256: str | None
    date: str
    evidence: str
    basis: str


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FACTS_FILE.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def _families() -> dict[str, dict[str, Any]]:
    return {entry["family"]: entry for entry in _manifest()["families"]}


@lru_cache(maxsize=1)
def _numbers() -> dict[str, pd.DataFrame]:
    frame = pd.read_parquet(NUMBERS_FILE)
    return {
        str(key): group.drop(columns="family").reset_index(drop=True)
        for key, group in frame.groupby("family", sort=False)
    }


def families() -> pd.DataFrame:
    """One row per tokenizer family, columns as in :class:`TokenizerFacts` without the model's own."""
    rows = [{column: entry[column] for column in _FAMILY_COLUMNS} for entry in _families().values()]
    return pd.DataFrame(rows)


def family_facts(family: str) -> dict[str, Any]:
    """The row of :func:`families` for one family."""
    _grid(family)
    entry = _families()[family]
    return {column: entry[column] for column in _FAMILY_COLUMNS}


def for_model(model_id: str) -> TokenizerFacts | None:
    """Facts for a model, with the evidence for the mapping; None: not computed yet."""
    mapping = mapping_for(model_id)
    if mapping is None or mapping.family is None:
        return None
    entry = _families()[mapping.family]
    values = {column: entry[column] for column in _FAMILY_COLUMNS}
    return TokenizerFacts(model_id=model_id, evidence=mapping.evidence, basis=mapping.basis, **values)


def for_models(model_ids: Iterable[str]) -> pd.DataFrame:
    """One row per model id, in the given order; all figures are NA where nothing is known.

    Columns: model_id, those of :func:`families`, evidence, basis. ``status`` is "unknown" where no mapping
    is; ``evidence`` then says why, if that is known.
    """
    names = list(TokenizerFacts.__dataclass_fields__)
    rows = []
    for model_id in model_ids:
        facts = for_model(model_id)
        if facts is None:
            mapping = mapping_for(model_id)
            rows.append(
                dict.fromkeys(names)
                | {
                    "model_id": model_id,
                    "status": "unknown",
                    "evidence": mapping.evidence if mapping else NOT_COMPUTED,
                }
            )
        else:
            rows.append({name: getattr(facts, name) for name in names})
    frame = pd.DataFrame(rows, columns=names)
    whole = [
        "vocab_size", "single_token_count", "single_in_price", "single_after_space", "longest_digit_token",
    ]  # fmt: skip
    share = [
        "mean_tokens", "mean_tokens_in_price", "mean_tokens_to_9999", "grouping_share", "first_token_floor",
    ]  # fmt: skip
    return frame.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(share, "Float64"))


NOT_COMPUTED: Final = "Not computed yet. Load its tokenizer on the Tokenizers page to see it."


def mapping_for(model_id: str) -> Mapping | None:
    """The tokenizer of a model: by its publisher's documents, else through the base it was made from."""
    stated = by_publisher(model_id)
    if stated is not None:
        return stated
    seen = {model_id}
    base = _bases().get(model_id)
    while base is not None and base not in seen:
        if found := through_base(model_id, base):
            return found
        seen.add(base)
        base = _bases().get(base)
    return None


@lru_cache(maxsize=1)
def _bases() -> dict[str, str]:
    """Model to the one it was made from, as the board declares it, else as the catalogue knows it.

    Merges and removed names say nothing about one base.
    """
    from core.board import snapshot  # noqa: PLC0415 - the board is only needed for this

    board = snapshot.read()[["model_id", "declared_base"]].dropna()
    named = board[board["declared_base"].str.fullmatch(r"[\w.\-]+/[\w.\-]+")]
    named = named[named["declared_base"] != named["model_id"]]
    return _catalogue_bases() | dict(zip(named["model_id"], named["declared_base"], strict=True))


def _catalogue_bases() -> dict[str, str]:
    """Instruct variants to their base, and bases to another publisher's they were continued from."""
    from core.catalogue import load_catalogue  # noqa: PLC0415 - as the board

    made_from: dict[str, str] = {}
    for row in load_catalogue()[["model_id", "continued_from", "instruct_variants"]].itertuples():
        if isinstance(row.continued_from, str):
            made_from[str(row.model_id)] = row.continued_from
        if isinstance(row.instruct_variants, str):
            made_from |= dict.fromkeys(row.instruct_variants.split("|"), str(row.model_id))
    return made_from


def numbers(family: str, context: Context = "bare") -> pd.DataFrame:
    """How 0..999 split: number, text, n_tokens, pieces (list[str]), fused, single.

    Raises:
        InvalidInputError: no such family.
    """
    from core.tokenizers.numbers import split_texts  # noqa: PLC0415 - keeps the facts' import light

    frame = _grid(family)
    texts = [str(number) for number in frame["number"]]
    tokens = frame[f"{context}_tokens"].to_numpy(dtype=np.int64)
    fused = frame[f"{context}_fused"].to_numpy()
    return pd.DataFrame(
        {
            "number": frame["number"].astype("int64"),
            "text": texts,
            "n_tokens": tokens,
            "pieces": pd.Series(
                split_texts(texts, frame[f"{context}_cuts"].to_numpy(np.int64)), dtype=object
            ),
            "fused": fused,
            "single": (tokens == 1) & ~fused,
        }
    )


def cut_by_rule(family: str, number: int) -> list[str]:
    """Pieces of a number above 999 where the family's rule holds without exception; else empty.

    >>> cut_by_rule("llama3", 1234)
    ['123', '4']
    """
    _grid(family)
    entry = _families()[family]
    text = str(number)
    if entry["grouping_share"] < 1:
        return []
    if entry["grouping"] == "per digit":
        return list(text)
    if entry["grouping"] == "threes from the left":
        return [text[at : at + 3] for at in range(0, len(text), 3)]
    if entry["grouping"] == "threes from the right":
        head = len(text) % 3
        parts = [text[at : at + 3] for at in range(head, len(text), 3)]
        return [text[:head], *parts] if head else parts
    return []


def examples(family: str) -> pd.DataFrame:
    """Example numbers of other kinds: context, text, n_tokens, pieces. Empty for published families."""
    _grid(family)
    columns = ["context", "text", "n_tokens", "pieces"]
    return pd.DataFrame(_families()[family]["contexts"], columns=columns)


def boundary(family: str) -> list[str]:
    """What happens where the prompt ends and the number begins, in sentences."""
    _grid(family)
    return list(_families()[family]["boundary"])


def first_token_floor(targets: ArrayLike, family: str, *, written: ArrayLike | None = None) -> float:
    """The floor of whole-number targets 0..999 in ``Price is $N.00``, in the targets' unit.

    The mean absolute error left when only the first number token is right and the best constant is
    guessed among the targets that share it (see :mod:`core.tokenizers.floor`). ``written``: the whole
    numbers that stand in the text, where the targets themselves are finer.

    >>> first_token_floor(range(1000), "llama3")
    0.0

    Raises:
        InvalidInputError: unknown family; or a target is not a whole number within 0..999, for which the
            tokenizer itself must be loaded.
    """
    values = np.asarray(targets, dtype=np.float64)
    whole = values if written is None else np.asarray(written, dtype=np.float64)
    usable = np.isfinite(whole) & (whole == np.floor(whole)) & (whole >= 0) & (whole <= 999)
    if not usable.all():
        raise InvalidInputError(
            "The embedded facts cover whole numbers from 0 to 999 only.",
            remedy="Load the tokenizer itself for other targets.",
        )
    first = _grid(family)["price_first"].to_numpy()
    return floor_of_groups(values, first[whole.astype(np.int64)])


def _grid(family: str) -> pd.DataFrame:
    try:
        return _numbers()[family]
    except KeyError:
        raise InvalidInputError(f"No facts about a tokenizer family called {family!r}.") from None


def main() -> None:
    """Print what is known of the models named on the command line."""
    for row in for_models(sys.argv[1:]).itertuples():
        known = f"{row.family} ({row.basis})" if isinstance(row.family, str) else "not known"
        sys.stdout.write(f"{row.model_id}: {known}. {row.evidence}\n")


if __name__ == "__main__":
    main()
