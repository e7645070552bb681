"""What rules a model out, why, and the smallest change that would re-admit it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core import licences
from core.decision import memory_figures
from core.ranking.filters import SIZE_STOPS
from core.schema import KINDS, SOURCE_NEWER

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from core.decision.tasks import Task

    Mask = npt.NDArray[np.bool_]

LABELS: Final = {
    "only": "Not on the shortlist",
    "kind": "Kind of model",
    "size_unknown": "Size not known",
    "size": "Size range",
    "newer": "Later study",
    "size_only": "Placed by size alone",
    "scores": "No scores",
    "licence": "Licence",
    "share_alike": "Share-alike",
    "named": "Named licences",
    "licence_unknown": "Licence not stated",
    "gated": "Gated",
    "sold_in_eu": "Sale in the EU",
    "remote_code": "Publisher's code",
    "trained_stop": "Stopping needs training",
    "adapter": "Adapter layers",
    "context": "Context length",
    "memory": "GPU memory",
}
# "Up to 9B" takes in what rounds to 9: Gemma-2-9B has 9.24 billion.
SIZE_SLACK: Final = 0.25
_NO_ATTENTION: Final = r"mamba|rwkv"
# Kinds of layers, as the catalogue names them, that leave adapters on attention nothing to sit on.
_OTHER_LAYERS: Final = frozenset({"mamba", "mamba2", "state space", "linear attention", "power retention"})
# The switch that lets each kind in; the others are no base to build on.
_KIND_BACK: Final = {
    "base": "let base models in",
    "continued": "let continued bases in",
    "instruct": "let instruct models in, or take its base",
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One constraint applied to n candidates.

    Attributes:
        key: of :data:`LABELS`.
        bad: n; True where it rules the candidate out.
        why: says why it rules out row i.
        back: says what change lets row i back; "" if none does.
        far: n; how large that change is, so that the nearest can be told (0 for a switch).
        change: the fields of the task that this change sets, for row i; empty if it can't be made here.
    """

    key: str
    bad: Mask
    why: Callable[[int], str]
    back: Callable[[int], str]
    far: npt.NDArray[np.float64]
    change: Callable[[int], dict[str, Any]] = lambda i: {}  # noqa: ARG005


@dataclass(frozen=True, slots=True)
class Rulings:
    """All constraints on n candidates."""

    each: tuple[Ruling, ...]
    kept: Mask
    count: npt.NDArray[np.int64]

    def only(self, ruling: Ruling) -> Mask:
        """Candidates that this constraint alone keeps out."""
        alone: Mask = ruling.bad & (self.count == 1)
        return alone


def judge(frame: pd.DataFrame, task: Task) -> Rulings:
    """Apply every constraint of the task to every candidate."""
    each = (
        _only(frame, task),
        _kind(frame, task),
        *_size(frame, task),
        _newer(frame, task),
        _size_only(frame, task),
        _scores(frame),
        *_licence(frame, task),
        _gated(frame, task),
        _sold_in_eu(frame, task),
        _remote_code(frame, task),
        _trained_stop(frame, task),
        _adapter(frame, task),
        _context(frame, task),
        _memory(frame, task),
    )
    count = np.asarray(np.sum([ruling.bad for ruling in each], axis=0), dtype=np.int64)
    return Rulings(each, count == 0, count)


def excluded(frame: pd.DataFrame, rulings: Rulings) -> pd.DataFrame:
    """One row per model ruled out.

    Columns: model_id, constraint (label of the first that rules it out), why, way_back (what would let it
    back in, all changes needed; "" if none does), others (labels of further constraints), n_constraints.
    """
    rows = []
    out = np.flatnonzero(~rulings.kept)
    # Most rows break the same few sets of constraints, which are put into words once.
    flags = np.stack([ruling.bad for ruling in rulings.each], axis=1)[out]
    patterns, which = np.unique(flags, axis=0, return_inverse=True)
    said = [_in_words(list(compress(rulings.each, pattern))) for pattern in patterns.tolist()]
    for i, n in zip(out.tolist(), which.ravel().tolist(), strict=True):
        broken, label, others = said[n]
        backs = [broken[0].back(i)]
        if backs[0]:
            backs += [ruling.back(i) for ruling in broken[1:]]
        back = _sentence(" and ".join(backs)) if all(backs) else ""
        rows.append((label, broken[0].why(i), back, others, len(broken)))
    columns = ["constraint", "why", "way_back", "others", "n_constraints"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "model_id", frame["model_id"].to_numpy()[~rulings.kept])
    return table


