"""The page with a repository whose tokenizer breaks on what the reader asks: said, and the others stand."""

from __future__ import annotations

import json

import pytest

from tests.hub_server import HubServer
from tests.page_driver import open_page
from tests.tokenizer_zoo import style


@pytest.fixture
def repos(monkeypatch, tmp_path):
    monkeypatch.setenv("BASEWISE_CACHE", str(tmp_path))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    state = json.loads(style("digits_split").to_str())
    rule = {"type": "Replace", "pattern": {"String": "§"}, "content": "§" * 10}
    bad = state | {"normalizer": {"type": "Sequence", "normalizers": [rule] * 10}}
    good_name, bad_name = f"zoo/good-{tmp_path.name}", f"zoo/bad-{tmp_path.name}"
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        server.add_model(good_name, {"tokenizer.json": json.dumps(state).encode()})
        server.add_model(bad_name, {"tokenizer.json": json.dumps(bad).encode()})
        yield good_name, bad_name


ASKED = {
    "Numbers": {"t_ctx": "in my own text", "t_pre": "§"},
    "My targets": {"t_tpl": "§{value:.0f}"},
    "My text": {},
}


@pytest.mark.parametrize("view", list(ASKED))
def test_one_that_breaks_is_explained_and_the_page_stands(repos, view):
    """No text it is tried on holds the sign; what the reader then asks does."""
    at = open_page("pages/tokenizers.py", t_repo=list(repos), t_view=view, **ASKED[view])
    if view == "My text":
        assert not at.error
        at.text_area(key="tokenizers_text").set_value("10 §").run()
    assert not at.exception
    assert any("for this text" in error.value and "publisher" in error.value for error in at.error)
    if view != "My targets":
        assert any(repos[0] in str(frame.value.to_dict()) for frame in at.dataframe)
    if view == "My text":
        assert any(repos[1] in error.value.replace("\\", "") for error in at.error)
        costs = next(frame.value for frame in at.dataframe if "tokens_per_byte" in frame.value)
        assert costs["tokenizer"].tolist() == [repos[0]]
