"""Both themes can be read: text stands out from every paper it is set on."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

THEME = tomllib.loads(
    (Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
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


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_table_headings_and_code_are_readable(mode: str) -> None:
    theme = THEME[mode]

    assert contrast(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= 4.5
    assert contrast(theme["codeTextColor"], theme["codeBackgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_series_stand_out_from_the_paper(mode: str) -> None:
    theme = THEME[mode]

    for colour in theme["chartCategoricalColors"]:
        assert contrast(colour, theme["backgroundColor"]) >= 1.9
