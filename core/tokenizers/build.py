"""Compute the embedded facts from real tokenizer files, and merge them with what is there.

    python -m core.tokenizers.build FOLDER [--date YYYY-MM-DD]

FOLDER holds the tokenizer of each family to compute, as its publisher ships it, under the family's key:
``<family>.json`` (also ``.json.gz``, ``.model``, ``.tiktoken``). Each is a row of
``core/data/tokenizer_sources.csv``. Families whose files aren't there keep what was computed
before. Only figures are written, never a vocabulary: token counts, the places where each of 0..999 is cut,
groups of equal first tokens, the pieces of a few example numbers, and what the sample texts cost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import json
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import tokenizers

from core.errors import InvalidTableError, TokenizerError
from core.tokenizers import family_figures
from core.tokenizers.contexts import PRICE_PREFIX, PRICE_SUFFIX
from core.tokenizers.facts import FACTS_FILE
from core.tokenizers.mapping import named_families
from core.tokenizers.published import PUBLISHED
from core.tokenizers.source_table import TokenizerSource, read_sources, write_sources
from core.tokenizers.text_cost import read_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SCHEMA_VERSION: Final = 1
SOURCES, FACTS, NUMBERS, COSTS = (
    "tokenizer_sources.csv", "tokenizer_facts.json", "tokenizer_numbers.parquet", "text_cost.csv",
)  # fmt: skip
_MAX_BYTES: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Built:
    """All that is embedded.

    ``manifest`` holds the facts, ``numbers`` the cuts of 0..999 (1,000 rows a family), ``costs`` the tokens
    of each sample text, ``sources`` the table with every sha256, ``computed`` the families whose files were
    read.
    """

    manifest: dict[str, Any]
    numbers: pd.DataFrame
    costs: pd.DataFrame
    sources: list[TokenizerSource]
    computed: list[str]


def build(folder: Path, data: Path, *, date: str) -> Built:
    """The facts of every family of the table in ``data``, without writing anything.

    Raises:
        InvalidTableError: the table of sources has a fault, or lacks a family that a rule names.
        TokenizerError: a file is no tokenizer, isn't the one of the table, or a family has neither a file
            nor facts computed before.
    """
    sources = read_sources(data / SOURCES)
    _refuse_to_drop({row.family for row in sources} | {family.key for family in PUBLISHED})
    samples = read_samples()
    known = _Known(data, samples)
    parts: list[family_figures.Figures] = []
    rows, computed = [], []
    for row in sources:
        raw = _read_tokenizer(folder, row.family)
        if raw is None:
            parts.append(known.figures(row.family))
            rows.append(row)
            continue
        filled = _checked(row, hashlib.sha256(raw).hexdigest())
        found = family_figures.compute(filled, raw, samples, date)
        parts.append(known.keep_date(found))
        rows.append(filled)
        computed.append(row.family)
    in_table = {row.family for row in sources}
    parts += [
        known.keep_date(family_figures.published(family, date))
        for family in PUBLISHED
        if family.key not in in_table
    ]
    entries = [part.facts for part in parts]
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "date": max(str(entry["date"]) for entry in entries),
        "tokenizers_version": tokenizers.__version__,
        "price_text": f"{PRICE_PREFIX}N{PRICE_SUFFIX}",
        "families": entries,
    }
    numbers = pd.concat([part.grid for part in parts], ignore_index=True)
    costs = pd.concat([part.costs for part in parts if len(part.costs)], ignore_index=True)
    return Built(manifest, numbers, costs, rows, computed)


def write(built: Built, data: Path) -> None:
    """Replace the files in ``data``; each is complete or as it was before."""
    saves: dict[str, Callable[[Path], Any]] = {
        NUMBERS: lambda path: built.numbers.to_parquet(path, index=False, compression="zstd"),
        COSTS: lambda path: built.costs.to_csv(path, index=False, lineterminator="\n"),
        SOURCES: lambda path: write_sources(built.sources, path),
        FACTS: lambda path: path.write_text(
            json.dumps(built.manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        ),
    }
    with tempfile.TemporaryDirectory(dir=data) as scratch:
        for name, save in saves.items():
            save(Path(scratch) / name)
        for name in saves:
            (Path(scratch) / name).replace(data / name)


class _Known:
    """What was computed before."""

    def __init__(self, data: Path, samples: Mapping[str, str]) -> None:
        self._samples = samples
        manifest = json.loads((data / FACTS).read_text(encoding="utf-8"))
        self._facts = {entry["family"]: entry for entry in manifest["families"]}
        self._grid = pd.read_parquet(data / NUMBERS)
        self._costs = pd.read_csv(data / COSTS, dtype={"tokens": "Int64"})

    def figures(self, family: str) -> family_figures.Figures:
        facts = self._facts.get(family)
        if facts is None or facts["status"] != "computed":
            raise TokenizerError(
                f"The table of sources names the family {family}, but there is no file of it and nothing was "
                f"computed before.",
                source=SOURCES,
                remedy=f"Put its tokenizer.json into the folder as {family}.json, or take its row out.",
            )
        costs = self._costs[self._costs["family"] == family]
        now = costs["text"].map({name: len(text) for name, text in self._samples.items()})
        if (now != costs["n_chars"]).any():
            raise TokenizerError(
                f"The sample texts have changed since those of {family} were counted, and its file is not at "
                f"hand.",
                source=COSTS,
                remedy="Bring the files of all families, or leave the texts that were there as they were.",
            )
        return family_figures.Figures(facts, self._grid[self._grid["family"] == family], costs)

    def keep_date(self, found: family_figures.Figures) -> family_figures.Figures:
        """The date stays where nothing changed, so that the same files give the same bytes."""
        before = self._facts.get(found.facts["family"])
        if before is None or {**before, "date": ""} != {**found.facts, "date": ""}:
            return found
        return replace(found, facts={**found.facts, "date": before["date"]})


def _refuse_to_drop(kept: set[str]) -> None:
    if lacking := sorted(named_families() - kept):
        raise InvalidTableError(
            f"Rules name families that would be lost: {', '.join(lacking)}.",
            source=SOURCES,
            remedy="Put their rows back, or change the rules in core/data/tokenizer_rules.toml first.",
        )


def _checked(row: TokenizerSource, sha256: str) -> TokenizerSource:
    if row.sha256 and row.sha256 != sha256:
        raise TokenizerError(
            f"The file of {row.family} is not the one its row names: its sha256 is {sha256[:12]}..., the "
            f"table says {row.sha256[:12]}....",
            source=SOURCES,
            remedy="Use that file; or, if a newer one is meant, name its commit and empty the cell sha256.",
        )
    return replace(row, sha256=sha256)


def _read_tokenizer(folder: Path, family: str) -> bytes | None:
    """The family's tokenizer file; None if the folder has none."""
    paths = (folder / (family + end) for end in (".json", ".json.gz", ".model", ".tiktoken"))
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return None
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
    """Build and write; 1 with the reason on standard error if anything is wrong, and nothing is changed."""
    parser = argparse.ArgumentParser(description="Compute the embedded tokenizer facts.")
    parser.add_argument("folder", type=Path, help="holds <family>.json and the like")
    parser.add_argument("--data", type=Path, default=FACTS_FILE.parent, help="holds the table and the facts")
    parser.add_argument("--date", default=dt.datetime.now(dt.UTC).date().isoformat())
    given = parser.parse_args(arguments)
    try:
        built = build(given.folder, given.data, date=given.date)
    except (InvalidTableError, TokenizerError) as error:
        print(f"{error.source}: {error}", file=sys.stderr)
        return 1
    write(built, given.data)
    print(f"{len(built.computed)} families computed, {len(built.manifest['families'])} in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
