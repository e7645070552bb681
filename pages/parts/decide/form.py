"""The question: every control of the Decide page, all of them in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    TEXTS,
    Task,
    preset,
)
from core.errors import InvalidInputError
from core.memory import gpus
from core.ranking.filters import SIZE_STOPS
from core.schema import BENCHMARKS, KINDS
from pages.parts.shell import links

if TYPE_CHECKING:
    from collections.abc import Mapping

PRESET: Final = "d_task"
OTHER_GPU: Final = "other"
GPU_CHOICES: Final = (*(gpu.key for gpu in gpus.GPUS), OTHER_GPU)
KIND_CHOICES: Final = ("base", "continued", "instruct")
CERTAINTY_LABELS: Final = {
    "exact": "Exactly these",
    "fairly": "About these",
    "roughly": "Roughly these",
    "unknown": "No idea",
}
_SIZE_ENDS: Final = (SIZE_STOPS[0], SIZE_STOPS[-1])
_BIND: Final = "query-params"


def _weight(key: str) -> str:
    return f"d_w_{key}"


def _benchmark(key: str) -> str:
    return f"d_b_{key}"


def widget_values(task: Task) -> dict[str, Any]:
    """What each control must say so that the form gives ``task``."""
    return {
        "d_gpu": OTHER_GPU if task.gpu_gb is not None else task.gpu,
        "d_gb": float(task.gpu_gb if task.gpu_gb is not None else gpus.get("t4").usable_gb),
        "d_size": (_stop(task.size_min), _stop(task.size_max)),
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
        "d_code": task.remote_code,
        "d_kinds": [kind for kind in task.kinds if kind in KIND_CHOICES],
        "d_newer": task.newer,
        "d_sure": task.certainty,
        **{_weight(each.key): _in_steps(task.weights.get(each.key, 0)) for each in CRITERIA},
        **{_benchmark(each.key): _in_steps(task.benchmarks.get(each.key, 0)) for each in BENCHMARKS},
    }


def checks() -> dict[str, links.Check]:
    """What a link may ask of this page. Streamlit writes labels into the address, not keys."""
    steps = links.number(0, 100)
    stops = {f"{stop:g}" for stop in SIZE_STOPS} | {f"{float(stop)}" for stop in SIZE_STOPS}
    in_order = links.number(*_SIZE_ENDS, count=2)
    whole = {"d_prompt": 131_072, "d_answer": 131_072, "d_batch": 512, "d_rank": 1024}
    return {
        PRESET: links.one_of(*(each.label for each in PRESETS.values())),
        "d_gpu": links.one_of(*(_gpu_label(key) for key in GPU_CHOICES)),
        "d_gb": links.number(1, 10_000),
        "d_size": lambda values: in_order(values) and set(values) <= stops,
        "d_out": links.one_of(*OUTPUTS.values()),
        "d_targets": links.short_text(_TARGETS_MAX),
        "d_template": links.short_text(_TEMPLATE_MAX),
        "d_text": links.one_of(*TEXTS.values()),
        **{key: links.number(1, limit) for key, limit in whole.items()},
        "d_method": links.one_of(*METHODS.values()),
        "d_loop": links.one_of(*FRAMEWORKS.values()),
        "d_layers": links.one_of(*ADAPTER_TARGETS.values()),
        "d_lic": links.one_of(*LICENCE_NEEDS.values()),
        "d_named": links.some_of(frozenset(each.name for each in licences.LICENCES.values())),
        **dict.fromkeys(("d_share", "d_nolic", "d_gated", "d_code", "d_newer"), links.switch),
        "d_kinds": links.some_of(frozenset(KIND_CHOICES)),
        "d_sure": links.one_of(*CERTAINTY_LABELS.values()),
        **{_weight(each.key): steps for each in CRITERIA},
        **{_benchmark(each.key): steps for each in BENCHMARKS},
    }


_TARGETS_MAX: Final = 1_500
_TEMPLATE_MAX: Final = 200


def fill(task: Task) -> None:
    """Set every control; only from a callback."""
    st.session_state[PRESET] = task.preset if task.preset in PRESETS else "price"
    for key, value in widget_values(task).items():
        st.session_state[key] = value


def _take_preset() -> None:
    fill(preset(st.session_state[PRESET]))


def show_task() -> dict[str, Any]:
    """Preset, GPU and size, and everything else behind two buttons. Returns fields of the task."""
    chosen, gpu, size = st.columns([3, 2.4, 3.2], vertical_alignment="bottom")
    with chosen:
        key = st.selectbox(
            "Task",
            list(PRESETS),
            format_func=lambda name: PRESETS[name].label,
            key=PRESET,
            bind=_BIND,
            on_change=_take_preset,
            help="Sets every control on this page to what suits the task. Change any of them afterwards.",
        )
    start = widget_values(preset(key))
    fields: dict[str, Any] = {"preset": key}
    with gpu:
        fields |= _gpu(start)
    with size:
        fields["size_min"], fields["size_max"] = st.select_slider(
            "Size in billions of parameters",
            SIZE_STOPS,
            value=start["d_size"],
            format_func=lambda stop: f"{stop:g}",
            key="d_size",
            bind=_BIND,
            help="Models outside are ruled out. Up to 9 takes in what people call a 9B, such as Gemma-2-9B.",
        )
    with st.container(horizontal=True, gap="small"):
        with st.popover("Answers and training", icon=":material/edit_note:"):
            fields |= _answers(start)
            fields |= _training(start)
        with st.popover("Limits", icon=":material/rule:"):
            fields |= _limits(start)
        st.markdown(f":small[:gray[{PRESETS[key].why}]]")
    if fields["gpu_gb"] is None and start["d_gpu"] == OTHER_GPU:
        fields["gpu"] = "t4"
    return fields


def show_weights(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What counts, and how much. Returns fields of the task."""
    start = widget_values(preset(fields["preset"]))
    st.markdown(
        "**What counts, and how much**",
        help="Only proportions matter. Each weight says what going from the worst to the best on that "
        "criterion's own scale is worth; the scales are listed under “Points”.",
    )
    weights = {
        each.key: _slider(each.label, start, _weight(each.key), f"{each.effect} Unit: {each.unit}.")
        for each in CRITERIA
    }
    sure = _choice(
        "How sure are you of these weights?",
        CERTAINTY_LABELS,
        start,
        "d_sure",
        "The less sure, the wider the weights are drawn, and the less firm the answer. About: a weight of "
        "40 % varies by 6 points; roughly: by 12; no idea: any split of what isn't 0.",
    )
    with st.popover("Benchmarks within capability", icon=":material/tune:", width="stretch"):
        st.markdown(
            ":small[Defaults: half equal, half by how well each ordered published outcomes of tuning; see "
            "the Evidence page.]"
        )
        benchmarks = {
            each.key: _slider(each.label, start, _benchmark(each.key), f"{each.measures.capitalize()}.")
            for each in BENCHMARKS
        }
    return {"weights": weights, "benchmarks": benchmarks, "certainty": sure}


