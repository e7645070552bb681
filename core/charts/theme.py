"""One visual language for every figure: colours with a fixed meaning, and one template.

Every colour stands out from the light and from the dark paper at 3:1 or more
(tests/charts/test_contrast.py), so that a figure is the same in both themes. The kinds have hues near Okabe
and Ito's, which stay apart under the common kinds of colour blindness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import plotly.graph_objects as go

KIND_COLOURS: Final = {
    "base": "#1878C8",
    "continued": "#3F94D8",
    "instruct": "#D55E00",
    "finetune": "#1E9A5C",
    "merge": "#B85C8E",
    "multimodal": "#9A8700",
    "other": "#787E7B",
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
ACCENT: Final = "#10A39B"
MUTED: Final = "#787E7B"
# Laid over the figures: picked models, the memory of the card, what a blind pick would give.
MARK: Final = "#E0218A"
# What a search has found.
FOUND: Final = "#B86E00"
# One colour a model, tokenizer or term: at most eight, in this order. None is taken for a base, an instruct
# variant or a fine-tune, and all stay apart for colour-blind readers (tests/charts/test_theme.py).
SERIES_COLOURS: Final = (
    ACCENT, "#C13567", "#5055C8", "#CF7762", "#567E11", "#8A4E95", "#9B81DF", "#881AF9",
)  # fmt: skip
# From best to worst; neighbours differ in lightness, so that their border shows to every eye.
STEPS: Final = ("#0B7470", "#4FA046", "#6B6A14", "#BD8420", "#A0452A", "#838985")
# From behind over tied to ahead; white can be read on all of it.
DIVERGING: Final = ((0.0, "#9A5A10"), (0.5, "#6B716E"), (1.0, "#0B7470"))
# Pixels above the plot: the toolbar's, and in a saved picture the title's.
_ABOVE: Final = 32


def style(
    fig: go.Figure, *, title: str, height: int = 420, x_title: str = "", y_title: str = ""
) -> go.Figure:
    """Dress a figure: the title says the message, the axes carry units.

    An axis without a title holds names: it isn't zoomed, as part of it would be other names after a change.
    The page writes the title above the figure, where it is broken to the width there is. Colours of paper
    and text are left to the page's light or dark theme.
    """
    fig.update_layout(_layout(title, height))
    fig.update_xaxes(axis(x_title))
    fig.update_yaxes(axis(y_title))
    return fig


def layout(*, title: str, height: int, x_axis: dict[str, Any], y_axis: dict[str, Any]) -> dict[str, Any]:
    """What :func:`style` sets, for a figure made in one go: each later change of a layout is slow."""
    return {**_layout(title, height), "xaxis": x_axis, "yaxis": y_axis}


def axis(title: str) -> dict[str, Any]:
    return {"title": {"text": title}, "automargin": True, "fixedrange": not title}


def _layout(title: str, height: int) -> dict[str, Any]:
    return {
        "title": {"text": title, "x": 0, "xanchor": "left", "font": {"size": 16}},
        "height": height,
        "margin": {"l": 8, "r": 8, "t": _ABOVE, "b": 8},
        # Below the plot: on a phone a legend takes several lines, which would run into the title.
        "legend": {
            "orientation": "h",
            "yref": "container",
            "yanchor": "bottom",
            "y": 0,
            "x": 0,
            "title": {"text": ""},
        },
        "hoverlabel": {"align": "left"},
    }
