"""What reports print of one model, beside what the placement expects there."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from core.catalogue import load_report_sources, load_reports
from core.model_card.references import link_of
from core.placement import load_cells

# Distance between printed and expected, in standard deviations of such a cell, from which one is doubtful: of
# all cells one in sixty.
DOUBTFUL: Final = 2.5
FIGURE_COLUMNS: Final = (
    "report", "benchmark", "shots", "cot", "metric", "value", "expected", "low", "high", "doubt", "verdict",
    "note",
)  # fmt: skip
REPORT_COLUMNS: Final = (
    "report", "title", "date", "figures", "used", "outside", "doubtful", "offset", "secondary", "link",
    "source",
)  # fmt: skip
_KEY: Final = ["study", "benchmark", "shots", "cot", "metric"]


def printed_figures(model_id: str) -> pd.DataFrame:
    """Every figure that a report prints of the model, one row each, by report and benchmark.

    Returns:
        FIGURE_COLUMNS: report (key of :func:`core.catalogue.load_report_sources`), benchmark, shots, cot,
        metric (NA where not printed); value, expected, low, high in the benchmark's own unit, limits 90%, NA
        where the placement doesn't use the figure; doubt: distance between value and expected in standard
        deviations; verdict: "as expected", "outside the interval", "doubtful", "not used by the placement",
        or "left out: " with the reason; note.

    Raises:
        DataError: reports or placement can't be read.
    """
    reports = load_reports()
    own = reports[reports["model_id"].str.lower() == model_id.lower()].copy()
    cells = load_cells()
    cells = cells[cells["model_id"].str.lower() == model_id.lower()]
    cells = cells[[*_KEY, "expected", "low", "high", "doubt"]]
    keyed = own.assign(cot=own["cot"].astype("string"))
    for name in ("shots", "cot", "metric"):
        keyed[name] = keyed[name].astype("string").fillna("?")
    joined = (
        keyed[_KEY].astype("object").merge(cells.astype(dict.fromkeys(_KEY, "object")), on=_KEY, how="left")
    )
    for name in ("expected", "low", "high", "doubt"):
        own[name] = joined[name].to_numpy(dtype=np.float64)
    out = own["excluded"].notna()
    own.loc[out, ["expected", "low", "high", "doubt"]] = np.nan
    told = (own[name] for name in ("excluded", "value", "low", "high", "doubt"))
    own["verdict"] = [_verdict(*cell) for cell in zip(*told, strict=True)]
    own["note"] = own["note"].fillna("")
    return own.sort_values(["report", "benchmark"], kind="stable")[list(FIGURE_COLUMNS)].reset_index(
        drop=True
    )


def _verdict(excluded: object, value: float, low: float, high: float, doubt: float) -> str:
    if isinstance(excluded, str):
        return f"left out: {excluded}"
    if np.isnan(doubt):
        return "not used by the placement"
    if doubt >= DOUBTFUL:
        return "doubtful"
    return "as expected" if low <= value <= high else "outside the interval"


def witnesses(figures: pd.DataFrame) -> pd.DataFrame:
    """The reports behind :func:`printed_figures`, one row each, those with most used figures first.

    Returns:
        REPORT_COLUMNS: report, title, date (YYYY-MM or ""); figures, used, outside (their 90% interval) and
        doubtful: counts; offset: mean of value less expected over the used figures, NA without any;
        secondary: read in a copy or summary; link (None where its source names none); source.
    """
    sources = load_report_sources()
    rows = []
    for report, own in figures.groupby("report", sort=False):
        source = sources[str(report)]
        used = own[own["expected"].notna()]
        rows.append(
            (
                str(report), source.title, source.date, len(own), len(used),
                int((own["verdict"].isin(["outside the interval", "doubtful"])).sum()),
                int((own["verdict"] == "doubtful").sum()),
                round(float((used["value"] - used["expected"]).mean()), 1) + 0.0 if len(used) else np.nan,
                source.secondary, link_of(source.source), source.source,
            )
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(REPORT_COLUMNS))
    return table.sort_values(["used", "figures", "report"], ascending=[False, False, True], ignore_index=True)
