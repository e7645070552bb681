"""Files that never change are answered again without the app; everything else reaches it each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette_compress import CompressMiddleware

from serving import packed_files
from serving.packed_files import PackedFiles

if TYPE_CHECKING:
    from starlette.requests import Request

FOR_EVER = {"cache-control": "public, immutable, max-age=31536000"}
SCRIPT = "let a = 1;\n" * 500


class App:
    def __init__(self, headers: dict[str, str], body: str = SCRIPT, status: int = 200) -> None:
        self.asked = 0
        self._answer = (body, headers, status)
        middleware = [Middleware(PackedFiles), Middleware(CompressMiddleware)]
        routes = [Route("/{path:path}", self._respond)]
        self.client = TestClient(Starlette(routes=routes, middleware=middleware))

    async def _respond(self, _: Request) -> Response:
        self.asked += 1
        body, headers, status = self._answer
        return Response(body, status, headers, "application/javascript")

    def get(self, path: str = "/static/js/a.js", **headers: str) -> str:
        return self.client.get(path, headers={"accept-encoding": "gzip", **headers}).text


def test_the_second_answer_is_the_first_word_for_word() -> None:
    app = App(FOR_EVER)
    first, second = (
        app.client.get("/static/js/a.js", headers={"accept-encoding": "gzip, br"}) for _ in range(2)
    )
    assert app.asked == 1
    assert first.text == second.text == SCRIPT
    assert first.headers == second.headers
    assert second.headers["content-encoding"] == "br"


def test_each_way_of_packing_has_its_own() -> None:
    app = App(FOR_EVER)
    for asked, given in (("gzip", "gzip"), ("br", "br"), ("identity", None), ("GZIP , br", "br")):
        for _ in range(2):
            answer = app.client.get("/static/js/a.js", headers={"accept-encoding": asked})
            assert (answer.text, answer.headers.get("content-encoding")) == (SCRIPT, given)
    assert app.asked == 4


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"cache-control": "no-cache"}, 200),
        ({}, 200),
        (FOR_EVER, 404),
        (FOR_EVER | {"set-cookie": "a=b"}, 200),
        (FOR_EVER | {"vary": "Cookie"}, 200),
    ],
)
def test_answers_that_may_change_are_asked_for_again(headers: dict[str, str], status: int) -> None:
    app = App(headers, status=status)
    assert [app.get(), app.get()] == [SCRIPT] * 2
    assert app.asked == 2


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/a.js?v=1", {}),
        ("/leaderboard/static/js/a.js", {}),
        ("/static/js/a.js", {"range": "bytes=0-9"}),
        ("/static/js/a.js", {"if-none-match": '"1"'}),
        ("/static/js/a.js", {"accept-encoding": "gzip;q=0.5, br;q=0"}),
    ],
)
def test_questions_of_another_kind_reach_the_app(path: str, headers: dict[str, str]) -> None:
    app = App(FOR_EVER)
    for _ in range(2):
        app.get(path, **headers)
    assert app.asked == 2


def test_it_never_holds_more_than_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_files, "_MOST", 12_000)
    app = App(FOR_EVER)
    for name in "abcabc":
        assert app.client.get(f"/static/{name}.js", headers={"accept-encoding": "identity"}).text == SCRIPT
    assert app.asked == 2 * 3 - 2  # two of 5,500 bytes have room
    monkeypatch.setattr(packed_files, "_LARGEST", 10)
    other = App(FOR_EVER)
    assert [other.get(), other.get()] == [SCRIPT] * 2
    assert other.asked == 2
