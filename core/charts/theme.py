"""One visual language for every figure: colours with a fixed meaning, and one template.

The kinds have Okabe and Ito's hues, which stay apart under the common kinds of colour blindness.
"""

from __future__ import annotations

import textwrap
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
ACCENT: Final = "#0B8A86"
MUTED: Final = "#8A8F8C"
# Laid over the figures: picked models, the memory of the card, what a blind pick would give.
MARK: Final = "#E0218A"
# What a search has found.
FOUND: Final = "#B86E00"
# One colour a model, tokenizer or term: at most eight, in this order. None is taken for a base, an instruct
# variant or a fine-tune, and all stay apart for colour-blind readers (tests/charts/test_theme.py).
SERIES_COLOURS: Final = (
    ACCENT, "#D9940B", "#7C29A6", "#AC9DF2", "#A60808", "#590CF2", "#BF9E7C", "#8C3F3F",
)  # fmt: skip
# From behind over tied to ahead.
DIVERGING: Final = ((0.0, "#8C510A"), (0.5, "#E9ECE6"), (1.0, "#0B6E6E"))
# Light to dark; readable on both backgrounds.
SEQUENTIAL: Final = ((0.0, "#D3ECE9"), (0.35, "#74C2BB"), (0.7, "#1F8A86"), (1.0, "#0A4A4A"))
# Characters that a line of a title holds on a phone, and the height of one in pixels.
_TITLE_LINE, _TITLE_HEIGHT = 40, 20


def style(
    fig: go.Figure, *, title: str, height: int = 420, x_title: str = "", y_title: str = ""
) -> go.Figure:
    """Dress a figure: the title says the message, the axes carry units.

    An axis without a title holds names: it isn't zoomed, as part of it would be other names after a change.
    Colours of paper and text are left to the page's light or dark theme.
    """
    lines = [line for part in title.split("<br>") for line in textwrap.wrap(part, _TITLE_LINE)]
    more = _TITLE_HEIGHT * max(0, len(lines) - 1)
    fig.update_layout(
        title={"text": "<br>".join(lines), "x": 0, "xanchor": "left", "font": {"size": 16}},
        height=height + more,
        margin={"l": 8, "r": 8, "t": 48 + more, "b": 8},
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
    fig.update_xaxes(title_text=x_title, automargin=True, fixedrange=not x_title)
    fig.update_yaxes(title_text=y_title, automargin=True, fixedrange=not y_title)
    return fig
