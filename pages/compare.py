"""Compare: two to six models side by side."""

import streamlit as st

from core.comparison import compare
from core.errors import DataError
from pages.parts.compare import choice, evals, results
from pages.parts.shell import board, gestures, links, pairs, shortlist_bar
from pages.parts.shell.frame import open_page

open_page("pages/compare.py")
links.report_dropped("pages/compare.py", choice.checks())

if choices := choice.show():
    try:
        found = compare(
            board.current(), choices.model_ids, pairs.lifts(),
            reference=choices.reference, by=choices.by, languages=choices.languages,
        )  # fmt: skip
    except DataError as error:
        st.error(str(error))
    else:
        results.message(found)
        results.pictures(found)
        results.tables(found)
        results.languages(found, choices.languages)
        evals.show(found.model_ids)
        results.export(found)
    shortlist_bar.show()
gestures.listen()
