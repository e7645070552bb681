"""The small fonts hold what pages show: Streamlit's own fonts and icons, cut in a process of their own."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time

import pytest
from fontTools.ttLib import TTFont

from tests.places import ROOT

sys.path.insert(0, str(ROOT / "deploy"))

import small_fonts

STYLES = (
    "@font-face{font-family:Source Sans;src:url(../media/SourceSansVF-Upright.ttf.AB-1.woff2)format('woff2')}"
    "@font-face{font-family:Source Sans;src:url(../media/SourceSansVF-Italic.ttf.CD.woff2)format('woff2')}"
    "@font-face{font-family:Icons;src:url(../media/MaterialSymbols-Rounded.EF.woff2)format('woff2')}"
)
SMALL = ["MaterialSymbols-Rounded.1.woff2", "SourceSansVF-Upright.2.woff2"]


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return small_fonts.made_aside()


def font(made: dict[str, bytes], name: str) -> TTFont:
    [content] = [content for file, content in made.items() if file.startswith(name)]
    return TTFont(io.BytesIO(content))


def test_they_are_a_tenth_of_streamlits(made: dict[str, bytes]) -> None:
    whole = sum(
        file.stat().st_size
        for name in (small_fonts._ICONS, small_fonts._TEXT)
        for file in small_fonts._STATIC.glob(f"media/{name}.*")
    )
    assert len(made) == 2
    assert sum(map(len, made.values())) < whole / 8


def test_each_start_makes_the_same(made: dict[str, bytes]) -> None:
    """Their names tell what they hold: replicas agree, and a browser's copy outlives a restart."""
    time.sleep(1.1)  # times in fonts are whole seconds
    assert small_fonts.made_aside() == made


def test_every_icon_of_ours_is_drawn_from_its_name(made: dict[str, bytes]) -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "pages").rglob("*.py"))
    ours = set(re.findall(r":material/(\w+):", sources))
    assert len(ours) > 30
    assert ours <= small_fonts._signs(font(made, small_fonts._ICONS)).keys()


def test_streamlits_own_icons_are_there_and_most_others_are_not(made: dict[str, bytes]) -> None:
    held = small_fonts._signs(font(made, small_fonts._ICONS)).keys()
    assert {"keyboard_double_arrow_left", "expand_more", "check", "error"} <= held
    assert len(held) < len(small_fonts._signs(small_fonts._opened(small_fonts._ICONS))) / 10


def test_the_text_font_keeps_the_characters_of_its_ranges_and_its_weights(made: dict[str, bytes]) -> None:
    whole, small = small_fonts._opened(small_fonts._TEXT), font(made, small_fonts._TEXT)
    inside = {
        code
        for code in whole.getBestCmap()
        if any(first <= code <= last for first, last in small_fonts._RANGES)
    }
    assert set("aZ09–±≤→éß") <= {chr(code) for code in inside}
    assert small.getBestCmap().keys() == inside
    assert [axis.axisTag for axis in small["fvar"].axes] == ["wght"]


def test_the_style_sheet_keeps_the_whole_text_font_for_other_characters() -> None:
    upright, added, italic, icons = re.findall(
        r"@font-face\{[^}]*\}", small_fonts.small_styles(STYLES, SMALL)
    )
    assert "SourceSansVF-Upright.ttf.AB-1.woff2" in upright
    assert SMALL[1] in added
    assert "unicode-range:U+0020-017F,U+2000-22FF" in added
    assert "Italic.ttf.CD.woff2" in italic
    assert SMALL[0] in icons
    assert "unicode-range" not in icons


def test_a_style_sheet_or_page_without_these_fonts_stays_as_it_is() -> None:
    other = "@font-face{font-family:A;src:url(../media/Another.woff2)}"
    assert small_fonts.small_styles(other, SMALL) == other
    assert small_fonts.small_page("<link href=./static/media/Another.woff2>", SMALL).count("Another") == 1


def test_the_page_asks_early_for_the_small_font() -> None:
    page = '<link rel="preload" href="./static/media/{}" as="font" />'
    whole = page.format("SourceSansVF-Upright.ttf.AB-1.woff2")
    assert small_fonts.small_page(whole, SMALL) == page.format(SMALL[1])


def test_a_failure_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    failing = tmp_path / "failing.py"
    failing.write_text("raise SystemExit(1)", encoding="utf-8")
    monkeypatch.setattr(small_fonts, "__file__", str(failing))
    with pytest.raises(subprocess.SubprocessError):
        small_fonts.made_aside()
