"""What a link may ask for, and what is said about the rest."""

from __future__ import annotations

import pytest

from pages.parts.shell import links
from pages.parts.shell.text import plain


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
