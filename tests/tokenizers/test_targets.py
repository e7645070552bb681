"""Own targets: templates that can't do harm, floors by hand, files in bounded memory."""

from __future__ import annotations

import io
import itertools
import string

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError, InvalidInputError, InvalidTableError
from core.sandbox.numbers import UnclearSignError
from core.tokenizers import read_targets
from core.tokenizers.floor import floor_of_groups, median_error
from core.tokenizers.target_facts import PRICE_TEMPLATE, compare_by_facts, covers
from core.tokenizers.targets import Template, compare_targets
from core.tokenizers.tokenizer import as_tokenizer
from tests.tokenizer_zoo import STYLES, style


def test_a_template_is_taken_apart():
    template = Template.parse("Price {{US}} is ${value:,.2f} now")
    assert (template.prefix, template.spec, template.suffix) == ("Price {US} is $", ",.2f", " now")
    assert template.write([1234.5, 2]) == ["1,234.50", "2.00"]
    assert Template.parse("{}").write([3.0, 3.25]) == ["3", "3.25"]
    assert Template.parse("{value:d}").write([3.0]) == ["3"]


@pytest.mark.parametrize(
    "text",
    [
        "no value", "{value} {value}", "{0}", "{other}", "{value.__class__}", "{value[0]}", "{value!r}",
        "{value:{width}}", "{value:>999999999}", "{value:.99f}", "{value:s}",
        "{value:.2d}", "{value:,.0d}", "{", "}", "x" * 500 + "{value}",
    ],
)  # fmt: skip
def test_a_template_that_asks_for_more_is_refused(text):
    with pytest.raises(InvalidInputError, match="template"):
        Template.parse(text)


@given(st.text(alphabet="{}value:.,_[]!0123456789fgde%+- $" + string.ascii_letters, max_size=40))
@settings(max_examples=300)
def test_any_template_is_used_or_refused_and_never_long(text):
    try:
        template = Template.parse(text)
        written = template.write([0, 12, 999_999])
    except InvalidInputError:
        return
    assert max(map(len, written)) < 200


def test_every_format_that_is_let_in_can_be_written():
    parts = ["", "+", "-", " "], ["", "0", "8", "08"], ["", ",", "_"], ["", ".2"], ["", *"dfFeEgG%"]
    for spec in map("".join, itertools.product(*parts)):
        try:
            template = Template.parse(f"{{value:{spec}}}")
        except InvalidInputError:
            assert spec.endswith("d")
            assert "." in spec
        else:
            assert template.write([3.0])


def test_the_floor_by_hand():
    # Groups {10, 19} and {20}: |10-14.5| + |19-14.5| + 0, over three.
    assert floor_of_groups([10, 19, 20], [1, 1, 2]) == pytest.approx(3.0)
    assert median_error([0, 1, 2, 3]) == pytest.approx(1.0)
    assert np.isnan(median_error([]))


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40),
    groups=st.lists(st.integers(0, 4), min_size=40, max_size=40),
)
def test_the_floor_is_a_groupwise_median_error_and_never_above_one_median(values, groups):
    groups = groups[: len(values)]
    frame = pd.DataFrame({"v": values, "g": groups})
    expected = (frame["v"] - frame.groupby("g")["v"].transform("median")).abs().mean()
    assert floor_of_groups(values, groups) == pytest.approx(expected, abs=1e-6)
    assert floor_of_groups(values, groups) <= median_error(values) + 1e-6


def test_uniform_prices_give_the_known_floors():
    loaded = {"digits": as_tokenizer(style("digits_split"))}
    found = compare_targets(loaded, np.arange(1000), Template.parse(PRICE_TEMPLATE))
    (row,) = found.table.itertuples()
    assert row.first_token_floor == pytest.approx(71.676)
    assert row.median_error == pytest.approx(250.0)
    assert row.share_single == pytest.approx(0.01)
    assert row.mean_tokens == pytest.approx(2.89)
    assert row.p95_tokens == 3
    assert found.histogram["share"].sum() == pytest.approx(1.0)


