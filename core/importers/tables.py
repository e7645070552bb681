"""Tables of results that people bring, in the board's columns or in the contract's."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.board import assemble, contents, scoring
from core.errors import InvalidTableError
from core.export import to_csv
from core.importers.checks import MISSING, CellError, checked, printable
from core.importers.contract_frame import COLUMNS, SOURCE_OWN_TABLE, contract_frame
from core.importers.join_board import STATED
from core.importers.lm_eval import Imported
from core.sandbox import parquet
from core.schema import BENCHMARK_KEYS, BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 400
_MAX_HEADING: Final = 40_000
_MAX_LINE: Final = 200_000
# The whole board as CSV has 3 million.
_MAX_LETTERS: Final = 6_000_000
_TEMPLATE_REMEDY: Final = "Compare it with the template, which can be downloaded here."
# Worked out here, never taken from a table.
_OURS: Final = ("organization", "source", "kind_evidence", "params_evidence", "average_se")


def import_table(body: bytes, *, name: str) -> Imported:
    """Rows from a CSV or Parquet file in the columns of the Hub's board or of the contract.

    Args:
        body: the file's content.
        name: its name, for messages; ``.parquet`` or the magic bytes decide how it is read.

    Returns:
        Rows in the contract's columns, and notes on what was left out or worked out.

    Raises:
        InvalidTableError: names the column, the row (1 is the first below the heading) and what was expected.
    """
    if len(body) > MAX_BYTES:
        raise InvalidTableError(
            f"The file is {len(body) / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read.",
            source=name,
            remedy="Leave out columns and rows that are not results.",
        )
    is_parquet = body[:4] == b"PAR1" or name.lower().endswith(".parquet")
    heading = (
        parquet.column_names(body, name=name, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
        if is_parquet
        else _csv_heading(body, name)
    )
    in_board_columns = "fullname" in heading and any(b.hub_column in heading for b in BENCHMARKS)
    known = contents.HUB_COLUMNS if in_board_columns else COLUMNS
    wanted = [column for column in heading if column in known]
    frame = (
        parquet.unpack(body, wanted, name=name, rows=MAX_ROWS)
        if is_parquet
        else _csv_rows(body, wanted, name)
    )
    if frame.empty:
        raise InvalidTableError("The table has no rows.", source=name, remedy=_TEMPLATE_REMEDY)
    ignored = [column for column in heading if column not in known]
    notes = [_ignored(ignored, name)] if ignored else []
    if in_board_columns:
        return Imported(_from_board_columns(frame, name), tuple(notes))
    return _from_contract_columns(frame, name, notes)


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


# -- reading -------------------------------------------------------------------------------------------------


def _csv_heading(body: bytes, name: str) -> list[str]:
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
    if not heading or ("model_id" not in heading and "fullname" not in heading):
        raise InvalidTableError(
            "The heading has neither “model_id” nor, as the Hub's board has, “fullname”.",
            source=name,
            remedy=_TEMPLATE_REMEDY,
        )
    return heading


def _csv_rows(body: bytes, wanted: list[str], name: str) -> pd.DataFrame:
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
            if len(cells) != len(heading):
                raise InvalidTableError(
                    f"Line {reader.line_num} has {len(cells)} cells; the heading has {len(heading)}.",
                    source=name,
                    remedy=_TEMPLATE_REMEDY,
                )
            rows.append([cells[place] for place in places])
            letters += sum(map(len, rows[-1]))
            if len(rows) > MAX_ROWS or letters > _MAX_LETTERS:
                raise InvalidTableError(
                    f"The table has more than {MAX_ROWS:,} rows or {_MAX_LETTERS:,} characters.",
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
    """The text line by line, so that it never stands in memory whole; any system's line ends."""
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
                yield line
        except UnicodeDecodeError:
            raise InvalidTableError(
                "The file is not text in UTF-8.", source=name, remedy="Export it as CSV in UTF-8."
            ) from None


def _separator(heading: str) -> str:
    """A comma, or what spreadsheets write where the comma is the decimal sign."""
    return max((",", ";", "\t"), key=heading.count)


def _ignored(columns: list[str], name: str) -> str:
    shown = ", ".join(f"“{printable(column)}”" for column in columns[:5])
    return f"{name}: columns that mean nothing here were left out: {shown}{' …' if len(columns) > 5 else ''}."


# -- checking ------------------------------------------------------------------------------------------------


def _from_board_columns(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    try:
        checked = contents.check_hub_columns(frame, source=name)
    except InvalidTableError as error:
        raise InvalidTableError(error.what, source=name, remedy=_TEMPLATE_REMEDY) from None
    reported = assemble.from_hub(checked)
    reported["source"] = SOURCE_OWN_TABLE
    reported["params_b"] = reported["reported_params_b"].where(reported["reported_params_b"] > 0)
    reported["params_evidence"] = "as your table says"
    records: list[dict[str, object]] = reported.to_dict("records")  # type: ignore[assignment]
    return contract_frame(records)


def _from_contract_columns(frame: pd.DataFrame, name: str, notes: list[str]) -> Imported:
    used = [column for column in frame.columns if column not in _OURS]
    if "model_id" not in used:
        raise InvalidTableError(
            "The table lacks the column “model_id”.", source=name, remedy=_TEMPLATE_REMEDY
        )
    records = []
    for row, values in enumerate(frame[used].itertuples(index=False, name=None), start=1):
        try:
            record = checked(dict(zip(used, values, strict=True)))
        except CellError as cell:
            raise InvalidTableError(
                f"Row {row}, column “{cell.column}”: expected {cell}, found “{cell.found}”.",
                source=name,
                remedy=_TEMPLATE_REMEDY,
            ) from None
        try:
            contents.check_names(pd.Series([record.get("model_id")]), column="model_id", source=name)
        except InvalidTableError as error:
            what = error.what.replace("Row 1", f"Row {row}", 1)
            raise InvalidTableError(what, source=name, remedy=_TEMPLATE_REMEDY) from None
        records.append(_derived(record))
    if not any(key in record for record in records for key in BENCHMARK_KEYS):
        notes.append(f"{name}: no row has a benchmark score; what is unknown stays unknown.")
    return Imported(contract_frame(records), tuple(notes))


def _derived(record: dict[str, object]) -> dict[str, object]:
    """Add what follows from the rest: scores and raw scores from each other, errors, the average of six."""
    record = record | {"source": SOURCE_OWN_TABLE}
    if "kind" in record:
        record["kind_evidence"] = STATED
    if "params_b" in record:
        record["params_evidence"] = "as your table says"
    for benchmark in BENCHMARKS:
        key, raw = benchmark.key, benchmark.raw
        bound = scoring.LOWER_BOUNDS.get(key)
        if bound is not None and key not in record and raw in record:
            record[key] = float(scoring.normalise(_float(record[raw]), bound))
        elif bound is not None and raw not in record and _float(record.get(key, 0)) > 0:
            record[raw] = bound + (1 - bound) * _float(record[key]) / 100
        if benchmark.se not in record and raw in record:
            record[benchmark.se] = float(scoring.standard_error(key, _float(record[raw])))
    record.pop("average", None)
    return record | scoring.average_of(record)


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]
