"""Does the blend of scores and pilot choose better than either? The models of the proof that have scores.

``python -m core.pilot.proof_blend CURVES.csv`` works the committed result out anew; the table is that of
:mod:`core.pilot.proof`.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.decision.rank import rank_bases
from core.decision.tasks import Task
from core.pilot import law, proof
from core.pilot.prior import learn_prior
from core.pilot.update import exchange, gains, points_moved

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.pilot.law import Prior

    Floats = npt.NDArray[np.float64]

FILE: Final = Path(__file__).parents[1] / "data" / "pilot_blend.json"
RULES: Final = {"scores": "Scores alone", "pilot": "Pilot alone", "both": "Scores and pilot"}
# What the sets' outcome (a loss after tuning) has to do with: no number tokens, no licence, no memory.
_WEIGHTS: Final = {"capability": 85.0, "instruct": 5.0, "age": 10.0}


def blended(curves: pd.DataFrame, board: pd.DataFrame) -> pd.DataFrame:
    """Points by scores, by the pilot and by both, for the curves' models that the board holds.

    The law's prior for a set comes from the other sets alone. The blend's own figures (how far scores agree
    with outcomes, from which point a pilot counts) are the ones Decide uses; none is fitted here.

    Args:
        curves: from :func:`core.pilot.proof.read_curves`.
        board: the leaderboard.

    Returns:
        set, base_model, budget, final (the loss reached), scores, pilot, both (points, higher is better).
    """
    from core.evidence.signals import match  # noqa: PLC0415 - needed by the builder alone

    trained = curves[curves["n_train"] > 0]
    sizes = np.sort(trained["n_train"].unique()).astype(float)
    tables = {
        str(name): rows.pivot_table(index="base_model", columns="n_train", values="value")
        for name, rows in trained.groupby("task", sort=True)
    }
    ids = match(trained["base_model"].unique(), board)
    own = board[board["model_id"].isin(list(ids.values()))]
    decision = rank_bases(own, _task(own))
    if decision.evaluated is None:
        raise AssertionError
    order = decision.ranking["model_id"].tolist()
    back = {board_id: name for name, board_id in ids.items()}
    frames = []
    for name, table in tables.items():
        others = {other: rows.to_numpy(float) for other, rows in tables.items() if other != name}
        prior = learn_prior(sizes, others)
        losses = table.loc[[back[model] for model in order]].to_numpy(float)
        worth, foreseen = exchange(decision.evaluated, prior)
        values = decision.evaluated.criteria_values.expected[:, foreseen]
        forecast = values @ decision.evaluated.shares[foreseen]
        for budget in proof.BUDGETS:
            seen = int(np.sum(sizes <= sizes[-1] / budget))
            moved, pilot = _moved(sizes, losses[:, :seen], prior, worth, forecast)
            score = decision.ranking["score"].to_numpy(float)
            frames.append(
                pd.DataFrame(
                    {
                        "set": name, "base_model": order, "budget": budget, "final": losses[:, -1],
                        "scores": score, "pilot": pilot, "both": score + moved,
                    }
                )
            )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Per rule and budget, mean of the sets: rank correlation with what was reached, and regret at one.

    Returns:
        rule, budget, spearman, regret (share of best to worst).
    """
    found: list[dict[str, Any]] = []
    for (budget, name), group in rows.groupby(["budget", "set"], sort=False):
        final = group["final"]
        for rule in RULES:
            chosen = final.iloc[int(group[rule].to_numpy(float).argmax())]
            found.append(
                {
                    "rule": rule,
                    "budget": budget,
                    "set": name,
                    "spearman": group[rule].rank().corr(-final.rank()),
                    "regret": float((chosen - final.min()) / (final.max() - final.min())),
                }
            )
    each = pd.DataFrame(found)
    return each.groupby(["rule", "budget"], sort=False)[["spearman", "regret"]].mean().reset_index()


@cache
def load_blend() -> pd.DataFrame:
    """The committed rows, as :func:`blended` returned them."""
    return pd.DataFrame(json.loads(FILE.read_text(encoding="utf-8"))["rows"])


def _moved(
    sizes: Floats, losses: Floats, prior: Prior, worth: float, forecast: Floats
) -> tuple[Floats, Floats]:
    """Points moved by the pilot, and points by the pilot alone."""
    found = law.extrapolate(sizes[: losses.shape[1]], losses, sizes[-1:], prior)
    mean, sd = found.mean[:, 0], found.sd[:, 0]
    follow, _ = gains(mean, np.diag(sd**2), prior.spread)
    return points_moved(follow, -worth * mean - forecast), -100 * worth * mean


def _task(own: pd.DataFrame) -> Task:
    """A task without constraints: the set's authors chose the models already."""
    return replace(
        Task(),
        output="text",
        targets=("a text",),
        size_max=2_000.0,
        kinds=tuple(own["kind"].unique()),
        remote_code=True,
        gpu_gb=100_000.0,
        draws=1,
        weights=_WEIGHTS,
    )


def main() -> None:
    """Read the curves named on the command line and write the result."""
    from core.leaderboard import load_leaderboard  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m core.pilot.proof_blend", description=__doc__)
    parser.add_argument("curves", type=Path)
    rows = blended(proof.read_curves(parser.parse_args().curves), load_leaderboard("snapshot"))
    content = {"source": proof.SOURCE, "licence": proof.LICENCE, "rows": rows.round(4).to_dict("list")}
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
