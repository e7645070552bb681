"""Which tokenizers the page looks at: families with embedded facts, and real ones loaded on request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import DataError, InvalidInputError
from core.hub.repo_ids import check_repo_id
from core.tokenizers import facts as tokenizer_facts
from pages.parts.shell import hub_token, links, shortlist
from pages.parts.shell.note import note
from pages.parts.shell.text import plain
from pages.parts.shell.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.hub.client import HubAccess
    from core.tokenizers.tokenizer import Tokenizer
    from pages.parts.shell.waiting import Progress

NUMBERS, TARGETS, TEXT, LANGUAGES = "Numbers", "My targets", "My text", "Languages"
MAX_SIDE_BY_SIDE: Final = 6
# As the reader sees them: a bound control writes its labels into the address.
CONTEXTS: Final = {"in a price": "price", "alone": "bare", "after a space": "space", "in my own text": "own"}
STARTS: Final = {
    f"{start:,} to {start + 999:,}": start for start in (0, 1_000, 2_000, 9_000, 10_000, 100_000, 999_000)
}
_DEFAULT: Final = ("llama3", "phi2", "qwen2_5")
_FAILED = "tokenizers_failed"


@dataclass(frozen=True, slots=True)
class Chosen:
    """``families``: label to family key, figures from the facts. ``loaded``: label to a real tokenizer."""

    families: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, Tokenizer] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.families) + len(self.loaded)


def link_checks() -> dict[str, links.Check]:
    families = frozenset(_labels())
    return {
        "t_fam": lambda values: len(values) <= MAX_SIDE_BY_SIDE and set(values) <= families,
        "t_repo": links.Each(_is_repo_id, MAX_SIDE_BY_SIDE),
        "t_view": links.one_of(NUMBERS, TARGETS, TEXT, LANGUAGES),
        "t_ctx": links.one_of(*CONTEXTS),
        "t_from": links.one_of(*STARTS),
        "t_num": links.number(0, 10**15),
        "t_pre": links.short_text(200),
        "t_suf": links.short_text(200),
        "t_tpl": links.short_text(400),
        "t_a": links.short_text(200),
        "t_b": links.short_text(200),
    }


def _is_repo_id(text: str) -> bool:
    try:
        check_repo_id(text)
    except InvalidInputError:
        return False
    return True


def view() -> str:
    return (
        st.segmented_control(
            "Look at",
            [NUMBERS, TARGETS, TEXT, LANGUAGES],
            default=NUMBERS,
            required=True,
            key="t_view",
            bind="query-params",
            label_visibility="collapsed",
        )
        or NUMBERS
    )


def choose() -> Chosen:
    """The controls, and what they stand for. Failures are shown here, each with what to do."""
    labels = _labels()
    left, right = st.columns(2)
    with left:
        families = st.multiselect(
            "Tokenizer families",
            list(labels),
            default=_opening(),
            max_selections=MAX_SIDE_BY_SIDE,
            key="t_fam",
            select_all=False,
            bind="query-params",
            help="Figures for these were computed beforehand from the real files, or published by their "
            "makers (StarCoder2 and a few others). Nothing is downloaded.",
        )
    with right:
        repos = st.multiselect(
            "Load a tokenizer from the Hub",
            shortlist.current(),
            default=[],
            accept_new_options=True,
            max_selections=MAX_SIDE_BY_SIDE,
            key="t_repo",
            select_all=False,
            bind="query-params",
            placeholder="publisher/name, for example Qwen/Qwen2.5-7B",
            help="For text, other numbers and other contexts the tokenizer itself is needed. Only its "
            "files are "
            "downloaded (a few MB), never weights, and no code of the repository is run.",
        )
    hub_token.control(on_change=_try_all_again)
    uploads = _uploads()
    _shortlist_note()
    loaded = _load(repos[:MAX_SIDE_BY_SIDE]) | uploads
    room = MAX_SIDE_BY_SIDE - len(loaded)
    kept = families[: max(room, 0)]
    if len(kept) < len(families) or len(loaded) > MAX_SIDE_BY_SIDE:
        note(f"At most {MAX_SIDE_BY_SIDE} stand side by side; the loaded ones come first.")
    return Chosen(
        {label: labels[label] for label in kept},
        dict(list(loaded.items())[:MAX_SIDE_BY_SIDE]),
    )


def _labels() -> dict[str, str]:
    """What the reader sees, and what a link says, to the family's key."""
    frame = tokenizer_facts.families()
    return {
        f"{label} (published)" if status == "published" else str(label): str(key)
        for key, label, status in zip(frame["family"], frame["label"], frame["status"], strict=True)
    }


def _opening() -> list[str]:
    """The shortlist's tokenizers, if it has any that are known; else one of each kind."""
    known = tokenizer_facts.for_models(shortlist.current())["family"].dropna().tolist()
    keys = list(dict.fromkeys(known))[:MAX_SIDE_BY_SIDE] or list(_DEFAULT)
    return [label for key in keys for label, family in _labels().items() if family == key]


