"""What each control of the Decide page says for a task, what a link may ask, and how to set them."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from core import licences
from core.decision.criteria import CRITERIA
from core.decision.tasks import (
    ADAPTER_TARGETS,
    FRAMEWORKS,
    LICENCE_NEEDS,
    METHODS,
    OUTPUTS,
    PRESETS,
    RETIRED,
    TEXTS,
    Task,
)
from core.errors import InvalidInputError
from core.languages import NAMES
from core.memory import gpus
from core.ranking.filters import SIZE_STOPS
from core.schema import BENCHMARKS
from pages.parts.shell import links, shortlist

PRESET: Final = "d_task"
SHORTLIST: Final = "d_short"
OTHER_GPU: Final = "other"
GPU_CHOICES: Final = (*(gpu.key for gpu in gpus.GPUS), OTHER_GPU)
KIND_CHOICES: Final = ("base", "continued", "instruct")
CERTAINTY_LABELS: Final = {
    "exact": "Exactly these",
    "fairly": "About these",
    "roughly": "Roughly these",
    "unknown": "No idea",
}
EXAMPLES: Final = (10, 10_000_000)
TARGETS_MAX: Final = 1_500
TEMPLATE_MAX: Final = 200
SIZE_SET: Final = "decide_size_set"
_SIZE_ENDS: Final = (SIZE_STOPS[0], SIZE_STOPS[-1])
# The course's 9 billion parameters on a T4's 15.8 GB, in proportion.
_B_PER_GB: Final = 0.6
_LABELS: Final = {
    "d_out": OUTPUTS,
    "d_text": TEXTS,
    "d_method": METHODS,
    "d_loop": FRAMEWORKS,
    "d_layers": ADAPTER_TARGETS,
    "d_lic": LICENCE_NEEDS,
    "d_sure": CERTAINTY_LABELS,
}


def weight(key: str) -> str:
    return f"d_w_{key}"


def benchmark(key: str) -> str:
    return f"d_b_{key}"


def widget_values(task: Task) -> dict[str, Any]:
    """What each control must say so that the form gives ``task``."""
    return {
        "d_gpu": OTHER_GPU if task.gpu_gb is not None else task.gpu,
        "d_gb": float(task.gpu_gb if task.gpu_gb is not None else gpus.get("t4").usable_gb),
        "d_size": (_stop(task.size_min), _stop(task.size_max)),
        "d_lang": [code for code in task.languages if code in NAMES],
        "d_out": task.output,
        "d_targets": "\n".join(task.targets),
        "d_template": task.template,
        "d_text": task.text,
        "d_prompt": task.prompt_tokens,
        "d_answer": task.target_tokens,
        "d_method": task.method,
        "d_loop": task.framework,
        "d_batch": task.batch_size,
        "d_rank": task.lora_rank,
        "d_layers": task.adapter_targets,
        "d_lic": task.licence,
        "d_named": list(task.licences),
        "d_share": task.share_alike,
        "d_nolic": task.unknown_licence,
        "d_gated": task.gated,
        "d_eu": task.sold_in_eu,
        "d_code": task.remote_code,
        "d_stop": task.trained_stop,
        "d_kinds": [kind for kind in task.kinds if kind in KIND_CHOICES],
        "d_newer": task.newer,
        "d_sizeonly": task.size_only,
        SHORTLIST: bool(task.only),
        "d_sure": task.certainty,
        **{weight(each.key): _whole(task.weights.get(each.key, 0)) for each in CRITERIA},
        **{benchmark(each.key): _whole(task.benchmarks.get(each.key, 0)) for each in BENCHMARKS},
    }


def checks() -> dict[str, links.Check]:
    """What a link may ask of this page. Streamlit writes labels into the address, not keys."""
    steps = links.number(0, 100)
    stops = {f"{stop:g}" for stop in SIZE_STOPS} | {f"{float(stop)}" for stop in SIZE_STOPS}
    in_order = links.number(*_SIZE_ENDS, count=2)
    whole = {"d_prompt": 131_072, "d_answer": 131_072, "d_batch": 512, "d_rank": 1024}
    switches = (
        "d_share",
        "d_nolic",
        "d_gated",
        "d_eu",
        "d_code",
        "d_stop",
        "d_newer",
        "d_sizeonly",
        SHORTLIST,
    )
    return {
        PRESET: links.one_of(*(each.label for each in PRESETS.values())),
        "d_gpu": links.one_of(*(gpu_label(key) for key in GPU_CHOICES)),
        "d_gb": links.number(1, 10_000),
        "d_size": lambda values: in_order(values) and set(values) <= stops,
        "d_lang": links.some_of(frozenset(NAMES.values())),
        "d_examples": links.number(*EXAMPLES),
        "d_targets": links.short_text(TARGETS_MAX),
        "d_template": links.short_text(TEMPLATE_MAX),
        **{key: links.number(1, limit) for key, limit in whole.items()},
        **{key: links.one_of(*labels.values()) for key, labels in _LABELS.items()},
        "d_named": links.some_of(frozenset(each.name for each in licences.LICENCES.values())),
        **dict.fromkeys(switches, links.switch),
        "d_kinds": links.some_of(frozenset(KIND_CHOICES)),
        **{weight(each.key): steps for each in CRITERIA},
        **{benchmark(each.key): steps for each in BENCHMARKS},
    }


def fill(task: Task) -> None:
    """Set every control; only from a callback. A shortlist that alone is ranked becomes the session's."""
    st.session_state[PRESET] = task.preset if task.preset in PRESETS else "price"
    st.session_state[SIZE_SET] = True
    if task.only:
        shortlist.add(task.only)
    put(widget_values(task))


def put(values: dict[str, Any]) -> None:
    """Set some controls; only from a callback."""
    for key, value in values.items():
        st.session_state[key] = value


def size_for(gpu_gb: float) -> float:
    """Upper end of the size range for a card, in billions of parameters.

    >>> size_for(15.8), size_for(23.7)
    (9, 14)
    """
    return max((stop for stop in SIZE_STOPS if stop <= gpu_gb * _B_PER_GB), default=SIZE_STOPS[1])


def gpu_label(key: str) -> str:
    if key == OTHER_GPU:
        return "Another one (give GB)"
    try:
        return gpus.get(key).label
    except InvalidInputError:
        return key


def say(key: str, value: Any) -> str:
    """A control's value for a sentence."""
    if key in _LABELS:
        return str(_LABELS[key].get(value, value))
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:,}" if isinstance(value, int) else str(value)


def translate_retired_link() -> None:
    """An old link to a task that is no longer offered asks for the same with today's controls.

    Call it before the page's controls; reruns the page if there was one.
    """
    asked = st.query_params.get(PRESET)
    old = next((each for each in RETIRED.values() if each.label == asked), None)
    if old is None:
        return
    start = widget_values(PRESETS[old.task.preset].task)
    st.query_params[PRESET] = PRESETS[old.task.preset].label
    for key, value in widget_values(old.task).items():
        if value != start[key] and key not in st.query_params:
            st.query_params[key] = str(_LABELS[key][value] if key in _LABELS else value)
    # Controls take what the address held when the run began.
    st.rerun()


def _stop(size: float) -> float:
    """The stop of the size slider nearest to ``size``."""
    return min(SIZE_STOPS, key=lambda stop: abs(stop - size))


def _whole(weight: float) -> int:
    return int(min(max(round(weight), 0), 100)) if weight == weight else 0  # noqa: PLR0124 - NaN
