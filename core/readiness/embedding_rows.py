"""Were the embedding rows of the special tokens trained? Read row by row, against ordinary and unused rows.

A row nobody trained keeps what it was initialised with: nothing, noise, or the mean of the others. Three
figures
show it: the norm, the distance to the mean of ordinary rows (both as logarithms), and the cosine with
that mean.

- Without unused rows a row is untrained where its norm or its distance is below a third of the ordinary
  median and below every ordinary row drawn.
- With unused rows it is untrained, too, where it lies beyond all n ordinary rows on Fisher's line towards the
  unused ones, and nearer to these. For a row like the ordinary ones that has probability 1 / (n + 1), about.
- Where unused rows are not beyond the ordinary ones themselves, nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from core.errors import InvalidInputError
from core.readiness.result import NOT_CHECKED, Finding
from core.readiness.safetensors_header import WIDTHS, ReadRange, Tensor, read_header

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

State = Literal["trained", "untrained", "unclear"]

ORDINARY: Final = 256  # rows drawn
UNUSED: Final = 32
_BLOCK: Final = 16  # neighbouring rows are read together
_MOST_IDS: Final = 64
_WIDEST: Final = 65_536
_FAR_BELOW: Final = 1 / 3
_FLOATS: Final = {"BF16", "F16", "F32"}
_INPUT: Final = ("embed_tokens.weight", "wte.weight", "embed_in.weight", "word_embeddings.weight",
                 "tok_embeddings.weight", "backbone.embeddings.weight")  # fmt: skip
_OUTPUT: Final = ("lm_head.weight", "embed_out.weight")
_NOT_TEXT: Final = ("vision", "visual", "audio", "per_layer", "mtp", "talker")


# Remedy, source and what happens otherwise.
_ABOUT: Final = {
    "trained": ("", "embedding rows", ""),
    "unclear": ("Train on another end token, or train this row.", "embedding rows", ""),
    "untrained": (
        "Train this row (trainable_token_indices), set it to the mean of trained rows, or end otherwise.",
        "embedding rows",
        "With embeddings frozen the model can't learn to produce it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One token's row.

    Attributes:
        token_id: of the token.
        layer: "input" or "output" embedding.
        state: trained, untrained or unclear.
        norm: Euclidean length of the row.
        ordinary_norm: median of the ordinary rows' norms.
        why: in a sentence.
    """

    token_id: int
    layer: str
    state: State
    norm: float
    ordinary_norm: float
    why: str


