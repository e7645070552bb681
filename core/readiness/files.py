"""A model's small files, parsed within bounds. Whatever can't be read becomes a finding, never an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.readiness.result import NOT_CHECKED, Finding

# Bytes. The largest tokenizer.json published with an open base is 34 MB.
LARGEST: Final = {"tokenizer.json": 64_000_000, "model.safetensors.index.json": 20_000_000}
LARGEST_OTHER: Final = 4_000_000
LARGEST_TEMPLATE: Final = 400_000
LARGEST_KEPT: Final = 400_000
JSON_FILES: Final = (
    "config.json",
    "generation_config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "model.safetensors.index.json",
)
TEMPLATE: Final = "chat_template.jinja"
WEIGHTS: Final = ".safetensors"
_MOST: Final = 300  # files of weights
_WANTED: Final = ("config.json", "generation_config.json", "tokenizer_config.json", "tokenizer.json")
_TEXT_CONFIGS: Final = (
    "text_config",
    "llm_config",
    "language_config",
    "thinker_config",
    "language_model_config",
)


@dataclass(slots=True)
class ModelFiles:
    """What could be parsed.

    Attributes:
        parsed: file name -> JSON object; a file that is missing or unreadable is left out.
        template: text of ``chat_template.jinja``, "" without one.
        readme: the model card's text, "" without one.
        weights: safetensors files at hand, name -> bytes.
        looked: names given with the value None: asked for, and not in the repository.
        findings: what could not be read, and what was not supplied.
    """

    parsed: dict[str, dict[str, Any]] = field(default_factory=dict)
    template: str = ""
    readme: str = ""
    weights: dict[str, bytes] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def get(self, name: str) -> dict[str, Any]:
        return self.parsed.get(name, {})

    @property
    def config(self) -> dict[str, Any]:
        return self.get("config.json")

    @property
    def text_config(self) -> dict[str, Any]:
        """The language model's own part of the config, over the outer one where a tower is wrapped in."""
        outer = self.config
        for key in _TEXT_CONFIGS:
            inner = outer.get(key)
            if isinstance(inner, dict):
                deeper = inner.get("text_config")
                inner = deeper if isinstance(deeper, dict) else inner
                return {**outer, **{k: v for k, v in inner.items() if v is not None}}
        return outer


def read_files(files: Mapping[str, object]) -> ModelFiles:
    """Parse what is at hand.

    Args:
        files: file name -> bytes, text, parsed JSON, or None for a file the repository doesn't have. Folders
            in front of a name are ignored.
    """
    found = ModelFiles()
    if not isinstance(files, Mapping):
        _unreadable(found, "files", "What was given is no list of files")
        return found
    named = {str(name).replace("\\", "/").rsplit("/", 1)[-1]: value for name, value in files.items()}
    for name, value in named.items():
        if value is None:
            found.looked.add(name)
        elif name in JSON_FILES:
            _add_json(found, name, value)
        elif name == TEMPLATE:
            found.template = _text(found, name, value, LARGEST_TEMPLATE)
        elif name.lower() == "readme.md":
            found.readme = _text(found, name, value, LARGEST_OTHER)
        elif name.endswith(WEIGHTS) and isinstance(value, bytes | bytearray) and len(found.weights) < _MOST:
            found.weights[name] = bytes(value)
    for name in _WANTED:
        if name not in found.parsed and name not in found.looked and name not in named:
            what = f"{name} was not among the files. {NOT_CHECKED}"
            found.findings.append(Finding("files.missing", "not checked", what, f"Add {name}.", name))
    return found


def _add_json(found: ModelFiles, name: str, value: object) -> None:
    if isinstance(value, (bytes, bytearray, str)):
        if len(value) > LARGEST.get(name, LARGEST_OTHER):
            _unreadable(found, name, f"{name} is larger than any such file should be ({len(value):,} bytes)")
            return
        try:
            value = json.loads(value)
        except RecursionError:
            _unreadable(found, name, f"{name} is nested too deeply to be a real one")
            return
        except (ValueError, MemoryError):
            _unreadable(found, name, f"{name} is not JSON")
            return
    if not isinstance(value, dict):
        _unreadable(found, name, f"{name} does not hold a JSON object")
        return
    found.parsed[name] = {key: inner for key, inner in value.items() if isinstance(key, str)}


def _text(found: ModelFiles, name: str, value: object, largest: int) -> str:
    if isinstance(value, (bytes, bytearray)):
        if len(value) > largest:
            _unreadable(found, name, f"{name} is larger than any such file should be ({len(value):,} bytes)")
            return ""
        value = bytes(value).decode("utf-8", "replace")
    if not isinstance(value, str):
        _unreadable(found, name, f"{name} is not text")
        return ""
    if len(value) > largest:
        _unreadable(found, name, f"{name} is larger than any such file should be ({len(value):,} characters)")
        return ""
    return value


def _unreadable(found: ModelFiles, name: str, what: str) -> None:
    remedy = "Fetch the file again; if it stays so, don't load this repository."
    why = "What it would have told is missing here, and transformers may not load it either."
    found.findings.append(
        Finding("files.unreadable", "warning", f"{what}; it was not used.", remedy, name, why)
    )


def small_files(files: Mapping[str, object]) -> dict[str, bytes]:
    """The files to keep for a session; a vocabulary and an index of weights are too large for that."""
    held = ((name, value) for name, value in files.items() if isinstance(value, bytes))
    return {name: value for name, value in held if len(value) <= LARGEST_KEPT}
