"""Results of one's own: files in, rows beside the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from core.importers.join_board import STATED
from core.importers.lm_eval import Imported, import_results
from core.importers.tables import NO_SCORE, import_table, template
from core.schema import KINDS
from core.workspace.contents import Batch
from pages.parts.shell import last_answer, workspace
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_FROM_NAME = "worked out from the names"
_SIGNS = {"ask where it is unclear": None, "point: 1,234.5": ".", "comma: 1.234,5": ","}
_ROUND = "x_upload_round"
_PLACE = "results"
_MAX_MB = 20


def show() -> None:
    st.markdown(
        "Results of **lm-evaluation-harness** (`--tasks leaderboard`, the `results_*.json` files) or a table "
        "as CSV or Parquet. Scores are normalised as the board's are; what a file lacks stays unknown. Your "
        "rows are marked as yours on every page and seen by nobody else."
    )
    _templates()
    with st.form("x_upload_form", border=True):
        files = st.file_uploader(
            "Results files",
            type=["json", "csv", "parquet"],
            accept_multiple_files=True,
            max_upload_size=_MAX_MB,
            key=f"x_files_{st.session_state.get(_ROUND, 0)}",
            help=f"Several at once are fine; at most {_MAX_MB} MB each.",
        )
        kind = st.selectbox(
            "What these models are",
            [_FROM_NAME, *KINDS],
            key="x_own_kind",
            help="A table's own column “kind” goes before this.",
        )
        st.text_input(
            "Model name",
            key="x_own_name",
            max_chars=150,
            placeholder="your-name/your-model",
            help="Only for results files that don't say which model they are about, as when the harness was "
            "given a loaded model.",
        )
        decimal = st.selectbox(
            "Decimal sign",
            list(_SIGNS),
            key="x_own_decimal",
            help="Only for tables with commas in their numbers. Where the file leaves open what they mean, "
            "nothing is added until you say.",
        )
        sent = st.form_submit_button("Add these results", icon=":material/upload_file:", type="primary")
    if sent:
        _take(files, None if kind == _FROM_NAME else kind, _SIGNS[decimal])
    last_answer.show(_PLACE)


def _templates() -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Template: this app's columns",
            template("contract"),
            file_name="basewise-template.csv",
            mime="text/csv",
            key="x_template_contract",
            icon=":material/download:",
        )
        st.download_button(
            "Template: the board's columns",
            template("board"),
            file_name="board-template.csv",
            mime="text/csv",
            key="x_template_board",
            icon=":material/download:",
        )


def _take(files: list[UploadedFile], kind: str | None, decimal: str | None) -> None:
    if not files:
        last_answer.put(_PLACE, "error", ["Choose at least one file first."])
        return
    try:
        batches = _read(files, kind, decimal)
        on_disk = workspace.change(lambda found: found.with_batches(batches))
    except DataError as problem:
        where = f"{plain(problem.source)}: " if problem.source else ""
        last_answer.put(_PLACE, "error", [f"{where}{plain(str(problem))} Nothing was added."])
        return
    rows = sum(len(batch.rows) for batch in batches)
    added = f"Added {rows} row{'s' if rows != 1 else ''}, marked as yours on every page."
    warned = [plain(note) for batch in batches for note in batch.notes if note.endswith(NO_SCORE)]
    noted = [plain(note) for batch in batches for note in batch.notes[:12] if not note.endswith(NO_SCORE)]
    lines = [*warned, added, *noted]
    if not on_disk:
        lines.append("The server could not store it: download the workspace before you leave.")
    last_answer.put(_PLACE, "warning" if warned else "success", lines)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()


def _read(files: list[UploadedFile], kind: str | None, decimal: str | None) -> list[Batch]:
    """One batch of all harness files, one for each table."""
    harness = [(file.name, file.getvalue()) for file in files if file.name.lower().endswith(".json")]
    batches = []
    if harness:
        named = ", ".join(sorted(name for name, _ in harness))[:200]
        model_name = st.session_state.get("x_own_name") or None
        batches.append(_batch(named, import_results(harness, model_name=model_name), kind))
    batches += [
        _batch(file.name[:200], import_table(file.getvalue(), name=file.name, decimal=decimal), kind)
        for file in files
        if not file.name.lower().endswith(".json")
    ]
    return batches


def _batch(name: str, imported: Imported, kind: str | None) -> Batch:
    rows = imported.frame
    if kind is not None:
        unstated = rows["kind"].isna()
        rows = rows.assign(
            kind=rows["kind"].mask(unstated, kind), kind_evidence=rows["kind_evidence"].mask(unstated, STATED)
        )
    return Batch(name, rows, tuple(imported.notes))