def _in_words(broken: list[Ruling]) -> tuple[list[Ruling], str, str]:
    return broken, LABELS[broken[0].key], ", ".join(LABELS[ruling.key] for ruling in broken[1:])


def _licences(frame: pd.DataFrame) -> list[licences.Licence]:
    by_key = {key: licences.by_key(key) for key in frame["license"].unique()}
    unknown = licences.by_key(None)
    return [by_key.get(key, unknown) for key in frame["license"].tolist()]


def _only(frame: pd.DataFrame, task: Task) -> Ruling:
    wanted = {name.lower() for name in task.only}
    names = frame["model_id"].astype(str).tolist()
    out = [bool(wanted) and name.lower() not in wanted for name in names]
    return _switch(
        "only",
        np.array(out, dtype=bool),
        lambda i: "only the shortlist is ranked, and it isn't on it",  # noqa: ARG005
        lambda i: "rank all models, not the shortlist alone",  # noqa: ARG005
        lambda i: {"only": ()},  # noqa: ARG005
    )


def _kind(frame: pd.DataFrame, task: Task) -> Ruling:
    kinds = frame["kind"].astype(object).where(frame["kind"].notna(), "other").tolist()
    return _switch(
        "kind",
        ~np.isin(np.array(kinds, dtype=str), list(task.kinds)),
        lambda i: f"{_article(kinds[i])}: {KINDS.get(kinds[i], 'not known')}",
        lambda i: _KIND_BACK.get(kinds[i], ""),
        lambda i: {"kinds": (*task.kinds, kinds[i])},
    )


def _size(frame: pd.DataFrame, task: Task) -> tuple[Ruling, Ruling]:
    size = frame["size_b"].to_numpy(float, na_value=np.nan)
    unknown = np.isnan(size)
    low, high = size < task.size_min, size > task.size_max + SIZE_SLACK

    def stop(i: int) -> float | None:
        """The stop of the size slider that lets row i in."""
        if high[i]:
            return min((each for each in SIZE_STOPS if each + SIZE_SLACK >= size[i]), default=None)
        return max(each for each in SIZE_STOPS if each <= size[i])

    def back(i: int) -> str:
        to = stop(i)
        end = "raise the upper" if high[i] else "lower the lower"
        return "" if to is None else f"{end} size limit to {to:g}B"

    def change(i: int) -> dict[str, Any]:
        to = stop(i)
        return {} if to is None else {"size_max" if high[i] else "size_min": float(to)}

    far = np.where(high, size - task.size_max, task.size_min - size)
    outside = Ruling(
        "size",
        (low | high) & ~unknown,
        lambda i: f"{size[i]:.3g}B parameters, outside {task.size_min:g}B to {task.size_max:g}B",
        back,
        np.nan_to_num(far),
        change,
    )
    missing = _switch(
        "size_unknown",
        unknown,
        lambda i: "its size isn't known, so it can't be checked against the size range",  # noqa: ARG005
        lambda i: "",  # noqa: ARG005
    )
    return missing, outside


def _newer(frame: pd.DataFrame, task: Task) -> Ruling:
    """The later study beside the board alone; today's field takes every source in."""
    second = (frame["source"] == SOURCE_NEWER).to_numpy(dtype=bool, na_value=False)
    today = (frame["evidence"] != "measured").any()
    return _switch(
        "newer",
        second & (not task.newer) & (not today),
        lambda i: "scored by a later study, whose figures are not the board's own",  # noqa: ARG005
        lambda i: "let the later study in",  # noqa: ARG005
        lambda i: {"newer": True},  # noqa: ARG005
    )


