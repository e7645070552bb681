"""The form's popovers: what the model must output, how it is trained, what is ruled out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core import licences
from core.decision.tasks import (
    ADAPTER_TARGETS,
    FRAMEWORKS,
    LICENCE_NEEDS,
    MAX_SAMPLE_TARGETS,
    METHODS,
    OUTPUTS,
    TEXTS,
)
from core.schema import KINDS
from pages.parts.decide import values
from pages.parts.decide.choice import choice, toggle

if TYPE_CHECKING:
    from collections.abc import Mapping

_BIND: Final = "query-params"


def answers(start: Mapping[str, Any]) -> dict[str, Any]:
    st.markdown("**What the model must output**")
    output = choice(
        "Answer", OUTPUTS, start, "d_out", "Number tokens only count when the answer is a number."
    )
    targets = st.text_area(
        "Sample answers, one a line",
        start["d_targets"],
        key="d_targets",
        bind=_BIND,
        max_chars=values.TARGETS_MAX,
        height=100,
        help="As they stand in your training data. 0-999 means all whole numbers of that range. They decide "
        f"how many tokens an answer takes. Of more than {MAX_SAMPLE_TARGETS:,} answers, that many are looked "
        "at, spread evenly over all.",
    )
    template = st.text_input(
        "Text around the answer",
        start["d_template"],
        key="d_template",
        bind=_BIND,
        max_chars=values.TEMPLATE_MAX,
        help="With {target} where the answer goes. What stands right before a number changes how it is cut.",
    )
    text = choice(
        "Prompts are written in",
        TEXTS,
        start,
        "d_text",
        "Sets tokens per text. Languages you chose take precedence.",
    )
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


def training(start: Mapping[str, Any]) -> dict[str, Any]:
    st.markdown("**How it is trained**")
    method = choice("Method", METHODS, start, "d_method", "Decides the memory: QLoRA needs least.")
    loop = choice("Training program", FRAMEWORKS, start, "d_loop", "A fused loss saves memory on long texts.")
    layers = choice(
        "Adapters on",
        ADAPTER_TARGETS,
        start,
        "d_layers",
        "The course puts them on the attention layers; models without such layers are then ruled out.",
    )
    st.number_input(
        "Training examples",
        *values.EXAMPLES,
        value=10_000,
        step=1_000,
        key="d_examples",
        bind=_BIND,
        help="How many you have: for time, price, the pilot, and base or instruct variant.",
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


def limits(start: Mapping[str, Any], *, today: bool) -> dict[str, Any]:
    licence = choice(
        "Licence", LICENCE_NEEDS, start, "d_lic", "Models whose licence forbids it are ruled out."
    )
    named = st.multiselect(
        "Only these licences",
        list(licences.LICENCES),
        start["d_named"],
        format_func=lambda key: licences.by_key(key).name,
        key="d_named",
        select_all=False,
        bind=_BIND,
        placeholder="any",
        help="Empty: any licence. Otherwise all others are ruled out.",
    )
    fields = {
        "share_alike": toggle("Accept share-alike", start, "d_share", "What you derive carries the licence."),
        "unknown_licence": toggle(
            "Keep models whose terms aren't known",
            start,
            "d_nolic",
            "When the board states no licence or the publisher's own. Counts once a licence is asked for.",
        ),
        "gated": toggle(
            "Accept gated models",
            start,
            "d_gated",
            "Their download needs an account and accepted terms.",
        ),
        "remote_code": toggle(
            "Accept the publisher's code",
            start,
            "d_code",
            "Some models only load by running code from their repository. Off: they are ruled out.",
        ),
        "sold_in_eu": toggle(
            "May be sold in the EU",
            start,
            "d_eu",
            "Rules out licences that keep what you tune from being sold in the EU. Where the terms aren't "
            "known the switch above decides.",
        ),
        "trained_stop": toggle(
            "Stops without trained embeddings",
            start,
            "d_stop",
            "Rules out bases whose token for the end of a chat was never trained. Where it isn't known they "
            "stay in. A plain format with another end token can do without.",
        ),
    }
    if today:
        fields["size_only"] = toggle(
            "Let bases placed by size alone in",
            start,
            "d_sizeonly",
            "No score of theirs was ever published: size, date and family say where they may stand.",
        )
        fields["newer"] = bool(start["d_newer"])
    else:
        fields["newer"] = toggle(
            "Let the later study in",
            start,
            "d_newer",
            "Nine bases of 2025 another study scored, with another set-up than the board's.",
        )
    kinds = st.multiselect(
        "Kinds of model",
        list(values.KIND_CHOICES),
        start["d_kinds"],
        key="d_kinds",
        select_all=False,
        bind=_BIND,
        help=" ".join(f"{kind.capitalize()}: {KINDS[kind]}." for kind in values.KIND_CHOICES),
    )
    return {"licence": licence, "licences": tuple(named), "kinds": tuple(kinds), **fields}


def examples() -> int:
    """How many training examples the reader has."""
    return int(st.session_state.get("d_examples", 10_000))
