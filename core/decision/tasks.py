"""The task a base model is chosen for: what it must output, on what hardware, under which terms.

Everything has a default: ``Task()`` is the course's task, the price of a product from its description.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from core import licences, written_numbers
from core.errors import InvalidInputError
from core.languages import NAMES as LANGUAGES
from core.schema import BENCHMARK_KEYS

OUTPUTS: Final = {
    "number": "a number",
    "label": "one of a few labels",
    "json": "JSON",
    "text": "free text",
    "code": "program code",
}
METHODS: Final = {
    "qlora": "QLoRA: base in 4 bits, small adapter trained",
    "lora": "LoRA: base in 16 bits, small adapter trained",
    "full": "Full fine-tuning: every weight trained",
}
FRAMEWORKS: Final = {
    "huggingface": "plain Hugging Face training loop",
    "unsloth": "a loop with fused loss, like unsloth",
}
ADAPTER_TARGETS: Final = {
    "q,k,v,o": "the attention layers (q, k, v, o)",
    "all-linear": "all linear layers",
}
TEXTS: Final = {
    "english": "English",
    "german": "German",
    "french": "French",
    "spanish": "Spanish",
    "polish": "Polish",
    "russian": "Russian",
    "arabic": "Arabic",
    "hindi": "Hindi",
    "chinese": "Chinese",
    "japanese": "Japanese",
    "korean": "Korean",
    "code": "program code",
    "json": "JSON",
}
LICENCE_NEEDS: Final = {
    "any": "any licence",
    "commercial": "commercial use allowed",
    "permissive": "permissive only (no terms of use)",
}

GATED_WORDS: Final = {True: "gated models let in", False: "gated models ruled out"}

# How closely the weights drawn follow the ones given: the total of a Dirichlet distribution's parameters.
# With a total of 60 a weight of 40% varies by 6 points (one standard deviation), with 15 by 12.
CERTAINTIES: Final = {
    "exact": math.inf,
    "fairly": 60.0,
    "roughly": 15.0,
    "unknown": 0.0,
}

CRITERIA_KEYS: Final = (
    "capability",
    "numbers",
    "instruct",
    "text",
    "memory",
    "licence",
    "age",
    "language",
)

MAX_SAMPLE_TARGETS: Final = 2_000
_RANGE = re.compile(r"\s*(-?\d+)\s*(?:-|–|\.\.|to)\s*(-?\d+)\s*")
# A judgement: a language the reader names counts nearly a quarter of all.
_LANGUAGE: Final = 30.0
_MOST_LANGUAGES: Final = 12
# No answer is a longer number; a float could hold 308 digits, Python reads 4,300.
_DIGITS: Final = 40
# Of any setting: a slip beyond it, and sizes worked out from it would overflow.
_LARGEST: Final = 10**9


def _shares(**given: float) -> dict[str, float]:
    """Weights beside that of the languages, which counts once some are chosen."""
    return {key: float(({"language": _LANGUAGE} | given).get(key, 0.0)) for key in CRITERIA_KEYS}


def _benchmarks(**given: float) -> dict[str, float]:
    return {key: float(given.get(key, 0.0)) for key in BENCHMARK_KEYS}


# Benchmark weights follow from published outcomes (core/evidence/defaults.py); a test compares.
_PRICE_WEIGHTS: Final[dict[str, float]] = _shares(
    capability=40, numbers=40, instruct=5, text=0, memory=5, licence=5, age=5
)
_PRICE_BENCHMARKS: Final[dict[str, float]] = _benchmarks(bbh=30, gpqa=15, musr=15, mmlu_pro=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One question put to :func:`core.decision.rank.rank_bases`.

    Attributes:
        preset: key of the preset it started from (:data:`PRESETS`).
        output: key of :data:`OUTPUTS`.
        targets: sample answers, as written in the training data; ``("0-999",)`` stands for all whole numbers
            of the range. More than :data:`MAX_SAMPLE_TARGETS` are thinned out evenly.
        template: text around an answer, with ``{target}`` where it goes.
        prompt_tokens: length of a prompt, in tokens.
        target_tokens: length of an answer, in tokens.
        text: key of :data:`TEXTS`: what the prompts are written in, for tokens per text.
        languages: ISO 639-1 codes of the languages that count; none: the criterion counts nothing.
        gpu: key of the GPU list; ``gpu_gb`` (GB = 1e9 bytes) counts when it is given.
        method, framework, batch_size, lora_rank, adapter_targets: how it is trained.
        licence: key of :data:`LICENCE_NEEDS`.
        share_alike: whether terms that bind what is derived from the model are accepted.
        licences: if not empty, only these licence ids.
        unknown_licence: whether a model whose licence isn't stated stays in.
        gated: whether models behind a consent form stay in.
        remote_code: whether models that only load by running their publisher's code stay in.
        size_min, size_max: billions of parameters; a limit of 9 takes in what rounds to 9.
        kinds: kinds of model that stay in (see ``core.schema.KINDS``).
        newer: whether bases scored by the second source stay in; in today's field they always do.
        size_only: whether bases placed by size, date and family alone stay in.
        sold_in_eu: whether only bases stay in whose licence lets what is tuned be sold in the EU.
        trained_stop: whether only bases stay in that stop without training embeddings.
        only: if not empty, only these model ids.
        weights: importance of each criterion; only proportions count.
        benchmarks: weight of each benchmark within capability; only proportions count.
        certainty: key of :data:`CERTAINTIES`: how sure the weights are.
        draws, seed: size and start of the simulation.
    """

    preset: str = "price"
    output: str = "number"
    targets: tuple[str, ...] = ("0-999",)
    template: str = "Price is ${target}.00"
    prompt_tokens: int = 182
    target_tokens: int = 6
    text: str = "english"
    languages: tuple[str, ...] = ()
    gpu: str = "t4"
    gpu_gb: float | None = None
    method: str = "qlora"
    framework: str = "huggingface"
    batch_size: int = 4
    lora_rank: int = 32
    adapter_targets: str = "q,k,v,o"
    licence: str = "any"
    share_alike: bool = True
    licences: tuple[str, ...] = ()
    unknown_licence: bool = True
    gated: bool = True
    remote_code: bool = False
    size_min: float = 0.0
    size_max: float = 9.0
    kinds: tuple[str, ...] = ("base",)
    newer: bool = False
    size_only: bool = False
    sold_in_eu: bool = False
    trained_stop: bool = False
    only: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=lambda: dict(_PRICE_WEIGHTS))
    benchmarks: Mapping[str, float] = field(default_factory=lambda: dict(_PRICE_BENCHMARKS))
    certainty: str = "fairly"
    draws: int = 2_000
    seed: int = 20250313

    @property
    def sequence_length(self) -> int:
        """Tokens of one training example: prompt and answer."""
        return self.prompt_tokens + self.target_tokens

    @property
    def numbers(self) -> tuple[int | float, ...]:
        """The sample targets as numbers, ranges written out; empty if the answer isn't a number.

        Of more than :data:`MAX_SAMPLE_TARGETS` that many, spread evenly over all, both ends included.

        >>> Task(targets=("0-3", "7.5")).numbers
        (0, 1, 2, 3, 7.5)
        """
        if self.output != "number":
            return ()
        sign = _decimal_sign(self.targets)
        return _spread([_read(target, sign) for target in self.targets if _is_number(target)])

    @property
    def not_numbers(self) -> tuple[str, ...]:
        """Sample targets that can't be read as a number although the answer is one."""
        if self.output != "number":
            return ()
        return tuple(target for target in self.targets if not _is_number(target))

    def around(self) -> tuple[str, str]:
        """What the template puts before and after the answer.

        Raises:
            InvalidInputError: the template has no single ``{target}``.
        """
        before, found, after = self.template.partition("{target}")
        if not found or "{target}" in after:
            raise InvalidInputError(
                "The text around the answer must hold {target} exactly once.",
                source=self.template[:80],
                remedy="Write it as it stands in your training data, for example: Price is ${target}.00",
            )
        return before, after

    def problems(self) -> list[str]:
        """What contradicts itself or can't be used, each in a sentence that says what to do."""
        return _problems(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        plain = asdict(self)
        plain["weights"], plain["benchmarks"] = dict(self.weights), dict(self.benchmarks)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Task:
        """The task :meth:`to_dict` described; fields it lacks take the defaults of its preset.

        Raises:
            InvalidInputError: a field is unknown or of the wrong type.
        """
        known = {each.name: each for each in fields(cls)}
        if strange := sorted(set(values) - set(known)):
            raise InvalidInputError(
                f"The task has fields this version doesn't know: {', '.join(strange[:5])}.",
                remedy="Load a record written by this tool.",
            )
        start = preset(str(values.get("preset", "price")))
        changes = {key: _typed(key, value, getattr(start, key)) for key, value in values.items()}
        return replace(start, **changes | {"preset": start.preset})


def as_task(task: Task | str | Mapping[str, Any]) -> Task:
    """A task from a task, a preset's key, or a dictionary of fields."""
    if isinstance(task, Task):
        return task
    return preset(task) if isinstance(task, str) else Task.from_dict(task)


def preset(key: str) -> Task:
    """The task of a preset.

    Raises:
        InvalidInputError: there is no preset of that name.
    """
    if key in RETIRED:
        return RETIRED[key].task
    if key not in PRESETS:
        raise InvalidInputError(f"There is no preset “{key}”.", remedy=f"Choose one of {', '.join(PRESETS)}.")
    return PRESETS[key].task


@dataclass(frozen=True, slots=True)
class Preset:
    label: str
    why: str
    task: Task


PRESETS: Final[dict[str, Preset]] = {
    "price": Preset(
        "Price from a product description",
        "The course's task: the answer is a whole number of dollars from 0 to 999. Number tokens weigh as "
        "much as capability, as the course has it; instruction following counts nothing: tuning teaches the "
        "format.",
        Task(),
    ),
    "classification": Preset(
        "Classification into a few labels",
        "One short label per text: understanding counts, and that many texts pass quickly.",
        Task(
            preset="classification",
            newer=True,
            output="label",
            targets=("positive", "neutral", "negative"),
            template="Label: {target}",
            prompt_tokens=256,
            target_tokens=4,
            batch_size=8,
            weights=_shares(capability=65, instruct=5, text=10, memory=10, licence=5, age=5),
            benchmarks=_benchmarks(bbh=30, gpqa=15, musr=15, mmlu_pro=45),
        ),
    ),
    "extraction": Preset(
        "Extraction to JSON",
        "Long input, a strict format: following instructions counts, and tokens per text.",
        Task(
            preset="extraction",
            newer=True,
            output="json",
            text="json",
            targets=('{"name": "Ada", "year": 1843}',),
            template="{target}",
            prompt_tokens=1024,
            target_tokens=128,
            batch_size=2,
            weights=_shares(capability=60, instruct=10, text=10, memory=10, licence=5, age=5),
            benchmarks=_benchmarks(ifeval=40, bbh=20, musr=10, mmlu_pro=30),
        ),
    ),
    "instructions": Preset(
        "Following instructions",
        "An assistant for general requests: what the publisher's own instruct variant reached says more.",
        Task(
            preset="instructions",
            newer=True,
            output="text",
            targets=("Here are three ways to begin.",),
            template="{target}",
            prompt_tokens=512,
            target_tokens=256,
            batch_size=2,
            weights=_shares(capability=55, instruct=20, text=5, memory=10, licence=5, age=5),
            benchmarks=_benchmarks(ifeval=50, bbh=15, gpqa=5, musr=5, mmlu_pro=20),
        ),
    ),
    "code": Preset(
        "Writing code",
        "None of the six benchmarks tests code; exact reasoning and mathematics stand in for it, weakly.",
        Task(
            preset="code",
            newer=True,
            output="code",
            text="code",
            targets=("def add(a, b):\n    return a + b",),
            template="{target}",
            prompt_tokens=768,
            target_tokens=384,
            batch_size=1,
            weights=_shares(capability=65, instruct=5, text=10, memory=10, licence=5, age=5),
            benchmarks=_benchmarks(ifeval=40, bbh=20, math_lvl_5=10, mmlu_pro=30),
        ),
    ),
    "mathematics": Preset(
        "Mathematics",
        "Exact answers after several steps. Number tokens weigh nothing: models that read digit by "
        "digit do best at arithmetic.",
        Task(
            preset="mathematics",
            newer=True,
            output="text",
            targets=("x = 42",),
            template="Answer: {target}",
            prompt_tokens=256,
            target_tokens=384,
            batch_size=2,
            weights=_shares(capability=75, instruct=5, memory=10, licence=5, age=5),
            benchmarks=_benchmarks(bbh=15, math_lvl_5=50, gpqa=10, mmlu_pro=25),
        ),
    ),
}

# No longer offered: languages are chosen beside every task. Links and records that name it still work.
RETIRED: Final[dict[str, Preset]] = {
    "language": Preset(
        "Another language",
        "The six benchmarks are English: tokens per text in your language are the best sign there is that a "
        "model has seen it.",
        Task(
            preset="instructions",
            newer=True,
            output="text",
            text="polish",
            targets=("Żółw patrzy na księżyc i milczy.",),
            template="{target}",
            prompt_tokens=512,
            target_tokens=256,
            batch_size=2,
            weights=_shares(capability=45, instruct=5, text=30, memory=10, licence=5, age=5, language=0),
            benchmarks=_benchmarks(bbh=30, gpqa=15, musr=15, mmlu_pro=45),
        ),
    ),
}


def _is_number(target: str) -> bool:
    """Whether it is a number or a range of whole ones, of a length that numbers have."""
    if match := _RANGE.fullmatch(target):
        return max(len(match[1]), len(match[2])) <= _DIGITS
    signs = written_numbers.signs(target)
    return bool(signs) and abs(written_numbers.number(target, signs[0])) < 10**_DIGITS


def _decimal_sign(targets: Iterable[str]) -> written_numbers.Sign:
    sign, _ = written_numbers.decimal_sign(each for each in targets if not _RANGE.fullmatch(each))
    return sign


def _read(target: str, sign: str) -> range | tuple[int | float]:
    """The numbers a target stands for; ``sign`` counts where it can be read with either."""
    if match := _RANGE.fullmatch(target):
        low, high = sorted((int(match[1]), int(match[2])))
        return range(low, high + 1)
    signs = written_numbers.signs(target)
    value = written_numbers.number(target, sign if sign in signs else signs[0])
    return (int(value) if value.is_integer() else value,)


def _spread(pieces: Sequence[range | tuple[int | float]]) -> tuple[int | float, ...]:
    """All numbers of the pieces, or as many as count, evenly spaced among them."""
    counts = [piece[-1] - piece[0] + 1 if isinstance(piece, range) else 1 for piece in pieces]
    total, most = sum(counts), MAX_SAMPLE_TARGETS
    if total <= most:
        return tuple(itertools.chain.from_iterable(pieces))
    found: list[int | float] = []
    begins = 0
    for piece, count in zip(pieces, counts, strict=True):
        # Place k of those wanted is number k * (total - 1) // (most - 1) of all.
        first, last = (-(-at * (most - 1) // (total - 1)) for at in (begins, begins + count))
        found += (piece[at * (total - 1) // (most - 1) - begins] for at in range(first, min(last, most)))
        begins += count
    return tuple(found)


def _unclear(task: Task) -> str:
    """A sample target that can be read as two numbers where no other tells which; "" if there is none."""
    if task.output != "number" or _decimal_sign(task.targets) != written_numbers.UNCLEAR:
        return ""
    return next((each for each in task.targets if _means_two(each)), "")


def _means_two(target: str) -> bool:
    values = {written_numbers.number(target, sign) for sign in written_numbers.signs(target)}
    return len(values) > 1


def _typed(key: str, value: Any, like: Any) -> Any:
    """``value`` in the type of the default ``like``, or an error that names the field."""
    wrong = InvalidInputError(
        f"The task's field “{key}” holds something it can't: {_shown(value)}.",
        remedy="Correct it, or leave it out to take the default.",
    )
    if isinstance(like, bool) != isinstance(value, bool) or (
        isinstance(like, tuple) and isinstance(value, str)
    ):
        raise wrong
    try:
        if key == "gpu_gb":
            return None if value is None else _within(key, float(value))
        if isinstance(like, tuple):
            return tuple(_whole_text(str(each)) for each in value)
        if isinstance(like, Mapping):
            return {_whole_text(str(name)): _within(key, float(each)) for name, each in dict(value).items()}
        made = type(like)(value)
        return _whole_text(made) if isinstance(made, str) else _within(key, made)
    except (TypeError, ValueError, OverflowError) as error:
        raise wrong from error


def _within(key: str, number: Any) -> Any:
    """A number that can be worked with; ValueError on any other."""
    if not abs(number) <= _LARGEST or (key == "seed" and number < 0):
        raise ValueError(number)
    return number


def _whole_text(text: str) -> str:
    """Text that UTF-8 can hold; ValueError on half of a surrogate pair."""
    text.encode()
    return text


def _shown(value: Any) -> str:
    return str(value)[:60].encode("utf-8", "replace").decode()


def _problems(task: Task) -> list[str]:
    found = []
    for name, allowed in (
        ("output", OUTPUTS),
        ("method", METHODS),
        ("framework", FRAMEWORKS),
        ("text", TEXTS),
        ("licence", LICENCE_NEEDS),
        ("certainty", CERTAINTIES),
    ):
        value = getattr(task, name)
        if value not in allowed:
            found.append(f"“{value}” is not a known {name}: choose one of {', '.join(allowed)}.")
    if not task.size_min <= task.size_max:
        found.append(
            f"The size range is empty: from {task.size_min:g}B to {task.size_max:g}B. Swap the two ends."
        )
    if not task.kinds:
        found.append("No kind of model is allowed: let base models in.")
    if task.not_numbers:
        listed = ", ".join(f"“{target[:20]}”" for target in task.not_numbers[:3])
        found.append(
            f"The answer is to be a number, but {listed} can't be read as one. Such samples are left out of "
            "the number figures; correct them, or choose another kind of output."
        )
    if unclear := _unclear(task):
        shown, (point, comma) = unclear[:20], (written_numbers.number(unclear, sign) for sign in ".,")
        found.append(
            f"The sample answer “{shown}” may be {point:.12g} or {comma:.12g}, and counts as {point:.12g}: "
            "write it without a separator of thousands, and decimals with a point."
        )
    if strange := [code for code in task.languages if code not in LANGUAGES]:
        found.append(f"No base is known in {', '.join(strange[:5])}: give two-letter codes such as de or ko.")
    if len(task.languages) > _MOST_LANGUAGES:
        found.append(f"Of the languages only the first {_MOST_LANGUAGES} count.")
    if task.licences and task.licence != "any":
        fits = {key for key in task.licences if _meets(task, key)}
        if not fits:
            found.append(
                f"None of the licences named ({', '.join(task.licences)}) is one with "
                f"{LICENCE_NEEDS[task.licence]}: name others, or ask for less."
            )
    for name, weights in (("criteria", task.weights), ("benchmark", task.benchmarks)):
        bad = [key for key, weight in weights.items() if not (math.isfinite(weight) and weight >= 0)]
        if bad:
            found.append(f"A {name} weight must be a number from 0 up; {', '.join(bad)} counts as 0.")
        elif sum(weights.values()) == 0:
            found.append(
                "All weights are zero, so nothing tells the models apart: give at least one criterion weight."
                if name == "criteria"
                else "All benchmark weights are zero: the six count equally until one has weight."
            )
    if "{target}" not in task.template:
        found.append(
            "The text around the answer doesn't say where the answer goes: write {target} there once. "
            "Until then the numbers are judged without text around them."
        )
    if task.gpu_gb is not None and not task.gpu_gb > 0:
        found.append("GPU memory must be more than 0 GB.")
    if min(task.prompt_tokens, task.target_tokens, task.batch_size, task.lora_rank) < 1:
        found.append("Lengths, batch and rank must be at least 1.")
    return found


def _meets(task: Task, key: str) -> bool:
    licence = licences.by_key(key)
    return licence.permissive if task.licence == "permissive" else licence.commercial is not False
