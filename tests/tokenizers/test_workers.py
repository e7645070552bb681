"""Tokenizers in other processes: what a hostile one does ends its process, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tokenizers import AddedToken, Tokenizer

from core.errors import SourceUnavailableError, TokenizerError
from core.sandbox.turns import Turns
from core.tokenizers import load_tokenizer, profile_numbers, workers
from core.tokenizers.pieces import Notation
from core.tokenizers.remote import RemoteTokenizer
from core.tokenizers.text import sequence_lengths, text_figures
from tests.places import SHARED
from tests.tokenizer_zoo import STYLES, style

HOSTILE = SHARED / "data" / "cases" / "hostile"
SECRET = "hf_" + "sEcReT0123456789" * 2


def changed(**changes) -> bytes:
    return json.dumps(json.loads(style("digits_split").to_str()) | changes).encode()


def bomb(factor: int) -> bytes:
    """A sign that no sample text holds becomes ``10 ** factor`` of it."""
    rule = {"type": "Replace", "pattern": {"String": "§"}, "content": "§" * 10}
    return changed(normalizer={"type": "Sequence", "normalizers": [rule] * factor})


def redos() -> bytes:
    """Nothing for samples without the letter, a minute for 60,000 of it."""
    rule = {"type": "Replace", "pattern": {"Regex": "q{1,400}q{1,400}[^q]"}, "content": ""}
    return changed(normalizer=rule)


def survives() -> bool:
    good = load_tokenizer(changed())
    return profile_numbers(good, [42]).pieces[0] == ["4", "2"]


def refused(tokenizer, text: str) -> TokenizerError:
    with pytest.raises(TokenizerError) as error:
        tokenizer.encode(text)
    assert error.value.what
    assert error.value.remedy
    return error.value


def test_a_text_that_grows_without_end_ends_only_its_process():
    tokenizer = load_tokenizer(bomb(10))
    assert tokenizer.encode("7").ids
    refused(tokenizer, "§§")
    with pytest.raises(TokenizerError):
        profile_numbers(tokenizer, [7], prefix="§")
    with pytest.raises(TokenizerError):
        text_figures({"x": tokenizer}, "§")
    with pytest.raises(TokenizerError):
        sequence_lengths({"x": tokenizer}, ["§"])
    assert tokenizer.encode("7").ids
    assert survives()


def test_an_answer_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(workers, "MAX_ANSWER", 100_000)
    tokenizer = load_tokenizer(bomb(6))
    assert "too many tokens" in refused(tokenizer, "§").what
    assert survives()


def test_a_pattern_too_slow_for_a_long_text_is_refused_and_not_tried_again(monkeypatch):
    monkeypatch.setattr(workers, "CALL_CPU_SECONDS", 1)
    tokenizer = load_tokenizer(redos())
    text = "q" * 60_000
    assert "too long" in refused(tokenizer, text).what
    monkeypatch.setattr(workers.SHARED, "_ask", lambda *_: pytest.fail("asked again"))
    refused(tokenizer, text)


@pytest.mark.parametrize(
    ("name", "text"), [("tok_bomb_P_1e9.json", "Price"), ("tok_redos_x.json", "x" * 54_000)]
)
def test_the_files_seen(name, text):
    if not (HOSTILE / name).is_file():
        pytest.skip("the hostile files are not here")
    try:
        tokenizer = load_tokenizer((HOSTILE / name).read_bytes())
    except TokenizerError as error:
        assert error.remedy  # noqa: PT017 - refusing it at once is as good
    else:
        refused(tokenizer, text)
    assert survives()


def test_a_process_that_dies_is_replaced():
    tokenizer = load_tokenizer(changed())
    tokenizer.encode("1")
    for worker in workers.SHARED._turns._idle:
        if worker._child is not None:
            worker._child.kill()
            worker._child.wait()
    assert tokenizer.encode("123").tokens[-3:] == ["1", "2", "3"]


def test_a_process_that_is_killed_each_time_accuses_no_file(monkeypatch):
    tokenizer = load_tokenizer(changed())
    ended = workers._EndedError(-9)
    monkeypatch.setattr(workers.Worker, "ask", lambda *_: (_ for _ in ()).throw(ended))
    with pytest.raises(SourceUnavailableError, match="busy"):
        tokenizer.encode("1")


@pytest.mark.parametrize("code", [-6, 1, 101])
def test_an_abort_a_panic_and_an_error_are_said(monkeypatch, code):
    tokenizer = load_tokenizer(changed())
    ended = workers._EndedError(code)
    monkeypatch.setattr(workers.Worker, "ask", lambda *_: (_ for _ in ()).throw(ended))
    assert "breaks the library" in refused(tokenizer, f"a text for {code}").what


def test_token_numbers_beyond_any_vocabulary_are_refused():
    state = json.loads(style("digits_split").to_str())
    vocabulary = state["model"]["vocab"]
    vocabulary["7"] = 4_000_000_000
    with pytest.raises(TokenizerError, match="4,000,000,000"):
        load_tokenizer(json.dumps(state).encode())


def test_half_a_character_is_said():
    assert "surrogate" in refused(load_tokenizer(changed()), "\ud800").what


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc on this system")
def test_processes_see_no_secret():
    """Asked of an app that was started with one; what a process sees is read from the system."""
    code = (
        "from pathlib import Path\n"
        "from core.tokenizers import load_tokenizer, workers\n"
        "from tests.tokenizer_zoo import style\n"
        "load_tokenizer(style('digits_split').to_str().encode()).encode('1')\n"
        "seen = [Path(f'/proc/{w._child.pid}/environ').read_bytes() for w in workers.SHARED._turns._idle"
        " if w._child]\n"
        "print(len(seen), sum(b'sEcReT' in one for one in seen), all(b'PATH' in one for one in seen))"
    )
    environment = os.environ | {"HF_TOKEN": SECRET, "AWS_SECRET_ACCESS_KEY": SECRET, "PYTHONPATH": "."}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    count, leaks, path = done.stdout.split()
    assert int(count) >= 1
    assert (leaks, path) == ("0", "True")


@pytest.mark.slow
def test_a_large_file_loads_beside_six_busy_processes():
    made = Tokenizer.from_str(style("byte_level").to_str())
    made.add_tokens([AddedToken(f"<|token {number} {'x' * 60}|>") for number in range(30_000)])
    raw = made.to_str().encode()
    assert len(raw) > 5_000_000
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(6)]
    try:
        assert load_tokenizer(raw).encode("12").ids
    finally:
        for other in others:
            other.kill()
            other.wait()


@pytest.mark.parametrize("name", sorted(STYLES))
def test_another_process_answers_as_the_library_does(name):
    raw = style(name).to_str().encode()
    here = Tokenizer.from_buffer(raw)
    there = RemoteTokenizer(raw, f"same {name}", name)
    texts = ["", "7", "Price is $123.00", "Zürich 中文  x", "<s> a </s>"]
    expected = here.encode_batch_fast(texts, add_special_tokens=False)
    assert [one.ids for one in there.encode_batch_fast(texts)] == [one.ids for one in expected]
    assert there.lengths_of(texts).tolist() == [len(one) for one in expected]
    for text in texts:
        mine, theirs = there.encode(text), here.encode(text, add_special_tokens=False)
        assert (mine.ids, mine.offsets) == (theirs.ids, theirs.offsets)
        assert mine.tokens == [here.id_to_token(index) for index in theirs.ids]
        assert there.decode(mine.ids) == here.decode(theirs.ids, skip_special_tokens=False)
        normalized = text if here.normalizer is None else here.normalizer.normalize_str(text)
        assert there.normalized(text) == normalized
    assert there.get_vocab_size() == here.get_vocab_size()
    assert set(there.vocabulary()) == set(here.get_vocab(with_added_tokens=False))
    assert there.num_special_tokens_to_add() == here.num_special_tokens_to_add(is_pair=False)
    assert Notation.from_backend(there) == Notation.from_backend(here)


def test_many_texts_are_asked_about_in_parts(monkeypatch):
    monkeypatch.setattr("core.tokenizers.remote._CHUNK_CHARACTERS", 10)
    there = load_tokenizer(changed())
    texts = ["1234567", "1", "22", "x" * 30, "", "9999"]
    assert there.lengths_of(texts).tolist() == [len(there.encode(text).ids) for text in texts]
    ids, lengths = there.ids_of(texts)
    assert len(ids) == lengths.sum()
    assert len(there.lengths_of([])) == 0


# -- turns ---------------------------------------------------------------------------------------------------


def test_no_reader_has_everything_and_whoever_has_fewest_is_next():
    turns = Turns([1, 2, 3])
    fit = int
    assert turns.take("greedy", fit, 1) == 1
    assert turns.take("greedy", fit, 1) == 2
    assert turns.take("greedy", fit, 0.05) is None, "the last one is left to others"
    assert turns.take("other", fit, 1) == 3
    turns.give_back("other", 3)
    order: list[str] = []
    turns.take("third", fit, 1)

    def wait(reader: str) -> None:
        thing = turns.take(reader, fit, 5)
        order.append(reader)
        turns.give_back(reader, thing)

    with ThreadPoolExecutor(4) as pool:
        waits = [pool.submit(wait, "greedy") for _ in range(3)]
        while len(turns._waiting.get("greedy", ())) < 3:
            threading.Event().wait(0.01)
        waits.append(pool.submit(wait, "late"))
        while "late" not in turns._waiting:
            threading.Event().wait(0.01)
        turns.give_back("third", 3)
        for one in waits[3:]:
            one.result(5)
        turns.give_back("greedy", 1)
        turns.give_back("greedy", 2)
    assert order[0] == "late"
