"""Closer looks at the decision, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.charts import decision as charts
from core.decision import memory_figures
from core.decision.criteria import BY_KEY, KEYS
from core.decision.explain import capability_formula, why_there
from pages.parts.decide import apply, data, pilot
from pages.parts.shell import download, figure, fold, links, own, shortlist
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.decision.rank import Decision

VIEWS: Final = {
    "ranks": "Ranks",
    "memory": "Score and memory",
    "points": "Points",
    "flips": "What would change it",
    "languages": "Languages",
    "out": "Ruled out",
    "fit": "Memory in detail",
    "instruct": "Base or instruct",
    "pilot": "Pilot",
    "record": "Record and notebook",
}
_PERCENT: Final = "%.0f%%"
# Pixels: half a phone's width, so that the figures beside a name show.
_NAME: Final = 172


def checks() -> dict[str, links.Check]:
    return {
        "d_view": links.one_of(*VIEWS.values()),
        "d_chat": links.switch,
        "d_pilot": pilot.check,
        "d_sweep": links.one_of(*(BY_KEY[key].label for key in KEYS)),
    }


def choose() -> str:
    """Which view to draw; the others cost nothing."""
    chosen = st.segmented_control(
        "A closer look",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        default="ranks",
        required=True,
        key="d_view",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or "ranks"


def ranks(decision: Decision) -> None:
    table = charts.acceptability_table(decision.acceptability)
    figure.show(
        charts.rank_acceptability(table, draws=decision.task.draws, names=decision.names),
        key="decide_ranks",
        data=table,
        alt="For each of the leading models, the share of draws in which it takes each rank.",
    )
    st.markdown(
        ":small[Scores are drawn from their standard errors, weights around yours. One broad band means "
        "a firm place.]"
    )
    if len(decision.wins) > 1:
        with fold.on_phone("decide_wins", "Under which weights each one wins"):
            st.markdown("**Under which weights each one wins.** Mean weights of the draws it wins:")
            _table(decision.wins.head(8), "decide_wins", _win_columns(), shares=("p_first", *KEYS))
    picks = shortlist.current()
    if picks:
        st.markdown("**Your shortlist: why each is where it is**")
        _table(
            why_there(decision, picks), "decide_shortlist", _why_columns(), shares=("p_first",), missing=""
        )
    st.markdown("**All candidates**", help=plain(capability_formula(decision)))
    shares = ("p_first", "beats_first", "numbers")
    marked = decision.ranking.assign(
        listed=[
            " ".join(filter(None, ("★" if each in picks else "", mine)))
            for each, mine in zip(
                decision.ranking["model_id"], own.column(decision.ranking["model_id"]), strict=True
            )
        ]
    )
    beside = ["listed"] if marked["listed"].any() else []
    first = ["model_id", "rank", "score", "evidence"]
    order = ["model_id", *beside, *first[1:], *decision.ranking.columns.drop(first)]
    _table(marked[order], "decide_ranking", _ranking_columns(), shares=shares)
    download.table(decision.ranking, name="basewise-decision", key="decide_ranking_file", parquet=False)


def memory(decision: Decision) -> None:
    task = decision.task
    gpu_gb, name = memory_figures.gpu_gb(task), memory_figures.gpu_name(task).removeprefix("the ")
    figure.show(
        charts.score_against_memory(decision.ranking, decision.beyond, gpu_gb=gpu_gb, gpu=name),
        key="decide_memory",
        data=decision.ranking[["model_id", "score", "memory_gb", "memory_low_gb", "memory_high_gb"]],
        alt="Points of each candidate against its estimated memory in training, the front of the best for "
        "their memory, and a line at the memory of the chosen GPU.",
    )
    st.markdown(
        ":small[Estimated for your method, lengths and batch; hover for the range. Crosses: ruled out by "
        "size or memory alone.]"
    )


def points(decision: Decision) -> None:
    figure.show(
        charts.contributions(decision.points, names=decision.names),
        key="decide_points",
        data=decision.points.head(10),
        alt="Stacked bars: what each criterion adds to the points of the leading models.",
    )
    st.markdown("**The criteria, their scales and sources**")
    _table(
        decision.criteria.drop(columns="key"),
        "decide_criteria",
        {
            "label": st.column_config.TextColumn("Criterion", pinned=True),
            "unit": "Figure in",
            "better": "Better",
            "weight": st.column_config.NumberColumn("Weight", format=_PERCENT),
            "scale": st.column_config.TextColumn("From figure to value of 0 to 1", width="large"),
            "source": st.column_config.TextColumn("Source", width="medium"),
            "known": st.column_config.NumberColumn("Known for", help="Candidates with a figure."),
        },
        shares=("weight",),
    )


def flips(decision: Decision) -> None:
    if decision.flips.empty:
        st.markdown("No change of one weight or one constraint puts another model first.")
    else:
        for by, title in (("weight", "One weight changed"), ("constraint", "One constraint changed")):
            rows = decision.flips[decision.flips["by"] == by]
            if len(rows):
                st.markdown(f"**{title}**")
                for i, flip in enumerate(rows.to_dict("records")):
                    apply.row(str(flip["sentence"]), flip, decision, f"decide_try_{by}_{i}")
    weighted = [row["key"] for row in decision.criteria.to_dict("records") if row["known"]]
    if len(decision.ranking) < 2 or not weighted:
        return
    default = "numbers" if "numbers" in weighted and decision.task.output == "number" else weighted[0]
    criterion = st.selectbox(
        "Vary the weight of",
        weighted,
        index=weighted.index(default),
        format_func=lambda key: BY_KEY[key].label,
        key="d_sweep",
        bind="query-params",
        help="Works the answer out again for 20 weights from 0 to 95%.",
    )
    swept = data.swept(decision.task, criterion)
    if swept.empty:
        st.markdown("This criterion doesn't apply to the task, so its weight changes nothing.")
        return
    now = float(decision.criteria.set_index("key")["weight"][criterion])
    figure.show(
        charts.sensitivity(swept, criterion=criterion, now=now, names=decision.names),
        key="decide_sweep",
        data=charts.leading(swept),
        alt="Chance of the first place of the leading models as the weight of one criterion grows.",
    )


def ruled_out(decision: Decision) -> None:
    out = decision.excluded
    if out.empty:
        st.markdown("No model was ruled out.")
        return
    counted = ", ".join(
        f"{plain(str(label))} {count:,}" for label, count in out["constraint"].value_counts().items()
    )
    st.markdown(f"**{len(out):,} models ruled out**, by the first constraint each fails: {counted}.")
    kinds = out["constraint"].unique().tolist()
    shown = st.multiselect(
        "Show those ruled out by",
        kinds,
        default=[label for label in kinds if label != "Kind of model"] or kinds,
        key="decide_out_by",
        select_all=False,
        help="Kind of model is left out at first: most of the board are fine-tunes and merges.",
    )
    rows = out[out["constraint"].isin(shown)]
    _table(
        rows,
        "decide_out",
        {
            "model_id": st.column_config.TextColumn("Model", pinned=True, width=_NAME),
            "constraint": "Ruled out by",
            "why": st.column_config.TextColumn("Why", width="large"),
            "way_back": st.column_config.TextColumn(
                "Smallest change that would re-admit it", width="large", help="Empty: no setting here does."
            ),
            "others": "Also fails",
            "n_constraints": None,
        },
        missing="",
    )
    download.table(rows, name="basewise-ruled-out", key="decide_out_file", parquet=False)


def _table(
    frame: pd.DataFrame,
    key: str,
    columns: dict[str, Any],
    *,
    shares: tuple[str, ...] = (),
    missing: str = "unknown",
) -> None:
    """A table; columns that hold shares of 1 are shown as per cent."""
    shown = frame.assign(**{name: frame[name] * 100 for name in shares})
    st.dataframe(shown, hide_index=True, key=key, column_config=columns, placeholder=missing)


def _ranking_columns() -> dict[str, Any]:
    shown: dict[str, Any] = {
        "model_id": st.column_config.TextColumn("Model", pinned=True, width=_NAME),
        "listed": st.column_config.TextColumn("★", help="★: on your shortlist. Yours: a row you added."),
        "rank": st.column_config.NumberColumn("Rank"),
        "score": st.column_config.NumberColumn(
            "Points",
            format="%.1f",
            help="Of 100: share of each weight x value of 0 to 1, summed. The Points view shows the parts.",
        ),
        "p_first": st.column_config.NumberColumn("First in", format=_PERCENT, help="Share of draws."),
        "rank_low": st.column_config.NumberColumn("Rank from", help="90% of the draws lie between."),
        "rank_high": st.column_config.NumberColumn("to"),
        "beats_first": st.column_config.NumberColumn("Ahead of first", format=_PERCENT),
        "evidence": st.column_config.TextColumn(
            "Evidence", help="Measured on the six, or placed on their scale."
        ),
        "released": "Released",
        "license": "Licence",
        "memory_gb": st.column_config.NumberColumn("Memory (GB)", format="%.1f"),
        "size_b": st.column_config.NumberColumn("Size (B)", format="%.1f"),
        "first_token_floor": st.column_config.NumberColumn(
            "First-token floor",
            format="%.1f",
            help="Mean error left, in the unit of your answers, once the first number token is right.",
        ),
    }
    formats = {"numbers": _PERCENT, "licence": "%.1f", "age": "%.0f", "text": "%.0f"}
    for key in KEYS:
        shown[key] = st.column_config.NumberColumn(
            BY_KEY[key].label, format=formats.get(key, "%.1f"), help=f"{BY_KEY[key].unit.capitalize()}."
        )
    hidden = (
        "organization", "kind", "params_b", "architecture", "revision", "average", "source", "capability_se",
        "first_token_settles", "instruct_id", "memory_low_gb", "memory_high_gb", "gpu_gb", "gated",
        "scores_filled", "n_reports", "stops", "plain_end", "eu_commercial", "trained_embeddings_needed",
        "layer_kinds", "native", "languages_known", "shift", "p_before",
    )  # fmt: skip
    return shown | dict.fromkeys(hidden)


def _why_columns() -> dict[str, Any]:
    return {
        "model_id": st.column_config.TextColumn("Model", pinned=True, width=_NAME),
        "rank": st.column_config.NumberColumn("Rank"),
        "score": st.column_config.NumberColumn("Points", format="%.1f"),
        "p_first": st.column_config.NumberColumn("First in", format=_PERCENT),
        "why": st.column_config.TextColumn("Why", width="large"),
        "way_back": st.column_config.TextColumn("Smallest change that would re-admit it", width="large"),
    }


def _win_columns() -> dict[str, Any]:
    return {
        "model_id": st.column_config.TextColumn("Model", pinned=True, width=_NAME),
        "p_first": st.column_config.NumberColumn("First in", format=_PERCENT),
        **{key: st.column_config.NumberColumn(BY_KEY[key].label, format=_PERCENT) for key in KEYS},
    }
