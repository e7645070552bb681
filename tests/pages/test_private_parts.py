"""A Streamlit that lacks what pages take beyond its documented face: all are alive, and the log says so."""

from __future__ import annotations

import importlib

import pytest
import streamlit as st

from pages.parts.shell import gestures, private
from pages.parts.shell.frame import PAGES
from tests.page_driver import open_page


@pytest.fixture
def later_streamlit(monkeypatch):
    """One without components, without a script's context for pages, and without word of the history."""
    monkeypatch.setattr(private, "_told", set())
    monkeypatch.delattr("streamlit.runtime.scriptrunner.get_script_run_ctx")
    monkeypatch.delattr(st.components.v2, "component")
    # Made when the page is imported, as in a server that starts.
    monkeypatch.setattr(gestures, "_listen", private.component("basewise_gestures", ""))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.label)
def test_every_page_is_alive_without_them(later_streamlit, page, caplog):
    at = open_page(page.path)
    assert not at.exception
    assert at.title
    assert "no longer gives components" in caplog.text or private._told


def test_the_log_says_once_what_is_missing_and_what_for(later_streamlit, caplog):
    for _ in range(2):
        assert private.run_context() is None
        assert private.is_history_navigation() is False
        assert private.component("x", "") is None
    said = [record.message for record in caplog.records if record.name == private.__name__]
    assert len(said) == len(set(said))
    assert any("context of a script" in line and "Back" in line for line in said)


def test_a_context_that_does_not_tell_of_the_history_is_none(monkeypatch, caplog):
    monkeypatch.setattr(private, "_told", set())
    monkeypatch.setattr("streamlit.runtime.scriptrunner.get_script_run_ctx", lambda **_: object())
    assert private.is_history_navigation() is False
    assert "history" in caplog.text


def test_the_names_are_those_of_the_streamlit_in_use():
    """So that a release which renames them is seen here, not by readers."""
    runner = importlib.import_module("streamlit.runtime.scriptrunner_utils.script_run_context")
    assert "is_history_navigation" in runner.ScriptRunContext.__dataclass_fields__
    assert "session_id" in runner.ScriptRunContext.__dataclass_fields__
    assert gestures._listen is not None
