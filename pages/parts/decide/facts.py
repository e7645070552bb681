"""Choosing a task: facts about the reader stay, and what the task sets is listed and can be undone."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from core.decision.criteria import CRITERIA, in_sentence
from core.decision.tasks import PRESETS, preset
from core.memory import gpus
from core.schema import BENCHMARKS
from pages.parts.decide import values
from pages.parts.shell.text import plain

# The reader's hardware, terms, languages and habits don't change with the task.
FACTS: Final = frozenset(
    {
        "d_gpu", "d_gb", "d_size", "d_lang", "d_method", "d_loop", "d_rank", "d_layers", "d_lic", "d_named",
        "d_share", "d_nolic", "d_gated", "d_eu", "d_code", "d_stop", "d_kinds", "d_sizeonly", "d_sure",
        values.SHORTLIST,
    }
)  # fmt: skip
_SHOWN: Final = "decide_task_shown"
_UNDO: Final = "decide_undo"
_NAMES: Final = {
    "d_out": "answer",
    "d_targets": "sample answers",
    "d_template": "text around the answer",
    "d_text": "prompts in",
    "d_prompt": "prompt tokens",
    "d_answer": "answer tokens",
    "d_batch": "batch",
    "d_newer": "later study",
    **{values.weight(each.key): f"weight of {in_sentence(each.label)}" for each in CRITERIA},
    **{values.benchmark(each.key): each.label for each in BENCHMARKS},
}
# Too long to be quoted.
_UNQUOTED: Final = {"d_targets", "d_template"}


def take_preset() -> None:
    """Callback of the task: set what suits it, keep the facts, remember what there was."""
    chosen, shown = st.session_state[values.PRESET], st.session_state.get(_SHOWN, "price")
    start = values.widget_values(preset(shown))
    before = {key: st.session_state.get(key, value) for key, value in start.items()}
    after = values.widget_values(preset(chosen)) | {key: before[key] for key in FACTS}
    values.put(after)
    st.session_state[_UNDO] = {"before": before | {values.PRESET: shown}, "after": after}


def remember(key: str) -> None:
    """Call in each run with the task shown."""
    st.session_state[_SHOWN] = key


def follow_card() -> None:
    """Callback of the card: the size range follows it unless the reader set one."""
    if not st.session_state.get(values.SIZE_SET):
        st.session_state["d_size"] = (0, values.size_for(card_gb()))


def keep_size() -> None:
    """Callback of the size: from now on it is the reader's."""
    st.session_state[values.SIZE_SET] = True


def card_gb(default: str = "t4") -> float:
    """Memory of the card as chosen, GB of 1e9 bytes."""
    key = st.session_state.get("d_gpu", default)
    if key == values.OTHER_GPU:
        return float(st.session_state.get("d_gb", gpus.get(default).usable_gb))
    return gpus.get(key).usable_gb


def report() -> None:
    """What the task chosen last has set, with undo; gone once the reader changes one of these."""
    undo = st.session_state.get(_UNDO)
    if undo is None:
        return
    if any(st.session_state.get(key) != value for key, value in undo["after"].items() if key in _NAMES):
        del st.session_state[_UNDO]
        return
    changed = differences(undo["before"], undo["after"])
    if not changed:
        return
    with st.container(border=True, key="decide_set_by_task"):
        st.markdown(f":small[**Set by the task:** {plain('; '.join(changed))}. Everything else stayed.]")
        st.button("Undo", icon=":material/undo:", key="decide_undo_task", on_click=_undo)


def changed_from_preset(key: str) -> list[str]:
    """What the controls say differently from the task's own settings, facts aside."""
    start = values.widget_values(PRESETS[key].task)
    return differences(start, {name: st.session_state.get(name, value) for name, value in start.items()})


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    found = []
    for key, name in _NAMES.items():
        if before[key] == after[key]:
            continue
        if key in _UNQUOTED:
            found.append(name)
        else:
            found.append(f"{name} {values.say(key, before[key])} → {values.say(key, after[key])}")
    return found


def _undo() -> None:
    """What the task set goes back; facts given since then stay."""
    before = st.session_state.pop(_UNDO)["before"]
    values.put({key: value for key, value in before.items() if key not in FACTS})
