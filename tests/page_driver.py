"""Open a page as a reader would, and drive its controls at random."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

if TYPE_CHECKING:
    import random

APP = Path(__file__).resolve().parent.parent / "app.py"
_TEXTS = ("", "qwen", "phi-3", "no such model", "(*[", "<script>alert(1)</script>", "gemma 9b", "é漢字")


# A server looks for components in the installed packages once; here each page opened is a server of its own.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
# Seconds for one run of a script. Only one that hangs takes them all: a busy machine is slow.
PATIENCE_S = 300
# Random drives through each page; more of them by BASEWISE_SEEDS.
SEEDS = range(1, 1 + int(os.environ.get("BASEWISE_SEEDS", "1")))


def open_page(path: str = "app.py", **query: str | list[str]) -> AppTest:
    """A page opened cold, with what its address carries."""
    at = AppTest.from_file(str(APP), default_timeout=PATIENCE_S)
    if path != "app.py":
        at.switch_page(path)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def words(at: AppTest) -> str:
    """Everything the page says in text."""
    parts = [*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.subheader]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def disturb(at: AppTest, rng: random.Random, tables: tuple[str, ...] = ()) -> str:
    """Change one control at random and rerun; say which."""
    sidebar = {button.key for button in at.sidebar.button}
    controls = [
        *at.toggle, *at.selectbox, *at.multiselect, *at.select_slider, *at.text_input, *at.slider,
        *at.get("segmented_control"),
        *(button for button in at.button if button.key not in sidebar or rng.random() < 0.3),
    ]  # fmt: skip
    control = rng.choice([control for control in controls if not getattr(control, "disabled", False)])
    kind = control.type
    if kind == "toggle":
        control.set_value(not control.value)
    elif kind == "selectbox":
        control.set_value(rng.choice(control.options))
    elif kind == "multiselect":
        most = min(3, len(control.options))
        control.set_value(rng.sample(list(control.options), rng.randint(0, most)))
    elif kind == "select_slider":
        low, high = sorted(rng.sample(range(len(control.options)), 2))
        control.set_value((_stop(control.options[low]), _stop(control.options[high])))
    elif kind == "slider":
        control.set_value(rng.randint(int(control.min), int(control.max)))
    elif kind == "text_input":
        control.set_value(rng.choice(_TEXTS))
    elif kind == "button":
        control.click()
    else:
        control.set_value(
            rng.choice(control.options).content
            if hasattr(control.options[0], "content")
            else rng.choice(control.options)
        )
    for key in tables:
        if key in at.session_state and rng.random() < 0.5:
            rows = sorted(rng.sample(range(60), rng.randint(0, 4)))
            at.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    at.run()
    return f"{kind} {control.key}"


def _stop(option: str) -> float | int:
    number = float(option)
    return int(number) if number.is_integer() else number
