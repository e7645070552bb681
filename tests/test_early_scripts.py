"""What goes into the file of small scripts: tested on a page and scripts of our own, and on Streamlit's."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.places import ROOT

sys.path.insert(0, str(ROOT / "deploy"))

import early_scripts
from early_scripts import STATIC, EarlyScripts

if TYPE_CHECKING:
    from pathlib import Path

SCRIPTS = {
    "index.1.js": 'import{a}from"./leaf.2.js";'
    'let k=e.type;c(W,{elementType:k,node:e,children:c(S,{fallback:c(P,{"data-testid":`stSkeleton`,x:1})})});'
    + ("x" * 20_000),
    "leaf.2.js": 'export let a="100% #1\\n"\n',
    "address.3.js": "export let b=import.meta.url",
    "Slider.4.js": 'import{a as c}from"./leaf.2.js";import"./deep.5.js";export{c as default}',
    "deep.5.js": 'import{b}from"./address.3.js"',
    "PlotlyChart.6.js": "import{t as n}from'./leaf.2.js';"
    "var W=n(((e,t,r)=>{(function(e,n){typeof t==`object`?t.exports=n():e.x=n()})"
    "(typeof self<`u`?self:r,()=>{var e=(()=>{let n={a:()=>{}};return n})();"
    "return window.Plotly=e,e})})),G=W();export{G as default}",
}
PAGE = """<html><head>
<script type="module" crossorigin src="./static/js/index.1.js"></script>
<link rel="modulepreload" crossorigin href="./static/js/leaf.2.js">
</head></html>"""


@pytest.fixture
def early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EarlyScripts:
    for name, text in SCRIPTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(early_scripts, "_SCRIPTS", tmp_path)
    return EarlyScripts(PAGE)


def test_what_a_page_shows_is_followed_to_all_that_it_imports(early: EarlyScripts) -> None:
    assert early.names == ["leaf.2.js", "address.3.js", "deep.5.js", "Slider.4.js"]


def test_large_scripts_and_those_that_need_an_address_stay_files(early: EarlyScripts) -> None:
    assert set(early.small) == {"leaf.2.js", "deep.5.js", "Slider.4.js"}
    page = early.add_to(PAGE)
    assert re.findall(r'modulepreload"[^>]*js/([\w.]+)"', page) == ["address.3.js"]


def test_the_file_comes_before_every_other_script(early: EarlyScripts) -> None:
    sources = re.findall(r'<script[^>]*src="\.([^"]+)"', early.add_to(PAGE))
    assert sources == [early.path, "/static/js/index.1.js"]


def test_texts_survive_as_part_of_an_address(early: EarlyScripts) -> None:
    """What a data: address would cut off or fold is escaped, and imports name the folder."""
    given = early.file.decode().rsplit(")(", 1)[1].removesuffix(");\n")
    entries, chart = json.loads(f"[{given}]")
    texts = {name: text.split(",", 1)[1] for name, text in json.loads(f"{{{entries}}}").items()}
    assert texts["\ue000leaf.2.js"] == 'export let a="100%25 %231\\n"'
    assert texts["\ue000deep.5.js"] == 'import{b}from"\ue000address.3.js"'
    assert chart == "PlotlyChart.6.js"


def test_the_address_of_the_file_changes_with_what_it_holds(early: EarlyScripts, tmp_path: Path) -> None:
    before = early.path
    (tmp_path / "deep.5.js").write_text("export let d=1", encoding="utf-8")
    assert EarlyScripts(PAGE).path != before


def test_the_place_of_a_control_on_its_way_tells_its_kind(early: EarlyScripts) -> None:
    assert early.main_path == "/static/js/index.1.js"
    sent = early.main().decode()
    assert '{"data-testid":`stSkeleton`,"data-kind":k,x:1}' in sent
    assert sent.replace(',"data-kind":k', "") == SCRIPTS["index.1.js"]


def test_a_start_script_written_otherwise_stays_as_it_is(early: EarlyScripts, tmp_path: Path) -> None:
    (tmp_path / "index.1.js").write_text("let other=1", encoding="utf-8")
    assert early.main() == b"let other=1"


def test_the_charts_library_is_moved_out_of_the_functions_round_it(early: EarlyScripts) -> None:
    assert early.chart().decode() == (
        "import{t as n}from'./leaf.2.js';var __plotly=(()=>{let n={a:()=>{}};return n});"
        "var W=n((e,t)=>{t.exports=window.Plotly=__plotly()}),G=W();export{G as default}"
    )
    assert early.chart_path == "/static/js/PlotlyChart.6.js"


def test_a_charts_script_written_otherwise_stays_as_it_is(early: EarlyScripts, tmp_path: Path) -> None:
    other = SCRIPTS["PlotlyChart.6.js"].replace("window.Plotly", "window.Other")
    (tmp_path / "PlotlyChart.6.js").write_text(other, encoding="utf-8")
    assert early.chart().decode() == other


def test_the_head_tells_the_page_where_its_server_is_and_opens_its_socket(early: EarlyScripts) -> None:
    head = early.add_to(PAGE).split("<script src=")[0]
    given = json.loads(head.rsplit(")(", 1)[1].split(");")[0])
    assert given["allowedOrigins"]  # Streamlit's page asks its server first where this is empty
    assert given["useExternalAuthToken"] is False
    assert "new Plain(address" in head


def test_what_a_table_needs_runs_after_streamlits_start(early: EarlyScripts, tmp_path: Path) -> None:
    page = early.add_to(PAGE)
    assert (
        page.index("./static/js/index.1.js")
        < page.index("import(new URL(`static/js/${name}`")
        < page.index("</head>")
    )
    assert '["Slider.4.js"]' in page


def test_streamlits_own_page_has_what_is_looked_for() -> None:
    """An upgrade that names its scripts another way would make all this do nothing, silently."""
    early = EarlyScripts((STATIC / "index.html").read_text(encoding="utf-8"))
    for component in (*early_scripts._WANTED, early_scripts._CHART):
        assert len(early_scripts._files(component)) == 1, component
    assert len(early.small) > 60
    assert any(name.startswith("preload-helper.") for name in early.small)
    assert len(early.names) - len(early.small) > 20
    assert early.add_to(early.page).count("<script src=") == 1
    assert early.chart().count(b"var __plotly=(") == 1
    assert early.main().count(b'"data-kind":') == 1
    assert all(early_scripts._files(component) for component in early_scripts._RUN_EARLY)
