"""Does it work? Choosing by the pilot on published curves whose end is known, beside simpler rules.

``python -m core.pilot.proof CURVES.csv`` works out the committed prior and result anew. The table has
base_model, family, params, task, n_train and value (a loss), as in the rectified scaling law's data
(Lin et al., ICML 2024, Apache-2.0): 30 models, three sets, 200 to 1,638,400 training examples.
"""

from __future__ import annotations

import argparse
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.errors import InvalidTableError
from core.pilot import law
from core.pilot.accept_then_stop import accept_then_stop
from core.pilot.pooling import choose_by
from core.pilot.prior import FILE as PRIOR_FILE
from core.pilot.prior import learn_prior

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

FILE: Final = Path(__file__).parents[1] / "data" / "pilot_proof.json"
SOURCE: Final = "Lin et al., Selecting Large Language Model to Fine-tune via Rectified Scaling Law, ICML 2024"
LICENCE: Final = "Apache-2.0"
# The share of all data that the largest trial run gets: 1/512 to 1/8.
BUDGETS: Final = tuple(2**power for power in range(9, 2, -1))
# Columns that order models, lower is better, with how the reader of the proof is told.
RULES: Final = {
    "updated": "Ours: law and line, doubtful forecasts shrunk",
    "pilot": "Ours before shrinking",
    "accept_then_stop": "Accept-then-stop, our implementation",
    "last_subset": "Loss on the largest subset",
    "size": "Size (larger is better)",
    "zero_shot": "Loss before tuning",
}
_COLUMNS: Final = ("base_model", "family", "params", "task", "n_train", "value")


def read_curves(path: Path) -> pd.DataFrame:
    """The table of curves.

    Raises:
        InvalidTableError: a column is missing, a loss is not positive, or a curve has gaps.
    """
    table = pd.read_csv(path)
    missing = [name for name in _COLUMNS if name not in table]
    if missing:
        raise InvalidTableError(f"Column {missing[0]} not found.", source=path.name)
    if not (table["value"] > 0).all():
        raise InvalidTableError("Every loss must be a number above 0.", source=path.name)
    if (
        table.pivot_table(index=["task", "base_model"], columns="n_train", values="value")
        .isna()
        .any(axis=None)
    ):
        raise InvalidTableError("Every model needs a loss at every size.", source=path.name)
    return table


