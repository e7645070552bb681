"""What is tracked runs anywhere, ships no vocabulary, and starts without the heavy libraries."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = {".py", ".toml", ".md", ".txt", ".yml", ".yaml", ".json", ".cfg", ".csv", ".ipynb", "", ".conf"}
LARGEST_KB = 1_500


def tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    out = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in out.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in tracked()
        if path.suffix in CODE and path != Path(__file__)
    ]


def test_no_path_of_a_machine_is_tracked() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|home/(?!someone/)\w+|root|Users/\w+|mnt)/\w")

    assert [name for name, text in texts() if machine.search(text)] == []


def test_no_package_registry_is_pinned() -> None:
    registry = re.compile(r"(?:--(?:extra-)?index-url|--find-links|pypi\.org/simple|files\.pythonhosted)")

    assert [name for name, text in texts() if registry.search(text)] == []


def test_only_tests_know_the_reference_folder() -> None:
    users = [name for name, text in texts() if "../shared" in text or 'parent / "shared"' in text]

    assert [name for name in users if not name.startswith("tests/")] == []


def test_no_vocabulary_is_tracked() -> None:
    names = re.compile(
        r"(tokenizer\.json|tokenizer\.model|vocab\.(json|txt)|merges\.txt|\.tiktoken|\.gguf)(\.gz)?$"
    )
    by_name = [path.name for path in tracked() if names.search(path.name)]
    by_content = [
        path.name
        for path in tracked()
        if path.suffix == ".json"
        and isinstance(content := json.loads(path.read_text(encoding="utf-8")), dict)
        and {"vocab", "merges"} & (set(content) | set(content.get("model") or {}))
    ]

    assert by_name + by_content == []


def test_no_large_file_is_tracked() -> None:
    assert [path.name for path in tracked() if path.stat().st_size > LARGEST_KB * 1_000] == []


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_core_knows_neither_streamlit_nor_the_pages() -> None:
    offenders = {
        path.name: found
        for path in (ROOT / "core").rglob("*.py")
        if (found := imported(path) & {"streamlit", "pages", "app"})
    }

    assert offenders == {}


def test_nothing_unpickles_or_trusts_remote_code() -> None:
    risky = re.compile(r"\b(pickle|joblib|dill)\b|trust_remote_code\s*=\s*True|unsafe_allow_html\s*=\s*True")

    found = [name for name, text in texts() if name.endswith(".py") and risky.search(text)]

    assert [name for name in found if not name.startswith("tests/")] == []


def test_starting_the_app_imports_neither_torch_nor_transformers() -> None:
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "at = AppTest.from_file('app.py', default_timeout=300).run()\n"
        "assert not at.exception, at.exception\n"
        "print(sorted(set(sys.modules) & {'torch', 'transformers', 'scipy.stats', 'pandera'}))\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.strip().splitlines()[-1] == "[]"
