"""Peer L: gradio_leaderboard, filtered in the browser; its chart can't follow. argv: board.parquet port."""

from __future__ import annotations

import sys

import gradio as gr
import peer_view
from gradio_leaderboard import ColumnFilter, Leaderboard

board = peer_view.read(sys.argv[1])

with gr.Blocks() as demo:
    Leaderboard(
        board,
        datatype=["str", "number", "number", "str", *["number"] * 7, "str"],
        filter_columns=[ColumnFilter("params_b", type="slider", default=[0, 200], min=0, max=200)],
        search_columns=["model_id"],
    )
    gr.Plot(peer_view.scatter(board))

demo.launch(server_name="127.0.0.1", server_port=int(sys.argv[2]), quiet=True)
