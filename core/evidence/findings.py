"""What the backtest says, in sentences made from its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.evidence.labels import SIGNALS
from core.evidence.studies import study_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from core.evidence.result import Backtest


def headline(result: Backtest) -> str:
    """Whether anything known before tuning orders the outcomes."""
    before = result.results[result.results["signal"] != "trial"]
    sure = before[before["spearman_low"] > 0]
    better = before[before["gain_low"] > 0]
    text = (
        f"Of {len(before)} comparisons of a signal with the outcomes of a study, {len(sure)} "
        f"{'has' if len(sure) == 1 else 'have'} an interval that lies above 0"
    )
    text += f" ({_by_study(sure)})." if len(sure) else "."
    alone = result.studies.loc[result.studies["publishers"] == 1, "key"]
    if sure["study"].isin(alone).any():
        named = ", ".join(study_of(str(key)).title for key in alone if key in set(sure["study"]))
        text += f" In the {named} the models on the board are one family: what grows with size orders them."
    if len(better):
        return text + f" Better than the leaderboard average beyond doubt: {_listed(better)}."
    return text + " None is better than the leaderboard average beyond doubt: nothing separates the signals."


def trial(result: Backtest) -> str:
    """How well a trial run on a little data does; "" if no study has one."""
    rows = result.results[result.results["signal"] == "trial"]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    title = result.studies.set_index("key")["title"][row["study"]]
    return (
        f"What does order them is a trial run: tuned on up to 5% of the data, the models of “{title}” "
        f"already stand in an order that agrees with the final one by {row['spearman']:.2f} "
        f"({row['spearman_low']:.2f} to {row['spearman_high']:.2f}), and its first choice loses "
        f"{row['regret']:.0%} of the way from best to worst. That is why the hand-off notebook "
        "tries the candidates on your own data before it trains one."
    )


def siblings(pairs: pd.DataFrame) -> str:
    """Whether to start from the base or its instruct variant, from a sweep that tuned both.

    Args:
        pairs: from :func:`core.evidence.sweep.siblings`.
    """
    base = pairs[pairs["base_lower"] == pairs["shared"]]
    instruct = pairs[pairs["base_lower"] == 0]
    mixed = len(pairs) - len(base) - len(instruct)
    text = (
        f"In {len(base)} of {len(pairs)} pairs the base ended at the lower loss in every setting both ran"
        f"{_by(base)}, in {len(instruct)} the instruct variant did{_by(instruct)}"
    )
    text += f", in {mixed} neither always." if mixed else "."
    return (
        f"{text} The differences are small beside those between models, and weak evidence: the same texts "
        "were scored in different chat formats, and a loss says nothing of how a model answers."
    )


def of_study(result: Backtest, key: str, statistic: str = "spearman") -> str:
    """One study's message: the best signal and whether the others can be told apart from it."""
    rows = result.results[result.results["study"] == key]
    if rows.empty:
        return "Too few models tuned alike to compare anything"
    # Less regret is better, more agreement is.
    sign = -1 if statistic == "regret" else 1
    best = rows.iloc[int((sign * rows[statistic]).to_numpy(float).argmax())]
    name = SIGNALS[str(best["signal"])]
    if len(rows) == 1:
        return f"{name}: {best[statistic]:.2f}"
    reach = rows[f"{statistic}_{'low' if sign < 0 else 'high'}"] * sign
    floor = best[f"{statistic}_{'high' if sign < 0 else 'low'}"] * sign
    apart = int((reach < floor).sum())
    if not apart:
        return f"Nothing separates the {len(rows)} signals"
    return f"{name} beats {apart} of {len(rows) - 1}"


def instruct(result: Backtest) -> str:
    """What the instruct variant adds to the base's own score: why its weight is low."""
    alone = result.studies.loc[result.studies["publishers"] == 1, "key"]
    rows = result.results[
        result.results["signal"].isin(["instruct", "lift"]) & ~result.results["study"].isin(alone)
    ]
    if rows.empty:
        return "No study here has instruct variants of enough of its models on the board."
    parts = [
        f"{SIGNALS[row['signal']].lower()} {row['spearman']:.2f} ({row['spearman_low']:.2f} to "
        f"{row['spearman_high']:.2f}, {row['models']:.0f} models)"
        for row in rows.to_dict("records")
    ]
    return f"Spearman with the outcome: {'; '.join(parts)}. Neither can be told from nothing by such data."


def _by_study(rows: pd.DataFrame) -> str:
    parts = [
        f"{study_of(str(study)).title}: {', '.join(SIGNALS[str(name)] for name in part['signal'])}"
        for study, part in rows.groupby("study", sort=False)
    ]
    return "; ".join(parts)


def _by(pairs: pd.DataFrame) -> str:
    if pairs.empty:
        return ""
    gaps = pairs["difference"].abs()
    names = ", ".join(pairs["base_id"].str.split("/").str[-1].unique())
    return (
        f" ({names}: by {gaps.min():.3f} to {gaps.max():.3f} nats)"
        if len(pairs) > 1
        else (f" ({names}: by {gaps.iloc[0]:.3f} nats)")
    )


def _named(row: Mapping[Hashable, Any]) -> str:
    return f"{SIGNALS[str(row['signal'])]} in {study_of(str(row['study'])).title}"


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(_named(row) for row in rows.to_dict("records"))
