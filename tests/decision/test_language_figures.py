"""Figures of the candidates in the reader's languages."""

from __future__ import annotations

from core.decision.language_figures import by_language


def test_models_nobody_tested_give_no_row() -> None:
    assert by_language(["someone/unknown"], ("de", "ko")).empty