def test_facts_and_a_loaded_tokenizer_say_the_same():
    loaded = compare_targets(
        {"x": as_tokenizer(style("digits_split"))}, [5, 5, 30, 999], Template.parse(PRICE_TEMPLATE)
    )
    facts = compare_by_facts({"x": "smollm2"}, [5, 5, 30, 999])
    pd.testing.assert_frame_equal(loaded.table, facts.table, check_dtype=False)
    pd.testing.assert_frame_equal(loaded.histogram, facts.histogram, check_dtype=False)


def test_the_facts_know_what_they_cover():
    template = Template.parse(PRICE_TEMPLATE)
    assert covers([0, 999], template)
    assert covers([12.3], template)  # rounded in the text
    assert not covers([1000], template)
    assert not covers([-3], template)
    assert not covers([5], Template.parse("Price is ${value:.2f}"))
    assert not covers([], template)


def test_signs_points_and_per_cents_are_tokens_of_the_target():
    loaded = {"digits": as_tokenizer(style("digits_split"))}
    for value, template, tokens in ((-5, "{value}", 2), (19.99, "{value:.2f}", 5), (0.12, "{value:.0%}", 3)):
        (row,) = compare_targets(loaded, [value], Template.parse(template)).table.itertuples()
        assert row.mean_tokens == tokens, template


@pytest.mark.parametrize("name", STYLES)
def test_repeated_values_weigh_as_often_as_they_stand(name):
    loaded = {"x": as_tokenizer(style(name))}
    template = Template.parse("cost ${value:.2f}")
    values = np.repeat([1.5, 20, 300.25, 4000], [5, 1, 3, 2])
    once = compare_targets(loaded, [1.5, 20, 300.25, 4000], template)
    many = compare_targets(loaded, values, template)
    assert (many.rows, many.distinct) == (11, 4)
    assert once.distinct == 4
    spread = many.histogram.set_index("n_tokens")["share"]
    assert spread.sum() == pytest.approx(1.0)
    assert (spread.index.to_numpy() * spread).sum() == pytest.approx(many.table["mean_tokens"].iloc[0])


def test_progress_rises_to_one():
    told = []
    loaded = {name: as_tokenizer(style(name)) for name in ("byte_level", "digits_split")}
    compare_targets(loaded, np.arange(50_000), Template.parse("{value}"), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 3


@pytest.mark.parametrize("values", [[], [float("nan")], [float("inf")], [1e200]])
def test_values_that_are_none_are_refused(values):
    with pytest.raises(InvalidInputError):
        compare_targets({"x": as_tokenizer(style("byte_level"))}, values, Template.parse("{value}"))


# -- reading -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1\n2\n3", [1, 2, 3]),
        ("$1,234.50; €7", [1234.5, 7]),
        ("1,2,3", [1, 2, 3]),
        ("1, 2, 3", [1, 2, 3]),
        ("-5 1e3 .5", [-5, 1000, 0.5]),
        ("19.99 USD\r\n\r\n249", [19.99, 249]),
        ("$1,234.50\n$19.99\n249\n1,050", [1234.5, 19.99, 249, 1050]),
        ("1,2,3\n100,200", [1, 2, 3, 100, 200]),
        ("1.5,2.5\n-3,", [1.5, 2.5, -3]),
        ("1,234,567", [1_234_567]),
        ("1\u00a0234.50; 12\u202f345 249", [1234.5, 12345, 249]),
        ("1'234.50 CHF\n−5\n45 %\n99.90 zł", [1234.5, -5, 45, 99.9]),
        ("1.234.567\n1.234", [1_234_567, 1234]),
        ("100 200 300", [100, 200, 300]),
    ],
)
def test_pasted_values_are_read_as_people_write_them(text, values):
    assert read_targets.pasted(text).values.tolist() == values  # noqa: PD011


@pytest.mark.parametrize(
    ("text", "said"),
    [("1\nfoo", "Line 2: 'foo'"), ("nan", "'nan'"), (" \n", "no target"), ("1_0", "'1_0'")],
)
def test_what_is_no_number_is_named(text, said):
    with pytest.raises(InvalidInputError, match=said):
        read_targets.pasted(text)


