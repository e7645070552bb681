"""Every mark of every chart stands out from the paper, light and dark, by WCAG's 3 to 1 for graphics."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.charts import every_chart
from tests.charts.test_theme import THEME, contrast

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEX, _RGBA = re.compile(r"#[0-9A-Fa-f]{6}"), re.compile(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)")
# Keys below which no mark is drawn.
_NO_MARKS = {"hoverlabel", "template", "legendgrouptitle", "selected", "unselected"}


@cache
def drawn() -> list[tuple[str, dict[str, Any]]]:
    return [(name, figure.to_plotly_json()) for name, figure in every_chart.figures()]


def marks(figure: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Colour and opacity of whatever a figure draws: marks, lines, bars, intervals, names and shapes."""
    for trace in figure["data"]:
        # The area of a band is told by its edge.
        shown = {
            key: value for key, value in trace.items() if key != "fillcolor" or not trace["line"]["width"]
        }
        yield from _colours(shown, float(trace.get("opacity", 1)))
    for key in ("shapes", "annotations"):
        for shape in figure["layout"].get(key, ()):
            yield from _colours(shape, 1.0)


def _colours(part: Any, opacity: float) -> Iterator[tuple[str, float]]:
    if isinstance(part, str):
        if found := _RGBA.fullmatch(part.replace(" ", "")):
            *parts, alpha = found.groups()
            yield "#" + "".join(f"{int(value):02X}" for value in parts), opacity * float(alpha)
        elif _HEX.fullmatch(part):
            yield part, opacity
    elif isinstance(part, dict):
        own = opacity * float(part.get("opacity") or 1)
        for key, value in part.items():
            if key == "textfont" and part.get("type") == "heatmap":
                continue  # written on its cells, below
            if key not in _NO_MARKS:
                yield from _colours(value, own)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _colours(value, opacity)


def blended(colour: str, opacity: float, paper: str) -> str:
    pairs = ((int(colour[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(over * opacity + under * (1 - opacity)):02X}" for over, under in pairs)


def test_every_chart_is_drawn_here() -> None:
    assert {name for name, _ in drawn()} == every_chart.names()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_mark_stands_out_from_the_paper(mode: str) -> None:
    paper = THEME[mode]["backgroundColor"]
    found = {
        (round(contrast(blended(colour, opacity, paper), paper), 2), colour, opacity, name)
        for name, figure in drawn()
        for colour, opacity in marks(figure)
    }
    assert len({colour for _, colour, *_ in found}) > 15
    assert sorted(mark for mark in found if mark[0] < 3) == []


def test_a_pale_mark_would_be_found() -> None:
    paper = THEME["light"]["backgroundColor"]
    pale = {"data": [{"type": "bar", "marker": {"color": "#0B7470", "opacity": 0.3}}], "layout": {}}
    (colour, opacity), *_ = marks(pale)
    assert contrast(blended(colour, opacity, paper), paper) < 3


def test_figures_in_cells_are_readable_on_every_cell() -> None:
    heatmaps = [trace for _, figure in drawn() for trace in figure["data"] if trace["type"] == "heatmap"]
    written = [trace for trace in heatmaps if trace.get("texttemplate")]
    assert written
    for trace in written:
        low, middle, high = (colour for _, colour in trace["colorscale"])
        for one, other in ((low, middle), (middle, high)):
            for share in (0, 0.25, 0.5, 0.75, 1):
                assert contrast(trace["textfont"]["color"], blended(one, share, other)) >= 4.5
