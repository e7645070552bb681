"""Bases that the catalogue lacks, asked of a server that speaks the Hub's protocol."""

from __future__ import annotations

import threading

import pytest

from core.errors import CancelledByReaderError, SourceUnavailableError
from core.hub.client import HubAccess
from core.hub.newer import NEWEST, find_newer
from tests.hub_server import HubServer


def _repo(
    hub: HubServer, name: str, *, created: str = "2026-10-01T00:00:00.000Z", **properties: object
) -> None:
    hub.add_model(name, {"README.md": b""}, createdAt=created, pipeline_tag="text-generation", **properties)


def _params(billions: float) -> dict[str, object]:
    count = int(billions * 1e9)
    return {"safetensors": {"parameters": {"BF16": count}, "total": count}}


@pytest.fixture
def hub():
    with HubServer() as server:
        yield server


def test_new_bases_are_listed_with_what_the_hub_says(hub):
    _repo(hub, "acme/Nova-5-8B-Base", **_params(8.2), cardData={"license": "apache-2.0"}, gated=False)
    _repo(hub, "acme/Nova-5-8B-Instruct", **_params(8.2))
    _repo(hub, "acme/Nova-5-8B-Base-GGUF", **_params(8.2))
    _repo(hub, "acme/Nova-5-8B-Base-FP8", **_params(8.2))
    _repo(hub, "acme/Nova-4-8B-Base", **_params(8.0))
    _repo(hub, "acme/Nova-1-8B-Base", created="2024-01-01T00:00:00.000Z", **_params(8.0))
    found = find_newer(HubAccess(hub.url), ["acme"], {"ACME/nova-4-8b-base"}, since="2026-01-01")
    assert found.rows["model_id"].tolist() == ["acme/Nova-5-8B-Base"]
    row = found.rows.iloc[0]
    assert (row["params_b"], row["license"], row["created"]) == (
        pytest.approx(8.2),
        "apache-2.0",
        "2026-10-01",
    )
    assert found.models[0].repo_id == "acme/Nova-5-8B-Base"


def test_a_tuned_model_that_names_its_base_is_none(hub):
    _repo(
        hub,
        "acme/Nova-5-8B",
        **_params(8.2),
        baseModels={"relation": "finetune", "models": [{"id": "acme/Nova-5-8B-Base"}]},
    )
    assert find_newer(HubAccess(hub.url), ["acme"], set(), since="2026-01-01").rows.empty


def test_one_publisher_that_fails_is_named_and_the_rest_is_listed(hub):
    _repo(hub, "acme/Nova-5-8B-Base", **_params(8.2))
    hub.fault("author=broken", status=404)
    found = find_newer(HubAccess(hub.url), ["acme", "broken"], set(), since="2026-01-01")
    assert len(found.rows) == 1
    assert [publisher for publisher, _ in found.unanswered] == ["broken"]


def test_a_hub_out_of_reach_is_said_once(hub):
    hub.fault("api/models", status=404)
    with pytest.raises(SourceUnavailableError):
        find_newer(HubAccess(hub.url), ["a", "b", "c", "d"], set(), since="2026-01-01")
    assert len(hub.paths("GET")) == 3


def test_it_can_be_stopped(hub):
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledByReaderError):
        find_newer(HubAccess(hub.url), ["acme"], set(), since="2026-01-01", cancel=stop)


def test_only_the_newest_of_a_publisher_are_read(hub):
    for number in range(NEWEST + 5):
        _repo(hub, f"acme/Nova-{number}-8B-Base", **_params(8.2))
    found = find_newer(HubAccess(hub.url), ["acme"], set(), since="2026-01-01")
    assert len(found.rows) == NEWEST


def test_a_name_that_says_base_is_found_whatever_else_it_says(hub):
    for name in ("Nova-Linear-48B-A3B-Base", "Nova-R1-8B-base", "Nova-8B-Pretrain"):
        _repo(hub, f"acme/{name}", **_params(8.2))
    for name in ("Nova-Linear-48B-A3B-Instruct", "Nova-8B-Thinking", "NovaGuard-8B", "Nova-8B-W4A16"):
        _repo(hub, f"acme/{name}", **_params(8.2))
    found = find_newer(HubAccess(hub.url), ["acme"], set(), since="2026-01-01")
    assert sorted(found.rows["model_id"]) == [
        "acme/Nova-8B-Pretrain",
        "acme/Nova-Linear-48B-A3B-Base",
        "acme/Nova-R1-8B-base",
    ]
