"""Headings of tables as people write them, under the names this project uses."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import InvalidTableError
from core.importers.checks import printable
from core.importers.contract_frame import COLUMNS
from core.schema import BENCHMARK_KEYS, BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The Hub's dataset open-llm-leaderboard/contents.
HUB_NAMES: Final[Mapping[str, str]] = {
    "fullname": "model_id",
    "Precision": "precision",
    "Type": "reported_kind",
    "Architecture": "architecture",
    "Model sha": "revision",
    "Hub License": "license",
    "Hub ❤️": "likes",
    "#Params (B)": "reported_params_b",
    "MoE": "moe",
    "Flagged": "flagged",
    "Chat Template": "chat_template",
    "Merged": "merged",
    "Official Providers": "official",
    "Upload To Hub Date": "uploaded",
    "Submission Date": "submitted",
    "Base Model": "declared_base",
    "Average ⬆️": "average",
    **{benchmark.hub_column: benchmark.key for benchmark in BENCHMARKS},
    **{f"{benchmark.hub_column} Raw": benchmark.raw for benchmark in BENCHMARKS},
}
# Other ways to write them, letters and digits only; the first of a table that is there is taken.
_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "model_id": (
        "modelid",
        "fullname",
        "modelname",
        "repoid",
        "repo",
        "hfid",
        "hubid",
        "huggingfaceid",
        "model",
        "modell",
        "modele",
        "modelo",
        "modello",
        "name",
    ),
    "params_b": (
        "params",
        "parameters",
        "paramsb",
        "paramsm",
        "paramsmillions",
        "parametersm",
        "parametersmillions",
        "sizem",
        "parametersb",
        "modelsize",
        "size",
        "sizeb",
        "billions",
        "große",
        "parameter",
        "taille",
    ),
    "license": ("licence", "hublicense", "hublicence"),
    "likes": ("hublikes", "hub"),
    # What the Hub's dataset called it before.
    "official": ("officialproviders", "maintainershighlight", "maintainerhighlight", "maintainerschoice"),
    "revision": ("modelsha", "sha", "commit"),
    "submitted": ("submissiondate", "date", "evaluated"),
    "uploaded": ("uploadtohubdate", "uploaddate"),
    "declared_base": ("basemodel", "declaredbase"),
    "average": ("avg", "mean"),
    "precision": ("dtype", "torchdtype"),
    "architecture": ("architectures",),
    "math_lvl_5": ("mathlevel5", "mathhard", "math5", "leaderboardmathhard"),
    **{key: (f"leaderboard{key.replace('_', '')}",) for key in BENCHMARK_KEYS if key != "math_lvl_5"},
}
_IN_MILLIONS: Final = frozenset({"paramsm", "paramsmillions", "parametersm", "parametersmillions", "sizem"})


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column of a file is which.

    Attributes:
        columns: heading of the file -> column of :data:`core.importers.contract_frame.COLUMNS`.
        of_board: whether the file is in the columns of the Hub's board.
        millions: those of ``columns`` whose heading says that sizes are in millions.
        notes: what was read under another name and what was left out, in words.
    """

    columns: Mapping[str, str]
    of_board: bool
    millions: frozenset[str]
    notes: tuple[str, ...]


def read_headings(heading: Sequence[str], *, name: str, remedy: str) -> Headings:
    """Tell the columns of a file.

    Args:
        heading: its headings.
        name: the file's name, for messages.
        remedy: what to compare it with.

    Raises:
        InvalidTableError: none of them can be the model's name.
    """
    of_board = "fullname" in heading or any(
        f"{benchmark.hub_column} Raw" in heading for benchmark in BENCHMARKS
    )
    own = {column: column for column in COLUMNS if column in heading}
    hub = {shown: key for shown, key in HUB_NAMES.items() if shown in heading} if of_board else {}
    columns = {**{shown: key for shown, key in hub.items() if key not in own}, **own}
    plain = {_plain(text): text for text in reversed(heading) if text not in columns}
    renamed = {}
    for key in COLUMNS:
        if key in columns.values():
            continue
        candidates = (_plain(key), *_OTHER_NAMES.get(key, ()))
        found = next((plain[text] for text in candidates if text in plain), None)
        if found is not None and found not in columns:
            columns[found] = renamed[found] = key
    if "model_id" not in columns.values():
        raise InvalidTableError(
            f"No column holds the model's name; the heading has {_listed(heading)}.",
            source=name,
            remedy=f"Call the column with the model's name “model_id”. {remedy}",
        )
    notes = [
        f"{name}: “{printable(text)}” was read as “{key}”."
        for text, key in renamed.items()
        if _plain(text) != _plain(key)
    ]
    ignored = [text for text in heading if text and text not in columns]
    if ignored:
        notes.append(f"{name}: columns that mean nothing here were left out: {_listed(ignored)}.")
        notes += [
            f"{name}: if “{printable(text)}” holds {benchmark.label}, call it “{benchmark.key}” (0 to 100)."
            for text in ignored
            for benchmark in BENCHMARKS
            if benchmark.key not in columns.values() and _plain(benchmark.key) in _plain(text)
        ]
    millions = frozenset(key for text, key in columns.items() if _plain(text) in _IN_MILLIONS)
    return Headings(columns, of_board, millions, tuple(notes))


def _plain(text: str) -> str:
    """Letters and digits, in lower case: ``MATH Lvl 5`` and ``math_lvl_5`` are the same."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text[:80]).lower() if sign.isalnum())


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(f"“{printable(column)}”" for column in columns[:5] if column)
    return f"{shown}{' …' if len(columns) > 5 else ''}"
