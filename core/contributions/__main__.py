"""Check a contribution, and add it: ``python -m core.contributions FILE [--add]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.contributions.add import DATA, add
from core.contributions.checks import faults
from core.contributions.file import MAX_BYTES, Memory, read_contribution
from core.contributions.memory_rows import estimated
from core.errors import DataError


def main(argv: list[str] | None = None, data: Path = DATA) -> int:
    """Say what is wrong with the file, or that it can be taken; 1 where something is wrong.

    Args:
        argv: the command's words; those of the process by default.
        data: folder of the tables that ``--add`` writes to.
    """
    parser = argparse.ArgumentParser(prog="python -m core.contributions", description=__doc__)
    parser.add_argument("file", type=Path, help="basewise-contribution.json")
    parser.add_argument("--add", action="store_true", help="write it into the project's tables")
    chosen = parser.parse_args(argv)
    lines, wrong = _answer(chosen.file, data, to_add=chosen.add)
    print(*lines, sep="\n")  # noqa: T201 - a command's answer
    return 1 if wrong else 0


def _answer(path: Path, data: Path, *, to_add: bool) -> tuple[list[str], bool]:
    """What is said of the file, line by line, and whether something is wrong with it."""
    try:
        with path.open("rb") as file:
            found = read_contribution(file.read(MAX_BYTES + 1))
        if wrong := faults(found):
            return ["Not taken:", *(f"  {reason}" for reason in wrong)], True
        written = add(found, data) if to_add else []
    except OSError as error:
        return [f"{path} can't be read: {error.strerror}."], True
    except DataError as error:
        return [str(error)], True
    lines = [f"Taken: {len(found.rows)} row{'s' if len(found.rows) > 1 else ''}."]
    for row in found.rows if isinstance(found, Memory) else ():
        expected = estimated(row)
        said = f"the estimate says {expected:.1f}" if expected else "there is no estimate"
        lines.append(f"  {row.model_id}: {row.peak_gb:g} GB measured, {said}.")
    return [*lines, *(f"Written: {place.relative_to(data.parent)}" for place in written)], False


if __name__ == "__main__":
    raise SystemExit(main())
