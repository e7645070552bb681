"""Compare: two to six models side by side."""

import streamlit as st

from core.comparison import compare
from core.errors import DataError
from pages.parts import board, compare_choice, compare_evals, compare_results, gestures, links, pairs
from pages.parts.frame import open_page

open_page("pages/compare.py")
links.report_dropped("pages/compare.py", compare_choice.checks())

if choices := compare_choice.show():
    try:
        found = compare(
            board.current(), choices.model_ids, pairs.lifts(), reference=choices.reference, by=choices.by
        )
    except DataError as error:
        st.error(str(error))
    else:
        compare_results.message(found)
        compare_results.pictures(found)
        compare_results.tables(found)
        compare_evals.show(found.model_ids)
        compare_results.export(found)
gestures.listen()
