"""A Hub on the loopback: what the real ``huggingface_hub`` client asks for, answered from memory.

Use it as a context manager or through a fixture of your own::

    with HubServer() as hub:
        hub.add_model("acme/tiny", {"config.json": b"{}"}, likes=3)
        HfApi(endpoint=hub.url, token=False).model_info("acme/tiny")

Faults are set while it runs, first match first::

    hub.fault("/api/models/acme/tiny", status=429, headers={"Retry-After": "1"}, times=2)
    hub.fault("/resolve/", cut_after=100)           # closes the connection within the body
    hub.fault("/resolve/", drip=(1, 0.05))          # one byte each 0.05 s
    hub.fault("/api/", hang=30)                     # answers nothing for so long
    hub.fault("/api/", redirect_loop=True)
    hub.fault("/resolve/", body=b"<html>not it</html>")
    hub.heal()

``hub.requests`` holds every request (method, path, lower-case headers) in order. Follows the protocol as
huggingface_hub 2.4 uses it: ``X-Repo-Commit``, ``X-Linked-Etag``, ``X-Linked-Size``, ``X-Error-Code``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from huggingface_hub import constants

DEFAULT_DATE = "2025-03-13T00:00:00.000Z"
# Properties the Hub leaves out unless they are asked for with `expand`.
_ONLY_EXPANDED = {"evalResults", "baseModels", "childrenModelCount", "trendingScore", "usedStorage", "gguf"}


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def git_oid(body: bytes) -> str:
    return hashlib.sha1(b"blob %d\x00" % len(body) + body).hexdigest()


@dataclass
class Repo:
    repo_id: str
    kind: str  # "models" or "datasets"
    files: dict[str, bytes]
    properties: dict[str, object] = field(default_factory=dict)
    gated: bool | str = False
    leaderboard: list[dict[str, object]] | None = None
    parquet: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)
    commit: str = ""

    def __post_init__(self) -> None:
        self.commit = self.commit or self.computed_commit()

    def computed_commit(self) -> str:
        """Changes whenever a file does."""
        state = [self.repo_id, *(f"{name}:{sha256(body)}" for name, body in sorted(self.files.items()))]
        state += [sha256(body) for _, shards in sorted(self.parquet.items()) for body in shards]
        return hashlib.sha1("\n".join(state).encode()).hexdigest()

    def at(self, revision: str) -> dict[str, bytes] | None:
        """The files of a revision; the converted Parquet lives in a revision of its own."""
        if revision == "refs/convert/parquet":
            return {
                f"{config}/{split}/{index:04d}.parquet": body
                for (config, split), shards in self.parquet.items()
                for index, body in enumerate(shards)
            }
        return self.files if revision in ("main", self.commit) else None

    def info(self, expand: list[str]) -> dict[str, object]:
        everything: dict[str, object] = {
            "id": self.repo_id,
            "modelId" if self.kind == "models" else "datasetId": self.repo_id,
            "author": self.repo_id.split("/")[0],
            "sha": self.commit,
            "lastModified": DEFAULT_DATE,
            "createdAt": DEFAULT_DATE,
            "private": False,
            "disabled": False,
            "gated": self.gated,
            "likes": 0,
            "downloads": 0,
            "tags": [],
            "siblings": [{"rfilename": name} for name in sorted(self.files)],
            **self.properties,
        }
        if expand:
            return {key: value for key, value in everything.items() if key in {"id", *expand}}
        return {key: value for key, value in everything.items() if key not in _ONLY_EXPANDED}


@dataclass
class Fault:
    contains: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut_after: int | None = None
    drip: tuple[int, float] | None = None
    hang: float = 0.0
    redirect_loop: bool = False
    redirect_to: str | None = None
    method: str | None = None
    times: int | None = None


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]


class HubServer:
    def __init__(self) -> None:
        self.repos: dict[tuple[str, str], Repo] = {}
        self.tokens: dict[str, set[str]] = {}  # token -> the gated repos it opens
        self.requests: list[Request] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        # Another host to the client, as the Hub's storage is: a token must not follow the redirect there.
        self.storage = f"http://localhost:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        # The test suite runs offline; while a local Hub is up, it is the network.
        self._was_offline, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, False
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        constants.HF_HUB_OFFLINE = self._was_offline
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add_model(
        self,
        repo_id: str,
        files: dict[str, bytes] | None = None,
        *,
        gated: bool | str = False,
        **properties: object,
    ) -> Repo:
        """``properties`` are those of the Hub's answer, in its spelling (``safetensors``, ``cardData``)."""
        return self._add(Repo(repo_id, "models", dict(files or {}), dict(properties), gated))

    def add_dataset(
        self,
        repo_id: str,
        files: dict[str, bytes] | None = None,
        *,
        parquet: dict[tuple[str, str], list[bytes]] | None = None,
        leaderboard: list[dict[str, object]] | None = None,
        gated: bool | str = False,
        **properties: object,
    ) -> Repo:
        """``parquet`` maps (config, split) to its shards; ``leaderboard``: entries as the Hub has them."""
        return self._add(
            Repo(repo_id, "datasets", dict(files or {}), dict(properties), gated, leaderboard, parquet or {})
        )

    def add_board(self, table: bytes, *, date: str = DEFAULT_DATE) -> Repo:
        """The Open LLM Leaderboard's results dataset, with ``table`` as its Parquet file."""
        return self.add_dataset(
            "open-llm-leaderboard/contents",
            {"README.md": b"# contents\n", "data/train-00000-of-00001.parquet": table},
            parquet={("default", "train"): [table]},
            lastModified=date,
        )

    def add_token(self, token: str, *, opens: set[str] | None = None) -> None:
        self.tokens[token] = opens or set()

    def fault(self, contains: str, **what: object) -> None:
        """Misbehave wherever the path contains ``contains``, ``times`` times or until :meth:`heal`."""
        with self._lock:
            self._faults.append(Fault(contains, **what))  # type: ignore[arg-type]

    def heal(self) -> None:
        with self._lock:
            self._faults.clear()

    def paths(self, method: str | None = None) -> list[str]:
        return [request.path for request in self.requests if method in (None, request.method)]

    def take_fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.contains in path and fault.method in (None, method) and fault.times != 0:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def _add(self, repo: Repo) -> Repo:
        self.repos[repo.kind, repo.repo_id] = repo
        return repo


