"""Which model a results file is about: everything that makes it another model than its name says."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from core.errors import InvalidInputError
from core.importers import run_arguments
from core.importers.run_names import Name, read_name, slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.importers.results_file import Config, ResultsFile

_MAX_TEXT: Final = 200
_MAIN: Final = frozenset({"", "main", "master"})
# What is printed of a model that was handed over as an object.
_OBJECT: Final = re.compile(r"object at 0x|\n|For(?:CausalLM|ConditionalGeneration)\(")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_LONGEST_ID: Final = 150
_MOST_ENDINGS: Final = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one model under test from another.

    Attributes:
        name: the weights that were loaded; of an adapter, the adapter.
        endings: what goes behind the name in any case, such as ``4bit``.
        base: of an adapter or a weight difference, the model it was put on.
        put_on: in words, what was put on it.
        precision: type of the numbers, or how the weights were packed.
        quantised: whether they were packed.
        revision: commit or branch, where stated.
        key: equal for the same model in the same setting only.
        differences: ``(what, how)`` that may differ between two runs of one name; shown where names clash.
    """

    name: Name
    endings: tuple[str, ...]
    base: Name | None
    put_on: str | None
    precision: str | None
    quantised: bool
    revision: str | None
    key: tuple[object, ...]
    differences: tuple[tuple[str, str], ...]

    def model_id(self, parts: int = 0) -> str:
        """The id of the run's row; of a path at least ``parts`` parts from its end."""
        stem = self.name.of_length(max(parts, self.name.shortest))
        return with_endings(stem, self.endings)

    @property
    def weights_of(self) -> str:
        """The id under which facts about the model are known."""
        return self.name.short


def with_endings(stem: str, endings: Sequence[str]) -> str:
    """``stem`` with what isn't in it yet behind it, no longer than an id may be.

    >>> with_endings("acme/Plum-8B-GPTQ", ["gptq", "step-10"])
    'acme/Plum-8B-GPTQ-step-10'
    """
    for ending in endings:
        if ending and ending.lower() not in re.split(r"[-/]", stem.lower()):
            stem = f"{stem}-{ending}"
    return stem[:_LONGEST_ID].rstrip("-._")


def identify(file: ResultsFile, *, name: str, given_name: str | None = None) -> Identity:
    """The identity of the run in a results file.

    Args:
        file: what it holds.
        name: its name, for messages.
        given_name: what to call a model that the file doesn't name.

    Raises:
        InvalidInputError: the file names no model, and no name was given.
    """
    config = file.config
    arguments = run_arguments.read_arguments(config.model_args)
    model, named_by_file = _loaded(file, arguments, name, given_name)
    adapters = run_arguments.adapters(arguments)
    # An adapter of a model that was handed over as an object is known by its commit only.
    commits = {"peft_sha": config.peft_sha, "delta_sha": config.delta_sha}
    adapters |= {key: text for key, sha in commits.items() if (text := _short(sha))}
    own = _adapter_name(adapters, model) if adapters else model
    packed = run_arguments.quantisation(arguments, model.full)
    subfolder = arguments.get("subfolder") or model.subfolder
    branch = arguments.get("revision") or _short(config.model_revision) or model.revision or ""
    commit = _short(config.model_sha) or (branch if _COMMIT.fullmatch(branch) else None)
    branch = "" if branch in _MAIN or _COMMIT.fullmatch(branch) or branch == model.revision else branch
    precision = packed or _number_type(config, arguments)
    template = _template(file)
    system = _fingerprint(file.system_instruction_sha or file.system_instruction)
    turns = file.fewshot_as_multiturn if template else None
    others = run_arguments.others(arguments)
    counted = None if named_by_file else str(config.model_num_parameters)
    branch_ending = slug(branch) if branch and not adapters else ""
    return Identity(
        name=own,
        endings=tuple(text for text in (slug(subfolder or ""), branch_ending, packed or "") if text),
        base=model if adapters else None,
        put_on=_put_on(adapters, model) if adapters else None,
        precision=precision,
        quantised=packed is not None,
        revision=None if adapters else commit or branch or None,
        key=(model.full, tuple(sorted(adapters.items())), subfolder, branch, commit, precision, template,
             system, turns, others, counted),
        differences=(
            ("", f"on-{slug(model.short.rpartition('/')[2])}" if adapters else ""),
            *(("", slug(text.rpartition("/")[2])) for _, text in adapters.items()),
            ("", precision or ""),
            ("", "with-template" if template else ""),
            ("", "with-system-prompt" if system else ""),
            ("", "with-gen-kwargs" if generated_with(config) else ""),
            *((key, slug(f"{key}-{text.rpartition('/')[2]}")) for key, text in others),
            ("commit", (commit or "")[:7]),
            ("template", (template or "")[:7]),
            ("system", (system or "")[:7]),
        ),
    )  # fmt: skip


def has_system_instruction(file: ResultsFile) -> bool:
    return bool(file.system_instruction_sha or file.system_instruction)


