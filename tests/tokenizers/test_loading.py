"""Loading from everywhere, and every way it fails, within bounds."""

from __future__ import annotations

import hashlib
import json
import os
import threading

import pytest
from tokenizers import Tokenizer

from core.errors import (
    CancelledByReaderError,
    DataError,
    InvalidInputError,
    SourceUnavailableError,
    TokenizerError,
)
from core.hub.client import HubAccess
from core.sandbox import child as sandbox
from core.sandbox import readers
from core.tokenizers import hub_files, kept_files, load_tokenizer, profile_numbers, remote, store, trial
from core.tokenizers.loading import load
from core.tokenizers.store import Store
from tests.hub_server import HubServer
from tests.tokenizer_zoo import sentencepiece_model, style

SECRET = "hf_" + "sEcReT0123456789" * 2
# Tries a million ways at each letter: below the limit for one, and many seconds for a line of them.
SLOW = r"(?:a|a){20}\d"
CONFIG = json.dumps({"eos_token": {"content": "</s>"}, "chat_template": "{{ x }}"}).encode()


@pytest.fixture(scope="module")
def tiny() -> bytes:
    return style("digits_split").to_str().encode()


@pytest.fixture
def hub(monkeypatch, tmp_path, tiny):
    monkeypatch.setenv("BASEWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        weights = {"model.safetensors": b"x" * 1000, "README.md": b"# hi"}
        server.add_model("acme/tiny", {"tokenizer.json": tiny, "tokenizer_config.json": CONFIG, **weights})
        server.add_model("acme/gated", {"tokenizer.json": tiny}, gated="manual")
        server.add_model("acme/adapter", {"adapter_config.json": b"{}", **weights})
        server.add_token(SECRET, opens={"acme/gated"})
        yield server


# -- the Hub -------------------------------------------------------------------------------------------------


def test_only_tokenizer_files_are_fetched_at_a_pinned_commit(hub):
    loaded = load_tokenizer("acme/tiny")
    commit = hub.repos["models", "acme/tiny"].commit
    assert loaded.revision == commit
    assert loaded.loader == "tokenizers"
    assert loaded.config["chat_template"]
    fetched = {path.split(f"resolve/{commit}/")[1] for path in hub.paths() if "resolve" in path}
    assert fetched == {"tokenizer.json", "tokenizer_config.json"}


def test_a_download_tells_how_far_it_is_and_stops_when_told(hub):
    hub.fault("tokenizer.json", drip=(200, 0.01))
    cancel, told = threading.Event(), []

    def on_bytes(received, expected):
        told.append((received, expected))
        if received >= 1_000 and expected is not None:
            cancel.set()

    with pytest.raises(CancelledByReaderError):
        hub_files.fetch_tokenizer("acme/tiny", cancel=cancel, on_bytes=on_bytes)
    assert told[-1][0] < told[-1][1], "stopped before its end"
    hub.heal()
    assert load_tokenizer("acme/tiny").sha256


def test_a_commit_fetched_before_needs_no_network(hub):
    commit = load_tokenizer("acme/tiny").revision
    hub.requests.clear()
    assert load_tokenizer("acme/tiny", revision=commit).sha256
    assert not hub.requests


def test_a_moved_branch_is_fetched_anew(hub, tiny):
    first = load_tokenizer("acme/tiny")
    hub.add_model("acme/tiny", {"tokenizer.json": style("byte_level").to_str().encode()})
    assert first.sha256 != load_tokenizer("acme/tiny").sha256


def _kept(name):
    return next(kept_files.folder("acme/tiny", "").glob(f"*/{name}"))


def test_a_damaged_copy_is_fetched_again(hub):
    loaded = load_tokenizer("acme/tiny")
    kept = _kept("tokenizer.json")
    for damage in (kept.read_bytes()[:-20], b"", kept.read_bytes().replace(b"1", b"2")):
        kept.write_bytes(damage)
        assert load_tokenizer("acme/tiny", revision=loaded.revision).sha256 == loaded.sha256
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == loaded.sha256
    _kept("sha256.json").write_text("{}")
    assert load_tokenizer("acme/tiny", revision=loaded.revision).sha256 == loaded.sha256


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_pipes_and_links_put_in_place_of_a_copy_are_not_read(hub, tmp_path):
    loaded = load_tokenizer("acme/tiny")
    kept = _kept("tokenizer.json")
    elsewhere = tmp_path / "elsewhere.json"
    kept.rename(elsewhere)
    for plant in (os.mkfifo, lambda path: path.symlink_to(elsewhere)):
        kept.unlink(missing_ok=True)
        plant(kept)
        assert load_tokenizer("acme/tiny", revision=loaded.revision).sha256 == loaded.sha256
        assert kept.is_file()
        assert not kept.is_symlink()


def test_what_a_token_opened_is_for_that_token_alone(hub, monkeypatch):
    own = HubAccess(hub.url, SECRET)
    loaded = store.shared("acme/gated", access=own)
    assert loaded.sha256
    hub.fault("/api/", status=503)
    for access in (HubAccess(hub.url), HubAccess(hub.url, "hf_another")):
        with pytest.raises(SourceUnavailableError):
            store.shared("acme/gated", access=access)
    assert hub_files.fetch_tokenizer("acme/gated", access=own).sha256 == loaded.sha256
    assert SECRET not in "".join(
        str(path) for path in kept_files.folder("a/b", own.mark).parents[1].rglob("*")
    )


def test_a_link_never_reads_a_folder_of_the_server(hub, tmp_path, monkeypatch):
    (tmp_path / "acme" / "tiny").mkdir(parents=True)
    (tmp_path / "acme" / "tiny" / "tokenizer.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert store.shared("acme/tiny", access=HubAccess(hub.url)).source == "acme/tiny"


def test_without_the_hub_the_last_copy_answers_and_says_so(hub):
    commit = load_tokenizer("acme/tiny").revision
    hub.fault("/api/", status=503)
    loaded = load_tokenizer("acme/tiny")
    assert loaded.revision == commit
    assert "fetched before" in loaded.warnings[-1]


def test_a_gated_repo_says_where_to_ask_and_opens_with_a_token(hub, monkeypatch):
    with pytest.raises(SourceUnavailableError) as refused:
        load_tokenizer("acme/gated")
    assert "gated" in refused.value.what
    assert "Request access" in refused.value.remedy
    monkeypatch.setenv("HF_TOKEN", SECRET)
    assert load_tokenizer("acme/gated").sha256


def test_a_token_never_shows(hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", SECRET)
    loaded = load_tokenizer("acme/gated")
    assert SECRET not in repr(loaded)
    with pytest.raises(DataError) as failed:
        load_tokenizer("acme/none")
    assert SECRET not in f"{failed.value!r} {failed.value} {failed.value.__cause__!r}"


@pytest.mark.parametrize(
    ("repo", "kind", "said"),
    [
        ("acme/none", SourceUnavailableError, "has no acme/none, or it is private"),
        ("acme/adapter", TokenizerError, "no tokenizer here"),
        ("acme/../x", InvalidInputError, "not the name of a repository"),
        ("https://huggingface.co/a/b", InvalidInputError, "not the name of a repository"),
    ],
)
def test_what_is_not_there_is_said(hub, repo, kind, said):
    with pytest.raises(kind, match=said):
        load_tokenizer(repo)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 404}, "acme/tiny"),
        ({"cut_after": 50}, "cut before"),
        ({"body": b"<html>sign in</html>"}, "not a tokenizer.json"),
        ({"redirect_loop": True}, "loop"),
    ],
)
def test_a_download_that_goes_wrong_is_said(hub, fault, said):
    hub.fault("/tokenizer.json", **fault)
    with pytest.raises(DataError, match=said):
        load_tokenizer("acme/tiny")
    hub.heal()
    assert load_tokenizer("acme/tiny").sha256  # nothing broken was kept


