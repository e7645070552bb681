"""The decision on paper: question, constraints, figures with sources, ranking, reasons, flips.

Markdown is for people; JSON can be loaded again, and :func:`core.decision.rank_bases` with the task in it
gives the same answer from the same board. Nothing but plain values is read back.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.decision.criteria import BY_KEY, KEYS
from core.decision.tasks import (
    CERTAINTIES,
    GATED_WORDS,
    LICENCE_NEEDS,
    METHODS,
    OUTPUTS,
    PRESETS,
    TEXTS,
    Task,
)
from core.decision.text_figures import texts_of
from core.errors import InvalidInputError
from core.handoff import record_opening
from core.handoff.record_opening import Surroundings
from core.importers.bounded_json import read_json
from core.languages import NAMES
from core.schema import BENCHMARKS

if TYPE_CHECKING:
    import pandas as pd

    from core.decision.rank import Decision

FORMAT: Final = "basewise-decision"
VERSION: Final = 1
MAX_BYTES: Final = 2_000_000
_KEPT_ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class Record:
    """What a stored decision says.

    ``ranking`` holds model_id, rank and score of the first places; ``data`` says which board it rests on;
    ``pilot`` is the pilot's file, None without one; ``decided`` and ``overruled`` are the reader's words.
    """

    task: Task
    verdict: str
    ranking: tuple[tuple[str, int, float], ...]
    data: dict[str, Any]
    pilot: dict[str, Any] | None = None
    decided: str = ""
    overruled: str = ""


def to_json(decision: Decision, data: dict[str, Any], around: Surroundings | None = None) -> str:
    """The record as JSON text.

    Args:
        decision: from :func:`core.decision.rank.rank_bases`, or one updated with a pilot.
        data: where the figures come from: source, date and checksum of the board.
        around: when and where it was made, and what the reader adds.
    """
    around = around or Surroundings()
    document = {
        "format": FORMAT,
        "version": VERSION,
        "link": around.link,
        "made": around.made,
        "versions": dict(around.versions),
        "shortlist": list(around.shortlist),
        "decided": around.decided,
        "overruled_because": around.overruled,
        "data": data,
        "task": decision.task.to_dict(),
        "verdict": decision.verdict,
        "firmness": decision.firmness,
        "reasons": decision.reasons,
        "weakest_point": decision.weakest,
        "notes": decision.notes,
        "criteria": _rows(decision.criteria),
        "ranking": _rows(decision.ranking.head(_KEPT_ROWS)),
        "candidates": len(decision.ranking),
        "points": _rows(decision.points.head(_KEPT_ROWS)),
        "flips": decision.flips["sentence"].tolist() if len(decision.flips) else [],
        "excluded": _counts(decision),
        **({} if around.pilot is None else {"pilot": around.pilot}),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str | bytes) -> Record:
    """A stored record.

    Raises:
        InvalidInputError: it is too large, not JSON, not such a record, or holds a task that can't be used.
    """
    remedy = "Load a JSON record downloaded from the Decide page."
    if len(text) > MAX_BYTES:
        raise InvalidInputError(f"The record is larger than {MAX_BYTES // 1_000_000} MB.", remedy=remedy)
    body = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        document = read_json(body, name="record", max_bytes=len(body))
    except InvalidInputError as error:
        raise InvalidInputError(error.what, remedy=remedy) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidInputError("The file is not a decision record.", remedy=remedy)
    if document.get("version") != VERSION:
        raise InvalidInputError(
            f"The record has version {str(document.get('version'))[:20]}; this tool reads {VERSION}.",
            remedy=remedy,
        )
    task, ranking, data = document.get("task"), document.get("ranking"), document.get("data")
    if not isinstance(task, dict) or not isinstance(ranking, list) or not isinstance(data, dict):
        raise InvalidInputError("The record lacks its task, ranking or data.", remedy=remedy)
    try:
        places = tuple((str(row["model_id"]), int(row["rank"]), float(row["score"])) for row in ranking)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInputError("The record's ranking can't be read.", remedy=remedy) from error
    pilot = document.get("pilot")
    return Record(
        Task.from_dict(task),
        str(document.get("verdict", ""))[:500],
        places,
        data,
        pilot if isinstance(pilot, dict) else None,
        _line(document.get("decided")),
        _line(document.get("overruled_because")),
    )


def differences(record: Record, decision: Decision) -> list[str]:
    """What the answer computed now does differently from the stored one, in sentences; empty if nothing."""
    now = dict(zip(decision.ranking["model_id"], decision.ranking["score"], strict=True))
    found = []
    first = record.ranking[0][0] if record.ranking else ""
    if first != decision.first:
        found.append(f"The record has {first or 'nobody'} first; now it is {decision.first or 'nobody'}.")
    gone = [name for name, _, _ in record.ranking if name not in now]
    if gone:
        found.append(f"No longer a candidate: {', '.join(gone[:5])}.")
    moved = [
        f"{name} ({score:.1f}, now {now[name]:.1f})"
        for name, _, score in record.ranking
        if name in now and not math.isclose(score, now[name], abs_tol=0.005)
    ]
    if moved:
        found.append(f"Other points than in the record: {', '.join(moved[:5])}.")
    return found


def to_markdown(decision: Decision, data: dict[str, Any], around: Surroundings | None = None) -> str:
    """The record for people; ``data`` and ``around`` as in :func:`to_json`."""
    task = decision.task
    around = around or Surroundings()
    parts = [
        "# Which base model to fine-tune",
        f"**{_text(decision.verdict)}**",
        *record_opening.opening(decision, around, _text),
        record_opening.picture(decision),
        f"Figures: {_text(', '.join(f'{key} {value}' for key, value in data.items()))}.",
        "## Question",
        _question(task),
        "## Reasons",
        *(f"- {_text(reason)}" for reason in decision.reasons),
    ]
    if decision.weakest:
        parts.append(f"- Weakest point. {_text(decision.weakest)}")
    parts += record_opening.before_training(decision, _text)
    parts += record_opening.shortlist(decision, around, _text)
    parts += record_opening.pilot(decision, _text)
    if decision.notes:
        parts += ["## Missing data and assumptions", *(f"- {_text(note)}" for note in decision.notes)]
    parts += ["## Ranking", _ranking(decision), "## Criteria", _criteria(decision)]
    if len(decision.flips):
        parts += ["## What would change it", *(f"- {_text(line)}" for line in decision.flips["sentence"])]
    counts = _counts(decision)
    if counts:
        ruled_out = [f"- {_text(label)}: {count:,}" for label, count in counts.items()]
        parts += ["## Ruled out, by first constraint", *ruled_out]
    parts.append(
        "Method: scores drawn from their standard errors, weights from a Dirichlet distribution around the "
        f"ones given ({task.certainty}), {task.draws:,} draws, seed {task.seed}."
    )
    lines = [
        f"{part}\n" if not part.startswith("- ") or not following.startswith("- ") else part
        for part, following in zip(parts, [*parts[1:], ""], strict=True)
    ]
    return "\n".join(lines)


def _question(task: Task) -> str:
    share_alike = "accepted" if task.share_alike else "ruled out"
    named = f", only {', '.join(task.licences)}" if task.licences else ""
    size = f"{task.size_min:g} to {task.size_max:g} billion parameters"
    weights = ", ".join(f"{BY_KEY[key].label} {task.weights.get(key, 0):g}" for key in KEYS)
    samples = _text(", ".join(task.targets[:5])[:120])
    training = (
        f"{METHODS.get(task.method, task.method)}; batch {task.batch_size}, rank {task.lora_rank}, "
        f"adapters on {task.adapter_targets}, {task.framework}"
    )
    output = (
        f"{OUTPUTS.get(task.output, task.output)}; samples {samples}; written as {_text(task.template[:120])}"
    )
    source = "later study let in" if task.newer else "board scores only"
    terms = [
        LICENCE_NEEDS.get(task.licence, task.licence) + named,
        f"share-alike {share_alike}",
        *(["may be sold in the EU"] if task.sold_in_eu else []),
    ]
    further = [
        "publisher's code accepted" if task.remote_code else "no publisher's code",
        *(["stops without trained embeddings"] if task.trained_stop else []),
        *(["bases placed by size alone let in"] if task.size_only else []),
        *([f"only {', '.join(task.only)}"] if task.only else []),
    ]
    lines = {
        "Task": PRESETS[task.preset].label if task.preset in PRESETS else task.preset,
        "Output": output,
        "Texts": ", ".join(TEXTS.get(each, NAMES.get(each, each)) for each in texts_of(task)),
        "Languages": ", ".join(NAMES.get(code, code) for code in task.languages) or "none that count",
        "Lengths": f"{task.prompt_tokens:,} tokens of prompt, {task.target_tokens:,} of answer",
        "Training": training,
        "GPU": record_opening.card(task),
        "Models": f"{', '.join(task.kinds)}; {size}; {GATED_WORDS[task.gated]}; {source}; "
        f"{'; '.join(further)}",
        "Licence": "; ".join(terms),
        "Weights": f"{weights} ({task.certainty} known{_spread(task.certainty)})",
        "Within capability": ", ".join(
            f"{each.label} {task.benchmarks.get(each.key, 0):g}" for each in BENCHMARKS
        ),
    }
    return "\n".join(f"- {label}: {text}" for label, text in lines.items())


def _spread(certainty: str) -> str:
    total = CERTAINTIES.get(certainty, 0.0)
    return f", Dirichlet total {total:g}" if 0 < total < math.inf else ""


def _ranking(decision: Decision) -> str:
    lines = ["| Rank | Model | Points | First in | Rank in 90% of draws |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['rank']} | {_text(row['model_id'])} | {row['score']:.1f} | {row['p_first']:.0%} | "
        f"{row['rank_low']:.0f} to {row['rank_high']:.0f} |"
        for row in decision.ranking.head(_KEPT_ROWS).to_dict("records")
    ]
    return "\n".join(lines)


def _criteria(decision: Decision) -> str:
    first = decision.ranking.head(3)
    names = " | ".join(_text(decision.names[name]) for name in first["model_id"])
    lines = [f"| Criterion | Weight | Unit | Source | {names} |", "|---|---|---|---|" + "---|" * len(first)]
    for row in decision.criteria.to_dict("records"):
        figures = " | ".join(_figure(value) for value in first[row["key"]])
        lines.append(
            f"| {row['label']} | {row['weight']:.0%} | {row['unit']} | {row['source']} | {figures} |"
        )
    return "\n".join(lines)


def _line(value: object) -> str:
    return " ".join(value.split())[:500] if isinstance(value, str) else ""


def _figure(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, (int, float)) and not math.isnan(value) else "unknown"


def _counts(decision: Decision) -> dict[str, int]:
    if decision.excluded.empty:
        return {}
    counted = decision.excluded["constraint"].value_counts()
    return {str(label): int(count) for label, count in counted.items()}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value JSON knows; None for what is unknown."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else round(float(value), 6)
    return value if isinstance(value, str) else None


def _text(text: str) -> str:
    """Text that stays text in Markdown and inside a table."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