def to_task(fields: Mapping[str, Any]) -> Task:
    """The form's fields as a task."""
    return Task(**fields)


def _slider(label: str, start: Mapping[str, Any], key: str, text: str) -> int:
    return int(st.slider(label, 0, 100, start[key], step=5, key=key, bind=_BIND, help=text))


def _gpu(start: Mapping[str, Any]) -> dict[str, Any]:
    key = st.selectbox(
        "GPU",
        GPU_CHOICES,
        index=GPU_CHOICES.index(start["d_gpu"]),
        format_func=_gpu_label,
        key="d_gpu",
        bind=_BIND,
        help="Models whose training is estimated not to fit are ruled out.",
    )
    if key != OTHER_GPU:
        return {"gpu": key, "gpu_gb": None}
    gb = st.number_input(
        "GPU memory (GB)", 1.0, 10_000.0, start["d_gb"], key="d_gb", bind=_BIND, help="GB of 1e9 bytes."
    )
    return {"gpu": "t4", "gpu_gb": float(gb)}


def _gpu_label(key: str) -> str:
    if key == OTHER_GPU:
        return "Another one (give GB)"
    try:
        return gpus.get(key).label
    except InvalidInputError:
        return key


def _answers(start: Mapping[str, Any]) -> dict[str, Any]:
    st.markdown("**What the model must output**")
    output = _choice(
        "Answer", OUTPUTS, start, "d_out", "Number tokens only count when the answer is a number."
    )
    targets = st.text_area(
        "Sample answers, one a line",
        start["d_targets"],
        key="d_targets",
        bind=_BIND,
        max_chars=_TARGETS_MAX,
        height=100,
        help="As they stand in your training data. 0-999 means all whole numbers of that range. They decide "
        "how many tokens an answer takes.",
    )
    template = st.text_input(
        "Text around the answer",
        start["d_template"],
        key="d_template",
        bind=_BIND,
        max_chars=_TEMPLATE_MAX,
        help="With {target} where the answer goes. What stands right before a number changes how it is cut.",
    )
    text = _choice("Prompts are written in", TEXTS, start, "d_text", "Decides the tokens per text.")
    left, right = st.columns(2)
    prompt = left.number_input(
        "Prompt (tokens)", 1, 131_072, start["d_prompt"], key="d_prompt", bind=_BIND,
        help="Longer prompts need more memory.",
    )  # fmt: skip
    answer = right.number_input(
        "Answer (tokens)", 1, 131_072, start["d_answer"], key="d_answer", bind=_BIND,
        help="Longer answers need more memory.",
    )  # fmt: skip
    samples = tuple(line.strip() for line in (targets or "").splitlines() if line.strip())
    return {
        "output": output,
        "targets": samples,
        "template": template or "",
        "text": text,
        "prompt_tokens": int(prompt),
        "target_tokens": int(answer),
    }


