"""CONTRIBUTING's recipes for tokenizers, followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from tests.places import ROOT
from tests.tokenizer_zoo import style

pytestmark = pytest.mark.slow
MODEL = "my-lab/Model-2-7B"


@pytest.fixture
def copy(tmp_path):
    """What a contributor has: the code and its data, nothing beside it."""
    shutil.copytree(ROOT / "core", tmp_path / "core", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def recipe(title: str) -> dict[str, str]:
    """The code blocks of a section by their language."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^```(\w+)\n(.*?)^```", section, re.MULTILINE | re.DOTALL)) | {"text": section}


def run(copy, *command: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(copy)}
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def append(copy, name: str, block: str) -> None:
    with (copy / "core" / "data" / name).open("a", encoding="utf-8") as stream:
        stream.write(block)


def test_a_rule_is_added_as_the_page_says(copy):
    steps = recipe("Add a tokenizer rule")
    command = re.search(r"`python (-m core\.tokenizers\.facts [^`]+)`", steps["text"])[1]
    assert "not known" in run(copy, *shlex.split(command))
    append(copy, "tokenizer_rules.toml", "\n" + steps["toml"])
    assert run(copy, *shlex.split(command)).startswith(f"{MODEL}: llama3 (publisher). Model 2 report")


def test_a_family_is_added_as_the_page_says(copy):
    steps = recipe("Add a tokenizer family")
    (copy / "mine").mkdir()
    style("digits_split").save(str(copy / "mine" / "model2.json"))
    append(copy, "tokenizer_sources.csv", steps["csv"])
    before = set(families(copy))
    command = steps["sh"].removeprefix("python ").replace("FOLDER", "mine")
    assert "1 families computed" in run(copy, *shlex.split(command))
    assert set(families(copy)) == before | {"model2"}
    rule = recipe("Add a tokenizer rule")["toml"].replace('"llama3"', '"model2"')
    append(copy, "tokenizer_rules.toml", "\n" + rule)
    assert "model2 (publisher)" in run(copy, "-m", "core.tokenizers.facts", MODEL)


def families(copy) -> list[str]:
    code = "from core.tokenizers import facts; print(*facts.families()['family'])"
    return run(copy, "-c", code).split()
