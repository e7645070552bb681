"""What the proof of the pilot says, in sentences made from its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

OURS: Final = "updated"
THEIRS: Final = "accept_then_stop"
_EQUAL: Final = 1e-3


def orders(means: pd.DataFrame) -> str:
    """How well the choice orders the models, beside the authors' rule and what needs no trial.

    Args:
        means: rows of :func:`core.pilot.proof.summary` for the mean of the sets.
    """
    table = means.pivot_table(index="budget", columns="rule", values="pearson")
    ahead = int((table[OURS] >= table[THEIRS]).sum())
    small, large = table.index.max(), table.index.min()
    return (
        f"With runs on 1/{small} of the data the pilot's forecasts agree with what was reached by "
        f"{table.loc[small, OURS]:.2f}, with 1/{large} by {table.loc[large, OURS]:.2f} (Pearson, mean of "
        "three "
        f"sets); losses before tuning give {_signed(table, 'zero_shot')}, and size "
        f"{_signed(table, 'size')}. That "
        f"is at least as good at {ahead} of {len(table)} budgets as accept-then-stop, the rule of the law's "
        "authors."
    )


def regrets(means: pd.DataFrame) -> str:
    """What the model chosen first loses, beside the authors' rule: better, equal and worse budgets."""
    table = means.pivot_table(index="budget", columns="rule", values="regret").sort_index(ascending=False)
    gap = table[OURS] - table[THEIRS]
    parts = [
        (f"less than accept-then-stop at {_shares(gap.index[gap < -_EQUAL])}", (gap < -_EQUAL).any()),
        (f"as much at {_shares(gap.index[gap.abs() <= _EQUAL])}", (gap.abs() <= _EQUAL).any()),
        (f"more at {_shares(gap.index[gap > _EQUAL])}", (gap > _EQUAL).any()),
    ]
    said = ", ".join(text for text, there in parts if there)
    return (
        f"Tuning only the model it puts first loses {table[OURS].min():.0%} to {table[OURS].max():.0%} of "
        "the way "
        f"from best to worst: {said} of the data. These figures hang on single models."
    )


def bands(means: pd.DataFrame, each: pd.DataFrame) -> str:
    """How often the 90% bands hold, on average and in the worst set.

    Args:
        means: as in :func:`orders`.
        each: the rows of the single sets.
    """
    held = means[means["rule"] == "pilot"]["held"]
    worst = each[each["rule"] == "pilot"].nsmallest(1, "held").iloc[0]
    return (
        f"Its 90% bands hold {held.min():.0%} to {held.max():.0%} of the losses over the three sets, but "
        "not in "
        f"each of them: {worst['held']:.0%} of {str(worst['set']).upper()} at 1/{worst['budget']}."
    )


def blend(summary: pd.DataFrame) -> str:
    """From which budget on scores and pilot together choose as well as the pilot alone.

    Args:
        summary: from :func:`core.pilot.proof_blend.summary`.
    """
    table = summary.pivot_table(index="budget", columns="rule", values="regret").sort_index(ascending=False)
    late = table.index[table["both"] > table["pilot"] + _EQUAL]
    spearman = summary.loc[summary["rule"] == "scores", "spearman"].iloc[0]
    text = (
        "Few of these models have scores on the board, and their scores order the losses reached with a "
        f"Spearman of {spearman:.2f}".replace("-", "−")
    )
    if late.empty:
        return f"{text}. Together with a pilot they choose as well as the pilot alone at every budget."
    return (
        f"{text}. At {_shares(late)} of the data the blend that Decide makes still follows them, and loses "
        f"up to {table['both'].max():.0%} of the way from best to worst where the pilot alone loses "
        f"{table.loc[late, 'pilot'].max():.0%} at most; with more it chooses as well as the pilot alone."
    )


def _signed(table: pd.DataFrame, rule: str) -> str:
    return f"{float(table[rule].iloc[-1]):.2f}".replace("-", "−")


def _shares(budgets: pd.Index) -> str:
    return ", ".join(f"1/{budget}" for budget in budgets)
