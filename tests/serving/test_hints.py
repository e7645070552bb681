"""Hints name files that Streamlit has; without its manifest there are none, and the app runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st

from serving import hints

if TYPE_CHECKING:
    from collections.abc import Iterator

STATIC = Path(st.__file__).parent / "static"


def _named(html: str) -> Iterator[str]:
    yield from re.findall(r'(?:href|src)="\./([^"]+)"', html)


def test_all_that_is_named_exists_and_is_not_in_the_page_already() -> None:
    page = (STATIC / "index.html").read_text()
    for name, tags in hints.hints().items():
        files = list(_named(tags.decode()))
        assert files, name
        assert all((STATIC / file).is_file() for file in files)
        assert len(files) == len(set(files))
        assert not [file for file in files if file in page]


def test_each_part_is_run_and_what_it_imports_is_fetched() -> None:
    tags = hints.hints()["leaderboard"].decode()
    for part in hints.PARTS["leaderboard"]:
        assert re.search(rf'<script type="module" crossorigin src="\./static/js/{part}\.', tags), part
    assert "arrowFormatUtils" in tags
    assert 'rel="stylesheet"' in tags
    charts = re.findall(r"<[^>]*PlotlyChart[^>]*>", tags)
    assert len(charts) == 1
    assert 'rel="prefetch"' in charts[0], "fetched when there is time, and not run before the table's"


@pytest.mark.parametrize(
    "manifest",
    [None, "", "[]", '{"a": {"file": 1}}', '{"a": {"file": "x.js", "imports": ["b"], "name": "Slider"}}'],
)
def test_an_unreadable_manifest_costs_the_hints_alone(
    manifest: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "index.html").write_text("<html></html>")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    monkeypatch.setattr(hints, "_static", lambda: tmp_path)
    assert hints.hints() == {}
    assert "list of scripts can't be read" in caplog.text
