"""The style sheet in the page's head, and a page of another form left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette_compress import CompressMiddleware

from serving.page_head import SERVER_ADDRESS, PageHead

if TYPE_CHECKING:
    import pytest

HEAD = "<html><head><title>x</title></head><body>y</body></html>"
ODD = "<html><body>a page of a later Streamlit</body></html>"


def client() -> TestClient:
    routes = [
        Route("/", lambda _: HTMLResponse(HEAD, headers={"etag": "1"})),
        Route("/odd", lambda _: HTMLResponse(ODD)),
        Route("/json", lambda _: JSONResponse({"html": "</head>"})),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(PageHead)]))


def test_the_sheet_ends_the_head_and_the_length_is_right() -> None:
    answer = client().get("/")
    before, after = answer.text.split("<style>")
    assert before == f"<html><head><title>x</title><script>{SERVER_ADDRESS.decode()}</script>"
    assert after.endswith("</style></head><body>y</body></html>")
    assert "stMainBlockContainer" in after
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers


def test_a_page_without_a_head_is_sent_as_it_is_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    served = client()
    assert [served.get("/odd").text for _ in range(2)] == [ODD, ODD]
    assert caplog.text.count("without our style sheet") == 1


def test_a_page_that_the_app_would_pack_is_added_to_all_the_same() -> None:
    page = HEAD.replace("y", "y" * 2_000)
    packing = [Middleware(PageHead), Middleware(CompressMiddleware)]
    served = TestClient(Starlette(routes=[Route("/", lambda _: HTMLResponse(page))], middleware=packing))
    answer = served.get("/", headers={"accept": "text/html,*/*", "accept-encoding": "gzip"})
    assert "stMainBlockContainer" in answer.text


def test_other_answers_pass() -> None:
    assert client().get("/json").json() == {"html": "</head>"}


def test_a_page_with_a_table_is_told_what_it_will_need() -> None:
    head = PageHead(None)  # type: ignore[arg-type] - adds without an app
    page = HEAD.encode()
    assert b"/DataFrame." in head.added_to(page, "/leaderboard")
    assert b"/DataFrame." not in head.added_to(page, "/")
