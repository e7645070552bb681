"""What a link may ask for, and what is said about the rest."""

from __future__ import annotations

import pytest

from pages.parts.shell import links
from pages.parts.shell.text import plain
from tests.page_driver import open_page, words


@pytest.mark.parametrize(
    ("values", "usable"),
    [
        (["0", "9"], True),
        (["9", "0"], False),
        (["0"], False),
        (["0", "x"], False),
        (["nan", "9"], False),
        (["0", "inf"], False),
        (["-1", "9"], False),
        (["1e400", "9"], False),
    ],
)
def test_number_takes_rising_numbers_within_the_range(values: list[str], usable: bool) -> None:
    assert links.number(0, 150, count=2)(values) is usable


def test_one_of_takes_one_known_value() -> None:
    check = links.one_of("average", "bbh")

    assert check(["bbh"])
    assert not check(["bbh", "average"])
    assert not check(["<script>"])


def test_some_of_takes_known_values_only() -> None:
    check = links.some_of({"mit", "apache-2.0"})

    assert check(["mit", "apache-2.0"])
    assert not check(["mit", "gpl"])


@pytest.mark.parametrize(("value", "usable"), [("true", True), ("False", True), ("yes", False), ("", False)])
def test_switch_takes_true_and_false(value: str, usable: bool) -> None:
    assert links.switch([value]) is usable


def test_short_text_bounds_the_length() -> None:
    assert links.short_text(3)(["abc"])
    assert not links.short_text(3)(["abcd"])


def test_outside_text_never_becomes_markdown() -> None:
    shown = plain("[x](http://e.example) ![i](u) **b** `c` <b> :red[r] $y$ ~s~ | #h")

    for sign in "[]()!*`<>:$~|#":
        assert sign not in shown.replace("\\" + sign, "")
    assert plain("a\u202eb\x00c\nd\te") == "abc\nd\te", "nothing turns the sentence around it"
    for address in (
        "https://e.example/x",
        "www.e.example",
        "WWW.e.example",
        "a@e.example",
        "ftp://e.example",
    ):
        assert address not in plain(address).replace("\\", ""), "Markdown makes links of these by itself"


DROPPED = "Part of this link could not be used"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("pages/decide.py", {"d_prompt": "9" * 400}),
        ("pages/decide.py", {"d_answer": "Infinity"}),
        ("pages/decide.py", {"d_batch": "NaN"}),
        ("pages/tokenizers.py", {"t_num": "1e999"}),
    ],
)
def test_a_number_beyond_all_bounds_gets_the_usual_sentence(path, query):
    at = open_page(path, **query)
    assert not at.exception
    assert DROPPED in words(at)


@pytest.mark.parametrize("target", ["9" * 309, "0-" + "9" * 400])
def test_a_target_of_hundreds_of_digits_is_no_number(target):
    at = open_page("pages/decide.py", d_targets=target)
    assert not at.exception
    assert "can't be read as one" in words(at)


def test_a_link_never_reads_the_disk(tmp_path, monkeypatch):
    """A path that exists and one that doesn't get the same words, and the loader is asked for neither."""
    asked = []
    monkeypatch.setattr("core.tokenizers.store.shared", lambda name, **_: asked.append(name))
    there = tmp_path / "there"
    there.mkdir()
    said = []
    for path in (str(there), str(tmp_path / "nope"), "../there", "~/there"):
        at = open_page("pages/tokenizers.py", t_repo=path)
        assert not at.exception
        assert not at.error
        said.append([w.value.partition(" = ")[0] for w in at.warning if DROPPED in w.value])
    assert said[0]
    assert all(each == said[0] for each in said)
    assert not asked
