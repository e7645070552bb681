"""Untrained rows are found, trained ones are not suspected, and hostile files get a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from core.readiness.embedding_rows import examine
from tests.readiness.weights import CHAT, END, UNUSED, VOCABULARY, WIDTH, Files, embedding, stored, trained
from tests.readiness.weights import with_header as headed

INPUT, OUTPUT = "model.embed_tokens.weight", "lm_head.weight"


def one(body: bytes) -> Files:
    return Files(model__safetensors=body)


def states(report) -> set[tuple[str, str]]:
    return {(row.layer, row.state) for row in report.rows}


@pytest.mark.parametrize("dtype", ["BF16", "F16", "F32"])
@pytest.mark.parametrize("chat", ["trained", "noise", "zero", "mean"])
def test_a_row_that_was_never_trained_is_found(chat: str, dtype: str) -> None:
    body = stored({INPUT: embedding(chat=chat)}, dtype)

    report = examine(one(body), [CHAT, END], unused_ids=UNUSED)

    assert report.problems == []
    assert report.tied is True
    assert report.states == {CHAT: "trained" if chat == "trained" else "untrained", END: "trained"}


@pytest.mark.parametrize("chat", ["zero", "mean"])
def test_empty_and_averaged_rows_are_found_without_unused_ones(chat: str) -> None:
    report = examine(one(stored({INPUT: embedding(chat=chat)})), [CHAT])

    assert report.states == {CHAT: "untrained"}


def test_input_and_output_are_judged_apart() -> None:
    tensors = {INPUT: embedding(chat="zero"), OUTPUT: embedding(seed=5)}

    report = examine(one(stored(tensors)), [CHAT], unused_ids=UNUSED)

    assert report.tied is False
    assert states(report) == {("input", "untrained"), ("output", "trained")}
    assert report.states == {CHAT: "untrained"}


def test_shards_are_found_through_the_index() -> None:
    files = Files(
        a__safetensors=stored({INPUT: embedding(chat="noise")}),
        b__safetensors=stored({OUTPUT: embedding(chat="noise", seed=3)}),
    )
    index = {INPUT: "a.safetensors", OUTPUT: "b.safetensors", "vision.embed_tokens.weight": "c.safetensors"}

    report = examine(files, [CHAT], unused_ids=UNUSED, weight_map=index, length_of=files.length)

    assert states(report) == {("input", "untrained"), ("output", "untrained")}


def test_a_fraction_of_the_file_is_read() -> None:
    table = trained(1, rows=100_000)
    files = one(stored({INPUT: table}))

    examine(files, [5], unused_ids=range(99_000, 99_100))

    assert files.read < 0.01 * table.nbytes


def test_false_alarms_are_rare() -> None:
    """200 draws of a model and a trained row: two per cent may be called untrained, and few are left open."""
    found = []
    for seed in range(200):
        kind = ("noise", "zero", "mean")[seed % 3]
        report = examine(
            one(stored({INPUT: embedding(seed, unused=kind)})), [CHAT], unused_ids=UNUSED, seed=seed
        )
        found += [row.state for row in report.rows]

    assert len(found) == 200
    assert found.count("untrained") <= 4
    assert found.count("trained") >= 190


def test_untrained_rows_are_seldom_missed() -> None:
    missed = 0
    for seed in range(60):
        kind = ("noise", "zero", "mean")[seed % 3]
        body = stored({INPUT: embedding(seed, chat=kind, unused=kind)})
        missed += examine(one(body), [CHAT], unused_ids=UNUSED).states != {CHAT: "untrained"}

    assert missed <= 1


def test_where_unused_rows_look_trained_nothing_is_claimed() -> None:
    report = examine(one(stored({INPUT: trained(2)})), [CHAT], unused_ids=UNUSED)

    assert report.states == {}
    assert "can't tell" in report.rows[0].why
    assert [finding.severity for finding in report.findings()] == ["not checked"]


def test_quantised_weights_are_named_as_such() -> None:
    report = examine(one(stored({INPUT: np.ones((VOCABULARY, WIDTH))}, "U8")), [CHAT])

    assert report.rows == []
    assert "quantised (U8)" in report.problems[0]


def test_values_that_are_no_numbers_leave_it_open() -> None:
    table = embedding()
    table[CHAT, 0] = np.nan

    report = examine(one(stored({INPUT: table})), [CHAT])

    assert report.rows[0].state == "unclear"


def test_ids_beyond_the_vocabulary_are_named() -> None:
    report = examine(one(stored({INPUT: embedding()})), [CHAT, VOCABULARY, 10**9])

    assert [row.token_id for row in report.rows] == [CHAT]
    assert str(VOCABULARY) in report.problems[0]


def entry(**changed: object) -> bytes:
    plain = {"dtype": "F32", "shape": [4, 4], "data_offsets": [0, 64]}
    return headed({INPUT: plain | changed}) + bytes(64)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "shorter"),
        ((100_000_000).to_bytes(8, "little") + b"{}", "100,000,000 bytes"),
        ((2**63).to_bytes(8, "little"), "more than any such file needs"),
        ((2).to_bytes(8, "little") + b"[]", "lists no weights"),
        ((4).to_bytes(8, "little") + b"{{{{", "not plain JSON"),
        ((200_000).to_bytes(8, "little") + b"[" * 200_000, "not plain JSON"),
        (entry(data_offsets=[0, 10**15]), "beyond its end"),
        (entry(data_offsets=[64, 0]), "no valid place"),
        (entry(data_offsets=[-64, 0]), "in a way safetensors does not"),
        (entry(shape=[2**60, 2**60]), "does not fit its shape"),
        (entry(shape="large"), "in a way safetensors does not"),
        (entry(shape=[16], data_offsets=[0, 64]), "no embedding has"),
        (headed({}), "No input embedding"),
    ],
)
def test_a_hostile_file_gets_a_sentence(body: bytes, said: str) -> None:
    files = one(body)

    report = examine(files, [1], length_of=files.length)

    assert report.rows == []
    assert said in report.problems[0]
    assert files.read <= len(body) + 16


@pytest.mark.parametrize("file", ["../../secret.safetensors", "a/b.safetensors", "weights.bin"])
def test_an_index_that_points_elsewhere_is_refused(file: str) -> None:
    report = examine(one(b""), [1], weight_map={INPUT: file})

    assert "no file of this repository" in report.problems[0]


def test_a_file_cut_short_gets_a_sentence() -> None:
    body = stored({INPUT: embedding()})

    report = examine(one(body[: len(body) // 2]), [CHAT])

    assert "ends before the rows" in report.problems[0]