def test_a_dripping_answer_ends_at_the_limit(hub, monkeypatch):
    monkeypatch.setattr(hub_files, "SECONDS", 1.0)
    hub.fault("/tokenizer.json", drip=(10, 0.05))
    with pytest.raises(SourceUnavailableError, match="too slowly"):
        load_tokenizer("acme/tiny")


def test_a_file_over_64_mb_is_refused_before_it_is_read(hub):
    hub.add_model("acme/huge", {"tokenizer.json": b"{" + b" " * (65 * 2**20)})
    with pytest.raises(DataError, match="larger than"):
        load_tokenizer("acme/huge")


@pytest.mark.parametrize("revision", ["../x", "a b", "", "x" * 200])
def test_an_impossible_revision_is_refused(hub, revision):
    with pytest.raises(InvalidInputError):
        load_tokenizer("acme/tiny", revision=revision)


# -- files and bytes -----------------------------------------------------------------------------------------


def test_a_folder_a_file_and_bytes_give_the_same(tmp_path, tiny):
    (tmp_path / "tokenizer.json").write_bytes(tiny)
    (tmp_path / "tokenizer_config.json").write_bytes(CONFIG)
    from_folder = load_tokenizer(tmp_path)
    from_file = load_tokenizer(str(tmp_path / "tokenizer.json"))
    from_bytes = load_tokenizer(tiny)
    assert from_folder.sha256 == from_file.sha256 == from_bytes.sha256
    assert from_folder.config == from_file.config
    assert profile_numbers(from_bytes, [42]).pieces[0] == ["4", "2"]


