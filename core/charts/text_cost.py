"""What text costs in each language: one mark a tokenizer, one line a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go

from core.charts.theme import MUTED, SERIES_COLOURS, style

if TYPE_CHECKING:
    import pandas as pd

# Most that one tokenizer costs of another where both are said to cost the same.
_NEARLY: Final = 1.05
_SYMBOLS: Final = ("circle", "diamond", "square", "triangle-up", "cross", "star")


def text_cost(table: pd.DataFrame) -> go.Figure:
    """Tokens per 1,000 characters, a row for each language and a mark for each tokenizer.

    Args:
        table: tokenizer, language (its name), tokens_per_1000_chars, tokens; unknown ones are left out. The
            order of languages is that of their first rows, from above.
    """
    known = table.dropna(subset="tokens_per_1000_chars")
    languages = list(dict.fromkeys(known["language"]))
    fig = go.Figure()
    for language, rows in known.groupby("language", sort=False):
        ends = [rows["tokens_per_1000_chars"].min(), rows["tokens_per_1000_chars"].max()]
        fig.add_scatter(
            x=ends, y=[language, language], mode="lines", line={"color": MUTED, "width": 1},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    for at, (label, rows) in enumerate(known.groupby("tokenizer", sort=False)):
        fig.add_scatter(
            x=rows["tokens_per_1000_chars"],
            y=rows["language"],
            mode="markers",
            name=str(label),
            marker={
                "color": SERIES_COLOURS[at % len(SERIES_COLOURS)],
                "symbol": _SYMBOLS[at % len(_SYMBOLS)],
                "size": 11,
            },
            customdata=rows[["tokens"]],
            hovertemplate="%{y}, %{fullData.name}: %{x:,.0f} tokens per 1,000 characters"
            "<br>the sample message: %{customdata[0]:,} tokens<extra></extra>",
        )
    style(
        fig,
        title=_title(known),
        x_title="tokens per 1,000 characters (fewer is cheaper)",
        height=200 + 34 * len(languages),
    )
    fig.update_xaxes(rangemode="tozero")
    fig.update_yaxes(categoryorder="array", categoryarray=languages[::-1], title=None)
    return fig


def _title(known: pd.DataFrame) -> str:
    """Where the tokenizers lie farthest apart."""
    if known["tokenizer"].nunique() < 2:
        return "What text costs"
    rates = known.groupby("language", sort=False)["tokens_per_1000_chars"].agg(["min", "max"])
    ratios = rates["max"] / rates["min"]
    if ratios.max() < _NEARLY:
        return "These tokenizers need nearly the same number of tokens"
    language = str(ratios.idxmax())
    said = f"{language} differs most" if len(rates) > 1 else language
    low, high = rates.loc[[language]].to_numpy(dtype=float)[0]
    return f"{said}: {low:,.0f} to {high:,.0f} tokens per 1,000 characters"
