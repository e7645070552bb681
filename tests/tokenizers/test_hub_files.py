"""When the copy that was fetched before may answer for the Hub: where it fails, not where it says no."""

from __future__ import annotations

import pytest

from core.errors import SourceUnavailableError
from core.hub.client import HubAccess
from core.tokenizers.hub_files import fetch_tokenizer
from tests.hub_server import HubServer
from tests.tokenizer_zoo import style

TOKEN = "hf_" + "a" * 30


@pytest.fixture
def hub(monkeypatch, tmp_path):
    monkeypatch.setenv("BASEWISE_CACHE", str(tmp_path / "cache"))
    with HubServer() as server:
        server.add_model("acme/x", {"tokenizer.json": style("digits_split").to_str().encode()})
        server.add_token(TOKEN)
        yield server


def test_what_has_become_gated_since_is_told_as_gated(hub):
    fetch_tokenizer("acme/x", access=HubAccess(hub.url))
    hub.add_model("acme/x", {"tokenizer.json": style("byte_level").to_str().encode()}, gated="manual")

    with pytest.raises(SourceUnavailableError, match="acme/x is gated"):
        fetch_tokenizer("acme/x", access=HubAccess(hub.url))


def test_what_is_gone_is_told_as_gone(hub):
    fetch_tokenizer("acme/x", access=HubAccess(hub.url))
    hub.repos.clear()

    with pytest.raises(SourceUnavailableError, match="has no acme/x, or it is private"):
        fetch_tokenizer("acme/x", access=HubAccess(hub.url))


def test_a_token_that_is_no_longer_accepted_is_told(hub):
    fetch_tokenizer("acme/x", access=HubAccess(hub.url, TOKEN))
    hub.tokens.clear()

    with pytest.raises(SourceUnavailableError):
        fetch_tokenizer("acme/x", access=HubAccess(hub.url, TOKEN))


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 429}, {"redirect_loop": True}, {"body": b"<html>"}]
)
def test_a_hub_that_fails_leaves_the_copy_fetched_before(hub, fault):
    first = fetch_tokenizer("acme/x", access=HubAccess(hub.url))
    hub.fault("/api/", **fault)

    found = fetch_tokenizer("acme/x", access=HubAccess(hub.url))

    assert found.revision == first.revision
    assert "fetched before" in found.warnings[-1]


def test_a_hub_that_cannot_be_reached_leaves_the_copy_too(hub):
    fetch_tokenizer("acme/x", access=HubAccess(hub.url))
    hub._server.shutdown()
    hub._server.server_close()

    assert "fetched before" in fetch_tokenizer("acme/x", access=HubAccess(hub.url)).warnings[-1]
