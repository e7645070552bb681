"""The chart of what text costs: rows in the reader's order, unknown ones left out, a title that says it."""

from __future__ import annotations

import pandas as pd

from core.charts.text_cost import text_cost


def table(*rows):
    return pd.DataFrame(rows, columns=["tokenizer", "language", "tokens_per_1000_chars", "tokens"]).astype(
        {"tokens_per_1000_chars": "Float64", "tokens": "Int64"}
    )


def test_a_mark_for_each_tokenizer_and_unknown_ones_left_out():
    fig = text_cost(
        table(
            ("A", "Greek", 1000.0, 400), ("B", "Greek", 400.0, 160), ("T5", "Greek", None, None),
            ("A", "German", 250.0, 100), ("B", "German", 240.0, 96), ("T5", "German", 300.0, 120),
        )
    )  # fmt: skip
    marks = {trace.name: list(trace.y) for trace in fig.data if trace.mode == "markers"}
    assert marks == {"A": ["Greek", "German"], "B": ["Greek", "German"], "T5": ["German"]}
    # Plotly draws the first category at the bottom.
    assert list(fig.layout.yaxis.categoryarray) == ["German", "Greek"]
    assert fig.layout.title.text == "Greek differs most: 400 to 1,000 tokens per 1,000 characters"


def test_the_title_makes_no_claim_where_there_is_none():
    assert "nearly" in text_cost(table(("A", "Greek", 400.0, 1), ("B", "Greek", 410.0, 1))).layout.title.text
    assert "differs" not in text_cost(table(("A", "Greek", 400.0, 1))).layout.title.text


def test_the_title_is_of_the_language_where_tokenizers_differ_most_not_of_the_first():
    rows = [
        ("A", "German", 250.0, 1),
        ("B", "German", 240.0, 1),
        ("A", "Thai", 600.0, 1),
        ("B", "Thai", 400.0, 1),
    ]
    said = text_cost(table(*rows)).layout.title.text
    assert said == "Thai differs most: 400 to 600 tokens per 1,000 characters"
    alone = text_cost(table(*rows[2:])).layout.title.text
    assert alone == "Thai: 400 to 600 tokens per 1,000 characters"
