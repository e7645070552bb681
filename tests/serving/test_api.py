"""The JSON API over HTTP: answers, refusals and bounds."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

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


@pytest.mark.parametrize(
    "task",
    [
        {"seed": -1}, {"seed": 1e300}, {"template": "\ud800{target}"}, {"targets": ["\ud800"]}, {"\ud800": 1},
        {"preset": "\ud800"}, {"gpu_gb": "inf"}, {"gpu_gb": float("nan")}, {"size_max": 1e999},
        {"draws": 1e999}, {"batch_size": 10**30}, {"weights": {"capability": float("inf")}},
    ],
    ids=ascii,
)  # fmt: skip
def test_a_task_that_cannot_be_worked_with_is_refused_as_such(client, task) -> None:
    answer = client.get("/api/v1/decide", params={"task": json.dumps(task)})
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "remedy"}


@pytest.mark.parametrize("since", ["abcd", "2025-1", "2025-13", "2025-01-15"])
def test_since_is_a_month(client, since) -> None:
    assert client.get("/api/v1/field", params={"since": since}).status_code == 400
    assert client.get("/api/v1/field?since=2025-01&limit=1").json()["total"] > 0


def test_two_questions_are_worked_on_at_a_time_whatever_is_asked(monkeypatch) -> None:
    busy: list[str] = []
    most: list[int] = []
    hold = threading.Lock()

    def work(name: str):
        def answer(*_args: object, **_given: object) -> dict[str, str]:
            with hold:
                busy.append(name)
                most.append(len(busy))
            time.sleep(0.1)
            with hold:
                busy.remove(name)
            return {}

        return answer

    for name in ("list_field", "describe_model", "decide"):
        monkeypatch.setattr(f"core.answers.{name}", work(name))
    with TestClient(Starlette(routes=routes())) as client, ThreadPoolExecutor(9) as many:
        asked = [many.submit(client.get, f"/api/v1/{path}") for path in ("field", "model", "decide") * 3]
    assert {each.result().status_code for each in asked} == {200}
    assert max(most) == 2
