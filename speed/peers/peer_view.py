"""What both peers show: the same rows and twelve columns as Basewise, and the same scatter."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

COLUMNS = ["model_id", "rank", "params_b", "kind", "average", "ifeval", "bbh", "math_lvl_5", "gpqa", "musr",
           "mmlu_pro", "license"]  # fmt: skip


def read(path: str) -> pd.DataFrame:
    """The board, largest first, so that the first row changes with every step of the slider."""
    board = pd.read_parquet(path).sort_values("params_b", ascending=False, kind="stable")
    board["rank"] = board["average"].rank(ascending=False, method="min")
    board = board[COLUMNS].reset_index(drop=True)
    return board.round(dict.fromkeys(board.select_dtypes("number").columns, 1))


def up_to(board: pd.DataFrame, limit: float) -> pd.DataFrame:
    return board if limit >= 150 else board[board["params_b"] <= limit]


def scatter(rows: pd.DataFrame) -> go.Figure:
    fig = go.Figure()
    for kind, part in rows.groupby("kind", sort=True):
        fig.add_scatter(
            x=part["params_b"], y=part["average"], text=part["model_id"], mode="markers", name=str(kind)
        )
    fig.update_layout(height=420, xaxis={"type": "log"})
    return fig
