"""The local Hub answers the real client as the Hub does."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.hub_server import HubServer, sha256

CONFIG = json.dumps({"model_type": "llama", "hidden_size": 8}).encode()


@pytest.fixture
def hub():
    with HubServer() as server:
        server.add_model(
            "acme/tiny",
            {"config.json": CONFIG, "model.safetensors": b"x" * 5000, "sub/deep.txt": b"deep"},
            safetensors={"parameters": {"BF16": 1234}, "total": 1234},
            baseModels=["acme/base"],
            evalResults=[
                {"filename": "a.yaml", "data": {"dataset": {"id": "d/b", "task_id": "t"}, "value": 4}}
            ],
            likes=7,
        )
        server.add_model("acme/gated", {"config.json": CONFIG}, gated="manual")
        server.add_token("hf_open", opens={"acme/gated"})
        server.add_token("hf_shut")
        yield server


def api(hub: HubServer, token: str | bool = False) -> HfApi:
    return HfApi(endpoint=hub.url, token=token)


def test_model_info_is_what_the_client_expects(hub):
    plain = api(hub).model_info("acme/tiny")
    assert (plain.likes, plain.safetensors.total, plain.base_models) == (7, 1234, None)
    assert plain.sha == hub.repos["models", "acme/tiny"].commit
    asked = api(hub).model_info("acme/tiny", expand=["baseModels", "evalResults", "safetensors"])
    assert asked.base_models == ["acme/base"]
    assert asked.eval_results[0].value == 4
    assert asked.likes is None


def test_tree_listing_and_paths(hub):
    assert sorted(api(hub).list_repo_files("acme/tiny")) == [
        "config.json",
        "model.safetensors",
        "sub/deep.txt",
    ]
    top = {entry.path for entry in api(hub).list_repo_tree("acme/tiny")}
    assert top == {"config.json", "model.safetensors", "sub"}
    assert api(hub).file_exists("acme/tiny", "config.json")
    assert not api(hub).file_exists("acme/tiny", "nope.json")
    assert api(hub).get_paths_info("acme/tiny", ["config.json"])[0].size == len(CONFIG)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_download_of_small_and_large_files(hub, tmp_path, name):
    path = hf_hub_download("acme/tiny", name, endpoint=hub.url, cache_dir=tmp_path, token=False)
    assert Path(path).read_bytes() == hub.repos["models", "acme/tiny"].files[name]
    again = hf_hub_download("acme/tiny", name, endpoint=hub.url, cache_dir=tmp_path, token=False)
    assert again == path
    assert len([p for p in hub.paths("GET") if "cdn" in p or "resolve" in p]) <= 2


def test_the_token_stays_with_the_hub(hub, tmp_path):
    hf_hub_download("acme/tiny", "model.safetensors", endpoint=hub.url, cache_dir=tmp_path, token="hf_open")
    sent = {request.path.split("/")[1]: "authorization" in request.headers for request in hub.requests}
    assert sent == {"acme": True, "cdn": False}


def test_gated_missing_and_unknown(hub, tmp_path):
    def get(repo: str, name: str, token: str | bool, revision: str | None = None) -> str:
        return hf_hub_download(
            repo, name, endpoint=hub.url, cache_dir=tmp_path, token=token, revision=revision
        )

    assert api(hub).model_info("acme/gated").gated == "manual"
    with pytest.raises(GatedRepoError):
        get("acme/gated", "config.json", False)
    with pytest.raises(GatedRepoError):
        get("acme/gated", "config.json", "hf_shut")
    assert Path(get("acme/gated", "config.json", "hf_open")).read_bytes() == CONFIG
    with pytest.raises(RemoteEntryNotFoundError):
        get("acme/tiny", "tokenizer.json", False)
    with pytest.raises(RevisionNotFoundError):
        get("acme/tiny", "config.json", False, "gone")
    for token in (False, "hf_open"):
        with pytest.raises(RepositoryNotFoundError):
            api(hub, token).model_info("acme/nothing")


def test_whoami(hub):
    assert api(hub, "hf_open").whoami()["name"] == "tester"
    with pytest.raises(HfHubHTTPError):
        api(hub, "hf_wrong").whoami()


def test_dataset_parquet_and_leaderboard(hub):
    table = b"PAR1 not really PAR1"
    hub.add_board(table)
    hub.add_dataset(
        "d/b",
        leaderboard=[
            {
                "rank": 1, "modelId": "acme/tiny", "value": 4.0, "filename": "a.yaml", "verified": True,
                "source": {"url": "https://example.org", "name": "x"},
                "author": {"type": "org", "name": "acme", "fullname": "Acme", "avatarUrl": "", "isHf": False},
            }
        ],
        tags=["benchmark:official"],
    )  # fmt: skip
    info = api(hub).dataset_info("open-llm-leaderboard/contents")
    assert info.sha == hub.repos["datasets", "open-llm-leaderboard/contents"].commit
    url = f"{hub.url}/api/datasets/open-llm-leaderboard/contents/parquet/default/train/0.parquet"
    first = httpx2.get(url, follow_redirects=True)
    assert (first.content, first.headers["ETag"]) == (table, f'"{sha256(table)}"')
    again = httpx2.get(url, follow_redirects=True, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    entry = api(hub).get_dataset_leaderboard("d/b")[0]
    assert (entry.model_id, entry.verified, entry.author.name) == ("acme/tiny", True, "acme")
    assert [d.id for d in api(hub).list_datasets(benchmark=True)] == ["d/b"]


def test_faults_happen_and_heal(hub):
    hub.fault("/api/models/acme/tiny", status=503, times=1)
    with pytest.raises(HfHubHTTPError) as raised:
        api(hub).model_info("acme/tiny")
    assert raised.value.response.status_code == 503
    assert api(hub).model_info("acme/tiny").likes == 7
    hub.fault("/api/", cut_after=10)
    with pytest.raises(httpx2.RemoteProtocolError):
        api(hub).model_info("acme/tiny")
    hub.heal()
    hub.fault("/api/", redirect_loop=True)
    with pytest.raises(httpx2.TooManyRedirects):
        api(hub).model_info("acme/tiny")