def test_more_tokens_than_any_vocabulary_has_are_refused(tiny, monkeypatch):
    monkeypatch.setattr(remote, "MAX_TOKENS", 100)
    with pytest.raises(TokenizerError, match="tokens; at most 100 are read"):
        load_tokenizer(tiny)


def test_a_mark_before_the_text_and_a_setting_for_training_change_nothing(tiny):
    document = json.loads(tiny)
    document["model"]["dropout"] = 0.9
    loaded = load_tokenizer(b"\xef\xbb\xbf" + json.dumps(document).encode())
    text = "Price is 4.99 for 120 items"
    assert {tuple(loaded.encode(text).ids) for _ in range(5)} == {
        tuple(load_tokenizer(tiny).encode(text).ids)
    }


def test_no_file_and_an_empty_folder(tmp_path):
    with pytest.raises(InvalidInputError, match="no such file"):
        load_tokenizer(str(tmp_path / "none.json"))
    with pytest.raises(TokenizerError, match="no tokenizer here"):
        load_tokenizer(tmp_path)


def nested_json(depth: int) -> bytes:
    return b'{"model":' + b'{"a":' * depth + b"1" + b"}" * (depth + 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"\x00\x01\x02",
        b"[]",
        b"{}",
        b'{"hello": 1}',
        b'{"version":"1.0","model":{"type":"BPE","vocab":{"a":0',
        nested_json(100_000),
        b'{"added_tokens":' + b"[" * 1_000_000,
    ],
    ids=["empty", "html", "binary", "list", "object", "other", "cut", "deep", "endless"],
)
def test_what_is_no_tokenizer_is_refused(raw):
    with pytest.raises(TokenizerError, match=r"not a (usable )?tokenizer\.json"):
        load_tokenizer(raw)


def evil(pattern: str) -> bytes:
    state = json.loads(style("digits_split").to_str())
    state["pre_tokenizer"] = {
        "type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False,
    }  # fmt: skip
    return json.dumps(state).encode()


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"([a-zA-Z]+)*\d", r"(\w+\s?)+$"])
def test_a_pattern_that_hangs_is_refused_in_bounded_time(pattern, monkeypatch):
    monkeypatch.setattr(trial, "TRIAL_CPU_SECONDS", 5)
    with pytest.raises(TokenizerError, match=r"takes too long|not a usable"):
        load_tokenizer(evil(pattern))


def test_a_file_that_needs_too_much_memory_is_refused(monkeypatch, tiny):
    monkeypatch.setattr(trial, "MEMORY", 20 * 2**20)
    with pytest.raises(TokenizerError):
        load_tokenizer(tiny)


