"""Learning curves of a pilot, as a table to draw: what was measured, and how each goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.pilot import law
from core.pilot.final import back, reached
from core.pilot.law import Z90
from core.pilot.prior import load_prior

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.pilot.file import Pilot
    from core.pilot.law import Prior

COLUMNS: Final = ("model_id", "kind", "n_train", "value", "low", "high")
_STEPS: Final = 40


def learning_curves(
    pilot: Pilot, *, model_ids: Sequence[str] | None = None, prior: Prior | None = None
) -> pd.DataFrame:
    """Measured points and extrapolated curves.

    Args:
        pilot: from :func:`core.pilot.file.read_pilot`.
        model_ids: which of its models; all that have a run if not given.
        prior: of the scaling law; the committed one if not given.

    Returns:
        model_id, kind ("run" or "curve"), n_train, value, low, high (90%), in the pilot's own measure. Bands
        of runs are what chance does in the runs themselves; bands of curves go up to all the data.
    """
    prior = prior or load_prior()
    names = [model.model_id for model in pilot.models] if model_ids is None else list(model_ids)
    names = [name for name in names if pilot.best_runs(name)]
    if not names:
        return pd.DataFrame(columns=list(COLUMNS))
    finals = reached(pilot, names, prior)
    frames = []
    for name, runs, losses, errors in zip(names, finals.runs, finals.losses, finals.errors, strict=True):
        sizes = np.array([float(run.subset) for run in runs])
        grid = np.geomspace(sizes[0], max(float(pilot.examples.train), sizes[-1]), _STEPS)
        found = law.extrapolate(sizes, losses[None], grid, prior, relative_error=errors[None])
        for kind, at, mean, sd in (
            ("run", sizes, np.log(losses), errors),
            ("curve", grid, found.mean[0], found.sd[0]),
        ):
            ends = np.sort([back(pilot, mean - Z90 * sd), back(pilot, mean + Z90 * sd)], axis=0)
            columns = (name, kind, at, back(pilot, mean), ends[0], ends[1])
            frames.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))))
    return pd.concat(frames, ignore_index=True)
