"""No combination of controls makes a page raise: the pages without a random drive of their own."""

from __future__ import annotations

import random

import pytest

from tests.page_driver import SEEDS, disturb, open_page

COURSE = ["Qwen/Qwen2.5-7B", "google/gemma-2-9b", "meta-llama/Llama-3.1-8B"]


@pytest.mark.parametrize("page", ["tokenizers", "trust", "data"])
@pytest.mark.parametrize("seed", SEEDS)
def test_random_steps_raise_nothing(page: str, seed: int) -> None:
    rng = random.Random(seed)
    at = open_page(f"pages/{page}.py", pick=COURSE)
    assert not at.exception
    steps = []
    for _ in range(18):
        steps.append(disturb(at, rng))
        assert not at.exception, steps
