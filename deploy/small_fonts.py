"""Streamlit's two fonts with what our pages show of them: 51 kB and not 545.

Run as a script it prints the fonts as JSON, name to base64. The server runs it as a process of its own, so
that the work on fonts leaves no memory behind.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from early_scripts import STATIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fontTools.ttLib import TTFont

_ROOT: Final = Path(__file__).resolve().parent.parent
_STREAMLIT: Final = STATIC.parent
_STATIC: Final = STATIC / "static"
_SECONDS: Final = 60
_ICONS: Final = "MaterialSymbols-Rounded"
_TEXT: Final = "SourceSansVF-Upright"
# Latin letters of Europe, punctuation, arrows, and the signs of mathematics. What lies beyond comes from the
# whole font, which the browser then fetches.
_RANGES: Final = ((0x20, 0x17F), (0x2000, 0x22FF))
# An icon is written as its name and drawn as one sign.
_ICON: Final = re.compile(r":material/([a-z0-9_]+):")


def made_aside() -> dict[str, bytes]:
    """The small fonts by file name, made in another process.

    Raises:
        OSError, subprocess.SubprocessError, ValueError: they could not be made.
    """
    command = [sys.executable, __file__]
    done = subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)  # noqa: S603 - our own
    return {name: base64.b64decode(text) for name, text in json.loads(done.stdout).items()}


def small_styles(styles: str, names: list[str]) -> str:
    """Streamlit's style sheet with the small fonts in it; unchanged where it names fonts otherwise."""
    ranges = ",".join(f"U+{first:04X}-{last:04X}" for first, last in _RANGES)
    for name in names:
        face = re.compile(rf"@font-face\{{[^}}]*url\(\.\./media/({_whole(name)}[\w.-]*\.woff2)\)[^}}]*\}}")
        for found in face.finditer(styles):
            small = found[0].replace(found[1], name)
            if name.startswith(_TEXT):
                # Of two faces for the same character the later one is taken.
                small = found[0] + small.replace("}", f";unicode-range:{ranges}}}")
            styles = styles.replace(found[0], small)
    return styles


def small_page(page: str, names: list[str]) -> str:
    """Streamlit's page, which asks for the text's font early, with the small one named instead."""
    for name in names:
        page = re.sub(rf"(static/media/){_whole(name)}[\w.-]*\.woff2", rf"\g<1>{name}", page)
    return page


def _whole(name: str) -> str:
    return re.escape(name.split(".", maxsplit=1)[0])


def _make() -> dict[str, bytes]:
    made = {_ICONS: _icons(), _TEXT: _text()}
    return {f"{name}.{hashlib.sha256(font).hexdigest()[:12]}.woff2": font for name, font in made.items()}


def _icons() -> bytes:
    font = _opened(_ICONS)
    signs = _signs(font)
    # Without closure: by their letters all names would be there.
    return _cut(
        font, "abcdefghijklmnopqrstuvwxyz0123456789_",
        glyphs=[signs[name] for name in sorted(_names() & signs.keys())], layout_closure=False,
    )  # fmt: skip


def _text() -> bytes:
    characters = "".join(chr(code) for first, last in _RANGES for code in range(first, last + 1))
    return _cut(_opened(_TEXT), characters)


def _names() -> set[str]:
    """The icons named in our own pages and in Streamlit's, which are scripts and Python."""
    ours = [_ROOT / "app.py", *(_ROOT / "pages").rglob("*.py")]
    theirs = [*_STATIC.glob("js/*.js"), *_STREAMLIT.rglob("*.py")]
    return {name for file in (*ours, *theirs) for name in _ICON.findall(file.read_text(encoding="utf-8"))}


def _signs(font: TTFont) -> dict[str, str]:
    """Name to glyph of all that the font draws for a row of letters."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    tables = [table for lookup in font["GSUB"].table.LookupList.Lookup for table in lookup.SubTable]
    return {
        "".join(letters.get(glyph, "?") for glyph in (first, *ligature.Component)): ligature.LigGlyph
        for table in tables
        for first, ligatures in getattr(getattr(table, "ExtSubTable", table), "ligatures", {}).items()
        for ligature in ligatures
    }


def _opened(name: str) -> TTFont:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - the server never needs it

    [file] = _STATIC.glob(f"media/{name}.*woff2")
    # The time of making stays out, so that every start and every replica makes the same file.
    return TTFont(file, recalcTimestamp=False)


def _cut(font: TTFont, characters: str, *, glyphs: Sequence[str] = (), layout_closure: bool = True) -> bytes:
    from fontTools import subset  # noqa: PLC0415

    options = subset.Options(layout_closure=layout_closure, flavor="woff2")
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters, glyphs=glyphs)
    cutter.subset(font)
    written = io.BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()


if __name__ == "__main__":
    json.dump({name: base64.b64encode(font).decode() for name, font in _make().items()}, sys.stdout)