@pytest.mark.parametrize(
    ("text", "word", "decimal", "thousands", "between"),
    [
        ("19,99\n33", "19,99", [19.99, 33], "'19,99'", [19, 99, 33]),
        ("1.234,50 €; 7,25", "1.234,50", [1234.5, 7.25], "'1.234,50'", [1.234, 50, 7, 25]),
        ("1,299\n249", "1,299", [1.299, 249], [1299, 249], [1, 299, 249]),
        ("19.99\n-19,5", "-19,5", [19.99, -19.5], "'-19,5'", [19.99, -19, 5]),
        ("19,5\n1.234\n1.234.567", "19,5", [19.5, 1234, 1234567], "'19,5'", "'1.234.567'"),
        ("1\u00a0234,50\n7", "1234,50", [1234.5, 7], "'1234,50'", [1234, 50, 7]),
        ("100,200,300", "100,200,300", "'100,200,300'", [100200300], [100, 200, 300]),
    ],
)
def test_a_comma_that_can_be_read_in_two_ways_is_asked_about(text, word, decimal, thousands, between):
    assert read_targets.unclear_comma(text) == word
    with pytest.raises(InvalidInputError, match="may be one number or several"):
        read_targets.pasted(text)
    for commas, found in zip(read_targets.COMMAS, (decimal, thousands, between), strict=True):
        if isinstance(found, str):
            with pytest.raises(InvalidInputError, match=found):
                read_targets.pasted(text, commas)
        else:
            assert read_targets.pasted(text, commas).values.tolist() == found  # noqa: PD011


@pytest.mark.parametrize(
    ("text", "field", "thousands", "between"),
    [
        ("1 234.50\n7 500\n19.99", "1 234.50", [1234.5, 7500, 19.99], [1, 234.5, 7, 500, 19.99]),
        ("249; -12 345.5 zł", "-12 345.5", [249, -12345.5], [249, -12, 345.5]),
    ],
)
def test_a_space_that_can_be_read_in_two_ways_is_asked_about(text, field, thousands, between):
    assert read_targets.unclear_space(text) == field
    with pytest.raises(InvalidInputError, match="may be one number or several"):
        read_targets.pasted(text)
    assert read_targets.pasted(text, spaces="thousands").values.tolist() == thousands  # noqa: PD011
    assert read_targets.pasted(text, spaces="between").values.tolist() == between  # noqa: PD011


def test_a_space_and_then_a_comma_are_asked_about():
    assert read_targets.unclear_space("1 234,50") == "1 234,50"
    assert read_targets.unclear_comma("1 234,50", "thousands") == "1234,50"
    assert read_targets.pasted("1 234,50", "decimal", "thousands").values.tolist() == [1234.5]  # noqa: PD011


@pytest.mark.parametrize("text", ["100 200 300", "1 234.50\n7 9", "1 234.50 3", "1234.50"])
def test_a_space_that_parts_values_is_not_asked_about(text):
    assert read_targets.unclear_space(text) == ""


def parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream)
    return stream.getvalue()


def test_a_column_of_a_csv_or_parquet_file_is_read():
    frame = pd.DataFrame({"id": range(5), "name": list("abcde"), "price": [1.5, 2, None, 4, 5]})
    for raw, name in ((frame.to_csv(index=False).encode(), "a.csv"), (parquet(frame), "a.parquet")):
        assert read_targets.columns(raw, name) == ["price", "id"]  # the likeliest target first
        found = read_targets.column(raw, name, "price")
        assert found.values.tolist() == [1.5, 2, 4, 5]  # noqa: PD011
        assert found.dropped == 1
    semicolons = b"x;price\na;1,5\nb;2\n"
    assert read_targets.columns(semicolons.replace(b",", b"."), "a.csv") == ["price"]


