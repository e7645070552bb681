"""Do the tests notice? Change one thing at a time in a module and run its tests.

    python speed/mutation.py                     # a sample of every module listed here
    python speed/mutation.py lineage --sample 0  # all mutants of one module

A mutant is one comparison, operator, constant or condition changed. It is killed when its tests fail; what
survives is either not pinned by any test, or equivalent (no input tells it from the original). One process at
a time, each with a limit of processor time; nothing is written.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.util
import os
import random
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
CPU_SECONDS = 90
# Module -> its tests worked by hand, which need neither the board nor a real tokenizer.
TARGETS = {
    "core/ranking/ranks.py": ["tests/ranking/test_ranks_by_hand.py"],
    "core/board/kinds.py": ["tests/board/test_kinds_by_hand.py"],
    "core/board/lineage.py": ["tests/board/test_lineage.py"],
    "core/variants/lift.py": ["tests/variants/test_lift_by_hand.py"],
    "core/tokenizers/numbers.py": ["tests/tokenizers/test_numbers_by_hand.py"],
    "core/decision/simulation.py": ["tests/decision/test_simulation.py"],
    "core/decision/criteria.py": ["tests/decision/test_criteria.py"],
    "core/memory/parts.py": ["tests/memory/test_parts.py"],
}
PRELOADED = ("numpy", "pandas", "scipy.special", "pytest", "hypothesis", "tokenizers", "pyarrow.parquet")

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.RShift: ast.LShift,
    ast.LShift: ast.RShift, ast.MatMult: ast.Add, ast.Mod: ast.Mult,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum"}


@dataclass(frozen=True)
class Mutant:
    """One change: where it is and how it reads."""

    line: int
    what: str
    tree: ast.Module


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module; type hints, docstrings and words for people are left alone."""
    found = []
    for place in range(len(_places(ast.parse(source)))):
        tree = ast.parse(source)
        node, change = _places(tree)[place]
        before = ast.unparse(node)
        change()
        after = ast.unparse(node)
        if after != before:
            found.append(
                Mutant(node.lineno, f"{_short(before)}  ->  {_short(after)}", ast.fix_missing_locations(tree))
            )
    return found


def _short(text: str) -> str:
    return " ".join(text.split())[:90]


def _places(tree: ast.Module) -> list[tuple[Any, Callable[[], None]]]:
    return [place for node in _code(tree) for place in _changes(node)]


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but annotations, imports, docstrings and what is for type checkers only."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, (ast.Import, ast.ImportFrom)):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            yield child
            yield from _code(child)


def _changes(node: Any) -> Iterator[tuple[Any, Callable[[], None]]]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            if type(operator) in COMPARISONS:
                yield node, _set_item(node.ops, index, COMPARISONS[type(operator)]())
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        if not (isinstance(node, ast.BinOp) and _is_text(node.left)):
            yield node, _set(node, "op", OPERATORS[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield node, _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)) and not isinstance(node.test, ast.Compare):
        yield node, _set(node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node, _set(node, "op", ast.UAdd())
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield node, _set(node, "value", not node.value)
        elif isinstance(node.value, int):
            yield node, _set(node, "value", node.value + 1)
        elif isinstance(node.value, float):
            yield node, _set(node, "value", node.value * 1.25 if node.value else 1.0)
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in NAMES:
            yield node, _set(node.func, "attr" if isinstance(node.func, ast.Attribute) else "id", NAMES[name])


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _set(node: Any, field: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(node, field, value)


def _set_item(items: list[Any], index: int, value: Any) -> Callable[[], None]:
    return lambda: items.__setitem__(index, value)


class _Loader(importlib.abc.InspectLoader):
    def __init__(self, path: Path, tree: ast.Module) -> None:
        self.path, self.tree = path, tree

    def get_source(self, fullname: str) -> str:  # noqa: ARG002
        return self.path.read_text(encoding="utf-8")

    def get_code(self, fullname: str) -> Any:  # noqa: ARG002
        return compile(self.tree, str(self.path), "exec")


class _Finder(importlib.abc.MetaPathFinder):
    """Hands out the changed module under its own name."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.name = path.removesuffix(".py").replace("/", ".")
        self.loader = _Loader(ROOT / path, tree)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002
        return importlib.util.spec_from_loader(fullname, self.loader) if fullname == self.name else None


def killed(path: str, tree: ast.Module, tests: Sequence[str]) -> bool:
    """Whether a test fails, or none ends in time, in a process that knows only the changed module."""
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.meta_path.insert(0, _Finder(path, tree))
        import pytest  # noqa: PLC0415 - loaded beforehand, before the fork

        options = ["-x", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:randomly"]
        os._exit(int(pytest.main([*options, *tests])))
    _, status = os.waitpid(child, 0)
    return status != 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("modules", nargs="*", help="parts of their names; all if none is given")
    parser.add_argument("--sample", type=int, default=40, help="mutants for each module; 0: all")
    parser.add_argument("--seed", type=int, default=14)
    given = parser.parse_args(arguments)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    for name in PRELOADED:
        importlib.import_module(name)
    for path, tests in TARGETS.items():
        if given.modules and not any(part in path for part in given.modules):
            continue
        tests = [test for test in tests if (ROOT / test).exists()]  # noqa: PLW2901
        source = (ROOT / path).read_text(encoding="utf-8")
        if killed(path, ast.parse(source), tests):
            print(f"{path}: its tests fail as it is")
            continue
        every = mutants(source)
        chosen = every
        if given.sample and len(every) > given.sample:
            chosen = random.Random(given.seed).sample(every, given.sample)
        survivors = [mutant for mutant in chosen if not killed(path, mutant.tree, tests)]
        share = 1 - len(survivors) / len(chosen)
        print(f"{path}: {share:.0%} of {len(chosen)} killed (of {len(every)} possible)", flush=True)
        for mutant in sorted(survivors, key=lambda each: each.line):
            print(f"    {mutant.line}: {mutant.what}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