def _size_only(frame: pd.DataFrame, task: Task) -> Ruling:
    guessed = (frame["evidence"] == "size only").to_numpy(dtype=bool, na_value=False)
    return _switch(
        "size_only",
        guessed & (not task.size_only),
        lambda i: "no score of it was ever published: it is placed by size, date and family alone",  # noqa: ARG005
        lambda i: "let bases placed by size alone in",  # noqa: ARG005
        lambda i: {"size_only": True},  # noqa: ARG005
    )


def _scores(frame: pd.DataFrame) -> Ruling:
    return _switch(
        "scores",
        frame["capability"].isna().to_numpy(dtype=bool),
        lambda i: "no score on any benchmark that has weight",  # noqa: ARG005
        lambda i: "",  # noqa: ARG005
    )


def _licence(frame: pd.DataFrame, task: Task) -> tuple[Ruling, ...]:
    of = _licences(frame)
    unknown = np.array([licence.commercial is None for licence in of], dtype=bool)
    commercial = np.array([licence.commercial is True for licence in of], dtype=bool)
    permissive = np.array([licence.permissive for licence in of], dtype=bool)
    share_alike = np.array([licence.share_alike for licence in of], dtype=bool)
    fails = {"any": np.zeros(len(of), dtype=bool), "commercial": ~commercial, "permissive": ~permissive}
    need = fails.get(task.licence, fails["any"]) & ~unknown
    asks = task.licence != "any" or not task.share_alike
    wanted = {key.lower() for key in task.licences}
    named = np.array([bool(wanted) and licence.key not in wanted for licence in of], dtype=bool)

    def why(i: int) -> str:
        lacks = "commercial use" if not commercial[i] else "use without terms"
        return f"{of[i].name} doesn't allow {lacks}. {of[i].note}"

    return (
        _switch(
            "licence",
            need,
            why,
            lambda i: (
                "allow licences with terms of use" if commercial[i] else "drop the need for commercial use"
            ),
            lambda i: {"licence": "commercial" if commercial[i] else "any"},
        ),
        _switch(
            "share_alike",
            share_alike & (not task.share_alike),
            lambda i: f"{of[i].name}: {of[i].note}",
            lambda i: "accept share-alike licences",  # noqa: ARG005
            lambda i: {"share_alike": True},  # noqa: ARG005
        ),
        _switch(
            "named",
            named,
            lambda i: f"its licence ({of[i].name}) is not among those named",
            lambda i: f"add “{of[i].name}” to the licences named",
            lambda i: {"licences": (*task.licences, of[i].key)},
        ),
        _switch(
            "licence_unknown",
            unknown & (asks and not task.unknown_licence),
            lambda i: of[i].note,
            lambda i: "let models in whose licence terms aren't known",  # noqa: ARG005
            lambda i: {"unknown_licence": True},  # noqa: ARG005
        ),
    )


def _gated(frame: pd.DataFrame, task: Task) -> Ruling:
    gated = frame["gated"].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
    return _switch(
        "gated",
        gated & (not task.gated),
        lambda i: "its repository asks for consent before download",  # noqa: ARG005
        lambda i: "allow gated models",  # noqa: ARG005
        lambda i: {"gated": True},  # noqa: ARG005
    )


def _sold_in_eu(frame: pd.DataFrame, task: Task) -> Ruling:
    allowed = frame["eu_commercial"].astype("boolean")
    unknown = allowed.isna().to_numpy(dtype=bool)
    refused = ~allowed.fillna(value=True).to_numpy(dtype=bool)
    of = _licences(frame)
    return _switch(
        "sold_in_eu",
        (refused | (unknown & (not task.unknown_licence))) & task.sold_in_eu,
        lambda i: (
            f"{of[i].name} doesn't let what is tuned be sold in the EU. {of[i].note}"
            if refused[i]
            else f"whether what is tuned may be sold in the EU isn't known ({of[i].name})"
        ),
        lambda i: (
            "drop the need to sell in the EU"
            if refused[i]
            else "let models in whose licence terms aren't known"
        ),
        lambda i: {"sold_in_eu": False} if refused[i] else {"unknown_licence": True},
    )


