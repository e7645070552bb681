"""Tables of results that people bring, in the board's columns or the contract's: for pages and scripts."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.board import contents, scoring
from core.errors import InvalidTableError, SourceUnavailableError
from core.export import to_csv
from core.importers import table_cells
from core.importers.checks import MAX_TEXT, MISSING, printable
from core.importers.contract_frame import SOURCE_OWN_TABLE, contract_frame
from core.importers.headings import Headings, read_headings
from core.importers.join_board import complete_rows
from core.importers.lm_eval import Imported
from core.sandbox import parquet
from core.schema import BENCHMARK_KEYS, BENCHMARKS, SOURCE_BOARD, SOURCE_NEWER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_COLUMNS: Final = 400
_MAX_HEADING: Final = 40_000
_MAX_LINE: Final = 200_000
_TEMPLATE_REMEDY: Final = "Compare it with one of the app's templates."
NO_SCORE: Final = "no row has a benchmark score, so none can be ranked."
_TABLE_SAYS: Final = "as the table says"
_SCORES: Final = (*BENCHMARK_KEYS, *(benchmark.raw for benchmark in BENCHMARKS))
_MOST_NAMED: Final = 5
_MOST_NOTES: Final = 100
# What a table's own average may differ by from the mean of its six scores.
_ROUNDED: Final = 0.006
_SEPARATOR_NOTED: Final = re.compile(r"sep=[,;\t|]")
# How files begin that are called CSV and are none, and what helps.
_NO_TABLES: Final = (
    (b"pk\x03\x04", "an Excel or ZIP file", "Export it as CSV in UTF-8, or unpack it first."),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", "Export it as CSV in UTF-8."),
    (b"\x1f\x8b", "a gzip file", "Unpack it first."),
    (b"<!doctype html", "a web page", "Download the file itself."),
    (b"<html", "a web page", "Download the file itself."),
    (b"{", "JSON", "Results of lm-evaluation-harness end in .json; other results go into a CSV."),
    (b"[{", "JSON", "Results of lm-evaluation-harness end in .json; other results go into a CSV."),
)
# Never taken from a reader's table: it says whose rows they are.
# A table doesn't say how many questions were asked. Its errors are those of a quarter of the board's.
_UNCOUNTED: Final = 2
_UNCOUNTED_NOTE: Final = "how many questions were asked isn't known: errors as of a quarter of the board's"
_OURS: Final = frozenset({"organization", "source", "average_se"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read of one table. The whole board as CSV has 3 million letters."""

    bytes: int = 20_000_000
    rows: int = 5_000
    letters: int = 6_000_000


UPLOAD: Final = Limits()
# Files on one's own disk, given to `load_leaderboard`.
ON_DISK: Final = Limits(bytes=contents.MAX_BYTES, rows=contents.MAX_ROWS, letters=100_000_000)
MAX_ROWS: Final = UPLOAD.rows


def import_table(body: bytes, *, name: str, decimal: str | None = None) -> Imported:
    """Rows from a CSV or Parquet file in the columns of the Hub's board or of the contract, or some of them.

    Args:
        body: the file's content.
        name: its name, for messages; ``.parquet`` or the magic bytes decide how it is read.
        decimal: what separates decimals, ``"."`` or ``","``; None asks where commas leave it open.

    Returns:
        Rows in the contract's columns. Notes name what was read under another name, left out or left unknown,
        by column and row (1 is the first below the heading).

    Raises:
        InvalidTableError: it is no table, too large, names no model, or holds decimal commas and ``decimal``
            is None; says what to do.
    """
    frame, notes = _rows(body, name, decimal, UPLOAD, source=None)
    if frame["params_b"].isna().any() and frame["reported_params_b"].notna().any():
        # Sizes as the board reports them are weighed against names and families, as the board's own are.
        weighed = complete_rows(frame)
        frame[["params_b", "params_evidence"]] = weighed[["params_b", "params_evidence"]]
    return Imported(frame, tuple(notes))