def generated_with(config: Config) -> str:
    """How answers were generated where the run said so itself; "" where the tasks' own settings held.

    >>> from core.importers.results_file import Config
    >>> generated_with(Config(gen_kwargs="temperature=0.7,do_sample=True"))
    'do_sample=True, temperature=0.7'
    """
    said = run_arguments.read_arguments(config.gen_kwargs)
    return ", ".join(f"{key}={text}" for key, text in sorted(said.items()))


def _stated_name(file: ResultsFile, arguments: Mapping[str, str]) -> str | None:
    stated = [*(arguments.get(key) for key in run_arguments.NAME_KEYS), _short(file.model_name)]
    return next((text for text in stated if text and not _OBJECT.search(text)), None)


def _loaded(
    file: ResultsFile, arguments: Mapping[str, str], name: str, given_name: str | None
) -> tuple[Name, bool]:
    stated = _stated_name(file, arguments)
    if stated is None and not (given_name and given_name.strip()):
        raise InvalidInputError(
            "The file doesn't say which model it is about: the harness was given a loaded one.",
            source=name,
            remedy="Enter the model's name (on the Data page under “Model name”) and add the file again.",
        )
    return read_name(stated or str(given_name)[:_MAX_TEXT]), stated is not None


def _adapter_name(adapters: Mapping[str, str], base: Name) -> Name:
    """The adapter's own name; never that of the model it sits on."""
    given = next((text for key, text in adapters.items() if not key.endswith("_sha")), base.full)
    name = read_name(run_arguments.place_of(given))
    last, of_base = (found.short.rpartition("/")[2].lower() for found in (name, base))
    if name.full != base.full and last != of_base:
        return name
    return Name(f"{name.full}#adapter", (f"{name.short}-adapter",), name.revision)


def _put_on(adapters: Mapping[str, str], base: Name) -> str:
    words = {word for key in adapters for word in key.split("_")}
    what = "a weight difference" if "delta" in words else "an adapter"
    return f"{'a steering vector' if 'steer' in words else what} on {base.short}"


def _number_type(config: Config, arguments: Mapping[str, str]) -> str | None:
    said = _short(config.model_dtype) or arguments.get("dtype") or arguments.get("torch_dtype")
    return said.removeprefix("torch.") if said is not None and said != "auto" else None


def _template(file: ResultsFile) -> str | None:
    """A fingerprint of the chat template that was used; "" for none, None where the file doesn't say."""
    if file.chat_template is UNSET and file.chat_template_sha is UNSET:
        return None
    return _fingerprint(file.chat_template_sha or file.chat_template) or ""


def _fingerprint(value: object) -> str | None:
    if not value:
        return None
    return hashlib.sha256(str(value)[:100_000].encode("utf-8", "replace")).hexdigest()[:16]


def _short(text: str | None) -> str | None:
    return None if text is None else run_arguments.without_secrets(text[: 2 * _MAX_TEXT])[:_MAX_TEXT]


def tell_apart(identities: Sequence[Identity]) -> list[str]:
    """An id for each run, no two alike: longer paths where names clash, then what differs, then a number.

    >>> tell_apart([])
    []
    """
    ids = [identity.model_id() for identity in identities]
    for clashing in _clashes(ids):
        group = [identities[place] for place in clashing]
        for place, text in zip(clashing, _longer(group), strict=True):
            ids[place] = text
    for clashing in _clashes(ids):
        told = _different([identities[place].differences for place in clashing])
        for place, endings in zip(clashing, told, strict=True):
            ids[place] = with_endings(ids[place], endings)
    for clashing in _clashes(ids):
        for number, place in enumerate(clashing[1:], start=2):
            ids[place] = f"{ids[place]}-run-{number}"
    return ids


def _clashes(ids: Sequence[str]) -> list[list[int]]:
    places: dict[str, list[int]] = {}
    for place, text in enumerate(ids):
        places.setdefault(text.lower(), []).append(place)
    return [found for found in places.values() if len(found) > 1]


def _longer(group: Sequence[Identity]) -> list[str]:
    """As much of the paths as tells them apart; unchanged where they are no different paths."""
    ids = [identity.model_id() for identity in group]
    if len({identity.name.full for identity in group}) == 1:
        return ids
    longest = max(len(identity.name.parts) for identity in group)
    for parts in range(2, longest + 1):
        ids = [identity.model_id(parts) for identity in group]
        if len({text.lower() for text in ids}) == len({identity.name.full for identity in group}):
            break
    return ids


def _different(all_differences: Sequence[tuple[tuple[str, str], ...]]) -> list[list[str]]:
    """Of each run the first differences that not all runs share, as endings of its name."""
    texts = [[text for _, text in differences] for differences in all_differences]
    told = [[text for text in own if text and not all(text in other for other in texts)] for own in texts]
    for most in range(1, _MOST_ENDINGS):
        first = [own[:most] for own in told]
        if len({tuple(own) for own in first}) == len(first):
            return first
    return [own[:_MOST_ENDINGS] for own in told]