def _remote_code(frame: pd.DataFrame, task: Task) -> Ruling:
    foreign = (~frame["native"].astype("boolean").fillna(value=True)).to_numpy(dtype=bool)
    names = frame["architecture"].astype("string").fillna("Its class").tolist()
    return _switch(
        "remote_code",
        foreign & (not task.remote_code),
        lambda i: (
            f"{names[i]} is no language model that transformers knows: it would run the publisher's code"
        ),
        lambda i: "allow code from the model's repository",  # noqa: ARG005
        lambda i: {"remote_code": True},  # noqa: ARG005
    )


def _trained_stop(frame: pd.DataFrame, task: Task) -> Ruling:
    """Only what is known to need it is ruled out: an unknown is no reason."""
    needed = frame["trained_embeddings_needed"].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
    ends = frame["plain_end"].astype("string").fillna("").tolist()
    return _switch(
        "trained_stop",
        needed & task.trained_stop,
        lambda i: (
            "the token that ends a chat was never trained, so tuning must train embeddings"
            + (f"; a plain format can end with {ends[i]} instead" if ends[i] else "")
        ),
        lambda i: "accept bases whose end token must be trained",  # noqa: ARG005
        lambda i: {"trained_stop": False},  # noqa: ARG005
    )


def _adapter(frame: pd.DataFrame, task: Task) -> Ruling:
    """Adapters on attention layers need a model that has some: state-space models have none."""
    wanted = task.method != "full" and set(task.adapter_targets.split(",")) <= {"q", "k", "v", "o"}
    by_class = frame["architecture"].astype("string").fillna("").str.contains(_NO_ATTENTION, case=False)
    kinds = frame["layer_kinds"].astype("string").fillna("")
    by_kind = kinds.map(lambda text: bool(text) and set(text.split("|")) <= _OTHER_LAYERS)
    without = by_class.to_numpy(dtype=bool) | by_kind.to_numpy(dtype=bool)
    names = frame["architecture"].astype("string").fillna("It").tolist()
    return _switch(
        "adapter",
        without & wanted,
        lambda i: f"{names[i]} has no attention layers for adapters on {task.adapter_targets}",
        lambda i: "put adapters on all linear layers",  # noqa: ARG005
        lambda i: {"adapter_targets": "all-linear"},  # noqa: ARG005
    )


def _context(frame: pd.DataFrame, task: Task) -> Ruling:
    """Examples longer than the base was trained for; where that isn't known it is no reason."""
    context = frame["context_length"].to_numpy(float, na_value=np.nan)
    room = context - task.target_tokens
    return Ruling(
        "context",
        context < task.sequence_length,
        lambda i: (
            f"trained for {context[i]:,.0f} tokens, prompt and answer together have {task.sequence_length:,}"
        ),
        lambda i: f"shorten prompts to {room[i]:,.0f} tokens" if room[i] >= 1 else "",
        np.nan_to_num(task.sequence_length - context),
        lambda i: {"prompt_tokens": int(room[i])} if room[i] >= 1 else {},
    )


def _memory(frame: pd.DataFrame, task: Task) -> Ruling:
    needed = frame["memory_gb"].to_numpy(float, na_value=np.nan)
    room = memory_figures.gpu_gb(task)
    return Ruling(
        "memory",
        np.nan_to_num(needed) > room,
        lambda i: (
            f"needs about {needed[i]:.1f} GB to train, {memory_figures.gpu_name(task)} has {room:.1f} GB "
            "to use"
        ),
        lambda i: memory_figures.way_back(float(needed[i])),
        np.nan_to_num(needed - room),
        lambda i: memory_figures.card_for(float(needed[i])),
    )


def _switch(
    key: str,
    bad: Mask,
    why: Callable[[int], str],
    back: Callable[[int], str],
    change: Callable[[int], dict[str, Any]] = lambda i: {},  # noqa: ARG005
) -> Ruling:
    return Ruling(key, bad, why, back, np.zeros(len(bad)), change)


def _article(kind: str) -> str:
    return f"an {kind} model" if kind[:1] in "aeiou" else f"a {kind} model"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
