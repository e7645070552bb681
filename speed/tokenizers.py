"""Profiling numbers against the bare encoding of the same strings, side by side.

    python -m speed.tokenizers FOLDER

FOLDER holds ``tokenizer.json(.gz)`` files. Each pair is timed alternately, and the median of the ratios is
reported: the machine's noise then falls on both sides alike. Bars: 0..999 at most 1.5 (it is encoded in
another process), 0..99,999 at most 1.5, the targets table (100,000 rows, six tokenizers) at most 3.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tokenizers

from core.tokenizers import load_tokenizer, profile_numbers
from core.tokenizers.targets import Template, compare_targets

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.tokenizers.tokenizer import Tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", help="names of tokenizers, without ending")
    given = parser.parse_args()
    found = _tokenizers(given.folder, given.only)
    print(f"{'tokenizer':16} {'0..999':>20} {'0..99,999':>22}")
    for name, tokenizer, bare in found:
        small = _ratio(tokenizer, bare, range(1_000), rounds=15)
        large = _ratio(tokenizer, bare, range(100_000), rounds=3)
        print(f"{name:16} {_row(small):>20} {_row(large):>22}")
    _targets(found[:6])


def _tokenizers(folder: Path, only: list[str] | None) -> list[tuple[str, Tokenizer, tokenizers.Tokenizer]]:
    found = []
    for path in sorted(folder.glob("*.json*")):
        name = path.name.split(".")[0]
        if only and name not in only:
            continue
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found.append((name, load_tokenizer(raw), _bare(raw)))
    return found


def _bare(raw: bytes) -> tokenizers.Tokenizer:
    """The library's own, in this process, which the app never has of a file from outside."""
    backend = tokenizers.Tokenizer.from_buffer(raw)
    backend.no_truncation()
    backend.no_padding()
    return backend


def _ratio(
    tokenizer: Tokenizer, bare: tokenizers.Tokenizer, numbers: range, *, rounds: int
) -> tuple[float, float, float]:
    texts = [f"Price is ${number}.00" for number in numbers]
    return _compare(
        lambda: bare.encode_batch(texts, add_special_tokens=False),
        lambda: _profile_afresh(tokenizer, numbers),
        rounds,
    )


def _profile_afresh(tokenizer: Tokenizer, numbers: range) -> None:
    """Without what an earlier call left behind, which makes the same question nearly free."""
    tokenizer.recent.clear()
    profile_numbers(tokenizer, numbers, prefix="Price is $", suffix=".00")


def _targets(found: list[tuple[str, Tokenizer, tokenizers.Tokenizer]]) -> None:
    """Prices with two decimals, as they come: many repeat, which the table encodes once."""
    prices = np.round(np.random.default_rng(0).lognormal(4, 1, 100_000), 2)
    texts = [f"Price is ${price:.2f}" for price in prices]

    loaded = {name: tokenizer for name, tokenizer, _ in found}

    def bare() -> None:
        for _, _, backend in found:
            backend.encode_batch(texts, add_special_tokens=False)

    template = Template.parse("Price is ${value:.2f}")
    result = _compare(bare, lambda: compare_targets(loaded, prices, template), 3)
    rows = f"100,000 rows, {len(loaded)} tokenizers, {len(set(texts)):,} distinct"
    print(f"\ntargets table, {rows}: {_row(result)}")


def _compare(
    bare: Callable[[], object], ours: Callable[[], object], rounds: int
) -> tuple[float, float, float]:
    """Seconds of each (medians) and the median ratio, after one untimed round."""
    bare(), ours()
    pairs = []
    for _ in range(rounds):
        start = time.perf_counter()
        bare()
        middle = time.perf_counter()
        ours()
        pairs.append((middle - start, time.perf_counter() - middle))
    return (
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        statistics.median(pair[1] / pair[0] for pair in pairs),
    )


def _row(result: tuple[float, float, float]) -> str:
    bare, ours, ratio = result
    return f"{bare * 1000:.1f} / {ours * 1000:.1f} ms = {ratio:.2f}"


if __name__ == "__main__":
    main()
