"""How well kinds and pairs agree with labels: ``python -m core.variants.report LABELS`` (``make report``).

LABELS is a CSV with the columns base, instruct and relation (official_instruct, community_finetune or
not_a_pair), and a note if one likes. Whoever stands in a ``base`` column is taken for a base, every other
model named for none. A CSV with the columns model_id and kind is read as labels of kinds alone.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.board import contents
from core.board.runs import BASE_KINDS
from core.errors import DataError, InvalidTableError
from core.leaderboard import load_leaderboard
from core.variants.pairs import pair_variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

OFFICIAL: Final = "official_instruct"
COMMUNITY: Final = "community_finetune"
LOOK_ALIKE: Final = "not_a_pair"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``wrong`` says which of the rest, and why."""

    title: str
    right: int
    total: int
    wrong: tuple[str, ...] = ()

    def line(self) -> str:
        percent = f"{100 * self.right / self.total:6.2f}%" if self.total else "     no"
        return f"{self.title:<58} {self.right:>4} of {self.total:<4} {percent}"


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known for certain: kinds by model, and relations of pairs."""

    bases: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    pairs: dict[tuple[str, str], str] = field(default_factory=dict)


def read_labels(path: Path) -> Labels:
    """The labels of a file.

    Raises:
        DataError: there is no such file, or it lacks the columns.
    """
    table = contents.read_table(path)
    if {"model_id", "kind"} <= set(table.columns):
        is_base = table["kind"].isin(BASE_KINDS)
        return Labels(frozenset(table.loc[is_base, "model_id"]), frozenset(table.loc[~is_base, "model_id"]))
    for column in ("base", "instruct", "relation"):
        if column not in table.columns:
            raise InvalidTableError(
                f"The labels lack the column “{column}”.",
                source=path.name,
                remedy="Columns are base, instruct and relation, or model_id and kind.",
            )
    bases = frozenset(table["base"])
    pairs = {(str(row.base), str(row.instruct)): str(row.relation) for row in table.itertuples(index=False)}
    return Labels(bases, frozenset(table["instruct"]) - bases, pairs)


def compare(labels: Labels, board: pd.DataFrame, pairs: pd.DataFrame) -> list[Share]:
    """Each figure with what is still wrong; models that are not on the board are left out."""
    return [*_kinds(labels, board), *_pairs(labels, board, pairs)]


def _kinds(labels: Labels, board: pd.DataFrame) -> list[Share]:
    known = board.drop_duplicates("model_id").set_index("model_id")
    kinds, evidence = known["kind"], known["kind_evidence"]

    def share(title: str, models: Iterable[str], *, wanted: bool) -> Share:
        present = sorted(model for model in models if model in kinds.index)
        wrong = [model for model in present if (kinds[model] in BASE_KINDS) != wanted]
        told = tuple(f"{model}: {kinds[model]} ({evidence[model]})" for model in wrong)
        return Share(title, len(present) - len(wrong), len(present), told)

    found = share("bases told as base or continued", labels.bases, wanted=True)
    continued = [model for model in sorted(labels.bases) if kinds.get(model) == "continued"]
    note = Share("  of these told as continued (another publisher's base)", len(continued), found.total, ())
    return [found, note, share("others told as something else", labels.others, wanted=False)]


def _pairs(labels: Labels, board: pd.DataFrame, pairs: pd.DataFrame) -> list[Share]:
    on_board = set(board["model_id"])
    told = {
        (base, variant): relation
        for base, variant, relation in zip(
            pairs["base_id"], pairs["variant_id"], pairs["relation"], strict=True
        )
    }
    bases_of = pairs.groupby("variant_id")["base_id"].agg(list).to_dict()

    def labelled(relation: str) -> list[tuple[str, str]]:
        return [pair for pair, label in labels.pairs.items() if label == relation and set(pair) <= on_board]

    def found(title: str, relation: str) -> Share:
        wanted = labelled(relation)
        missed = [pair for pair in wanted if told.get(pair) != relation]
        why = tuple(
            f"{base} -> {variant}: paired with {', '.join(bases_of.get(variant, [])) or 'none'}"
            f"{f', as {told[base, variant]}' if (base, variant) in told else ''}"
            for base, variant in missed
        )
        return Share(title, len(wanted) - len(missed), len(wanted), why)

    look_alikes = labelled(LOOK_ALIKE)
    fooled = [pair for pair in look_alikes if pair in told]
    true_of: dict[str, set[str]] = {}
    for (base, variant), label in labels.pairs.items():
        if label != LOOK_ALIKE:
            true_of.setdefault(variant, set()).add(base)
    tunes = sorted({variant for _, variant in labelled(COMMUNITY)})
    hits = [(base, variant) for variant in tunes for base in bases_of.get(variant, [])]
    stray = [(base, variant) for base, variant in hits if base not in true_of[variant]]
    return [
        found("official pairs found", OFFICIAL),
        Share(
            "look-alikes wrongly paired",
            len(fooled),
            len(look_alikes),
            tuple(f"{base} -> {variant}: told as {told[base, variant]}" for base, variant in fooled),
        ),
        found("community tunes found", COMMUNITY),
        Share(
            "hits on labelled community tunes that are right",
            len(hits) - len(stray),
            len(hits),
            tuple(f"{base} -> {variant}: not labelled" for base, variant in stray),
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m core.variants.report", description="Kinds and pairs against labels."
    )
    parser.add_argument("labels", nargs="?", type=Path, help="a CSV of labels")
    parser.add_argument("--board", default="snapshot", help="snapshot, hub, or a file (default: snapshot)")
    given = parser.parse_args(arguments)
    if given.labels is None or not given.labels.is_file():
        missing = f"No labels at {given.labels}" if given.labels else "No labels were named"
        print(f"{missing}, so there is nothing to compare. Name a file: make report LABELS=labels.csv")
        return 0
    try:
        labels = read_labels(given.labels)
        board = load_leaderboard(given.board)
    except DataError as error:
        print(f"{error.source}: {error}", file=sys.stderr)
        return 1
    pairs = pair_variants(board)
    shares = compare(labels, board, pairs)
    print(f"Labels: {given.labels.name}; board: {given.board}, {board['model_id'].nunique():,} models, "
          f"{len(pairs):,} pairs.\n")  # fmt: skip
    for share in shares:
        print(share.line())
    for share in shares:
        if share.wrong:
            print(f"\n{share.title}, rows that are wrong:")
            for row in share.wrong:
                print(f"  {row}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