@dataclass(slots=True)
class RowReport:
    """Rows that were read, what could not be (``problems``), and whether both weights are one."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tied: bool | None = None

    @property
    def states(self) -> dict[int, str]:
        """Token id -> "untrained" if either row is, "trained" if every row read is; else left out."""
        found: dict[int, str] = {}
        for token_id in {row.token_id for row in self.rows}:
            states = {row.state for row in self.rows if row.token_id == token_id}
            if "untrained" in states:
                found[token_id] = "untrained"
            elif states == {"trained"}:
                found[token_id] = "trained"
        return found

    def findings(self) -> list[Finding]:
        """Each row and each problem as a finding."""
        severity = {"trained": "note", "untrained": "stop", "unclear": "not checked"}
        said = [
            Finding(f"row.{row.state}", severity[row.state], row.why, *_ABOUT[row.state])  # type: ignore[arg-type]
            for row in self.rows
        ]
        broken = [
            Finding("row.unread", "not checked", f"{text} {NOT_CHECKED}", "", "embedding rows")
            for text in self.problems
        ]
        return [*said, *broken]


def examine(
    read_range: ReadRange,
    token_ids: Sequence[int],
    *,
    unused_ids: Collection[int] = (),
    special_ids: Collection[int] = (),
    weight_map: Mapping[str, str] | None = None,
    length_of: Callable[[str], int | None] | None = None,
    seed: int = 0,
) -> RowReport:
    """Read the rows of ``token_ids`` in the input and, where it is a weight of its own, the output embedding.

    Args:
        read_range: ``(file, start, end)`` -> bytes ``start`` to ``end - 1`` of the file.
        token_ids: of the special tokens in question; the first 64 are read.
        unused_ids: of reserved or unused tokens, and rows behind the vocabulary.
        special_ids: of other special tokens, left out of the ordinary sample.
        weight_map: of ``model.safetensors.index.json``; None for the single ``model.safetensors``.
        length_of: bytes of a file, None where unknown; offsets are checked against it.
        seed: of the draw of ordinary rows.

    Errors of the file become ``problems``; those of ``read_range`` (network, reader's stop) are passed on.
    """
    report = RowReport()
    try:
        inputs, outputs = _embeddings(read_range, weight_map, length_of or (lambda _: None))
    except InvalidInputError as error:
        report.problems.append(error.what)
        return report
    if inputs is None:
        report.problems.append("No input embedding was found among the weights.")
        return report
    report.tied = outputs is None
    asked = list(dict.fromkeys(token_ids))[:_MOST_IDS]
    apart = {*asked, *unused_ids, *special_ids}
    for layer, tensor in (("input", inputs), ("output", outputs)):
        if tensor is None:
            continue
        try:
            report.rows += _judge(read_range, layer, tensor, asked, apart, unused_ids, seed, report.problems)
        except InvalidInputError as error:
            report.problems.append(error.what)
    return report


def _embeddings(
    read_range: ReadRange, weight_map: Mapping[str, str] | None, length_of: Callable[[str], int | None]
) -> tuple[Tensor | None, Tensor | None]:
    if weight_map is None:
        header = read_header(read_range, "model.safetensors", length_of("model.safetensors"))
        return _named(header, _INPUT), _named(header, _OUTPUT)
    found: list[Tensor | None] = []
    headers: dict[str, dict[str, Tensor]] = {}
    for wanted in (_INPUT, _OUTPUT):
        name = _first(weight_map, wanted)
        file = weight_map.get(name) if name else None
        if name is None or not isinstance(file, str):
            found.append(None)
            continue
        if "/" in file or "\\" in file or not file.endswith(".safetensors"):
            raise InvalidInputError(f"The index names {file[:80]!r}, which is no file of this repository.")
        if file not in headers:
            headers[file] = read_header(read_range, file, length_of(file))
        if name not in headers[file]:
            raise InvalidInputError(f"The index says {name} is in {file}, which does not hold it.")
        found.append(headers[file][name])
    return found[0], found[1]


def _first(names: Mapping[str, object], endings: tuple[str, ...]) -> str | None:
    fitting = [
        name
        for ending in endings
        for name in names
        if isinstance(name, str) and name.endswith(ending) and not any(word in name for word in _NOT_TEXT)
    ]
    return min(fitting, key=len) if fitting else None


def _named(header: Mapping[str, Tensor], endings: tuple[str, ...]) -> Tensor | None:
    name = _first(header, endings)
    return header[name] if name else None


def _judge(
    read_range: ReadRange,
    layer: str,
    tensor: Tensor,
    asked: list[int],
    apart: Collection[int],
    unused_ids: Collection[int],
    seed: int,
    problems: list[str],
) -> list[Row]:
    if len(tensor.shape) != 2 or not 0 < tensor.shape[1] <= _WIDEST or tensor.shape[0] < 1:
        raise InvalidInputError(f"{tensor.name} has a shape no embedding has: {list(tensor.shape)}.")
    if tensor.dtype not in _FLOATS:
        raise InvalidInputError(
            f"{tensor.name} is stored quantised ({tensor.dtype}): its rows can't be compared."
        )
    n = tensor.shape[0]
    beyond = [i for i in asked if not 0 <= i < n]
    if beyond:
        problems.append(f"Ids beyond the {n:,} rows of {tensor.name}: {', '.join(map(str, beyond[:5]))}.")
    inside = [i for i in asked if 0 <= i < n]
    ordinary_ids = _draw(n, apart, seed)
    if len(ordinary_ids) < 32:
        raise InvalidInputError(f"{tensor.name} has too few ordinary rows to compare with.")
    ordinary = _rows(read_range, tensor, ordinary_ids)
    spare_ids = sorted(i for i in set(unused_ids) if 0 <= i < n and i not in asked)[:UNUSED]
    unused = _rows(read_range, tensor, spare_ids) if len(spare_ids) >= 4 else None
    wanted = _rows(read_range, tensor, inside)
    return [_state(layer, i, wanted[at], ordinary, unused, tensor.name) for at, i in enumerate(inside)]


def _draw(n: int, apart: Collection[int], seed: int) -> list[int]:
    """Blocks of neighbouring ids spread over the vocabulary, without the ids set apart."""
    if n <= 4 * ORDINARY:
        every = [i for i in range(n) if i not in apart]
        chosen = np.random.default_rng(seed).permutation(len(every))[:ORDINARY]
        return sorted(every[i] for i in chosen)
    starts = np.random.default_rng(seed).choice(n // _BLOCK, size=ORDINARY // _BLOCK, replace=False)
    return sorted(
        int(i) for start in starts for i in range(start * _BLOCK, (start + 1) * _BLOCK) if int(i) not in apart
    )


def _rows(read_range: ReadRange, tensor: Tensor, ids: Sequence[int]) -> NDArray[np.float32]:
    """The rows of ``ids``, in that order; runs of neighbours are read in one go."""
    width = tensor.shape[1] * WIDTHS[tensor.dtype]
    found: dict[int, bytes] = {}
    ordered = sorted(set(ids))
    at = 0
    while at < len(ordered):
        last = at
        while last + 1 < len(ordered) and ordered[last + 1] == ordered[last] + 1:
            last += 1
        start = tensor.start + ordered[at] * width
        raw = read_range(tensor.file, start, start + (last - at + 1) * width)
        if len(raw) != (last - at + 1) * width:
            raise InvalidInputError(f"{tensor.file} ends before the rows of {tensor.name} do.")
        for place, i in enumerate(ordered[at : last + 1]):
            found[i] = raw[place * width : (place + 1) * width]
        at = last + 1
    if not ids:
        return np.empty((0, tensor.shape[1]), np.float32)
    return np.stack([_decoded(found[i], tensor.dtype) for i in ids])


def _decoded(raw: bytes, dtype: str) -> NDArray[np.float32]:
    if dtype == "BF16":
        return (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
    return np.frombuffer(raw, "<f4" if dtype == "F32" else "<f2").astype(np.float32)


def _figures(rows: NDArray[np.float32], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms of norm and distance to the mean, and the cosine with it: shape (rows, 3)."""
    wide = rows.astype(np.float64)
    norm = np.maximum(np.linalg.norm(wide, axis=1), 1e-12)
    distance = np.maximum(np.linalg.norm(wide - mean, axis=1), 1e-12)
    cosine = (wide @ mean) / (norm * max(float(np.linalg.norm(mean)), 1e-12))
    return np.column_stack([np.log(norm), np.log(distance), cosine])


def _state(
    layer: str,
    token_id: int,
    row: NDArray[np.float32],
    ordinary: NDArray[np.float32],
    unused: NDArray[np.float32] | None,
    name: str,
) -> Row:
    if not (np.isfinite(row).all() and np.isfinite(ordinary).all()):
        why = f"Row {token_id} of {name}, or a row it is compared with, holds values that are no numbers."
        return Row(token_id, layer, "unclear", float("nan"), float("nan"), why)
    mean = ordinary.astype(np.float64).mean(axis=0)
    usual, own = _figures(ordinary, mean), _figures(row[None, :], mean)[0]
    middle = np.median(usual, axis=0)
    below = own[:2] < np.minimum(middle[:2] + np.log(_FAR_BELOW), usual.min(axis=0)[:2])
    norm, ordinary_norm = float(np.exp(own[0])), float(np.exp(middle[0]))
    said = f"Row {token_id} of {name} has norm {norm:.3g}, ordinary rows {ordinary_norm:.3g}"
    state: State
    if below.any():
        state, rest = "untrained", "it is all but empty" if below[0] else "it is the mean of the others"
    elif unused is not None and np.isfinite(unused).all():
        state, rest = _against_unused(own, usual, _figures(unused, mean))
    elif bool(((own < usual.min(axis=0)) | (own > usual.max(axis=0))).any()):
        state, rest = "unclear", "it is unlike them, and there are no unused rows to compare it with"
    else:
        state, rest = "trained", "it is like them; there are no unused rows to compare it with"
    return Row(token_id, layer, state, norm, ordinary_norm, f"{said}: {rest}.")


def _against_unused(
    own: NDArray[np.float64], usual: NDArray[np.float64], spare: NDArray[np.float64]
) -> tuple[State, str]:
    """On Fisher's line from ordinary rows to unused ones, where does the row lie?"""
    spread = np.cov(usual.T) + np.cov(spare.T)
    spread += np.eye(3) * (1e-6 * float(np.trace(spread)) + 1e-12)
    line = np.linalg.solve(spread, spare.mean(axis=0) - usual.mean(axis=0))
    at, ordinary, unused = float(own @ line), usual @ line, spare @ line
    last = float(ordinary.max())
    if float(np.median(unused)) <= last:
        return "unclear", "unused rows are no different from ordinary ones, so this can't tell"
    if at <= last:
        return "trained", "it is like them, and unlike unused rows"
    if abs(at - float(np.median(unused))) < abs(at - float(np.median(ordinary))):
        return "untrained", "it is like the rows of tokens that are never used"
    return "unclear", "it lies between them and unused rows"