def load_table(path: Path) -> pd.DataFrame:
    """The board's columns of a table on disk: what the Data page makes of the same file, but for ``source``.

    ``source`` is the table's own column where it has one, else the board for a file in the board's columns,
    else the file's name. ``attrs["messages"]`` says what was read otherwise than written.

    Raises:
        SourceUnavailableError: there is no such file.
        InvalidTableError: as :func:`import_table`.
    """
    if not path.is_file():
        raise SourceUnavailableError(
            "There is no such file.", source=path.name, remedy="Check the path, or upload the file again."
        )
    if path.stat().st_size > ON_DISK.bytes:
        raise _too_large(path.stat().st_size, path.name, ON_DISK)
    frame, notes = _rows(path.read_bytes(), path.name, None, ON_DISK, source=path.name)
    whole = complete_rows(frame)
    whole.attrs["messages"] = notes
    return whole


def _too_large(size: int, name: str, limits: Limits) -> InvalidTableError:
    return InvalidTableError(
        f"The file is {size / 1e6:.1f} MB; at most {limits.bytes / 1e6:.0f} MB are read.",
        source=name,
        remedy="Leave out columns and rows that are not results.",
    )


def _rows(
    body: bytes, name: str, decimal: str | None, limits: Limits, *, source: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Rows in the contract's columns, and notes; ``source`` is None for a reader's own."""
    if len(body) > limits.bytes:
        raise _too_large(len(body), name, limits)
    is_parquet = body[:4] == b"PAR1" or name.lower().endswith(".parquet")
    heading = (
        parquet.column_names(body, name=name, max_rows=limits.rows, max_columns=MAX_COLUMNS)
        if is_parquet
        else _csv_heading(body, name)
    )
    headings = read_headings(heading, name=name, remedy=_TEMPLATE_REMEDY)
    wanted = list(headings.columns)
    frame = (
        parquet.unpack(body, wanted, name=name, rows=limits.rows)
        if is_parquet
        else _csv_rows(body, wanted, name, limits)
    ).rename(columns=dict(headings.columns))
    if frame.empty:
        raise InvalidTableError("The table has no rows.", source=name, remedy=_TEMPLATE_REMEDY)
    if source is not None and "source" not in frame.columns:
        frame["source"] = SOURCE_BOARD if headings.of_board else source
    records, notes = _records(frame, name, decimal, own=source is None, headings=headings)
    return contract_frame(records), [*headings.notes, *notes]


def _records(
    frame: pd.DataFrame, name: str, decimal: str | None, *, own: bool, headings: Headings
) -> tuple[list[dict[str, object]], list[str]]:
    used = [column for column in frame.columns if not (own and column in _OURS)]
    sign = table_cells.ask_for_decimal_sign(frame[used], decimal, file=name)
    faults = table_cells.Faults(name)
    left_out: list[str] = []
    records = table_cells.read_cells(
        frame, used, sign=sign, millions=headings.millions, faults=faults, left_out=left_out
    )
    for place in reversed(table_cells.repeated(records)):
        left_out.append(
            f"{records[place]['model_id']} stands in two rows that are the same; one was left out"
        )
        del records[place]
    like_shares = table_cells.shares(pd.DataFrame(records)) if own else []
    if len(like_shares) > 1:
        raise InvalidTableError(
            f"Column “{like_shares[0]}” and all other scores lie between 0 and 1; "
            "scores here run from 0 to 100.",
            source=name,
            remedy="Multiply normalised scores by 100; accuracies as measured go into bbh_raw and its like.",
        )
    scored = any(key in record for record in records for key in _SCORES)
    if not records or (not scored and faults.first()):
        what = left_out[0] if not records else faults.first()
        raise InvalidTableError(
            f"No row of the table can be used. {what[:1].upper()}{what[1:]}",
            source=name,
            remedy=f"Correct it and add the file again. {_TEMPLATE_REMEDY}",
        )
    notes = [f"{name}: {text.rstrip('.')}; the row was left out." for text in left_out[:_MOST_NAMED]]
    if len(left_out) > _MOST_NAMED:
        notes.append(f"{name}: {len(left_out) - _MOST_NAMED:,} more rows were left out.")
    notes += faults.notes()
    notes += [
        f"{name}: “{column}” holds nothing above 1 and was read as points of 100; multiply shares by 100."
        for column in like_shares
    ]
    if not scored:
        notes.append(f"{name}: {NO_SCORE}")
    return [_derived(record, name, notes, own=own, of_board=headings.of_board) for record in records], notes


def template(layout: str) -> bytes:
    """A CSV to fill in: ``"contract"`` or ``"board"`` columns and one made-up row."""
    if layout == "board":
        row: dict[str, object] = dict.fromkeys(contents.HUB_COLUMNS)
        row |= {"fullname": "your-name/your-model", "Precision": "bfloat16", "Type": "pretrained"}
        row |= dict.fromkeys(("MoE", "Flagged", "Chat Template", "Merged", "Official Providers"), False)
        row |= {f"{benchmark.hub_column} Raw": 0.45 for benchmark in BENCHMARKS}
        row |= {benchmark.hub_column: 30.0 for benchmark in BENCHMARKS} | {"Average ⬆️": 30.0}
        row |= {"#Params (B)": 7.6, "Submission Date": "2026-01-31", "Hub License": "apache-2.0"}
        return to_csv(pd.DataFrame([row]))
    scores = dict.fromkeys(BENCHMARK_KEYS, 40.0) | {"bbh_raw": 0.5, "musr_raw": 0.45}
    row = {
        "model_id": "your-name/your-model",
        "kind": "base",
        "params_b": 7.6,
        "precision": "bfloat16",
        "license": "apache-2.0",
        "architecture": "Qwen2ForCausalLM",
        "chat_template": False,
        "revision": "main",
        "submitted": "2026-01-31",
        **scores,
    }
    return to_csv(pd.DataFrame([row]))


def _csv_heading(body: bytes, name: str) -> list[str]:
    start = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for begins, what, remedy in _NO_TABLES:
        if start.startswith(begins):
            raise InvalidTableError(f"The file is {what}, not a table as CSV.", source=name, remedy=remedy)
    text = next(_lines(body, name, longest=_MAX_HEADING), "")
    try:
        heading = [cell.strip() for cell in next(csv.reader([text], delimiter=_separator(text)), [])]
    except csv.Error:
        raise InvalidTableError(
            "The first line is not a CSV heading.", source=name, remedy=_TEMPLATE_REMEDY
        ) from None
    if len(heading) > MAX_COLUMNS:
        raise InvalidTableError(
            f"The table has {len(heading):,} columns; at most {MAX_COLUMNS} are read.",
            source=name,
            remedy=_TEMPLATE_REMEDY,
        )
    repeated = next((cell for cell in heading if cell and heading.count(cell) > 1), None)
    if repeated is not None:
        raise InvalidTableError(
            f"The column “{printable(repeated)}” stands in the heading twice.",
            source=name,
            remedy=_TEMPLATE_REMEDY,
        )
    if not any(heading):
        raise InvalidTableError("The file has no heading.", source=name, remedy=_TEMPLATE_REMEDY)
    return heading


def _csv_rows(body: bytes, wanted: list[str], name: str, limits: Limits) -> pd.DataFrame:
    lines = _lines(body, name, longest=_MAX_LINE)
    first = next(lines, "")
    reader = csv.reader(itertools.chain([first], lines), delimiter=_separator(first), strict=True)
    rows: list[list[str]] = []
    letters = 0
    try:
        heading = [cell.strip() for cell in next(reader)]
        places = [heading.index(column) for column in wanted]
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < len(heading) or any(cell.strip() for cell in cells[len(heading) :]):
                raise InvalidTableError(
                    f"Line {reader.line_num} has {len(cells)} cells; the heading has {len(heading)}.",
                    source=name,
                    remedy="Put cells that hold a comma, such as 1,234, in quotes, and leave no cell out.",
                )
            rows.append([cells[place] for place in places])
            letters += sum(map(len, rows[-1]))
            if len(rows) > limits.rows or letters > limits.letters:
                raise InvalidTableError(
                    f"The table has more than {limits.rows:,} rows or {limits.letters:,} characters.",
                    source=name,
                    remedy="Leave out some rows.",
                )
    except csv.Error:
        raise InvalidTableError(
            f"Line {reader.line_num} is not CSV: a quote is left open or a cell is too long.",
            source=name,
            remedy=_TEMPLATE_REMEDY,
        ) from None
    frame = pd.DataFrame(rows, columns=wanted, dtype="str")
    return frame.mask(frame.isin(list(MISSING)))


def _lines(body: bytes, name: str, *, longest: int) -> Iterator[str]:
    """The text line by line, so that it never stands in memory whole; any system's line ends.

    Empty lines before the heading are passed over, and the line in which Excel notes the separator.
    """
    begun = False
    with io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", newline=None) as text:
        try:
            while line := text.readline(longest + 1):
                if len(line) > longest:
                    raise InvalidTableError(
                        "A line of the file is too long for a table of results.",
                        source=name,
                        remedy=_TEMPLATE_REMEDY,
                    )
                if "\x00" in line:
                    raise InvalidTableError(
                        "The file is not text.", source=name, remedy="Export it as CSV in UTF-8."
                    )
                begun = begun or (bool(line.strip()) and not _SEPARATOR_NOTED.fullmatch(line.strip()))
                if begun:
                    yield line
        except UnicodeDecodeError:
            raise InvalidTableError(
                "The file is not text in UTF-8.", source=name, remedy="Export it as CSV in UTF-8."
            ) from None


def _separator(heading: str) -> str:
    """A comma, or what spreadsheets write where the comma is the decimal sign."""
    return max((",", ";", "\t", "|"), key=heading.count)


def _derived(
    record: dict[str, object], name: str, notes: list[str], *, own: bool, of_board: bool
) -> dict[str, object]:
    """Add what follows from the rest: scores and raw scores from each other, errors, the average of six."""
    if own:
        record = record | {"source": SOURCE_OWN_TABLE}
    for stated, evidence in (("kind", "kind_evidence"), ("params_b", "params_evidence")):
        if stated in record:
            record.setdefault(evidence, _TABLE_SAYS)
        else:
            record.pop(evidence, None)
    counted = of_board or record.get("source") in (SOURCE_BOARD, SOURCE_NEWER)
    assumed = False
    for benchmark in BENCHMARKS:
        key, raw = benchmark.key, benchmark.raw
        bound = scoring.LOWER_BOUNDS.get(key)
        if bound is not None and key not in record and raw in record:
            record[key] = float(scoring.normalise(_float(record[raw]), bound))
        elif bound is not None and raw not in record and _float(record.get(key, 0)) > 0:
            record[raw] = bound + (1 - bound) * _float(record[key]) / 100
        if benchmark.se not in record and raw in record:
            error = float(scoring.standard_error(key, _float(record[raw])))
            record[benchmark.se] = error * (1 if counted else _UNCOUNTED)
            assumed |= not counted
        elif not counted and benchmark.se not in record and key in record:
            # Of the tasks made of subtasks only the points are known: the widest that accuracies allow.
            record[benchmark.se] = float(scoring.standard_error(key, 0.5)) * _UNCOUNTED
            assumed = True
    if assumed:
        noted = record.get("comparability")
        record["comparability"] = ((f"{noted}; " if noted else "") + _UNCOUNTED_NOTE)[:MAX_TEXT]
    said = record.pop("average", None)
    record |= scoring.average_of(record)
    if said is not None and "average" in record:
        if abs(_float(said) - _float(record["average"])) <= _ROUNDED:
            record["average"] = said
        elif len(notes) < _MOST_NOTES:
            mean = _float(record["average"])
            notes.append(
                f"{name}: the average of {record['model_id']} is {mean:.2f}, the mean of its six scores; "
                f"the table's {_float(said):.2f} was not taken over."
            )
    return record


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]
