"""Which of Streamlit's scripts a page needs first, and how it gets them in few requests.

Streamlit's page asks for some 60 scripts before it shows anything and for as many again before it shows a
table; most hold less than a kilobyte, and each costs a turn to the server. The small ones are put into one
file, which hands them to the browser by an import map, the standard's way to say where a module is found; the
larger ones are named in the page, so that they are fetched while it starts. A browser without import maps
asks for each script as before.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

STATIC: Final = Path(st.__file__).resolve().parent / "static"
_SCRIPTS: Final = STATIC / "static" / "js"
_STYLES: Final = STATIC / "static" / "css"
_LOADER: Final = Path(__file__).resolve().parent / "early.js"
_CONNECT: Final = _LOADER.with_name("connect.js")
# Streamlit's names of what most of our pages show, in the order of need.
_WANTED: Final = (
    "PageLink", "Slider", "Selectbox", "TextInput", "Checkbox", "DataFrame", "Button", "ButtonGroup",
    "DownloadButton",
)  # fmt: skip
# Those of them that come before or with a table, and first the one that takes longest to run.
_RUN_EARLY: Final = ("DataFrame", "PageLink", "Slider", "Selectbox", "TextInput", "Checkbox")
# A third of all bytes and drawn last: fetched when a chart arrives, run when the page is idle (early.js).
_CHART: Final = "PlotlyChart"
# Bytes. Larger scripts are better parsed beside the page's own work, which the browser does for files only.
_SMALL: Final = 10_000
_IMPORT: Final = re.compile(r'((?:from|import)")\./([\w.-]+\.js)(?=")')
_SCRIPT: Final = re.compile(r'static/js/([\w.-]+\.js)"')
_NAMED: Final = re.compile(r'<link rel="modulepreload"[^>]*static/js/([\w.-]+\.js)">\s*')
# Stands in a script's text for the folder that it is imported from, which only the browser knows.
_FOLDER: Final = "\ue000"
# What a script can't use once it has no address of its own, and the mark itself.
_BOUND: Final = ("import.meta", "import(", _FOLDER)
# Before Vite's loader imports a component, it adds a link to the page for each script that this imports and
# that has none. By way of the import map it would link to the scripts' whole texts; it need not ask the map.
_ASKS_MAP: Final = re.compile(
    r"import\.meta\.resolve\?new URL\(import\.meta\.resolve\((\w+)\)\):new URL\(\1,import\.meta\.url\)"
)
# Plotly is one function within two others, all run late: the browser skips the outermost when it reads the
# script, and then reads five megabytes anew at each step inwards. Moved out and in brackets, as a function is
# written that is called at once, it is read once: 0.09 s of a browser's time and not 0.22.
_NESTED: Final = re.compile(
    r"var (?P<name>\w+)=(?P<once>\w+)\(\(\(\w+,(?P<module>\w+),\w+\)=>\{\(function\(e,n\)\{[^{}]*\}\)"
    r"\(typeof self<`u`\?self:\w+,\(\)=>\{var (?P<made>\w+)=\((?P<plotly>\(\)=>\{.*\})\)\(\);"
    r"return window\.Plotly=(?P=made),(?P=made)\}\)\}\)\)",
    re.DOTALL,
)
_MOVED_OUT: Final = (
    r"var __plotly=(\g<plotly>);"
    r"var \g<name>=\g<once>((e,\g<module>)=>{\g<module>.exports=window.Plotly=__plotly()})"
)
# Until a control's script is there, Streamlit draws a place of one height, whatever the control. It knows the
# kind; written on the place, the style sheet of ours can give it the height of the control.
_PLACE: Final = re.compile(r'(elementType:(\w+),[^;]{,300}\{"data-testid":`stSkeleton`)')
_NAMED_PLACE: Final = r'\1,"data-kind":\2'
# The characters that a data: address can't hold as they are.
_ESCAPES: Final = str.maketrans({"%": "%25", "#": "%23", "\n": "%0A", "\r": "%0D", "\t": "%09"})


@dataclass(frozen=True)
class EarlyScripts:
    """Built once from the installed Streamlit's files."""

    page: str
    """Streamlit's own page."""

    @cached_property
    def names(self) -> list[str]:
        """What the page needs first, each after what it imports."""
        order = _NAMED.findall(self.page)
        known = set(_SCRIPT.findall(self.page))

        def visit(name: str) -> None:
            if name not in known:
                known.add(name)
                for needed in _IMPORT.findall(_text(name)):
                    visit(needed[1])
                order.append(name)

        for component in _WANTED:
            for name in _files(component):
                visit(name)
        return order

    @cached_property
    def small(self) -> dict[str, str]:
        """Name to text of the scripts that go into one file."""
        texts = {
            name: _ASKS_MAP.sub(r"new URL(\1)", _text(name))
            for name in self.names
            if (_SCRIPTS / name).stat().st_size < _SMALL
        }
        return {name: text for name, text in texts.items() if not any(part in text for part in _BOUND)}

    @cached_property
    def file(self) -> bytes:
        """One script that holds the small ones."""
        imports = {
            f"{_FOLDER}{name}": "data:text/javascript;charset=utf-8,"
            + _IMPORT.sub(rf"\1{_FOLDER}\2", text).strip().translate(_ESCAPES)
            for name, text in self.small.items()
        }
        entries = json.dumps(imports, ensure_ascii=False, separators=(",", ":"))[1:-1]
        given = ", ".join(json.dumps(part, ensure_ascii=False) for part in (entries, _files(_CHART)[0]))
        return _call(_LOADER, given).encode()

    @cached_property
    def main_path(self) -> str:
        """Address of the script that Streamlit's page starts with."""
        return f"/static/js/{_SCRIPT.findall(self.page)[0]}"

    def main(self) -> bytes:
        """That script, which tells the kind of a control on its way; made when asked for."""
        return _PLACE.sub(_NAMED_PLACE, _text(Path(self.main_path).name), count=1).encode()

    @property
    def chart_path(self) -> str:
        """Address of the chart's script."""
        return f"/static/js/{_files(_CHART)[0]}"

    @staticmethod
    def chart() -> bytes:
        """The chart's script, which the browser reads through once; made when asked for."""
        return _NESTED.sub(_MOVED_OUT, _text(_files(_CHART)[0]), count=1).encode()

    @property
    def made(self) -> dict[str, Callable[[], bytes]]:
        """Address to what makes it, of the scripts that Streamlit lacks or has otherwise."""
        return {self.path: lambda: self.file, self.main_path: self.main, self.chart_path: self.chart}

    @cached_property
    def connect(self) -> str:
        """A script for the page's head: where the server is and what it says to hosts, and a socket to it.

        Streamlit's page asks for both, one after the other, before it opens its socket; below the first page
        it asks in a wrong place first. It reads this instead, which is meant for hosts that serve page and
        server apart (streamlit/streamlit, pull request 11537).
        """
        config = {"allowedOrigins": st.get_option("client.allowedOrigins"), "useExternalAuthToken": False}
        return _call(_CONNECT, json.dumps(config).replace("<", "\\u003c"))

    @cached_property
    def path(self) -> str:
        """Its address, which changes with its content."""
        return f"/static/js/early.{hashlib.sha256(self.file).hexdigest()[:12]}.js"

    @cached_property
    def links(self) -> str:
        """HTML for the end of the page's head; put together once, because every page asked for gets it."""
        named = [name for name in self.names if name not in self.small and f"js/{name}" not in self.page]
        # Of low priority all, so that the connection for the first answer isn't kept waiting.
        links = [_link('"modulepreload" fetchpriority="low" crossorigin', name) for name in named]
        # These ask for nothing: they tell Vite's loader that the page has the script.
        links += [_link('"early"', name) for name in (*self.small, *_files(_CHART))]
        # A component is drawn when its style is there; asked for by the component, that is a turn more.
        links += [
            f'<link rel="stylesheet" crossorigin href="./static/css/{style.name}">'
            for component in _WANTED
            for style in sorted(_STYLES.glob(f"{component}.*.css"))
        ]
        return "".join(links) + self._run_early

    @cached_property
    def _run_early(self) -> str:
        """Runs what a table needs after Streamlit's own start, while the browser waits for the server."""
        names = json.dumps([name for component in _RUN_EARLY for name in _files(component)])
        each = "setTimeout(() => import(new URL(`static/js/${name}`, document.baseURI)))"
        return f'<script type="module">for (const name of {names}) {each};</script>'

    def add_to(self, page: str) -> str:
        """The page with the file ahead of all other scripts, and the larger scripts named."""
        page = _NAMED.sub(lambda link: "" if link[1] in self.small else link[0], page)
        first = f'<script>{self.connect}</script><script src=".{self.path}"></script>'
        return page.replace("<head>", f"<head>{first}", 1).replace("</head>", f"{self.links}</head>", 1)


def _call(script: Path, given: str) -> str:
    return f"({script.read_text(encoding='utf-8').strip().rstrip(';')})({given});\n"


def _link(kind: str, name: str) -> str:
    return f'<link rel={kind} href="./static/js/{name}">'


def _files(component: str) -> list[str]:
    return [file.name for file in sorted(_SCRIPTS.glob(f"{component}.*.js"))]


def _text(name: str) -> str:
    return (_SCRIPTS / name).read_text(encoding="utf-8")
