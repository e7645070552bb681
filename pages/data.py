"""Data: where it comes from, the live board, and how to bring one's own."""

import streamlit as st

from pages.parts import data_live, data_model, data_results, data_sources, data_workspace, links, workspace
from pages.parts.frame import open_page

PARTS = {
    "Sources": data_sources.show,
    "Live": data_live.show,
    "Models": data_model.show,
    "Results": data_results.show,
    "Workspace": data_workspace.show,
}

open_page("pages/data.py")
links.report_dropped("pages/data.py", {"x_part": links.one_of(*PARTS)})
workspace.report_lost()
part = st.segmented_control(
    "Part of this page",
    options=list(PARTS),
    default="Sources",
    required=True,
    key="x_part",
    bind="query-params",
    label_visibility="collapsed",
)
PARTS[part or "Sources"]()
workspace.remember()
