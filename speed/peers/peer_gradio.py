"""Peer G: slider, twelve-column table and scatter, filtered on the server. argv: board.parquet port."""

from __future__ import annotations

import sys

import gradio as gr
import pandas as pd  # noqa: TC002 - Gradio reads the annotations
import peer_view
import plotly.graph_objects as go  # noqa: TC002

board = peer_view.read(sys.argv[1])


def change(limit: float) -> tuple[pd.DataFrame, go.Figure]:
    rows = peer_view.up_to(board, limit)
    return rows, peer_view.scatter(rows)


with gr.Blocks() as demo:
    size = gr.Slider(0, 150, value=150, step=1, label="Up to (billions of parameters)")
    table = gr.Dataframe(board, interactive=False, label="Models")
    plot = gr.Plot(peer_view.scatter(board))
    size.change(change, size, [table, plot], api_name="change", show_progress="hidden")

# Its default of one run at a time would make twenty sessions wait in line.
demo.queue(default_concurrency_limit=20)
demo.launch(server_name="127.0.0.1", server_port=int(sys.argv[2]), quiet=True)
