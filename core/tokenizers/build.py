"""Compute the embedded facts from real tokenizer files.

    python -m core.tokenizers.build FOLDER --sources FILE.csv [--date YYYY-MM-DD]

FOLDER holds one ``KEY.json`` or ``KEY.json.gz`` per family (a ``tokenizer.json``); the table of sources has
the columns file, family, source_repo, source_path, source_commit. Only figures are written: token counts, the
places where each of 0..999 is cut, groups of equal first tokens, and the pieces of a few example numbers.
No vocabulary.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import tokenizers

from core.errors import DataError, InvalidTableError, TokenizerError
from core.tokenizers.contexts import CONTEXT_TEXTS, PRICE_PREFIX, PRICE_SUFFIX
from core.tokenizers.facts import FACTS_FILE, NUMBERS_FILE
from core.tokenizers.files import from_bytes
from core.tokenizers.floor import floor_of_groups
from core.tokenizers.numbers import Cuts, cut_numbers
from core.tokenizers.profile import describe_tokenizer
from core.tokenizers.published import PUBLISHED, PublishedFamily

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA_VERSION: Final = 1
_COLUMNS: Final = ("file", "family", "source_repo", "source_path", "source_commit")
_MAX_BYTES: Final = 64 * 2**20


def build(folder: Path, sources: Path, *, date: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """The facts of every family in ``folder`` and the published ones, without writing anything."""
    table = _read_sources(sources)
    families, grids = [], []
    for row in table.to_dict("records"):
        facts, grid = _computed(folder, {str(key): str(value) for key, value in row.items()}, date)
        families.append(facts)
        grids.append(grid)
    for family in PUBLISHED:
        facts, grid = _published(family, date)
        families.append(facts)
        grids.append(grid)
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "date": date,
        "tokenizers_version": tokenizers.__version__,
        "price_text": f"{PRICE_PREFIX}N{PRICE_SUFFIX}",
        "families": families,
    }
    return manifest, pd.concat(grids, ignore_index=True)


def write(manifest: dict[str, Any], numbers: pd.DataFrame, facts_file: Path, numbers_file: Path) -> None:
    """Replace both files; each is complete or as it was before."""
    for target, save in (
        (numbers_file, lambda path: numbers.to_parquet(path, index=False, compression="zstd")),
        (facts_file, lambda path: path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")),
    ):
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            made = Path(scratch) / target.name
            save(made)
            made.replace(target)


def _read_sources(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str)
    except (OSError, ValueError) as error:
        raise InvalidTableError(f"The table of sources can't be read: {error}.", source=path.name) from error
    for column in _COLUMNS:
        if column not in table:
            raise InvalidTableError(f"The table of sources lacks the column {column}.", source=path.name)
    return table


def _computed(folder: Path, row: dict[str, str], date: str) -> tuple[dict[str, Any], pd.DataFrame]:
    name = Path(row["file"]).name
    key = name.split(".")[0]
    raw = _read_tokenizer(folder / name)
    tokenizer = from_bytes(raw, name)
    profile = describe_tokenizer(tokenizer)
    texts = [str(number) for number in range(1000)]
    cuts = {
        context: cut_numbers(tokenizer, texts, prefix=prefix, suffix=suffix)
        for context, (prefix, suffix) in CONTEXT_TEXTS.items()
    }
    facts = {
        "family": key,
        "label": row["family"].rstrip("*"),
        "status": "computed",
        "vocab_size": profile.vocab_size,
        "single_token_count": profile.single_token_count,
        "single_in_price": profile.single_in_price,
        "single_after_space": profile.single_after_space,
        "mean_tokens": round(profile.mean_tokens, 4),
        "mean_tokens_in_price": round(profile.mean_tokens_in_price, 4),
        "mean_tokens_to_9999": round(profile.mean_tokens_to_9999, 4),
        "grouping": profile.grouping,
        "grouping_share": round(profile.grouping_share, 4),
        "first_token_floor": round(profile.first_token_floor, 4),
        "longest_digit_token": len(profile.longest_digit_token),
        "contexts": profile.contexts.to_dict("records"),
        "boundary": list(profile.boundary),
        "source": f"{row['source_repo']}, {row['source_path']} at {row['source_commit'][:12]}",
        "sha256": hashlib.sha256(raw).hexdigest(),
        "date": date,
    }
    return facts, _grid(key, cuts)


def _published(family: PublishedFamily, date: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """Facts of a family that splits digits, by that rule alone."""
    values = np.arange(1000)
    widths = np.array([len(str(value)) for value in values], dtype=np.int64)
    first = np.array([int(str(value)[0]) for value in values], dtype=np.int64)
    none, every = np.zeros(1000, bool), np.ones(1000, bool)
    cuts = Cuts(widths, (1 << (widths - 1)) - 1, none, first, every, widths)
    facts = {
        "family": family.key,
        "label": family.label,
        "status": "published",
        "vocab_size": family.vocab_size,
        "single_token_count": 10,
        "single_in_price": 10,
        "single_after_space": 10,
        "mean_tokens": round(float(widths.mean()), 4),
        "mean_tokens_in_price": round(float(widths.mean()), 4),
        "mean_tokens_to_9999": 3.889,
        "grouping": "per digit",
        "grouping_share": 1.0,
        "first_token_floor": round(floor_of_groups(values, first), 4),
        "longest_digit_token": 1,
        "contexts": [],
        "boundary": [],
        "source": family.source,
        "sha256": None,
        "date": date,
    }
    return facts, _grid(family.key, dict.fromkeys(CONTEXT_TEXTS, cuts))


def _grid(key: str, cuts: dict[str, Cuts]) -> pd.DataFrame:
    """Per number and context: tokens, cut mask, fused; for the price also the group of its first token."""
    frame = pd.DataFrame({"family": key, "number": np.arange(1000, dtype=np.int16)})
    for context, found in cuts.items():
        frame[f"{context}_tokens"] = found.n_tokens.astype(np.int8)
        frame[f"{context}_cuts"] = found.mask.astype(np.int8)
        frame[f"{context}_fused"] = found.fused
    # Group numbers, not vocabulary ids: equal first tokens get equal numbers, which is all a floor needs.
    frame["price_first"] = np.unique(cuts["price"].first_id, return_inverse=True)[1].astype(np.int16)
    return frame


def _read_tokenizer(path: Path) -> bytes:
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as stream:
                raw = stream.read(_MAX_BYTES + 1)
        else:
            with path.open("rb") as plain:
                raw = plain.read(_MAX_BYTES + 1)
    except (OSError, EOFError) as error:
        raise TokenizerError(f"{path.name} can't be read: {error}.", source=path.name) from error
    if len(raw) > _MAX_BYTES:
        raise TokenizerError(f"{path.name} is over 64 MB.", source=path.name)
    return raw


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compute the embedded tokenizer facts.")
    parser.add_argument("folder", type=Path, help="holds KEY.json or KEY.json.gz, one per family")
    parser.add_argument("--sources", type=Path, required=True, help="CSV naming where each file came from")
    parser.add_argument("--date", default=dt.datetime.now(dt.UTC).date().isoformat())
    given = parser.parse_args(arguments)
    try:
        manifest, numbers = build(given.folder, given.sources, date=given.date)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    write(manifest, numbers, FACTS_FILE, NUMBERS_FILE)
    print(f"{len(manifest['families'])} families written to {FACTS_FILE.parent.name}/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