def _shortlist_note() -> None:
    """Which tokenizer each model of the shortlist has, with the evidence."""
    picks = shortlist.current()
    if not picks:
        return
    facts = tokenizer_facts.for_models(picks)
    with st.expander(f"Tokenizers of the {len(picks)} models on your shortlist, and how we know"):
        st.dataframe(
            facts[["model_id", "label", "single_in_price", "status", "basis", "evidence"]],
            hide_index=True,
            key="t_shortlist",
            placeholder="unknown",
            column_config={
                "model_id": st.column_config.TextColumn("Model", pinned=True),
                "label": st.column_config.TextColumn("Tokenizer"),
                "single_in_price": st.column_config.NumberColumn(
                    "Single tokens", help="How many of 0 to 999 are one token in 'Price is $N.00'."
                ),
                "status": st.column_config.TextColumn(
                    "Figures", help="Computed from the file, published by its maker, or unknown."
                ),
                "basis": st.column_config.TextColumn(
                    "Mapping", help="Stated by the model's publisher, or inherited from the base it names."
                ),
                "evidence": st.column_config.TextColumn("How we know", width="large"),
            },
        )


def _load(repos: list[str]) -> dict[str, Tokenizer]:
    names = [repo.strip() for repo in repos]
    if not names:
        return {}
    try:
        access = hub_token.access()
    except InvalidInputError as error:
        st.error(f"{plain(error.what)} {plain(error.remedy)}", icon=":material/error:")
        return {}
    return _waited_for("Fetching the tokenizer of", {name: partial(_fetch, name, access) for name in names})


def _waited_for(doing: str, works: dict[str, Callable[[Progress], Tokenizer]]) -> dict[str, Tokenizer]:
    """Name to tokenizer of those that loaded; the others are explained, and tried again when asked to."""
    failed: dict[str, DataError] = st.session_state.setdefault(_FAILED, {})
    loaded = {}
    for name, work in works.items():
        if name in failed:
            _explain(name, failed[name])
            continue
        try:
            loaded[name] = wait_for(
                work, said=f"{doing} {plain(name)}", key=f"t_stop_{name}", on_stop=partial(_stopped, name)
            )
        except DataError as error:
            failed[name] = error
            _explain(name, error)
            continue
        for warning in loaded[name].warnings:
            st.warning(f"{plain(name)}: {plain(warning)}")
    return loaded


def _fetch(name: str, access: HubAccess, progress: Progress) -> Tokenizer:
    # Before the loader, which takes paths as well: nothing a reader enters is looked up on the disk.
    name = check_repo_id(name)
    from core.tokenizers import store  # noqa: PLC0415 - pages of facts load no tokenizer library

    return store.shared(name, access=access, cancel=progress.cancel, on_bytes=progress.on_bytes)


def _try_all_again() -> None:
    st.session_state.pop(_FAILED, None)


def _stopped(name: str) -> None:
    st.session_state[_FAILED][name] = DataError("You stopped it.", remedy="Press “Try again” to load it.")


def _explain(name: str, error: DataError) -> None:
    facts = tokenizer_facts.for_model(name)
    also = (
        f" Its figures are known all the same: choose {plain(facts.label)} among the families."
        if facts
        else ""
    )
    text = f"{plain(name)} was not loaded. {plain(error.what)} {plain(error.remedy)}{also}"
    st.error(text, icon=":material/error:")
    with st.container(horizontal=True):
        if "gated" in error.what:
            st.link_button("Its page on the Hub, to request access", f"https://huggingface.co/{name}")
        again = st.button("Try again", key=f"t_again_{name}")
    if again:
        st.session_state[_FAILED].pop(name, None)
        st.rerun()


def _uploads() -> dict[str, Tokenizer]:
    with st.expander("Or upload a tokenizer file"):
        files = st.file_uploader(
            "A tokenizer.json, tekken.json, SentencePiece .model or .tiktoken file, at most 64 MB",
            type=["json", "model", "tiktoken"],
            accept_multiple_files=True,
            key="t_upload",
            help="Tried in a process of its own first, with a limit on time and memory. Kept in memory only.",
        )
    works = {}
    for file in (files or [])[:MAX_SIDE_BY_SIDE]:
        raw = file.getvalue()
        works[f"{file.name} ({hashlib.sha256(raw).hexdigest()[:6]})"] = partial(_read, raw, file.name)
    return _waited_for("Reading", works)


def _read(raw: bytes, name: str, progress: Progress) -> Tokenizer:
    from core.tokenizers import store  # noqa: PLC0415 - pages of facts load no tokenizer library

    return store.shared_upload(raw, name, progress.cancel)
