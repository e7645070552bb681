"""Time and cost of an epoch: worked by hand, and against speeds a maker published."""

import pytest

from core.errors import InvalidInputError
from core.memory import architectures, gpus
from core.memory.training_time import estimate_training_time

QWEN = architectures.get("Qwen/Qwen1.5-7B")


def hours(**change):
    setting = {"examples": 20_000, "sequence_length": 192, "batch_size": 8} | change
    gpu = setting.pop("gpu", "a100-40")
    return estimate_training_time(architectures.get("meta-llama/Llama-3.1-8B"), gpus.get(gpu), **setting)


def test_an_epoch_worked_by_hand():
    # 6 operations per parameter and token, at most half of 312 TFLOPS.
    fastest = 6 * 8.030261248e9 * 20_000 * 192 / (312e12 * 0.5) / 3600
    assert hours().hours_low == pytest.approx(fastest)
    assert hours().hours_high == pytest.approx(5 * fastest)
    assert hours().cost_low == pytest.approx(fastest * gpus.get("a100-40").price_low)


@pytest.mark.parametrize(
    ("method", "length", "seconds"),
    [
        ("lora", 256, 1.2),
        ("lora", 1024, 2.8),
        ("lora", 4096, 10.1),
        ("qlora", 1024, 3.5),
        ("qlora", 8192, 22.3),
    ],
)
def test_published_speeds_lie_in_the_range(method, length, seconds):
    """Qwen-7B, eight examples one at a time on an A100, from the profile in Qwen's README."""
    found = estimate_training_time(
        QWEN, gpus.get("a100-80"), examples=8, sequence_length=length, batch_size=1, method=method
    )
    assert found.hours_low <= seconds / 3600 <= found.hours_high


def test_small_steps_are_slower_at_worst():
    assert hours(batch_size=1).hours_high > hours(batch_size=8).hours_high
    assert hours(batch_size=1).hours_low == hours(batch_size=8).hours_low


def test_every_assumption_is_named():
    text = " ".join(hours(batch_size=1).assumptions)
    assert "recomputed" in text
    assert "TFLOPS" in text
    assert "dollars" in text
    assert "1,024" in text


@pytest.mark.parametrize(
    "change", [{"examples": 0}, {"sequence_length": -1}, {"batch_size": 0}, {"method": "magic"}]
)
def test_what_cannot_be_used_is_explained(change):
    with pytest.raises(InvalidInputError):
        hours(**change)
