"""Data: where it comes from, the live board, and how to bring one's own."""

import streamlit as st

from pages.parts.data import live, model, results, sources
from pages.parts.data import workspace as data_workspace
from pages.parts.shell import last_answer, links, workspace
from pages.parts.shell.frame import open_page

PARTS = {
    "Sources": sources.show,
    "Live": live.show,
    "Models": model.show,
    "Results": results.show,
    "Workspace": data_workspace.show,
}

open_page("pages/data.py")
# Before anything says that it was added: the browser has its key even if the server ends now.
with st.sidebar:
    workspace.remember()
links.report_dropped("pages/data.py", {"x_part": links.one_of(*PARTS)})
workspace.report_lost()
part = st.segmented_control(
    "Part of this page",
    options=list(PARTS),
    default="Sources",
    required=True,
    key="x_part",
    on_change=last_answer.forget,
    bind="query-params",
    label_visibility="collapsed",
)
PARTS[part or "Sources"]()