def test_the_child_gets_no_token(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", SECRET)
    seen = {}

    started = sandbox.subprocess.Popen

    def start(command, **kwargs):
        seen.update(kwargs["env"])
        return started(command, **kwargs)

    monkeypatch.setattr(sandbox.subprocess, "Popen", start)
    with pytest.raises(TokenizerError):
        load_tokenizer(b"{}")
    assert seen
    assert SECRET not in seen.values()


def test_the_reading_of_a_file_can_be_stopped():
    """The process that hangs on the file is ended, and the next file has its place."""
    for _ in range(3):  # one more than may run at the same time
        cancel = threading.Event()
        threading.Timer(0.5, cancel.set).start()
        with pytest.raises(CancelledByReaderError):
            load(evil(SLOW), cancel=cancel)


def test_a_file_that_waits_for_its_turn_can_be_stopped_too(tiny):
    cancel = threading.Event()
    cancel.set()
    with readers.acting_for("one"), trial._SLOTS.one("x"), pytest.raises(CancelledByReaderError):
        load(tiny, cancel=cancel)


def test_a_broken_config_is_noted_and_the_tokenizer_loads(tmp_path, tiny):
    (tmp_path / "tokenizer.json").write_bytes(tiny)
    (tmp_path / "tokenizer_config.json").write_bytes(b"[" * 100_000)
    loaded = load_tokenizer(tmp_path)
    assert "special tokens are unknown" in loaded.warnings[0]


def test_a_file_that_truncates_is_loaded_without_that(tiny):
    asked = Tokenizer.from_str(tiny.decode())
    asked.enable_truncation(2)
    assert len(load_tokenizer(asked.to_str().encode()).encode("1234567").ids) == 7


def test_a_tokenizer_that_changes_text_says_so():
    (warning,) = load_tokenizer(style("wordpiece").to_str().encode()).warnings
    assert "does not give back" in warning


# -- other formats -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "settings"),
    [
        # transformers 5 loads this one as if there were a dummy prefix
        ({"tokenizer_class": "LlamaTokenizer"}, {"model_type": "bpe", "add_dummy_prefix": False}),
        ({"tokenizer_class": "LlamaTokenizer"}, {"model_type": "bpe", "split_digits": True}),
        ({"tokenizer_class": "ChatGLMTokenizer"}, {"model_type": "bpe"}),
        ({"tokenizer_class": "T5Tokenizer"}, {"model_type": "unigram"}),
        (None, {"model_type": "unigram", "add_dummy_prefix": False}),
    ],
    ids=["llama without prefix", "llama", "chatglm", "t5", "no class"],
)
def test_a_sentencepiece_model_is_cut_as_sentencepiece_cuts_it(tmp_path, config, settings):
    bpe = settings["model_type"] == "bpe"
    _, reference = sentencepiece_model(tmp_path, byte_fallback=bpe, **settings)
    if config:
        (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    loaded = load_tokenizer(tmp_path)
    assert loaded.loader != "tokenizers"
    for number in (0, 7, 42, 123, 999, 1234, 98765):
        text = f"Price is ${number}.00"
        expected = [reference.id_to_piece(index) for index in reference.encode(text)]
        assert expected == [loaded.backend.id_to_token(index) for index in loaded.encode(text).ids]


def test_remote_code_is_never_run(tmp_path):
    marker = tmp_path / "was_run"
    (tmp_path / "vocab.txt").write_text("a\nb\n")
    (tmp_path / "tokenization_evil.py").write_text(f"open({str(marker)!r}, 'w').write('x')\n")
    (tmp_path / "tokenizer_config.json").write_text(
        json.dumps(
            {"auto_map": {"AutoTokenizer": ["tokenization_evil.Evil", None]}, "tokenizer_class": "Evil"}
        )
    )
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "evil"}))
    with pytest.raises(TokenizerError, match="without running its code"):
        load_tokenizer(tmp_path)
    assert not marker.exists()


# -- the store -----------------------------------------------------------------------------------------------


def test_the_oldest_goes_first_and_failures_are_not_kept():
    kept, made = Store(limit=2), []

    def make(key):
        made.append(key)
        if key == "bad":
            raise TokenizerError("no")
        return object()

    first = kept.get("a", lambda: make("a"))
    kept.get("b", lambda: make("b"))
    assert kept.get("a", lambda: make("a")) is first
    kept.get("c", lambda: make("c"))
    assert kept.keys() == ["a", "c"]
    for _ in range(2):
        with pytest.raises(TokenizerError):
            kept.get("bad", lambda: make("bad"))
    assert made == ["a", "b", "c", "bad", "bad"]


def test_sessions_that_ask_at_once_load_once():
    kept, made = Store(), []
    ready = threading.Barrier(8)

    def ask():
        ready.wait()
        kept.get("same", lambda: made.append(1) or object())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