@pytest.mark.parametrize(
    ("cells", "values", "dropped"),
    [
        (['"$1,234.50"', "$19.99", "€249", '"1,050"'], [1234.5, 19.99, 249, 1050], 0),
        (["1.234,50", "19,99", "249,00", "1.050"], [1234.5, 19.99, 249, 1050], 0),
        (["1,234", "12,345.5", "249", "7"], [1234, 12345.5, 249, 7], 0),
        (["1 234,50", "7,25", "12\u202f345"], [1234.5, 7.25, 12345], 0),
        (["1'234.50", "−5", "45%", "7 %"], [1234.5, -5, 45, 7], 0),
        (["99,90 zł", "1.050 zł"], [99.9, 1050], 0),
        (["0,125", "0,250", "1,750"], [0.125, 0.25, 1.75], 0),
        (["1234.5", "NA", "-", "33"], [1234.5, 33], 2),
        (["1e3", "-5", "+7", "0"], [1000, -5, 7, 0], 0),
    ],
)
def test_numbers_as_people_write_them(cells, values, dropped):
    raw = ("item;price\n" + "".join(f"a;{cell}\n" for cell in cells)).encode()
    assert read_targets.columns(raw, "a.csv") == ["price"]
    found = read_targets.column(raw, "a.csv", "price")
    assert found.values.tolist() == values  # noqa: PD011
    assert found.dropped == dropped


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
@pytest.mark.parametrize(
    ("cells", "shown"), [(["1,234", "2,500"], "1,234"), (["1,234"] * 9 + ["19,99", "19.99"], "19,99")]
)
def test_a_column_whose_commas_are_unclear_is_asked_about(cells, shown, name):
    frame = pd.DataFrame({"price": cells})
    raw = parquet(frame) if name.endswith("parquet") else frame.to_csv(index=False, sep=";").encode()
    assert read_targets.columns(raw, name) == ["price"]
    with pytest.raises(UnclearSignError, match=f"holds “{shown}”") as raised:
        read_targets.column(raw, name, "price")
    assert raised.value.shown == shown
    for sign, first in ((",", 1.234), (".", 1234)):
        assert read_targets.column(raw, name, "price", sign).values[0] == first  # noqa: PD011


def test_one_column_without_a_separator_keeps_its_decimal_commas():
    assert read_targets.column(b"price\n19,99\n5,5\n", "a.csv", "price").values.tolist() == [19.99, 5.5]  # noqa: PD011


def test_a_file_of_windows_is_read():
    raw = "größe;preis\n1;19,99 €\n2;5,00 €\n".encode("cp1252")
    assert read_targets.columns(raw, "a.csv") == ["größe", "preis"]
    assert read_targets.column(raw, "a.csv", "preis").values.tolist() == [19.99, 5]  # noqa: PD011


@pytest.mark.parametrize("proof_at", [0, 99_999])
def test_a_large_column_is_read_by_one_sign_throughout(proof_at):
    cells = ["1.050"] * 100_000
    cells[proof_at] = "19,99"
    found = read_targets.column(
        "\n".join(["price;x", *(f"{cell};0" for cell in cells)]).encode(), "a.csv", "price"
    )
    assert sorted(set(found.values)) == [19.99, 1050]


def test_flags_and_dates_are_no_numbers():
    frame = pd.DataFrame(
        {"flag": [True, None, False], "day": pd.to_datetime(["2026-01-01"] * 3), "price": [1, 2, 3]}
    )
    assert read_targets.columns(parquet(frame), "a.parquet") == ["price"]


def test_no_more_than_the_limit_is_read(monkeypatch):
    monkeypatch.setattr(read_targets, "MAX_TARGETS", 100_000)
    frame = pd.DataFrame({"price": np.arange(150_000)})
    for raw, name in ((frame.to_csv(index=False).encode(), "a.csv"), (parquet(frame), "a.parquet")):
        found = read_targets.column(raw, name, "price")
        assert len(found.values) == 100_000
        assert found.cut


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"", "a.csv"), (b"\x00\x01\x02", "a.csv"), (b"name\nx\ny\n", "a.csv"), (b"PAR1xxxx", "a.parquet"),
        (b"", "a.parquet"), (b"a," * 600_000, "a.csv"), (b'"a\n1\n2', "a.csv"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_numbers_is_refused(raw, name):
    with pytest.raises(InvalidTableError):
        read_targets.columns(raw, name)


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(DataError):
        read_targets.column(b"price\n1\n", "a.csv", "cost")


def test_a_parquet_text_that_is_no_text_is_refused():
    offsets = pa.py_buffer(np.array([0, 2, 4], np.int32).tobytes())
    column = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"19\x80\x80")])
    buffer = io.BytesIO()
    pq.write_table(pa.table({"price": column}), buffer)
    with pytest.raises(InvalidTableError, match="can't be read as a table"):
        read_targets.columns(buffer.getvalue(), "a.parquet")
    with pytest.raises(InvalidTableError, match="can't be read as a table"):
        read_targets.column(buffer.getvalue(), "a.parquet", "price")
