"""Both themes can be read: text stands out from every paper it is set on."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import pytest

from core.charts import theme as charts

if TYPE_CHECKING:
    from collections.abc import Sequence

THEME = tomllib.loads(
    (Path(__file__).resolve().parent.parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)["theme"]
TEXTS = ("textColor", "linkColor", "grayTextColor", "greenTextColor", "orangeTextColor", "blueTextColor")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_paper(mode: str, text: str) -> None:
    theme = THEME[mode]
    papers = [
        theme["backgroundColor"],
        theme["secondaryBackgroundColor"],
        theme["sidebar"]["backgroundColor"],
    ]

    assert min(contrast(theme[text], paper) for paper in papers) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_white_is_readable_on_the_leading_colour(mode: str) -> None:
    assert contrast("#FFFFFF", THEME[mode]["primaryColor"]) >= 4.5


def test_slider_values_and_the_chosen_segment_are_readable() -> None:
    """They are written in a colour of their own on the paper or on a tint of the leading colour."""
    styles = (
        Path(__file__).resolve().parent.parent.parent / "pages" / "parts" / "shell" / "page.css"
    ).read_text(encoding="utf-8")
    light, dark = re.findall(r"light-dark\((#\w{6}), (#\w{6})\)", styles)[0]
    assert light.upper() == THEME["light"]["primaryColor"]
    for paper in (THEME["dark"]["backgroundColor"], THEME["dark"]["secondaryBackgroundColor"]):
        assert contrast(dark, paper) >= 6


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_table_headings_and_code_are_readable(mode: str) -> None:
    theme = THEME[mode]

    assert contrast(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= 4.5
    assert contrast(theme["codeTextColor"], theme["codeBackgroundColor"]) >= 4.5


# Simulation of full dichromacy: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
_SEEN_BY = {
    "most": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopes": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopes": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopes": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def lab(colour: str, eye: str) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as that eye sees it."""
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(_SEEN_BY[eye]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.maximum(to_xyz @ seen / np.array([0.9505, 1, 1.089]), 1e-9))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(colours: Sequence[str], eye: str) -> float:
    """The smallest difference between any two (CIE 1976); about 2 can just be seen side by side."""
    return min(
        float(np.linalg.norm(lab(one, eye) - lab(other, eye))) for one, other in combinations(colours, 2)
    )


@pytest.mark.parametrize("eye", _SEEN_BY)
def test_the_colours_of_models_stay_apart_for_every_eye(eye: str) -> None:
    assert apart(charts.SERIES_COLOURS, eye) >= 20


@pytest.mark.parametrize("eye", _SEEN_BY)
def test_base_instruct_and_fine_tune_stay_apart_for_every_eye(eye: str) -> None:
    assert apart([charts.KIND_COLOURS[kind] for kind in ("base", "instruct", "finetune")], eye) >= 15


def test_a_model_is_never_drawn_in_the_colour_of_a_kind() -> None:
    for kind in ("base", "instruct", "finetune"):
        for colour in (*charts.SERIES_COLOURS, charts.MARK):
            assert apart([colour, charts.KIND_COLOURS[kind]], "most") >= 20, (kind, colour)


def test_page_and_charts_share_one_list_of_colours() -> None:
    assert THEME["light"]["chartCategoricalColors"] == list(charts.SERIES_COLOURS)
    assert THEME["dark"]["chartCategoricalColors"] == list(charts.SERIES_COLOURS)


def test_a_title_is_left_whole_for_the_page_to_break() -> None:
    title = "a b " * 30
    fig = charts.style(go.Figure(), title=title, height=400)
    assert fig.layout.title.text == title
    assert fig.layout.height == 400