def _training(start: Mapping[str, Any]) -> dict[str, Any]:
    st.markdown("**How it is trained**")
    method = _choice("Method", METHODS, start, "d_method", "Decides the memory: QLoRA needs least.")
    loop = _choice(
        "Training program", FRAMEWORKS, start, "d_loop", "A fused loss saves memory on long texts."
    )
    layers = _choice(
        "Adapters on",
        ADAPTER_TARGETS,
        start,
        "d_layers",
        "The course puts them on the attention layers; models without such layers are then ruled out.",
    )
    left, right = st.columns(2)
    batch = left.number_input(
        "Batch",
        1,
        512,
        start["d_batch"],
        key="d_batch",
        bind=_BIND,
        help="More examples a step, more memory.",
    )
    rank = right.number_input(
        "Rank (LoRA's r)", 1, 1024, start["d_rank"], key="d_rank", bind=_BIND,
        help="Size of the adapter; little memory.",
    )  # fmt: skip
    return {
        "method": method,
        "framework": loop,
        "adapter_targets": layers,
        "batch_size": int(batch),
        "lora_rank": int(rank),
    }


def _limits(start: Mapping[str, Any]) -> dict[str, Any]:
    licence = _choice(
        "Licence", LICENCE_NEEDS, start, "d_lic", "Models whose licence forbids it are ruled out."
    )
    named = st.multiselect(
        "Only these licences",
        list(licences.LICENCES),
        start["d_named"],
        format_func=lambda key: licences.of(key).name,
        key="d_named",
        bind=_BIND,
        placeholder="any",
        help="Empty: any licence. Otherwise all others are ruled out.",
    )
    fields = {
        "share_alike": _toggle(
            "Accept share-alike", start, "d_share", "What you derive carries the licence."
        ),
        "unknown_licence": _toggle(
            "Keep models whose terms aren't known",
            start,
            "d_nolic",
            "When the board states no licence or the publisher's own. Counts once a licence is asked for.",
        ),
        "gated": _toggle(
            "Accept gated models", start, "d_gated", "Their download asks for an account and consent."
        ),
        "remote_code": _toggle(
            "Accept the publisher's code",
            start,
            "d_code",
            "Some models only load by running code from their repository. Off: they are ruled out.",
        ),
        "newer": _toggle(
            "Let the second source in",
            start,
            "d_newer",
            "Nine bases of 2025 another study scored, with another set-up than the board's.",
        ),
    }
    kinds = st.multiselect(
        "Kinds of model",
        list(KIND_CHOICES),
        start["d_kinds"],
        key="d_kinds",
        bind=_BIND,
        help=" ".join(f"{kind.capitalize()}: {KINDS[kind]}." for kind in KIND_CHOICES),
    )
    return {"licence": licence, "licences": tuple(named), "kinds": tuple(kinds), **fields}


def _choice(label: str, options: Mapping[str, str], start: Mapping[str, Any], key: str, text: str) -> str:
    names = list(options)
    found = st.selectbox(
        label,
        names,
        index=names.index(start[key]),
        format_func=options.__getitem__,
        key=key,
        bind=_BIND,
        help=text,
    )
    return str(found)


def _toggle(label: str, start: Mapping[str, Any], key: str, text: str) -> bool:
    return bool(st.toggle(label, start[key], key=key, bind=_BIND, help=text))


def _stop(size: float) -> float:
    """The stop of the size slider nearest to ``size``."""
    return min(SIZE_STOPS, key=lambda stop: abs(stop - size))


def _in_steps(weight: float) -> int:
    return int(min(max(5 * round(weight / 5), 0), 100)) if weight == weight else 0  # noqa: PLR0124 - NaN
