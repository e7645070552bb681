"""Every family of the reference agrees with ours, field by field, or a reason stands here."""

from __future__ import annotations

import csv
import re

import pytest

from core.readiness import assess_family
from core.readiness.families import family_row
from tests.places import SHARED

PATH = SHARED / "data" / "readiness" / "families.csv"
# (family, field) -> why ours says otherwise.
OTHERWISE: dict[tuple[str, str], str] = {
    ("Gemma 3 text (270M, 1B)", "tied"): "the reference's 1 is for 4B and up; these two were not read",
    ("DeepSeek LLM 7B", "document_end"): "the token was read in a sibling's issue, not in this family",
    ("Moonlight 16B-A3B", "min_transformers"): "what was published is a highest version, which the note says",
    ("SmolLM2", "model_type"): "the reference names no class; the published config says llama",
    ("PLaMo 2 / 3", "licence"): "Apache 2.0 is the 1B's alone",
    ("Qwen3-Next / Qwen3-Coder-Next", "lora_targets"): "the fused projections are named, not recommended",
}
LICENCES = {"apache-2.0", "mit", "gemma", "llama2", "llama3", "llama3.1", "llama3.2", "llama4"}
TOKEN = re.compile(r"<[^<>\s]{1,40}>")
PROJECTION = re.compile(
    r"\b(?:[a-z]+_proj(?:_[a-z]+)*|in_proj_[a-z]+|query_key_value|(?:input|output)_linear)\b"
)


def reference() -> list[dict[str, str]]:
    if not PATH.is_file():
        return []
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def leading(text: str) -> str:
    return {"0": "no", "1": "yes"}.get(text[:1], "unknown" if not text else "other")


def trained(text: str) -> str:
    low = text.lower()
    if low.startswith(("no:", "no ", "no(")) and not low.startswith("no base"):
        return "untrained" if "unknown" not in low and "not applicable" not in low else "unknown"
    return "trained" if low.startswith("yes") else "other"


def said(row: dict[str, str]) -> dict[str, object]:
    """Of the fields that a machine can read out of the reference's sentences, what they say."""
    out: dict[str, object] = {}
    for field, column in (("tied", "tied_embeddings"), ("remote_code", "needs_remote_code")):
        if leading(row[column]) in {"yes", "no"}:
            out[field] = leading(row[column])
    if leading(row["base_has_chat_template"]) in {"yes", "no"}:
        out["template"] = leading(row["base_has_chat_template"])
    if leading(row["adds_bos"]) in {"yes", "no"}:
        out["adds_bos"] = leading(row["adds_bos"])
    if (state := trained(row["chat_tokens_trained_in_base"])) != "other":
        out["chat_trained"] = state
    for field, word in (("fails", "no:"), ("partly", "partly"), ("doubtful", "doubtful")):
        if row["fp16_safe_t4"].startswith(word):
            out["fp16_t4"] = field
    if row["base_eos"][:1] == "<":
        out["document_end"] = TOKEN.match(row["base_eos"]).group()  # type: ignore[union-attr]
    if row["chat_end_token"][:1] == "<":
        out["chat_end"] = TOKEN.match(row["chat_end_token"].split()[0]).group()  # type: ignore[union-attr]
    licence = re.match(r"[\w.\-]+(?: 2\.0)?", row["licence_id"])
    if licence and licence.group().lower().replace(" ", "-") in LICENCES:
        out["licence"] = licence.group().lower().replace(" ", "-")
    return out


@pytest.mark.skipif(not reference(), reason="the reference folder is not beside the project")
@pytest.mark.parametrize("row", reference(), ids=lambda row: row["family"])
class TestFamily:
    def test_fields(self, row: dict[str, str]) -> None:
        ours = family_row(row["model_ids"].split("|")[0])
        assert ours is not None

        apart = {
            field: (value, ours[field])
            for field, value in said(row).items()
            if ours[field] != value and (row["family"], field) not in OTHERWISE
        }

        assert apart == {}

    def test_least_version(self, row: dict[str, str]) -> None:
        ours = family_row(row["model_ids"].split("|")[0])
        assert ours is not None
        if (row["family"], "min_transformers") not in OTHERWISE:
            assert ours["min_transformers"] in row["min_transformers"]
            assert bool(ours["min_transformers"]) == bool(re.search(r"\d\.\d", row["min_transformers"]))

    def test_class(self, row: dict[str, str]) -> None:
        ours = family_row(row["model_ids"].split("|")[0])
        assert ours is not None
        theirs = re.split(r"For[A-Z]|Model\b", row["transformers_class"])[0].lower()
        theirs = re.sub(r"[ ._;].*|[ ._]", "", theirs.replace("_", "").replace(".", ""))
        if (row["family"], "model_type") not in OTHERWISE:
            assert ours["model_type"].replace("_", "") in {
                theirs,
                f"{theirs}v1dense",
                theirs.replace("densev1", "v1dense"),
            }

    def test_targets_and_what_to_avoid(self, row: dict[str, str]) -> None:
        found = assess_family(row["model_ids"].split("|")[0])
        assert found is not None
        if (row["family"], "lora_targets") in OTHERWISE:
            return
        listed = row["lora_targets"].split("(PEFT default")[0]

        assert set(PROJECTION.findall(listed)) <= {
            *found.lora_targets,
            *found.avoid,
            *found.expert_parameters,
        }
        assert not set(found.lora_targets) & set(found.avoid)
