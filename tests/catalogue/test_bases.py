"""The catalogue of bases and of families without one."""

import pandas as pd
import pytest

from core import licences
from core.catalogue import load_catalogue, load_no_base, load_reports
from tests.places import ROOT, SHARED

LIST = SHARED / "data" / "today" / "bases.csv"


def test_every_public_base_is_in_and_typed():
    catalogue = load_catalogue()
    assert len(catalogue) >= 235
    assert catalogue["model_id"].is_unique
    assert catalogue["params_b"].dtype == "float64"
    assert str(catalogue["layers"].dtype) == "Int64"
    assert str(catalogue["gated"].dtype) == "boolean"
    assert catalogue["family"].notna().all()


def test_what_was_not_read_is_unknown():
    catalogue = load_catalogue().set_index("model_id")
    assert pd.isna(catalogue.loc["google/gemma-4-12B", "released"])
    assert pd.isna(catalogue.loc["Qwen/Qwen3-8B-Base", "gated"])


def test_facts_that_decide():
    catalogue = load_catalogue().set_index("model_id")
    assert catalogue.loc["google/gemma-4-31B", "licence"] == "apache-2.0"
    assert licences.by_key(catalogue.loc["google/gemma-3-27b-pt", "licence"]).use_terms
    assert "EU" in catalogue.loc["tencent/Hunyuan-7B-Pretrain", "note"]
    assert "gated delta net" in catalogue.loc["Qwen/Qwen3.5-9B-Base", "layer_kinds"].split("|")


def test_the_nearest_base_was_published():
    board = pd.read_parquet(ROOT / "core/data/leaderboard.parquet", columns=["model_id"])["model_id"]
    known = {*load_catalogue()["model_id"], *board, *load_reports()["model_id"]}
    nearest = load_no_base()["nearest_base"].dropna()
    assert len(nearest) > 40
    assert [base for base in nearest if base not in known] == []


def test_no_base_is_told_from_not_established():
    missing = load_no_base().set_index("model_id")
    assert missing.loc["microsoft/phi-4", "status"] == "none published"
    assert missing.loc["inclusionAI/Ling-1T-base", "status"] == "not established"


@pytest.mark.skipif(not LIST.is_file(), reason="the list the catalogue was written from is not here")
def test_facts_agree_with_the_list_they_were_read_from():
    source = pd.read_csv(LIST, dtype=str, keep_default_na=False)
    source = source[source["base_public"] == "1"].set_index("model_id")
    catalogue = load_catalogue().set_index("model_id")
    assert set(source.index) <= set(catalogue.index)
    for name in ("layers", "hidden", "params_b", "context_length"):
        stated = pd.to_numeric(source[name], errors="coerce").dropna()
        found = catalogue.loc[stated.index, name].astype("float64")
        assert (found == stated).all(), name
