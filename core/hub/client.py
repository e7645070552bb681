"""The one way to the Hub: endpoint and token stated, time and size bounded, failures in plain words.

``huggingface_hub`` speaks the protocol. It bounds neither how long an answer may drip nor how large it may
grow, so :func:`limits` does, for whatever runs within it.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from core.errors import CancelledByReaderError, DataError, InvalidInputError, SourceUnavailableError
from core.hub.cut import Sockets, cut_when

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2
    from huggingface_hub import HfApi

Result = TypeVar("Result")

DEFAULT_ENDPOINT: Final = "https://huggingface.co"
# Seconds that one connect or one read may take; the whole call is bounded by `Limits.seconds`.
STEP_TIMEOUT: Final = 10.0
ATTEMPTS: Final = 3
_LENDS: Final = "BASEWISE_USE_SERVER_TOKEN"
_OWN: Final = "give a token of your own: under “Hub token” on the page, or as HF_TOKEN in a script."
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.\-]{1,512}", re.ASCII)
KEPT: Final = "What was loaded before stays in use."


@dataclass(frozen=True, slots=True)
class HubAccess:
    """Where the Hub is and who asks. The token is left out of every representation."""

    endpoint: str = DEFAULT_ENDPOINT
    token: str | None = field(default=None, repr=False)

    @property
    def mark(self) -> str:
        """Tells one token's answers from another's, "" without one; gives nothing of it away."""
        return "" if self.token is None else hashlib.sha256(b"mark:" + self.token.encode()).hexdigest()[:32]

    def api(self) -> HfApi:
        from huggingface_hub import HfApi  # noqa: PLC0415 - 150 ms, and most pages never ask

        _install_limits()
        # False, not None: None would pick up a token left on this machine by another program.
        return HfApi(endpoint=self.endpoint, token=self.token or False)


def access_from_environment(token: str | None = None) -> HubAccess:
    """For scripts: endpoint from ``HF_ENDPOINT``, token from the argument or ``HF_TOKEN``; read at each call.

    Raises:
        InvalidInputError: the endpoint is no http(s) address or the token can't be one. Never quotes it.
    """
    return HubAccess(_endpoint(), _checked(token, "The token") or _server_token())


def access_for_visitor(token: str | None = None) -> HubAccess:
    """For what a visitor of the app asks: with a token of their own, else without any.

    The server's ``HF_TOKEN`` is used only where its operator set ``BASEWISE_USE_SERVER_TOKEN=1``.

    Raises:
        InvalidInputError: as :func:`access_from_environment`.
    """
    own = _checked(token, "The token")
    may_lend = os.environ.get(_LENDS, "").strip().lower() in {"1", "true", "yes", "on"}
    return HubAccess(_endpoint(), own or (_server_token() if may_lend else None))


def _endpoint() -> str:
    endpoint = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or DEFAULT_ENDPOINT
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise InvalidInputError(
            "The setting HF_ENDPOINT is not a web address.",
            source="HF_ENDPOINT",
            remedy=f"Remove it, or set it to an address such as {DEFAULT_ENDPOINT}.",
        )
    return endpoint


def _server_token() -> str | None:
    return _checked(os.environ.get("HF_TOKEN"), "The setting HF_TOKEN")


def _checked(token: str | None, what: str) -> str | None:
    token = (token or "").strip() or None
    if token is not None and not _TOKEN.fullmatch(token):
        raise InvalidInputError(
            f"{what} holds characters that no token has.",
            source="HF_TOKEN",
            remedy="Copy the token again from the Hub's settings, without quotes or line breaks.",
        )
    return token


@dataclass(slots=True)
class Limits:
    seconds: float
    max_bytes: int
    cancel: threading.Event = field(default_factory=threading.Event)
    on_bytes: Callable[[int, int | None], None] | None = None
    started: float = field(default_factory=time.monotonic)
    sockets: Sockets = field(default_factory=Sockets)

    def is_over(self) -> bool:
        return self.cancel.is_set() or time.monotonic() - self.started > self.seconds

    def check(self, received: int = 0) -> None:
        if self.cancel.is_set():
            raise CancelledByReaderError("The check was stopped.", remedy=KEPT)
        if time.monotonic() - self.started > self.seconds:
            raise SourceUnavailableError(
                f"The Hub answered too slowly: not done within {self.seconds:.0f} seconds.",
                remedy=f"{KEPT} Try again later.",
            )
        if received > self.max_bytes:
            raise SourceUnavailableError(
                f"The Hub's answer is larger than the {self.max_bytes / 1e6:.0f} MB this app accepts.",
                remedy=KEPT,
            )


_LIMITS: ContextVar[Limits | None] = ContextVar("hub_limits", default=None)


@contextmanager
def limits(
    *,
    seconds: float = 30.0,
    max_bytes: int = 20_000_000,
    cancel: threading.Event | None = None,
    on_bytes: Callable[[int, int | None], None] | None = None,
) -> Iterator[Limits]:
    """Bound every request ``huggingface_hub`` makes in this thread while the block runs.

    Args:
        seconds: for the whole block, retries and waits included.
        max_bytes: of one answer, decompressed.
        cancel: set it from another thread to stop at the next piece received.
        on_bytes: told (bytes received, bytes expected or None) as a body comes in.
    """
    _install_limits()
    bound = Limits(seconds, max_bytes, cancel or threading.Event(), on_bytes)
    reset = _LIMITS.set(bound)
    try:
        with cut_when(bound.is_over, bound.sockets):
            yield bound
    finally:
        _LIMITS.reset(reset)


def ask(call: Callable[[], Result], *, about: str, bound: Limits, attempts: int = ATTEMPTS) -> Result:
    """Run ``call``, again where the failure may pass, and say plainly what failed.

    Waits as long as the Hub asks (``Retry-After``) where that fits the limit, else 1, 2, 4 seconds.

    Args:
        call: uses ``huggingface_hub`` within :func:`limits`.
        about: the repo id or name of the thing asked for; part of the message.
        bound: the limits in force.
        attempts: how often at most.

    Raises:
        SourceUnavailableError: with the cause in one sentence. No address, header or token in it.
        CancelledByReaderError: the reader stopped it.
    """
    import httpx2  # noqa: PLC0415 - see HubAccess.api
    import tenacity  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled  # noqa: PLC0415

    left = bound.seconds - (time.monotonic() - bound.started)
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(_may_pass),
        wait=_wait,
        stop=tenacity.stop_any(
            tenacity.stop_after_attempt(attempts),
            tenacity.stop_before_delay(max(left, 0.01)),
            tenacity.stop_when_event_set(bound.cancel),
        ),
        sleep=tenacity.sleep_using_event(bound.cancel),
        reraise=True,
    )
    try:
        return retrying(call)
    except DataError as error:
        error.source = error.source or about
        raise
    except OfflineModeIsEnabled:
        raise SourceUnavailableError(
            "This app is set to work offline.", source=about, remedy="Unset HF_HUB_OFFLINE to use the Hub."
        ) from None
    except HfHubHTTPError as error:
        raise _refused(error, about) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        # A wait that was cut short ends in the failure it waited after.
        bound.check()
        raise SourceUnavailableError(
            _unreachable(error), source=about, remedy=f"{KEPT} Check the connection and try again."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # What the client's own parsing raises on an answer that isn't the Hub's.
        raise SourceUnavailableError(
            "The answer is not what the Hub sends.",
            source=about,
            remedy=f"{KEPT} A proxy or a login page may stand between this app and the Hub.",
        ) from None


def fetch(
    access: HubAccess, path: str, *, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """GET ``path`` from the Hub, following its redirects: status, headers (lower case), body.

    For files whose ``ETag`` is asked about (``If-None-Match``), which the client's own download can't do.
    The session, its headers and its errors are ``huggingface_hub``'s; use it within :func:`limits`.
    """
    from huggingface_hub import get_session, hf_raise_for_status  # noqa: PLC0415
    from huggingface_hub.utils._headers import build_hf_headers  # noqa: PLC0415

    _install_limits()
    sent = build_hf_headers(token=access.token or False) | (headers or {})
    response = get_session().get(f"{access.endpoint}/{path}", headers=sent, timeout=STEP_TIMEOUT)
    if response.status_code != 304:
        hf_raise_for_status(response)
    own = dict(response.headers.items())
    # The commit and the date of a stored file stand on the redirect, not on the storage's answer.
    hops = [dict(hop.headers.items()) for hop in response.history]
    merged = {key.lower(): value for part in (*hops, own) for key, value in part.items()}
    return response.status_code, merged, response.content


def _may_pass(error: BaseException) -> bool:
    import httpx2  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    if isinstance(error, HfHubHTTPError):
        return error.response.status_code in {408, 429, 500, 502, 503, 504}
    if isinstance(error, httpx2.ConnectError):
        return not _lookup_failed(error)
    return isinstance(error, (httpx2.TimeoutException, httpx2.NetworkError, httpx2.RemoteProtocolError))


def _wait(state: Any) -> float:
    asked = _retry_after(state.outcome.exception())
    return float(asked) if asked is not None else float(2 ** (state.attempt_number - 1))


def _retry_after(error: BaseException) -> int | None:
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    if not isinstance(error, HfHubHTTPError):
        return None
    value = error.response.headers.get("Retry-After", "").strip()
    return min(int(value), 10**6) if value.isascii() and value.isdigit() and len(value) < 9 else None


def _refused(error: Any, about: str) -> SourceUnavailableError:
    from huggingface_hub.errors import (  # noqa: PLC0415
        GatedRepoError,
        RemoteEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    status = error.response.status_code
    again = f"{KEPT} Try again later."
    if isinstance(error, GatedRepoError):
        what = f"{about} is gated: its publisher decides who may read it."
        remedy = f"Request access on its page on the Hub, then {_OWN}"
    elif isinstance(error, RevisionNotFoundError):
        what, remedy = f"{about} has no such revision on the Hub.", "Use its main revision."
    elif isinstance(error, RemoteEntryNotFoundError):
        what, remedy = f"{about} does not hold the file that was asked for.", KEPT
    elif isinstance(error, RepositoryNotFoundError):
        what = f"The Hub has no {about}, or it is private."
        remedy = f"Check the spelling; for a private repository, {_OWN}"
    elif status == 401:
        what, remedy = (
            "The Hub does not accept the token this app was given.",
            "Renew the token, or remove it.",
        )
    elif status == 403:
        what, remedy = f"The Hub refuses access to {about} (403).", "Check what your token may read."
    elif status == 404:
        what, remedy = f"The Hub has nothing at the place of {about} (404).", KEPT
    elif status == 429:
        wait = _retry_after(error)
        until = f" and asks to wait {wait} seconds" if wait is not None else ""
        what, remedy = f"The Hub is receiving too many requests (429){until}.", again
    elif status >= 500:
        what, remedy = f"The Hub returned a server error ({status}).", again
    else:
        what, remedy = f"The Hub refused the request ({status}).", again
    return SourceUnavailableError(what, source=about, remedy=remedy)


def _unreachable(error: BaseException) -> str:
    import httpx2  # noqa: PLC0415

    if isinstance(error, httpx2.ConnectTimeout):
        return "The Hub could not be reached: the connection timed out."
    if isinstance(error, httpx2.TimeoutException):
        return f"The Hub stopped answering: nothing came for {STEP_TIMEOUT:.0f} seconds."
    if isinstance(error, httpx2.TooManyRedirects):
        return "The Hub redirects in a loop."
    if isinstance(error, httpx2.ConnectError):
        if _lookup_failed(error):
            return "The Hub's name could not be looked up: this machine seems to be offline."
        return "The Hub could not be reached: the connection failed."
    if isinstance(error, (httpx2.RemoteProtocolError, httpx2.ReadError)):
        return "The connection to the Hub was cut before the answer was complete."
    if isinstance(error, httpx2.DecodingError):
        return "The Hub's answer was damaged on the way."
    return "The Hub could not be reached."


def _lookup_failed(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


# -- the limits, inside huggingface_hub's session ------------------------------------------------------------

_install_lock = threading.Lock()
_installed = False


def _install_limits() -> None:
    """Give ``huggingface_hub`` a session that minds :func:`limits`; once per process."""
    global _installed  # noqa: PLW0603 - mirrors the library's own global session
    with _install_lock:
        if _installed:
            return
        from huggingface_hub import set_client_factory  # noqa: PLC0415

        set_client_factory(_limited_client)
        _installed = True


def _limited_client() -> httpx2.Client:
    from huggingface_hub.utils._http import default_client_factory  # noqa: PLC0415

    client = default_client_factory()
    hooks = client.event_hooks
    client.event_hooks = {
        "request": [*hooks["request"], _before_request],
        "response": [*hooks["response"], _limit_response],
    }
    return client


def _before_request(request: httpx2.Request) -> None:
    if (bound := _LIMITS.get()) is not None:
        bound.check()
        # Compressed answers could unfold to any size after the bytes were counted.
        request.headers["Accept-Encoding"] = "identity"
        # A connection of its own, which can be cut without cutting anyone else's.
        request.headers["Connection"] = "close"
        request.extensions["trace"] = bound.sockets.trace


def _limit_response(response: httpx2.Response) -> None:
    if (bound := _LIMITS.get()) is None:
        return
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise SourceUnavailableError(
            "The Hub sent a compressed answer although none was requested.", remedy=KEPT
        )
    length = response.headers.get("Content-Length", "")
    expected = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
    if response.request.method != "HEAD":
        bound.check(expected or 0)
        response.stream = _limited(response, bound, expected)


def _limited(response: httpx2.Response, bound: Limits, expected: int | None) -> httpx2.SyncByteStream:
    import httpx2  # noqa: PLC0415 - see HubAccess.api

    inner = cast("httpx2.SyncByteStream", response.stream)

    class Limited(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            received = 0
            for piece in inner:
                received += len(piece)
                bound.check(received)
                if bound.on_bytes is not None and response.is_success:
                    bound.on_bytes(received, expected)
                yield piece

        def close(self) -> None:
            inner.close()

    return Limited()
