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
import os
import random
import resource
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
CPU_SECONDS = 12
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


class MutationRun:
    """A pytest plug-in: instead of running the tests once, run them for each mutant in a forked process."""

    def __init__(self, path: str, sample: int, seed: int, report: int) -> None:
        self.path, self.sample, self.seed, self.report = path, sample, seed, report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        source = (ROOT / self.path).read_text(encoding="utf-8")
        name = self.path.removesuffix(".py").replace("/", ".")
        if self._killed(session, name, ast.parse(source)):
            self._say(f"{self.path}: its tests fail as it is, or there are none\n")
            return True
        every = mutants(source)
        chosen = every
        if self.sample and len(every) > self.sample:
            chosen = random.Random(self.seed).sample(every, self.sample)
        survivors = [mutant for mutant in chosen if not self._killed(session, name, mutant.tree)]
        share = 1 - len(survivors) / len(chosen)
        self._say(f"{self.path}: {share:.1%} of {len(chosen)} killed (of {len(every)} possible)\n")
        for mutant in sorted(survivors, key=lambda each: each.line):
            self._say(f"    {mutant.line}: {mutant.what}\n")
        return True

    def _say(self, text: str) -> None:
        os.write(self.report, text.encode())

    def _killed(self, session: pytest.Session, name: str, tree: ast.Module) -> bool:
        """Whether a test fails, or none ends in time, with the changed module."""
        child = os.fork()
        if not child:
            status = 1
            try:
                resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
                put_in(sys.modules[name], tree)
                status = _failures(session)
            finally:
                os._exit(status)
        return os.waitpid(child, 0)[1] != 0


def _failures(session: pytest.Session) -> int:
    """1 as soon as a test fails, 0 if none does."""
    for place, item in enumerate(session.items):
        following = session.items[place + 1] if place + 1 < len(session.items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0 if session.items else 1


def put_in(module: types.ModuleType, tree: ast.Module) -> None:
    """Give the functions and constants of an imported module those of a changed one.

    Functions keep their identity, so that whoever imported them by name runs the changed code. Constants made
    of the module's own classes stay as they are.
    """
    changed = types.ModuleType(module.__name__)
    changed.__file__ = module.__file__
    exec(compile(tree, str(module.__file__), "exec"), changed.__dict__)
    for name, new in vars(changed).items():
        old = vars(module).get(name)
        if name.startswith("__") or old is new or old is None:
            continue
        if isinstance(new, type):
            for attribute, value in vars(new).items():
                if callable(value) or isinstance(value, property):
                    _swap(vars(old).get(attribute), value)
        elif not _swap(old, new) and not _is_own(new, module.__name__):
            setattr(module, name, new)


def _swap(old: Any, new: Any) -> bool:
    """Put the code of a function, a property or what wraps one into the old one."""
    if isinstance(old, property):
        return _swap(old.fget, new.fget)
    if hasattr(old, "__wrapped__"):
        if hasattr(old, "cache_clear"):
            old.cache_clear()
        return _swap(old.__wrapped__, new.__wrapped__)
    if not isinstance(old, types.FunctionType):
        return callable(old)
    if old.__code__.co_freevars == new.__code__.co_freevars:
        old.__code__, old.__defaults__, old.__kwdefaults__ = (
            new.__code__,
            new.__defaults__,
            new.__kwdefaults__,
        )
    return True


def _is_own(value: Any, module: str) -> bool:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return any(_is_own(each, module) for each in value)
    return type(value).__module__ == module


def run(path: str, tests: Sequence[str], sample: int, seed: int) -> None:
    """The mutants of one module, in a process of their own."""
    child = os.fork()
    if not child:
        report = os.dup(1)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        options = [
            "-q",
            "-s",
            "-o",
            "addopts=",
            "--import-mode=importlib",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        pytest.main([*options, *tests], plugins=[MutationRun(path, sample, seed, report)])
        os._exit(0)
    os.waitpid(child, 0)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("modules", nargs="*", help="parts of their names; all if none is given")
    parser.add_argument("--sample", type=int, default=40, help="mutants for each module; 0: all")
    parser.add_argument("--seed", type=int, default=14)
    given = parser.parse_args(arguments)
    os.chdir(ROOT)
    # Not this folder, whose tokenizers.py would stand before the library.
    sys.path[0] = str(ROOT)
    for path, tests in TARGETS.items():
        if not given.modules or any(part in path for part in given.modules):
            run(path, tests, given.sample, given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
