"""Hints in the page's head: which of Streamlit's scripts this page will ask for.

Streamlit loads the script of a table or a slider when the first one is to be drawn, each with a dozen files
of its own: round trips one after the other. Its build lists the files in a manifest (Vite's format for
servers); with hints made from it the browser fetches them beside the first ones.
"""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_log = logging.getLogger(__name__)
# What a page waits for, by the last part of its address.
PARTS: Final = {
    "leaderboard": (
        "DataFrame", "BidiComponent", "Slider", "PageLink", "ButtonGroup", "Selectbox", "TextInput",
        "Checkbox", "Html", "Button", "DownloadButton",
    )
}  # fmt: skip
# What it asks for later: fetched when nothing else is, and not run before the table is there
# (pages/parts/shell/table_first.js). The charts' script is half of all there is to load and takes the browser
# a second to run.
LATER: Final = {"leaderboard": ("PlotlyChart",)}


class _Chunk(msgspec.Struct, frozen=True):
    file: str
    name: str = ""
    imports: tuple[str, ...] = ()
    css: tuple[str, ...] = ()


def hints() -> dict[str, bytes]:
    """HTML for the end of the head, by page; empty where Streamlit's manifest can't be read."""
    try:
        static = _static()
        chunks = msgspec.json.decode((static / "manifest.json").read_bytes(), type=dict[str, _Chunk])
        page = (static / "index.html").read_text(encoding="utf-8")
        return {name: "".join(_tags(chunks, name, page)).encode() for name in PARTS}
    except (OSError, msgspec.MsgspecError, KeyError, UnicodeDecodeError):
        _log.warning("Streamlit's list of scripts can't be read: pages load them one after the other.")
        return {}


def _static() -> Path:
    found = find_spec("streamlit")
    if found is None or found.origin is None:
        raise FileNotFoundError("streamlit")
    return Path(found.origin).parent / "static"


def _tags(chunks: dict[str, _Chunk], name: str, page: str) -> Iterator[str]:
    entries = _scripts(chunks, PARTS[name])
    needed: dict[str, None] = {}
    for entry in entries:
        _add(chunks, entry, needed)
    for key in needed:
        chunk = chunks[key]
        for sheet in chunk.css:
            if sheet not in page:
                yield f'<link rel="stylesheet" crossorigin href="./{sheet}">'
        if chunk.file in page:
            continue
        if key in entries:
            # Run as soon as it is there, after the app's own: what it exports is used when a part is drawn.
            yield f'<script type="module" crossorigin src="./{chunk.file}"></script>'
        else:
            yield f'<link rel="modulepreload" fetchpriority="low" crossorigin href="./{chunk.file}">'
    for key in _scripts(chunks, LATER[name]):
        yield f'<link rel="prefetch" as="script" crossorigin href="./{chunks[key].file}">'


def _scripts(chunks: dict[str, _Chunk], parts: Iterable[str]) -> list[str]:
    return [key for key, chunk in chunks.items() if chunk.name in parts and chunk.file.endswith(".js")]


def _add(chunks: dict[str, _Chunk], key: str, needed: dict[str, None]) -> None:
    if key not in needed:
        needed[key] = None
        for one in chunks[key].imports:
            _add(chunks, one, needed)