def predictions(curves: pd.DataFrame) -> pd.DataFrame:
    """What each rule says of each model's loss with all the data.

    The prior, the line's weight and the widths of the bands for a set are learnt from the other sets alone
    (leave one set out); in the columns ``strict_*`` the model's family is left out there as well.

    Returns:
        set, base_model, family, budget (1/budget of the data), final (the loss reached), pilot with pilot_low
        and pilot_high (90%), updated (what a choice goes by: forecasts shrunk by their doubt, as Decide's
        update does), strict, strict_low, strict_high, strict_updated, accept_then_stop, last_subset, size
        (minus billions of parameters), zero_shot.
    """
    trained = curves[curves["n_train"] > 0]
    sizes = np.sort(trained["n_train"].unique()).astype(float)
    tables = {
        str(name): rows.pivot_table(index="base_model", columns="n_train", values="value")
        for name, rows in trained.groupby("task", sort=True)
    }
    about = curves.drop_duplicates("base_model").set_index("base_model")
    frames = []
    for name, table in tables.items():
        losses = table.to_numpy(float)
        families = about["family"].reindex(table.index).to_numpy(str)
        others = {other: rows for other, rows in tables.items() if other != name}
        prior = learn_prior(sizes, {other: rows.to_numpy(float) for other, rows in others.items()})
        without = {
            family: learn_prior(
                sizes,
                {
                    other: rows[about["family"].reindex(rows.index).ne(family).to_numpy()].to_numpy(float)
                    for other, rows in others.items()
                },
            )
            for family in dict.fromkeys(families)
        }
        zero_shot = curves[(curves["task"] == name) & (curves["n_train"] == 0)]
        before = zero_shot.set_index("base_model")["value"].reindex(table.index).to_numpy(float)
        for budget in BUDGETS:
            seen = int(np.sum(sizes <= sizes[-1] / budget))
            found = law.extrapolate(sizes[:seen], losses[:, :seen], sizes[-1:], prior)
            strict, strict_sd = np.empty((len(losses), 3)), np.empty(len(losses))
            for family, other_prior in without.items():
                rows = families == family
                own = law.extrapolate(sizes[:seen], losses[rows, :seen], sizes[-1:], other_prior)
                strict[rows] = np.column_stack([own.median, own.low, own.high])
                strict_sd[rows] = own.sd[:, 0]
            frames.append(
                pd.DataFrame(
                    {
                        "set": name,
                        "base_model": table.index,
                        "family": families,
                        "budget": budget,
                        "final": losses[:, -1],
                        "pilot": found.median[:, 0],
                        "pilot_low": found.low[:, 0],
                        "pilot_high": found.high[:, 0],
                        "updated": np.exp(choose_by(found.mean[:, 0], found.sd[:, 0], prior.spread)),
                        "strict": strict[:, 0],
                        "strict_low": strict[:, 1],
                        "strict_high": strict[:, 2],
                        "strict_updated": np.exp(choose_by(np.log(strict[:, 0]), strict_sd, prior.spread)),
                        "accept_then_stop": [
                            accept_then_stop(sizes[:seen], row[:seen], sizes[-1:])[0] for row in losses
                        ],
                        "last_subset": losses[:, seen - 1],
                        "size": -about["params"].reindex(table.index).to_numpy(float) / 1e9,
                        "zero_shot": before,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Per rule, budget and set (and "mean" of the sets): how well it orders, and what its choice costs.

    Returns:
        rule, budget, set, pearson (of prediction and loss reached), regret (of the model it puts first, as
        a share of worst to best), held (share of losses within the 90% band; NaN for rules without).
    """
    found: list[dict[str, Any]] = []
    for (budget, name), group in rows.groupby(["budget", "set"], sort=False):
        final = group["final"].to_numpy(float)
        for rule in (*RULES, "strict", "strict_updated"):
            guess = group[rule].to_numpy(float)
            found.append(
                {
                    "rule": rule,
                    "budget": budget,
                    "set": name,
                    "pearson": float(np.corrcoef(guess, final)[0, 1]),
                    "regret": float((final[guess.argmin()] - final.min()) / np.ptp(final)),
                    "held": held(group, rule),
                }
            )
    each = pd.DataFrame(found)
    mean = each.groupby(["rule", "budget"], sort=False)[["pearson", "regret", "held"]].mean().reset_index()
    return pd.concat([each, mean.assign(set="mean")], ignore_index=True)


def held(rows: pd.DataFrame, rule: str) -> float:
    """Share of the losses reached that lie within the rule's band; NaN if it gives none."""
    if f"{rule}_low" not in rows:
        return float("nan")
    return float(rows["final"].between(rows[f"{rule}_low"], rows[f"{rule}_high"]).mean())


@cache
def load_proof() -> pd.DataFrame:
    """The committed predictions, as :func:`predictions` returned them."""
    return pd.DataFrame(json.loads(FILE.read_text(encoding="utf-8"))["rows"])


def main() -> None:
    """Read the curves named on the command line and write the prior and the proof."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("curves", type=Path)
    curves = read_curves(parser.parse_args().curves)
    about = {"source": SOURCE, "licence": LICENCE}
    trained = curves[curves["n_train"] > 0]
    sizes = np.sort(trained["n_train"].unique()).astype(float)
    prior = learn_prior(
        sizes,
        {
            str(name): rows.pivot_table(index="base_model", columns="n_train", values="value").to_numpy(float)
            for name, rows in trained.groupby("task", sort=True)
        },
    )
    _write(
        PRIOR_FILE,
        {
            **about,
            "parameters": list(law.PARAMETERS),
            "mean": _rounded(prior.mean),
            "covariance": _rounded(prior.covariance),
            "doublings": _rounded(prior.doublings),
            "widths": _rounded(prior.widths),
            "spread": round(prior.spread, 4),
            "straight": prior.straight,
        },
    )
    rows = predictions(curves)
    numbers: Callable[[pd.Series[Any]], pd.Series[Any]] = lambda column: (  # noqa: E731
        column.round(5) if column.dtype == float else column
    )
    _write(FILE, {**about, "rows": rows.apply(numbers).to_dict("list")})


def _rounded(numbers: Floats) -> list[Any]:
    return list(np.round(numbers, 6).tolist())


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
