"""Rows by HTTP range from a local Hub, through the real client."""

from __future__ import annotations

import json
import threading

import pytest

from core.errors import CancelledByReaderError, SourceUnavailableError
from core.hub.client import HubAccess
from core.readiness.hub_rows import examine_on_hub
from tests.hub_server import HubServer
from tests.readiness.weights import CHAT, UNUSED, embedding, stored, trained

NAME = "model.embed_tokens.weight"


@pytest.fixture
def hub():
    with HubServer() as server:
        yield server


def test_one_file(hub) -> None:
    hub.add_model("acme/tiny", {"model.safetensors": stored({NAME: embedding(chat="zero")}, "BF16")})

    report = examine_on_hub(HubAccess(hub.url), "acme/tiny", [CHAT], unused_ids=UNUSED)

    assert report.states == {CHAT: "untrained"}
    sent = [request for request in hub.requests if "/cdn/" in request.path]
    assert sent
    assert all("range" in request.headers for request in sent)


def test_shards(hub) -> None:
    index = {"weight_map": {NAME: "a.safetensors"}}
    files = {"a.safetensors": stored({NAME: embedding()}), "model.safetensors.index.json": json.dumps(index)}
    hub.add_model("acme/big", {name: x if isinstance(x, bytes) else x.encode() for name, x in files.items()})

    assert examine_on_hub(HubAccess(hub.url), "acme/big", [CHAT], unused_ids=UNUSED).states == {
        CHAT: "trained"
    }


def test_a_server_that_sends_the_file_whole_is_refused(hub) -> None:
    body = stored({NAME: trained(0)})
    hub.add_model("acme/tiny", {"model.safetensors": body})
    hub.fault("/cdn/", status=200, body=body)

    with pytest.raises(SourceUnavailableError, match="whole"):
        examine_on_hub(HubAccess(hub.url), "acme/tiny", [CHAT])


def test_the_reader_can_stop_it(hub) -> None:
    hub.add_model("acme/tiny", {"model.safetensors": stored({NAME: trained(0)})})
    stop = threading.Event()
    stop.set()

    with pytest.raises(CancelledByReaderError):
        examine_on_hub(HubAccess(hub.url), "acme/tiny", [CHAT], cancel=stop)


def test_a_repository_without_safetensors_is_named(hub) -> None:
    hub.add_model("acme/none", {"config.json": b"{}"})

    with pytest.raises(SourceUnavailableError, match="does not hold the file"):
        examine_on_hub(HubAccess(hub.url), "acme/none", [CHAT])
