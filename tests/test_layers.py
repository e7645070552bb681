"""The rooms stand on each other: no two need one another, by an import at the top, within, or for types."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.places import ROOT

# Folders whose own folders and files are rooms.
HALLS = ("core", "pages", "pages/parts", "serving", "speed")


def sources() -> list[Path]:
    found = [path for hall in ("core", "pages", "serving", "speed") for path in (ROOT / hall).rglob("*.py")]
    return [path.relative_to(ROOT) for path in (*found, ROOT / "app.py")]


def needed(path: Path) -> set[Path]:
    """The project's files that one imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    files = {Path(*name.split(".")).with_suffix(".py") for name in names}
    return {file for file in files if (ROOT / file).is_file()} - {path}


def room(path: Path) -> str:
    """The part of the house a file is in: a folder of its hall, or itself."""
    hall = max((hall for hall in HALLS if path.is_relative_to(hall)), key=len, default="")
    return str(Path(hall, path.relative_to(hall).parts[0]))


def test_no_files_need_each_other() -> None:
    order = list(TopologicalSorter({path: needed(path) for path in sources()}).static_order())

    assert len(order) > 300


def test_no_rooms_need_each_other() -> None:
    arrows: dict[str, set[str]] = {}
    for path in sources():
        if path.name != "__init__.py":
            arrows.setdefault(room(path), set()).update(room(file) for file in needed(path))
    for name, others in arrows.items():
        others.discard(name)

    assert len(list(TopologicalSorter(arrows).static_order())) > 40


@pytest.mark.parametrize(("folder", "most"), [("core", 14), ("pages/parts", 4)])
def test_subjects_have_folders(folder: str, most: int) -> None:
    assert len(list((ROOT / folder).glob("*.py"))) <= most
