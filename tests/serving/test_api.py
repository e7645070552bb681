"""The JSON API over HTTP: answers, refusals and bounds."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.answers import decide, list_field
from serving.api import routes


@pytest.fixture(scope="module")
def client():
    with TestClient(Starlette(routes=routes())) as found:
        yield found


def test_each_route_answers_as_the_functions_do(client) -> None:
    assert client.get("/api/v1/field?max_size=3&limit=5").json() == list_field(max_size=3, limit=5)
    assert client.get("/api/v1/decide?task=price&when=board").json() == decide("price", when="board")
    task = json.dumps({"preset": "price", "max_size_b": 3})
    assert client.get("/api/v1/decide", params={"task": task}).status_code in {200, 400}
    assert client.get("/api/v1/model?id=Qwen/Qwen3-8B-Base").json()["model"]["evidence"] == "measured"
    assert "/api/v1/field" in client.get("/llms.txt").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("field?max_size=nan", 400), ("field?max_size=-1", 400), ("field?limit=99999999999", 400),
        ("field?nosuch=1", 400), ("field?by=<script>", 400), ("model?id=/etc/passwd", 400), ("model", 400),
        ("decide?task=" + "%5B" * 100, 400), ("decide?task={" + "x" * 5000, 414),
    ],
)  # fmt: skip
def test_what_cannot_be_used_gets_a_sentence(client, path, status) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "remedy"}


def test_nothing_can_be_written(client) -> None:
    assert client.post("/api/v1/field").status_code == 405
