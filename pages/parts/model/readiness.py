"""Ready to tune: the verdict, the settings that follow, and each finding with its remedy and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.model_card.references import link_of
from core.readiness import assess, assess_family
from pages.parts.model import own_files
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model_card import ModelCard
    from core.readiness import Finding, Readiness
    from pages.parts.model.own_files import Own

_NEVER_SAFE: Final = "The absence of a warning does not mean that it is safe: perhaps nobody has looked."
_STOPS: Final = {
    "as it is": (":material/check_circle:", "It should stop as it is"),
    "needs an end token": (":material/flag:", "It needs an end token and a template that ends with it"),
    "needs trained chat tokens": (
        ":material/warning:",
        "Its chat tokens need training before it stops at them",
    ),
    "unknown": (":material/help:", "Whether it stops is not known"),
}
_GRAVITY: Final = {
    "stop": (":material/error:", "red", "Fails if ignored"),
    "warning": (":material/warning:", "orange", "Take care"),
    "note": (":material/info:", "blue", "Good to know"),
    "not checked": (":material/help:", "gray", "Not checked"),
}
_SHOWN_SOURCES: Final = 2


def show(card: ModelCard) -> None:
    st.subheader("Ready to tune", anchor=False)
    own = own_files.current(card.model_id)
    found = own.readiness if own else _found(card)
    if found is None:
        st.markdown(
            "Nothing is known about its end tokens, adapter targets and pitfalls: none of its files has been "
            f"read, and no facts about its family are at hand. {_NEVER_SAFE}"
        )
    else:
        _verdict(found, own)
    own_files.control(card)


def _verdict(found: Readiness, own: Own | None) -> None:
    icon, said = _STOPS.get(found.stops, _STOPS["unknown"])
    st.markdown(f"{icon} **{said}.** {plain(found.why)}")
    _basis(found, own)
    st.table(_settings(found), alt="Settings that follow from what is known of the model")
    later: list[Finding] = []
    for finding in found.findings:
        if finding.severity in {"stop", "warning"}:
            _finding(finding)
        else:
            later.append(finding)
    if later:
        with st.expander(f"{_counted(later)}", icon=":material/info:"):
            for finding in later:
                _finding(finding)
    _sources(found.findings)
    note(_NEVER_SAFE)


def _found(card: ModelCard) -> Readiness | None:
    """From the files of a model the reader added, else from the published facts about its family."""
    if card.added is not None and card.added.config:
        return assess(
            {"config.json": dict(card.added.config)}, model_id=card.model_id, licence=card.known.licence or ""
        )
    return assess_family(card.model_id)


def _basis(found: Readiness, own: Own | None) -> None:
    if own is not None:
        own_files.say(own)
        return
    date = f", read {found.date}" if found.date else ""
    if found.basis == "family":
        st.badge(f"Published facts about the family{date}", color="orange")
        note("The model's own files were not read; where they differ, they decide.")
    else:
        st.badge("From its config.json as read from the Hub", color="green")


def _settings(found: Readiness) -> pd.DataFrame:
    def code(names: Sequence[str]) -> str:
        return ", ".join(f"`{name.replace('`', '')}`" for name in names)

    said: dict[str, str] = {
        "End token": code([found.end_token]) if found.end_token else "unknown",
        "Pad token": code([found.pad_token]) if found.pad_token else "unknown",
        "Chat template": "comes with it" if found.chat_template else "none known",
        "Adapter targets": code(found.lora_targets) or "unknown",
        "Leave out": code(found.avoid) or "nothing known",
        "transformers": f"{plain(found.min_transformers)} or later" if found.min_transformers else "unknown",
        "Publisher's own code": {True: "needed", False: "not needed", None: "unknown"}[found.remote_code],
        "fp16 on a T4": plain(found.fp16_t4) or "unknown",
        "4-bit copies": code(found.unsloth_4bit) or "none known",
    }
    return pd.DataFrame({"Setting": list(said), "What is known": list(said.values())}).set_index("Setting")


def _finding(finding: Finding) -> None:
    icon, colour, word = _GRAVITY.get(finding.severity, _GRAVITY["note"])
    lines = [f":{colour}[{icon} **{word}**] {plain(finding.what)}"]
    if why := _text(finding, "why"):
        lines.append(f"Why: {plain(why)}")
    if remedy := _text(finding, "remedy"):
        lines.append(f"Remedy: {plain(remedy)}")
    origins = _origins(finding)
    date = _text(finding, "date")
    if origins:
        if len(origins) > _SHOWN_SOURCES:
            origin = f"{len(origins)} sources, listed below"
        else:
            origin = "; ".join(_linked(source) for source in origins)
        lines.append(f":small[:gray[Source: {origin}{f' ({plain(date)})' if date else ''}]]")
    with st.container(border=True):
        st.markdown("  \n".join(lines))


def _sources(findings: Sequence[Finding]) -> None:
    """Sources of findings that have too many to name beside each."""
    long = [origins for each in findings if len(origins := _origins(each)) > _SHOWN_SOURCES]
    listed = list(dict.fromkeys(source for origins in long for source in origins))
    if listed:
        with st.expander(f"{len(listed)} sources of the published facts", icon=":material/menu_book:"):
            st.markdown("\n".join(f"- {_linked(source)}" for source in listed))


def _origins(finding: Finding) -> list[str]:
    return [part for each in _text(finding, "source").split(";") if (part := each.strip())]


def _linked(source: str) -> str:
    link = link_of(source)
    return f"[{plain(source[:160])}]({link})" if link else plain(source[:160])


def _text(finding: Any, name: str) -> str:
    return str(getattr(finding, name, "") or "")


def _counted(findings: Sequence[Finding]) -> str:
    notes = sum(each.severity == "note" for each in findings)
    unchecked = len(findings) - notes
    parts = []
    if notes:
        parts.append(f"{notes} note{'s' if notes != 1 else ''}")
    if unchecked:
        parts.append(f"{unchecked} not checked")
    return ", ".join(parts)
