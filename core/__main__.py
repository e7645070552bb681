"""The answers from a terminal: ``python -m core field --max-size 9 --markdown``."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from core.answers import decide, describe_model, list_field
from core.answers.markdown import to_markdown
from core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one answer; 2 where what was asked can't be used."""
    asked = _parser().parse_args(arguments)
    try:
        answer = _answer(asked)
    except DataError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    told = to_markdown(answer) if asked.markdown else json.dumps(answer, ensure_ascii=False, indent=1) + "\n"
    sys.stdout.write(told)
    return 0


def _answer(asked: argparse.Namespace) -> dict[str, Any]:
    if asked.what == "model":
        return describe_model(asked.id, when=asked.when)
    if asked.what == "decide":
        return decide(asked.preset, when=asked.when, limit=asked.limit)
    return list_field(
        when=asked.when, min_size=asked.min_size, max_size=asked.max_size, by=asked.by, search=asked.search,
        since=asked.since, size_only=asked.size_only, continued=asked.continued, limit=asked.limit,
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    parts = parser.add_subparsers(dest="what", required=True)
    field = parts.add_parser("field", help="bases, ranked")
    field.add_argument("--min-size", type=float, default=0.0, help="billions of parameters")
    field.add_argument("--max-size", type=float, default=9.0, help="billions of parameters")
    field.add_argument(
        "--by", default="average", help="average, ifeval, bbh, math_lvl_5, gpqa, musr or mmlu_pro"
    )
    field.add_argument("--search", default="", help="words of a name")
    field.add_argument("--since", default="", help="month of release, YYYY-MM")
    field.add_argument("--size-only", action="store_true", help="also bases placed by size alone")
    field.add_argument(
        "--continued", action="store_true", help="also bases that continue another publisher's"
    )
    model = parts.add_parser("model", help="what is known of one model")
    model.add_argument("id", help="publisher/name")
    decision = parts.add_parser("decide", help="which base for a task")
    decision.add_argument("preset", nargs="?", default="price", help="key of a preset")
    for part in (field, model, decision):
        part.add_argument("--when", default="today", help="today, or board: as it was in March 2025")
        part.add_argument("--limit", type=int, default=20)
        form = part.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="as JSON (what it does anyway)")
        form.add_argument("--markdown", action="store_true", help="as Markdown")
    return parser


if __name__ == "__main__":
    sys.exit(main())
