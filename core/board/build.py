"""Build the embedded snapshot (provisional: kinds as reported, sizes as reported)."""

from __future__ import annotations

import hashlib
import json
import sys

import numpy as np
import pandas as pd

from core.board.snapshot import MANIFEST, TABLE
from core.schema import BENCHMARKS

KIND = {"pretrained": "base", "continuously": "continued", "fine-tuned": "finetune", "chat": "instruct", "base merges": "merge", "multimodal": "multimodal"}
SE = {"ifeval": 2.1, "bbh": 0.9, "math_lvl_5": 0.8, "gpqa": 2.6, "musr": 2.7, "mmlu_pro": 0.5}


def frame(raw: pd.DataFrame, source: str) -> pd.DataFrame:
    out = pd.DataFrame({"model_id": raw["fullname"]})
    out["organization"] = raw["fullname"].str.split("/").str[0].where(raw["fullname"].str.contains("/"))
    get = lambda c: raw[c] if c in raw else pd.Series(pd.NA, index=raw.index)
    out["precision"] = get("Precision")
    out["reported_kind"] = get("Type").astype("string").map(lambda t: next((v for k, v in KIND.items() if isinstance(t, str) and k in t), "other"), na_action="ignore")
    out["kind"] = out["reported_kind"].astype(object).where(out["reported_kind"].notna(), "base")
    out["kind_evidence"] = "as reported"
    p = pd.to_numeric(get("#Params (B)"), errors="coerce")
    out["reported_params_b"] = p
    out["params_b"] = p.where(p > 0)
    out["params_evidence"] = "as reported"
    out["active_params_b"] = np.nan
    out["architecture"] = get("Architecture")
    out["license"] = get("Hub License")
    for k, c in {"chat_template": "Chat Template", "merged": "Merged", "moe": "MoE", "flagged": "Flagged", "official": "Official Providers"}.items():
        out[k] = get(c).fillna(False).astype(bool) if c in raw else False
    out["likes"] = get("Hub ❤️")
    out["revision"] = get("Model sha")
    out["submitted"] = pd.to_datetime(get("Submission Date"))
    out["uploaded"] = pd.to_datetime(get("Upload To Hub Date"))
    out["declared_base"] = get("Base Model")
    out["average"] = raw["Average ⬆️"]
    for b in BENCHMARKS:
        out[b.key] = raw[b.hub_column]
        out[b.raw] = raw[f"{b.hub_column} Raw"]
        out[b.se] = SE[b.key]
    out["average_se"] = 0.75
    out["source"] = source
    return out


if __name__ == "__main__":
    board = frame(pd.read_parquet(sys.argv[1]), "open-llm-leaderboard")
    newer = frame(pd.read_csv(sys.argv[2]), "prescriptive-scaling")
    newer["organization"] = newer["model_id"].str.split("/").str[0]
    newer["params_b"] = pd.to_numeric(newer["model_id"].str.extract(r"-([\d.]+)[bB]\b")[0])
    all_ = pd.concat([board, newer], ignore_index=True)
    for c in ("precision", "reported_kind", "architecture", "license", "revision", "declared_base"):
        all_[c] = all_[c].astype("string")
    all_["likes"] = pd.to_numeric(all_["likes"]).astype("Int64")
    all_.to_parquet(TABLE, index=False)
    MANIFEST.write_text(json.dumps({"schema_version": 1, "rows": len(all_), "sha256": hashlib.sha256(TABLE.read_bytes()).hexdigest(), "board": {"source": "open-llm-leaderboard/contents", "date": "2025-03-13", "rows": len(board)}, "newer": {"source": "hlzhang109/prescriptive-scaling", "rows": len(newer)}}, indent=1) + "\n")
    print(len(all_))
