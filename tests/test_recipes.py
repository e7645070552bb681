"""CONTRIBUTING followed to the letter, in a copy of the repository: what it prints is pasted and run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow
# What a recipe needs; tests run in the copy as on a stranger's machine, without the reference files.
NEEDED = ("core", "pages", "tests", "app.py", "pyproject.toml", "docs/placement.md", "serving")


class Recipe:
    """A section of CONTRIBUTING: its fenced blocks in order, and a copy of the repository to follow it in."""

    def __init__(self, heading: str, folder: Path) -> None:
        text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        self.text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        assert self.text, heading
        self._fences = iter(re.findall(r"^```(\w+)\n(.*?)^```", self.text, re.MULTILINE | re.DOTALL))
        self.folder = folder
        self._touched: set[str] = set()

    def fence(self, kind: str) -> str:
        """The next block, which must be of this kind."""
        found, body = next(self._fences)
        assert found == kind, body
        return body

    def finish(self) -> None:
        """Nothing the page prints was left out; what was pasted passes the checks."""
        assert list(self._fences) == []
        if code := " ".join(sorted(path for path in self._touched if path.endswith(".py"))):
            self.run(f"python -m ruff check {code}")
            self.run(f"python -m ruff format --check {code}")

    def names(self, *places: str) -> None:
        """The page says so, so that this test and the page can't drift apart."""
        assert [place for place in places if place not in self.text] == []

    def _touch(self, path: str) -> None:
        self.names(path)
        self._touched.add(path)

    def exists(self, command: str) -> None:
        """A command that takes minutes isn't run, unless BASEWISE_REFIT says so."""
        if os.environ.get("BASEWISE_REFIT"):
            self.run(command)
        else:
            self.holds(f"from {shlex.split(command)[2]} import main")

    def append(self, path: str, body: str) -> None:
        self._touch(path)
        with (self.folder / path).open("a", encoding="utf-8") as stream:
            stream.write(body)

    def create(self, path: str, body: str) -> None:
        self._touch(path)
        (self.folder / path).write_text(body, encoding="utf-8")

    def insert(self, path: str, body: str, *, pattern: str, indent: int) -> None:
        """Put ``body`` before what the group of ``pattern`` finds."""
        self._touch(path)
        file = self.folder / path
        old = file.read_text(encoding="utf-8")
        place = re.search(pattern, old, re.DOTALL)
        assert place is not None, f"{path} has no {pattern}"
        at = place.start(1)
        file.write_text(old[:at] + textwrap.indent(body, " " * indent) + old[at:], encoding="utf-8")

    def run(self, commands: str) -> None:
        for command in commands.strip().splitlines():
            program, *arguments = shlex.split(command)
            assert program == "python"
            self._python(*arguments)

    def holds(self, code: str) -> None:
        """What should be so afterwards, in a process that sees the copy alone."""
        self._python("-c", code)

    def _python(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=os.environ | {"PYTEST_ADDOPTS": "-q -x"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


@pytest.fixture
def follow(tmp_path: Path) -> Callable[[str], Recipe]:
    folder = tmp_path / "copy"
    for name in NEEDED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)  # times and compiled files too: only what changes is done again
        else:
            shutil.copy(source, target)
    if (checked := ROOT / ".mypy_cache").is_dir():
        shutil.copytree(checked, folder / ".mypy_cache")  # types of what the recipe leaves as it was
    return lambda heading: Recipe(heading, folder)


def test_add_a_source(follow: Callable[[str], Recipe]) -> None:
    recipe = follow("Add a source")
    recipe.create("my-study.csv", recipe.fence("csv"))
    recipe.run(
        """python -c "from core.leaderboard import load_leaderboard as f; assert len(f('my-study.csv'))" """
    )
    recipe.run(recipe.fence("sh"))
    recipe.finish()

    recipe.run(
        "python -m pytest tests/test_sources.py tests/board/test_contents.py tests/pages/test_data.py "
        "-k 'not test_data or sources_are_named'"
    )


def test_add_a_criterion(follow: Callable[[str], Recipe]) -> None:
    recipe = follow("Add a criterion")
    tasks, criteria, candidates = (f"core/decision/{name}.py" for name in ("tasks", "criteria", "candidates"))
    recipe.names("CRITERIA_KEYS", "`CRITERIA`", "`scaled`", "`candidate_frame`")
    recipe.insert(
        tasks, recipe.fence("python"), pattern=r"\nCRITERIA_KEYS: Final = \(\n[^)]*?(\)\n)", indent=4
    )
    recipe.insert(criteria, recipe.fence("python"), pattern=r"\nCRITERIA: Final = \(\n.*?\n(\)\n)", indent=4)
    recipe.insert(criteria, recipe.fence("python"), pattern=r"\n    scaled = \{\n.*?\n(    \}\n)", indent=8)
    recipe.insert(
        candidates,
        recipe.fence("python"),
        pattern=r"\ndef candidate_frame\(.*?\n(    return frame\.assign\(\*\*added\)\n)",
        indent=4,
    )
    recipe.names("from core.memory import architectures")
    recipe.insert(
        candidates, "from core.memory import architectures\n", pattern=r"\n(from core\.ranking)", indent=0
    )
    recipe.finish()

    recipe.run("python -m mypy core/decision")
    recipe.run("python -m pytest tests/decision/test_tasks.py tests/decision/test_criteria.py")
    recipe.run("python -m pytest tests/decision/test_rank.py -k 'presets or contract'")
    recipe.holds(_SMALLER_CACHE_WINS)


_SMALLER_CACHE_WINS = """
from dataclasses import replace
from core.decision import rank_bases
from core.decision.tasks import PRESETS
from core.leaderboard import load_leaderboard
both = ('meta-llama/Llama-2-7b-hf', 'meta-llama/Llama-3.1-8B')
task = replace(PRESETS['price'].task, weights={'cache': 1}, only=both, draws=50)
ranking = rank_bases(load_leaderboard(), task).ranking
assert ranking['model_id'].iloc[0] == 'meta-llama/Llama-3.1-8B', ranking
assert ranking['cache'].tolist() == [128, 512], ranking
"""


def test_add_a_page(follow: Callable[[str], Recipe]) -> None:
    recipe = follow("Add a page")
    recipe.create("pages/speed.py", recipe.fence("python"))
    recipe.insert(
        "pages/parts/shell/frame.py",
        recipe.fence("python"),
        pattern=r"\nPAGES = \(\n.*?\n(\)  # fmt: skip\n)",
        indent=4,
    )
    recipe.finish()

    recipe.run("python -m pytest tests/pages/test_frame.py -k 'menu or Speed'")


def test_add_a_base(follow: Callable[[str], Recipe]) -> None:
    recipe = follow("Add a base")
    line = recipe.fence("csv")
    recipe.append("core/data/catalogue/bases.csv", line)
    recipe.run(recipe.fence("sh"))
    recipe.exists(recipe.fence("sh"))
    recipe.finish()

    name = line.partition(",")[0]
    listed = f"from core.catalogue import load_catalogue as f; assert '{name}' in set(f()['model_id'])"
    recipe.holds(listed)


def test_add_a_report(follow: Callable[[str], Recipe]) -> None:
    base = follow("Add a base")
    base.append("core/data/catalogue/bases.csv", base.fence("csv"))
    check = base.fence("sh").splitlines()[0]  # the tests of the catalogue are run above
    recipe = Recipe("Add a report", base.folder)
    recipe.create("core/data/reports/model-2-report.csv", recipe.fence("csv"))
    recipe.append("core/data/reports/reports.toml", "\n" + recipe.fence("toml"))
    recipe.run(check)
    recipe.exists(recipe.fence("sh"))
    recipe.finish()