def _handler(hub: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        fault: Fault | None = None

        def do_GET(self) -> None:
            hub.requests.append(
                Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()})
            )
            self.fault = hub.take_fault(self.command, unquote(self.path))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                if not self._misbehave():
                    self._route()

        do_HEAD = do_GET  # noqa: N815
        do_POST = do_GET  # noqa: N815

        def log_message(self, *args: object) -> None:
            """Quiet: tests read ``hub.requests``."""

        # -- answering -------------------------------------------------------------------------------

        def _misbehave(self) -> bool:
            fault = self.fault
            if fault is None:
                return False
            if fault.hang:
                hub.stopping.wait(fault.hang)
            if fault.redirect_loop:
                self._answer(302, b"", {"Location": self.path})
            elif fault.redirect_to:
                self._answer(302, b"", {"Location": fault.redirect_to})
            elif fault.status is not None or fault.body is not None:
                status = fault.status or 200
                body = fault.body if fault.body is not None else b'{"error":"made to fail"}'
                self._answer(status, body, {"ETag": f'"{sha256(body)}"', **fault.headers})
            else:
                return False
            return True

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/octet-stream", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "HEAD":
                return
            fault = self.fault
            if fault is not None and fault.cut_after is not None:
                self.wfile.write(body[: fault.cut_after])
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(1)
            elif fault is not None and fault.drip is not None:
                size, pause = fault.drip
                for start in range(0, len(body), size):
                    self.wfile.write(body[start : start + size])
                    self.wfile.flush()
                    if hub.stopping.wait(pause):
                        break
            else:
                self.wfile.write(body)

        def _json(self, answer: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
            body = json.dumps(answer).encode()
            self._answer(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})

        def _error(self, status: int, code: str, message: str) -> None:
            self._json({"error": message}, status, {"X-Error-Code": code, "X-Error-Message": message})

        # -- routes ----------------------------------------------------------------------------------

        def _route(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            posted = self.rfile.read(length) if length else b""
            split = urlsplit(self.path)
            query = parse_qs(split.query)
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            if token and token not in hub.tokens:
                self._error(401, "", "Invalid credentials in Authorization header")
                return
            # Segments are decoded one by one: a revision may hold an encoded slash.
            parts = [unquote(part) for part in split.path.strip("/").split("/")]
            if parts == ["api", "whoami-v2"]:
                if token:
                    self._json({"type": "user", "name": "tester", "auth": {"type": "access_token"}})
                else:
                    self._error(401, "", "Invalid username or password.")
            elif parts[0] == "cdn":
                self._cdn(parts[1])
            elif parts[:2] in (["api", "models"], ["api", "datasets"]) and len(parts) == 2:
                repos = [repo for (kind, _), repo in hub.repos.items() if kind == parts[1]]
                wanted = query.get("filter", [])
                kept = [r for r in repos if all(tag in r.properties.get("tags", ()) for tag in wanted)]  # type: ignore[operator]
                if author := query.get("author"):
                    kept = [repo for repo in kept if repo.repo_id.split("/")[0] == author[0]]
                if query.get("sort") == ["createdAt"]:
                    kept.sort(key=lambda repo: str(repo.properties.get("createdAt", "")), reverse=True)
                most = int(query.get("limit", ["1000"])[0])
                self._json([repo.info(query.get("expand", [])) for repo in kept[:most]])
            elif parts[0] == "api" and parts[1] in ("models", "datasets"):
                self._api(parts[1], parts[2:], query, token, posted)
            elif "resolve" in parts:
                kind, rest = ("datasets", parts[1:]) if parts[0] == "datasets" else ("models", parts)
                at = rest.index("resolve")
                self._resolve(kind, "/".join(rest[:at]), rest[at + 1], "/".join(rest[at + 2 :]), token)
            else:
                self._error(404, "", "Sorry, we can't find the page you are looking for.")

        def _find(self, kind: str, repo_id: str, token: str) -> Repo | None:
            repo = hub.repos.get((kind, repo_id))
            if repo is None:
                # The Hub doesn't tell strangers whether a repo exists.
                if token:
                    self._error(404, "RepoNotFound", "Repository not found")
                else:
                    self._error(401, "RepoNotFound", "Invalid username or password.")
            return repo

        def _opens(self, repo: Repo, token: str) -> bool:
            if not repo.gated or repo.repo_id in hub.tokens.get(token, set()):
                return True
            where = f"Access to {repo.kind[:-1]} {repo.repo_id} is restricted."
            if token:
                self._error(403, "GatedRepo", f"{where} You are not in the authorized list.")
            else:
                self._error(401, "GatedRepo", f"{where} You must have access to it and be authenticated.")
            return False

        def _api(
            self, kind: str, parts: list[str], query: dict[str, list[str]], token: str, posted: bytes
        ) -> None:
            verbs = {"revision", "tree", "parquet", "leaderboard", "auth-check", "paths-info", "resolve"}
            at = next((i for i, part in enumerate(parts) if i and part in verbs), len(parts))
            repo = self._find(kind, "/".join(parts[:at]), token)
            if repo is None:
                return
            verb, rest = (parts[at], parts[at + 1 :]) if at < len(parts) else ("", [])
            if verb in ("", "revision"):
                if rest and repo.at(rest[0]) is None:
                    self._error(404, "RevisionNotFound", f"Invalid rev id: {rest[0]}")
                    return
                self._json(repo.info(query.get("expand", [])), headers={"X-Repo-Commit": repo.commit})
            elif verb == "tree":
                self._tree(repo, rest[0], "/".join(rest[1:]), recursive="true" in str(query).lower())
            elif verb == "paths-info":
                form = parse_qs(posted.decode())
                asked = form.get("paths") or json.loads(posted or b"{}").get("paths", [])
                self._json([_entry(p, repo.files[p]) for p in asked if p in repo.files])
            elif verb == "auth-check":
                if self._opens(repo, token):
                    self._answer(200, b"")
            elif verb == "leaderboard":
                if repo.leaderboard is None:
                    self._error(404, "", "This dataset has no leaderboard")
                else:
                    self._json(repo.leaderboard)
            elif verb == "resolve":
                self._resolve(kind, repo.repo_id, rest[0], "/".join(rest[1:]), token)
            elif not rest:
                self._json(
                    {
                        config: {
                            s: [
                                f"{hub.url}/api/datasets/{repo.repo_id}/parquet/{config}/{s}/{i}.parquet"
                                for i in range(len(shards))
                            ]
                            for (c, s), shards in repo.parquet.items()
                            if c == config
                        }
                        for config, _ in repo.parquet
                    }
                )
            else:
                config, split, name = rest
                index = int(name.removesuffix(".parquet"))
                where = f"refs%2Fconvert%2Fparquet/{config}/{split}/{index:04d}.parquet"
                self._answer(302, b"", {"Location": f"/datasets/{repo.repo_id}/resolve/{where}"})

        def _tree(self, repo: Repo, revision: str, folder: str, *, recursive: bool) -> None:
            files = repo.at(revision)
            if files is None:
                self._error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
                return
            inside = {
                name: body for name, body in files.items() if not folder or name.startswith(f"{folder}/")
            }
            if folder and not inside:
                self._error(404, "EntryNotFound", f"{folder} does not exist")
                return
            entries: dict[str, dict[str, object]] = {}
            for name, body in sorted(inside.items()):
                below = name[len(folder) + 1 :] if folder else name
                if "/" in below and not recursive:
                    path = f"{folder}/{below.split('/')[0]}".lstrip("/")
                    entries[path] = {
                        "type": "directory",
                        "oid": git_oid(path.encode()),
                        "size": 0,
                        "path": path,
                    }
                else:
                    entries[name] = _entry(name, body)
            self._json(list(entries.values()))

        def _resolve(self, kind: str, repo_id: str, revision: str, name: str, token: str) -> None:
            repo = self._find(kind, repo_id, token)
            if repo is None or not self._opens(repo, token):
                return
            files = repo.at(revision)
            if files is None:
                self._error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            elif name not in files:
                self._error(404, "EntryNotFound", "Entry not found")
            elif name.endswith((".parquet", ".safetensors", ".bin")):
                # Large files live elsewhere; their facts come with the redirect.
                body = files[name]
                digest = sha256(body)
                self._answer(
                    302,
                    b"",
                    {
                        "X-Repo-Commit": repo.commit,
                        "X-Linked-Size": str(len(body)),
                        "X-Linked-Etag": f'"{digest}"',
                        "Location": f"{hub.storage}/cdn/{digest}",
                    },
                )
            else:
                self._file(files[name], git_oid(files[name]), {"X-Repo-Commit": repo.commit})

        def _cdn(self, digest: str) -> None:
            for repo in hub.repos.values():
                bodies = [*repo.files.values(), *(b for shards in repo.parquet.values() for b in shards)]
                for body in bodies:
                    if sha256(body) == digest:
                        self._file(body, digest, {})
                        return
            self._error(404, "", "No such object")

        def _file(self, body: bytes, etag: str, headers: dict[str, str]) -> None:
            headers = {"ETag": f'"{etag}"', "Accept-Ranges": "bytes", **headers}
            if f'"{etag}"' in (self.headers.get("If-None-Match") or ""):
                self.send_response(304)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                return
            asked = self.headers.get("Range")
            if asked and asked.startswith("bytes=") and "," not in asked:
                first, _, last = asked.removeprefix("bytes=").partition("-")
                start = int(first) if first else max(0, len(body) - int(last))
                end = min(int(last), len(body) - 1) if first and last else len(body) - 1
                headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
                self._answer(206, body[start : end + 1], headers)
            else:
                self._answer(200, body, headers)

    return Handler


def _entry(path: str, body: bytes) -> dict[str, object]:
    return {"type": "file", "oid": git_oid(body), "size": len(body), "path": path}


# Seconds. Only what never comes takes them all: a busy machine is slow.
PATIENCE_S = 300.0


def wait_until(condition: object, *, seconds: float = PATIENCE_S) -> bool:
    """Poll ``condition()``; for what happens in a thread."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False
