"""One visual language for every figure: colours with a fixed meaning, and one template.

The hues are Okabe and Ito's, which stay apart under the common kinds of colour blindness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import plotly.graph_objects as go

KIND_COLOURS: Final = {
    "base": "#0072B2",
    "continued": "#56B4E9",
    "instruct": "#D55E00",
    "finetune": "#009E73",
    "merge": "#CC79A7",
    "multimodal": "#B59F00",
    "other": "#8A8F8C",
}
# Marks and order matter too: colour never carries a meaning alone.
KIND_SYMBOLS: Final = {
    "base": "circle",
    "continued": "circle-open",
    "instruct": "diamond",
    "finetune": "triangle-up",
    "merge": "x-thin-open",
    "multimodal": "square-open",
    "other": "cross-thin-open",
}
# For "one colour per model" (Compare, tokenizers): at most eight, in this order.
SERIES_COLOURS: Final = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B59F00", "#56B4E9", "#8C564B", "#6A6F73",
)  # fmt: skip
ACCENT: Final = "#0B8A86"
MUTED: Final = "#8A8F8C"
GOOD: Final = "#009E73"
BAD: Final = "#D55E00"
# Light to dark; readable on both backgrounds.
SEQUENTIAL: Final = ((0.0, "#D3ECE9"), (0.35, "#74C2BB"), (0.7, "#1F8A86"), (1.0, "#0A4A4A"))


def style(
    fig: go.Figure, *, title: str, height: int = 420, x_title: str = "", y_title: str = ""
) -> go.Figure:
    """Dress a figure: the title says the message, the axes carry units.

    Colours of paper and text are left to the page's light or dark theme. A figure that changes is drawn
    anew by Streamlit, so a zoom to be kept must be in the figure: see :mod:`core.charts.leaderboard`.
    """
    fig.update_layout(
        title={"text": title, "x": 0, "xanchor": "left", "font": {"size": 16}},
        height=height,
        margin={"l": 8, "r": 8, "t": 48, "b": 8},
        # Below the plot: on a phone a legend takes several lines, which would run into the title.
        legend={
            "orientation": "h",
            "yref": "container",
            "yanchor": "bottom",
            "y": 0,
            "x": 0,
            "title": {"text": ""},
        },
        hoverlabel={"align": "left"},
    )
    fig.update_xaxes(title_text=x_title, automargin=True)
    fig.update_yaxes(title_text=y_title, automargin=True)
    return fig
