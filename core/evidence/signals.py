"""What one could have ranked the bases by before tuning any of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.board.names import size_in_name
from core.decision import candidates
from core.decision.rank import rank_bases
from core.decision.tasks import Task, preset
from core.evidence import outcomes as published
from core.schema import BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Whole words of a task's name that tell which preset is meant; anything else counts as classification.
_PRESET_WORDS: Final = {
    "price": {"price", "prices", "pricer", "pricing"},
    "code": {"sql", "wikisql", "code", "coder", "coding", "magicoder", "humaneval", "mbpp"},
    "mathematics": {"gsm", "gsm8k", "math", "maths", "mathematics", "mathqa", "arithmetic"},
    "instructions": {"flan", "instruct", "instruction", "instructions", "chat", "alpaca"},
    "language": {"wmt", "translate", "translation"},
    "extraction": {"json", "ner", "conll", "conllpp", "viggo", "extract", "extraction"},
}


def preset_for(task_name: str) -> str:
    """The preset a task's name points to.

    >>> preset_for("text-to-sql Spider dev (all)"), preset_for("dinner reviews")
    ('code', 'classification')
    """
    name = task_name.lower()
    # With and without digits: gsm8k, and sql in text2sql.
    found = {*re.findall(r"[a-z0-9]+", name), *re.findall(r"[a-z]+", name)}
    return next((key for key, words in _PRESET_WORDS.items() if words & found), "classification")


def match(names: Iterable[str], board: pd.DataFrame) -> dict[str, str]:
    """Board ids of the models a study names; case and the old prefix ``Meta-`` aside.

    A name without its publisher is matched when one publisher's own model alone has it.
    """
    known = {str(each).lower(): str(each) for each in board["model_id"]}
    own = board.loc[
        board["kind"].isin(["base", "instruct"]) & board["official"], "model_id"
    ].drop_duplicates()
    tails = own.str.rsplit("/", n=1).str[-1].str.lower()
    known = (
        dict(zip(tails[~tails.duplicated(keep=False)], own[~tails.duplicated(keep=False)], strict=True))
        | known
    )
    found = {}
    for name in names:
        tried = (name, name.replace("Meta-Llama", "Llama"), name.replace("Llama-3-", "Meta-Llama-3-"))
        for each in tried:
            if each.lower() in known:
                found[name] = known[each.lower()]
                break
    return found


def table(
    runs: pd.DataFrame, everything: pd.DataFrame, board: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """The runs with one column per signal, NaN where it isn't known.

    Args:
        runs: the outcomes to predict (:func:`core.evidence.outcomes.full_runs`).
        everything: all outcomes of the studies, for trial runs and results before tuning.
        board: the leaderboard.
        pairs: bases and their official instruct variants.
    """
    ids = match(runs["base_model"].unique(), board)
    rows = candidates.candidate_frame(board[board["model_id"].isin(ids.values())], _open(Task()), pairs=pairs)
    facts = _with_instruct(rows, board, pairs).set_index("model_id")
    model = runs["base_model"].map(ids)
    frame = runs.copy()
    named = frame["base_model"].map(size_in_name).astype(float)
    on_board = _column(facts, "params_b", model)
    frame["size"] = on_board.fillna(frame["params_b"].astype(float)).fillna(named)
    for key in ("likes", "average", *(each.key for each in BENCHMARKS), "instruct", "lift"):
        frame[key] = _column(facts, key, model)
    frame["on_board"] = model.notna()
    frame["decision"] = _decided(frame, model, board, pairs)
    for key, part in (("untuned", published.untuned), ("trial", published.trial_runs)):
        extra = part(everything).rename(columns={"outcome": key})
        frame = frame.drop(columns=key, errors="ignore").merge(
            extra, on=["study", "task", "base_model"], how="left"
        )
    return frame


def _with_instruct(rows: pd.DataFrame, board: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Adds instruct (score of the instruct variant; a model that is one counts with its own) and lift."""
    own = rows["instruct_average"].to_numpy(float)
    base_of = dict(zip(pairs["variant_id"], pairs["base_id"], strict=True))
    average = board.drop_duplicates("model_id").set_index("model_id")["average"]
    base_average = rows["model_id"].map(base_of).map(average).to_numpy(float)
    mine = rows["average"].to_numpy(float, na_value=np.nan)
    is_variant = ~np.isnan(base_average)
    return rows.assign(
        instruct=np.where(is_variant, mine, own),
        lift=np.where(is_variant, mine - base_average, own - mine),
    )


def _decided(
    frame: pd.DataFrame, model: pd.Series[str], board: pd.DataFrame, pairs: pd.DataFrame
) -> pd.Series[float]:
    """The score this tool gives with the preset of each task and no constraint."""
    found = pd.Series(np.nan, index=frame.index)
    presets = frame["task"].map(preset_for)
    for key in presets.unique():
        rows = presets == key
        ids = model[rows].dropna().unique()
        if not len(ids):
            continue
        task = _open(preset(key))
        among = candidates.candidate_frame(board[board["model_id"].isin(ids)], task, pairs=pairs)
        score = rank_bases(among, task).ranking.set_index("model_id")["score"]
        found[rows] = model[rows].map(score)
    return found


def _open(task: Task) -> Task:
    """The task without constraints, on hardware that holds everything: the study chose its models already."""
    return replace(
        task,
        size_min=0.0,
        size_max=2_000.0,
        kinds=tuple({"base", "continued", "instruct", "finetune", "merge", "multimodal", "other"}),
        remote_code=True,
        newer=True,
        gpu_gb=100_000.0,
        draws=1,
        weights={**task.weights, "memory": 0.0},
    )


def _column(facts: pd.DataFrame, key: str, model: pd.Series[str]) -> pd.Series[float]:
    numbers = pd.to_numeric(facts[key], errors="coerce").astype(float)
    return model.map(numbers).astype(float)
