"""A read-only JSON API beside the pages: the field, one model, a decision; and a guide for language models.

Everything is worked out from what comes with the app; nothing a reader added and no secret is in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.errors import DataError, InvalidInputError
from core.importers.bounded_json import has_broken_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

PREFIX: Final = "/api/v1"
_LONGEST_QUERY: Final = 4_000
# Answers of all endpoints worked out at a time; a decision takes a fraction of a second of one core.
_AT_ONCE: Final = 2
_YES: Final = {"true", "1", "yes"}
_GUIDE: Final = """\
# Basewise

Which base model should I fine-tune? Bases of 2019 to 2026 on one scale: measured on the Open LLM Leaderboard
v2, or placed on it from published tables, each with a 90% interval.

## JSON API (read-only, GET)
- /api/v1/field?max_size=9&by=average&search=qwen3&since=2025-01&limit=20&when=today
  ranked bases with rank intervals
- /api/v1/model?id=Qwen/Qwen3-8B-Base
  one model: scores, reports, languages, tokenizer, readiness
- /api/v1/decide?task=price&when=today
  which base for a task, why, and what would change it; task is a preset's key or a JSON object of its fields

null is unknown and speaks neither for nor against a model. "evidence" tells measured from placed and size
only: a placed base has no score, it is placed. when=board gives the board as it was in March 2025.

## Pages
/leaderboard /variants /tokenizers /compare /decide /model?id=publisher/name /trust /data
"""


def routes() -> list[Route]:
    """What the server adds to the pages."""
    at_once = anyio.CapacityLimiter(_AT_ONCE)
    return [
        Route(f"{PREFIX}/field", _endpoint(_field, at_once), methods=["GET"]),
        Route(f"{PREFIX}/model", _endpoint(_model, at_once), methods=["GET"]),
        Route(f"{PREFIX}/decide", _endpoint(_decide, at_once), methods=["GET"]),
        Route("/llms.txt", _guide, methods=["GET"]),
    ]


async def _guide(_request: Request) -> Response:
    return PlainTextResponse(_GUIDE)


def _endpoint(
    work: Callable[[Mapping[str, str]], dict[str, Any]], at_once: anyio.CapacityLimiter
) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        if len(str(request.url.query)) > _LONGEST_QUERY:
            return _refused("The question is too long.", "Ask for less at a time.", 414)
        try:
            async with at_once:
                found = await run_in_threadpool(work, dict(request.query_params))
        except InvalidInputError as problem:
            return _refused(problem.what, problem.remedy, 400)
        except DataError as problem:
            return _refused(problem.what, problem.remedy, 503)
        return JSONResponse(found, headers={"Cache-Control": "public, max-age=300"})

    return answer


def _refused(what: str, remedy: str, status: int) -> Response:
    return JSONResponse({"error": what, "remedy": remedy}, status_code=status)


def _field(asked: Mapping[str, str]) -> dict[str, Any]:
    from core.answers import list_field  # noqa: PLC0415 - the server starts without pandas

    known = {
        "when": str, "min_size": _number, "max_size": _number, "by": str, "search": str, "since": str,
        "size_only": _flag, "continued": _flag, "base_only": _flag, "limit": _whole,
    }  # fmt: skip
    return list_field(**_read(asked, known))


def _model(asked: Mapping[str, str]) -> dict[str, Any]:
    from core.answers import describe_model  # noqa: PLC0415 - as above

    given = _read(asked, {"id": str, "when": str})
    return describe_model(given.pop("id", ""), **given)


def _decide(asked: Mapping[str, str]) -> dict[str, Any]:
    from core.answers import decide  # noqa: PLC0415 - as above

    given = _read(asked, {"task": _task, "when": str, "limit": _whole})
    return decide(given.pop("task", "price"), **given)


def _read(asked: Mapping[str, str], known: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    if unknown := sorted(set(asked) - set(known)):
        raise InvalidInputError(
            f"There is no parameter “{unknown[0][:40]}”.", remedy=f"Known: {', '.join(known)}."
        )
    return {name: known[name](text) for name, text in asked.items()}


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number <= 1e6:
        raise InvalidInputError(f"“{text[:40]}” is no number of billions.", remedy="Write it like 7.5.")
    return number


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise InvalidInputError(f"“{text[:40]}” is no whole number.", remedy="Write it like 20.")
    return int(text)


def _flag(text: str) -> bool:
    return text.lower() in _YES


def _task(text: str) -> str | dict[str, Any]:
    if not text.startswith("{"):
        return text
    try:
        found = json.loads(text)
        usable = isinstance(found, dict) and not has_broken_text(found)
    except (ValueError, RecursionError):
        usable = False
    if not usable:
        raise InvalidInputError(
            "The task is no JSON object.", remedy='Give a preset, or {"preset": "price", …}.'
        )
    return dict(found)
