"""Answers as Markdown tables, for terminals and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.export import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def to_markdown(answer: Mapping[str, Any]) -> str:
    """The answer of any function of :mod:`core.answers` as Markdown; names are escaped."""
    if "ranking" in answer:
        parts = [f"**{_cell(answer['verdict'])}**", *(f"- {_cell(line)}" for line in answer["reasons"])]
        ranked = ("rank", "model_id", "score", "p_first", "evidence", "size_b", "license")
        return "\n".join([*parts, "", _table(answer["ranking"], ranked)]) + "\n"
    if "model" in answer:
        facts = [{"fact": key, "value": value} for key, value in answer["model"].items()]
        return _table(facts, ("fact", "value")) + "\n"
    columns = (
        "rank",
        "model_id",
        "params_b",
        "released",
        "evidence",
        "average",
        "average_low",
        "average_high",
    )
    return _table(answer["rows"], columns) + "\n"


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(row.get(name)) for name in columns] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    text = "unknown" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return escape_markdown(text)
