"""A model by repo id, and Community Evals, from the local Hub."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from core.errors import InvalidInputError, SourceUnavailableError
from core.hub import evals, models
from core.hub.client import HubAccess
from core.importers.contract_frame import SOURCE_HUB_MODEL
from core.importers.join_board import append_to_board
from core.leaderboard import load_leaderboard
from core.schema import SCORE_KEYS
from tests.hub_server import HubServer

CONFIG = {
    "architectures": ["Qwen2ForCausalLM"],
    "model_type": "qwen2",
    "hidden_size": 3584,
    "max_position_embeddings": 131072,
    "vocab_size": 152064,
    "auto_map": {"AutoModel": "x" * 500},
    "<script>": "x" * 5000,
}


@pytest.fixture
def hub():
    with HubServer() as server:
        server.add_model(
            "newlab/Next-8B",
            {"config.json": json.dumps(CONFIG).encode(), "tokenizer.json": b"{}", "model.safetensors": b"x"},
            safetensors={"parameters": {"BF16": 8_030_000_000, "F32": 10}, "total": 8_030_000_010},
            cardData={"license": "apache-2.0"},
            baseModels={"relation": "finetune", "models": [{"id": "newlab/Next-8B-Base"}, {"id": "../../x"}]},
            likes=12,
            evalResults=[
                {"filename": "g.yaml", "data": {
                    "dataset": {"id": "Idavidrein/gpqa", "task_id": "gpqa_diamond"}, "value": 0.41,
                    "date": "2026-10-01", "verifyToken": "sig",
                    "source": {"url": "https://example.org/logs", "name": "Logs", "org": "cais"}}},
                {"filename": "h.yaml", "data": {
                    "dataset": {"id": "cais/hle", "task_id": "default"}, "value": 20.9,
                    "notes": "with tools <b>", "source": {"url": "javascript:alert(1)", "user": "someone"}}},
                {"filename": "bad.yaml", "error": "not valid"},
                {"filename": "i.yaml", "data": {"dataset": {"id": "a/b", "task_id": "t"}, "value": "high"}},
            ],
        )  # fmt: skip
        server.add_model("newlab/Gated-7B", {"config.json": b"{}"}, gated="manual", config={
            "architectures": ["LlamaForCausalLM"], "model_type": "llama"})  # fmt: skip
        server.add_model("newlab/Bare", {"README.md": b"hi"})
        server.add_model(
            "newlab/Packed-4bit", {}, safetensors={"parameters": {"I32": 1_000, "BF16": 10}, "total": 1_010}
        )
        yield server


def test_all_facts(hub):
    model = models.read_model("newlab/Next-8B", HubAccess(hub.url))
    assert model.params_b == pytest.approx(8.03000001)
    assert (model.license, model.gated, model.precision) == ("apache-2.0", False, "bfloat16")
    assert (model.architecture, model.context_length) == ("Qwen2ForCausalLM", 131072)
    assert (model.base_models, model.base_relation) == (("newlab/Next-8B-Base",), "finetune")
    assert (model.tokenizer, model.likes) == ("tokenizer.json", 12)
    assert model.revision == hub.repos["models", "newlab/Next-8B"].commit
    assert model.config["hidden_size"] == 3584
    assert "<script>" not in model.config, "long texts are not kept"
    json.dumps(model.to_dict())


def test_what_a_gated_repository_still_tells(hub):
    model = models.read_model("newlab/Gated-7B", HubAccess(hub.url))
    assert model.gated is True
    assert model.architecture == "LlamaForCausalLM"
    assert model.context_length is None
    assert any("gated" in note for note in model.notes)


def test_unknown_stays_unknown(hub):
    bare = models.read_model("newlab/Bare", HubAccess(hub.url))
    assert (bare.params_b, bare.license, bare.context_length, bare.tokenizer) == (None, None, None, None)
    packed = models.read_model("newlab/Packed-4bit", HubAccess(hub.url))
    assert packed.params_b is None
    assert "quantised" in packed.params_note


@pytest.mark.parametrize(
    "config", [b"{", b"[" * 50_000, b"null", b"[1]", b'{"max_position_embeddings": -5, "architectures": [7]}']
)
def test_odd_configs(hub, config):
    hub.repos["models", "newlab/Bare"].files["config.json"] = config
    model = models.read_model("newlab/Bare", HubAccess(hub.url))
    assert (model.architecture, model.context_length) == (None, None)


def test_a_huge_config_is_not_read(hub):
    hub.repos["models", "newlab/Bare"].files["config.json"] = b" " * 4_000_000
    model = models.read_model("newlab/Bare", HubAccess(hub.url))
    assert any("larger than" in note for note in model.notes)


def test_missing_and_misspelt(hub):
    with pytest.raises(SourceUnavailableError, match="has no newlab/None, or it is private"):
        models.read_model("newlab/None", HubAccess(hub.url))
    with pytest.raises(InvalidInputError):
        models.read_model("../newlab", HubAccess(hub.url))
    assert len([path for path in hub.paths() if "newlab/None" in path]) == len(hub.paths())


def test_a_model_beside_the_board_has_no_scores(hub):
    model = models.read_model("newlab/Next-8B", HubAccess(hub.url))
    board = load_leaderboard("snapshot")
    for kinds, expected in (({}, None), ({"newlab/Next-8B": "base"}, "base")):
        row = append_to_board(board, models.to_rows([model], kinds)).iloc[-1]
        assert (row["model_id"], row["source"]) == ("newlab/Next-8B", SOURCE_HUB_MODEL)
        assert row["params_b"] == pytest.approx(8.03000001)
        assert row[list(SCORE_KEYS)].isna().all()
        assert pd.isna(row["chat_template"])
        assert row["declared_base"] == "newlab/Next-8B-Base"
        if expected:
            assert (row["kind"], row["kind_evidence"]) == (expected, "as you said")


def test_evals_of_a_model_keep_their_provenance(hub):
    frame = evals.read_model_evals("newlab/Next-8B", HubAccess(hub.url))
    assert frame["value"].tolist() == [0.41, 20.9]
    gpqa, hle = frame.to_dict("records")
    assert (gpqa["ran_by"], gpqa["verified"], gpqa["date"]) == ("cais", "signed entry", "2026-10-01")
    assert (hle["ran_by"], hle["verified"]) == ("someone", "no signature")
    assert pd.isna(hle["link"]), "only web links are kept"
    wide = evals.as_columns(frame)
    assert list(wide.columns) == ["model_id", "Idavidrein/gpqa (gpqa_diamond)", "cais/hle: with tools <b>"]


def with_notes(*notes: str | None) -> list[dict[str, object]]:
    dataset = {"id": "cais/hle", "task_id": "hle"}
    return [
        {"filename": f"{place}.yaml", "data": {
            "dataset": dataset, "value": 10.0 + place, "date": "2026-02-03",
            "source": {"url": "https://example.org", "user": "someone"},
            **({} if text is None else {"notes": text})}}
        for place, text in enumerate(notes)
    ]  # fmt: skip


def test_results_with_different_notes_never_share_a_column(hub):
    """Two models, each with and without tools, filed in either order."""
    long = "With tools, " + "and a long description of them " * 8
    hub.add_model("lab/Glim", {}, evalResults=with_notes(None, "With tools", f"{long}a", f"{long}b"))
    hub.add_model("lab/Plum", {}, evalResults=with_notes("with  tools", None))
    frames = [evals.read_model_evals(name, HubAccess(hub.url)) for name in ("lab/Glim", "lab/Plum")]
    wide = evals.as_columns(pd.concat(frames, ignore_index=True)).set_index("model_id")
    assert wide["cais/hle (hle)"].to_dict() == {"lab/Glim": 10.0, "lab/Plum": 11.0}
    assert wide["cais/hle (hle): With tools"].to_dict() == {"lab/Glim": 11.0, "lab/Plum": 10.0}
    assert len(wide.columns) == 4, "long notes that begin alike stay apart"
    assert wide.notna().sum().sum() == 6


def test_a_benchmark_s_leaderboard_keeps_notes_apart(hub):
    author = {"type": "user", "name": "someone", "fullname": "S", "avatarUrl": ""}
    entry = {
        "rank": 1,
        "modelId": "lab/Glim",
        "value": 44.9,
        "filename": "f",
        "author": author,
        "verified": True,
    }
    hub.add_dataset("d/tools", leaderboard=[entry | {"notes": "With tools"}, entry | {"value": 22.1}])
    wide = evals.as_columns(evals.read_benchmark("d/tools", HubAccess(hub.url)))
    assert wide.to_dict("records") == [{"model_id": "lab/Glim", "d/tools": 22.1, "d/tools: With tools": 44.9}]


def test_a_benchmark_of_the_hub(hub):
    author = {"type": "user", "name": "someone", "fullname": "S", "avatarUrl": ""}
    entry = {"rank": 1, "modelId": "newlab/Next-8B", "value": 4.5, "filename": "f", "author": author}
    hub.add_dataset(
        "d/bench", leaderboard=[{**entry, "verified": True}, {**entry, "rank": 2, "verified": False}]
    )
    frame = evals.read_benchmark("d/bench", HubAccess(hub.url))
    assert frame["verified"].tolist() == ["verified", "not verified"]
    assert frame["ran_by"].tolist() == ["someone", "someone"]
    hub.add_dataset("d/none")
    with pytest.raises(SourceUnavailableError, match="404"):
        evals.read_benchmark("d/none", HubAccess(hub.url))


def test_no_evals_is_an_empty_frame(hub):
    frame = evals.read_model_evals("newlab/Bare", HubAccess(hub.url))
    assert frame.empty
    assert list(frame.columns) == list(evals.COLUMNS)
