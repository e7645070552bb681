"""One line a base: what is unknown stays so, and what is said follows from facts that stand elsewhere."""

from __future__ import annotations

import pandas as pd
import pytest

from core.board import snapshot
from core.catalogue import load_catalogue, load_no_base
from core.licences import LICENCES
from core.readiness import assess_family
from core.readiness.licence_terms import terms
from core.readiness.short import COLUMNS, for_model, load_readiness, sellable_in_eu
from core.readiness.tables import table

FRAME = load_readiness().set_index("model_id")


def test_every_base_has_one_row() -> None:
    board = snapshot.read()
    wanted = {
        *load_catalogue()["model_id"],
        *board.loc[board["kind"].isin(["base", "continued"]), "model_id"],
    }

    assert set(FRAME.index) == wanted
    assert FRAME.index.is_unique
    assert list(load_readiness().columns) == list(COLUMNS)


def test_a_row_without_a_source_says_nothing() -> None:
    silent = FRAME[FRAME["source"].isna()].drop(columns=["source"])

    assert len(silent) > 0
    assert silent.isna().all(axis=None)


def test_it_agrees_with_the_family() -> None:
    for name, row in FRAME[FRAME["basis"] == "family"].iterrows():
        found = assess_family(str(name))

        assert found is not None
        said = [None if pd.isna(row[column]) else row[column] for column in ("end_token", "stops")]
        assert said == [found.end_token, None if found.stops == "unknown" else found.stops]


@pytest.mark.parametrize(
    ("model_id", "column", "said"),
    [
        ("meta-llama/Meta-Llama-3-8B", "trained_embeddings_needed", True),
        ("meta-llama/Meta-Llama-3-8B", "plain_end", "<|end_of_text|>"),
        ("Qwen/Qwen3-8B-Base", "trained_embeddings_needed", False),
        ("Qwen/Qwen3-8B-Base", "plain_hf", True),
        ("Qwen/Qwen3-30B-A3B-Base", "plain_hf", False),
        ("mistralai/Mixtral-8x7B-v0.1", "plain_hf", False),
        ("tiiuae/Falcon3-7B-Base", "remote_code", False),
        ("apple/DCLM-7B", "remote_code", True),
        ("apple/DCLM-7B", "plain_hf", False),
        ("google/t5gemma-2b-2b-ul2", "plain_hf", None),
        ("google/mt5-xl", "plain_hf", None),
        ("openGPT-X/Teuken-7B-base-v0.6", "eu_commercial", False),
        ("Salesforce/xgen-small-4B-base-r", "eu_commercial", False),
    ],
)
def test_known_cases(model_id: str, column: str, said: object) -> None:
    cell = FRAME.loc[model_id, column]

    assert pd.isna(cell) if said is None else cell == said


@pytest.mark.parametrize(
    ("licence", "text_only", "sold"),
    [
        ("apache-2.0", True, True),
        ("llama3.1", True, True),
        ("llama3.2", True, True),
        ("llama3.2", False, False),
        ("llama3.2", None, None),
        ("llama4", True, False),
        ("tencent-hunyuan-community", True, False),
        ("cc-by-nc-4.0", True, False),
        ("lfm1.0", True, None),
        ("kanana", True, None),
        ("k-exaone", True, None),
        ("falcon-llm-license", True, True),
        ("nvidia-internal-scientific-research-and-development-model-license", True, False),
        ("other", True, None),
        ("never-heard-of", True, None),
        (None, True, None),
    ],
)
def test_sold_in_the_eu(licence: str | None, text_only: bool | None, sold: bool | None) -> None:
    assert sellable_in_eu(licence, text_only=text_only) is sold


def test_every_licence_that_was_read_says_whether_it_can_be_sold() -> None:
    assert {row["eu"] for row in table("licence_terms")} <= {
        *("yes", "no", "text only", "by revenue", "by use")
    }
    for key, licence in LICENCES.items():
        if licence.commercial is False:
            assert sellable_in_eu(key) is False


def test_every_licence_of_the_catalogue_was_read_but_those_without_a_name_of_their_own() -> None:
    used = {*load_catalogue()["licence"].dropna(), *load_no_base()["licence"].dropna()}

    assert {key for key in used if terms(key) is None} == {"other", "research-only"}


def test_an_unknown_model_is_unknown() -> None:
    assert for_model("acme/unheard-of").source is None
    assert for_model("acme/unheard-of").plain_hf is None
