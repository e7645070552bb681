"""What was published about families of bases, for when a model's own files can't be read."""

from __future__ import annotations

from functools import cache
from typing import Final

from core import licences
from core.readiness import licence_terms
from core.readiness.end_tokens import end_token
from core.readiness.result import NOT_CHECKED, Finding, Readiness, Stops, ordered
from core.readiness.tables import modules, table

YES_NO: Final = {"yes": True, "no": False}


_TRAINED: Final = {"trained": True, "untrained": False}


def family_row(model_id: str) -> dict[str, str] | None:
    """The family a repository belongs to, by the list of its bases; None where it is in none."""
    return _by_model().get(model_id.casefold())


@cache
def _by_model() -> dict[str, dict[str, str]]:
    return {name: row for row in reversed(table("families")) for name in row["model_ids"].casefold().split()}


def known_row(model_id: str) -> dict[str, str] | None:
    """The family's row, its end token filled in from files and vocabularies where nobody wrote of it.

    A model in no family whose end token alone is known has a row with that and its name; None where not even
    that is known. ``end_says`` tells how the end token is known, "" where the family's own sources do.
    """
    row, end = family_row(model_id), end_token(model_id)
    if row is not None and row["fused_experts"] == "yes" and model_id.casefold() in _dense():
        row = row | {"fused_experts": "no"}
    written = row is not None and (row["document_end"] or row["document_end_id"])
    if end is None or (written and written != str(end.token_id)):
        return None if row is None else row | {"end_says": ""}
    base = row or dict.fromkeys(table("families")[0], "") | {"family": model_id, "read": end.date}
    return base | {
        "document_end": end.token,
        "document_end_id": str(end.token_id),
        "end_says": end.what,
        "source": " | ".join(filter(None, (base["source"], end.source))),
    }


@cache
def _dense() -> frozenset[str]:
    """Models of the catalogue without experts: a family may hold both kinds."""
    from core.catalogue import load_catalogue  # noqa: PLC0415 - brings pandas

    bases = load_catalogue()
    mixture = bases["layer_kinds"].str.contains("mixture of experts").fillna(value=False)
    dense = bases[~mixture & bases["active_params_b"].isna()]
    return frozenset(dense["model_id"].str.casefold())


def assess_family(model_id: str) -> Readiness | None:
    """A readiness made of published facts about the family, marked as such; None for an unknown model.

    The model's own files decide where they can be read: see :func:`core.readiness.assess`.
    """
    row = known_row(model_id)
    if row is None:
        return None
    stops, why = stops_of(row)
    token, token_id = end_of(row, stops)
    pad = row["pad"] if row["pad"] and row["pad"] != token else None
    size = model_id.rsplit("/", 1)[-1].removesuffix("-hf")
    return Readiness(
        stops=stops,
        why=" ".join(filter(None, (why, row["end_says"], f"(Published about {row['family']}.)"))),
        end_token=token,
        end_token_id=token_id,
        end_trained=_TRAINED.get(row["chat_trained"]) if token == row["chat_end"] else None,
        pad_token=pad,
        chat_template=row["template"] == "yes",
        adds_bos=YES_NO.get(row["adds_bos"]),
        lora_targets=row["lora_targets"].split(),
        avoid=row["avoid"].split(),
        expert_parameters=_experts(row),
        tied_embeddings=YES_NO.get(row["tied"]),
        remote_code=YES_NO.get(row["remote_code"]),
        min_transformers=row["min_transformers"],
        fp16_t4=row["fp16_t4"],
        unsloth_4bit=_of_size(row["unsloth_4bit"].split(), size),
        gated=gated(model_id, row),
        licence=row["licence"],
        findings=ordered(
            [
                *_findings(row, stops),
                *(licence_terms.findings(row["licence"]) if row["licence"] or row["model_type"] else []),
            ]
        ),
        basis="family",
        date=row["read"],
    )


def gated(model_id: str, row: dict[str, str] | None) -> bool | None:
    stated = YES_NO.get(row["gated"]) if row else None
    if stated is not None:
        return stated
    return None if licences.gated([model_id]).isna().iloc[0] else True


def unsloth_ids(model_id: str) -> list[str]:
    row = family_row(model_id)
    return (
        _of_size(row["unsloth_4bit"].split(), model_id.rsplit("/", 1)[-1].removesuffix("-hf")) if row else []
    )


def _of_size(ids: list[str], name: str) -> list[str]:
    wanted = name.casefold()
    return [
        i for i in ids if _bare(i) == wanted or _bare(i).removeprefix("meta-") == wanted.removeprefix("meta-")
    ]


def _bare(repo_id: str) -> str:
    name = repo_id.rsplit("/", 1)[-1].casefold()
    return name.removesuffix("-bnb-4bit").removesuffix("-unsloth")


def stops_of(row: dict[str, str]) -> tuple[Stops, str]:
    """The verdict on a family, and why."""
    chat, end = row["chat_end"] or "the chat's end token", row["document_end"] or row["document_end_id"]
    if row["chat_trained"] == "untrained":
        return "needs trained chat tokens", f"{chat} is reported untrained in the base."
    if row["chat_trained"] == "trained" and row["template"] != "no":
        return "as it is", f"{chat} is stated to be trained in the base."
    if end:
        return (
            "needs an end token",
            f"{end} ends texts in pre-training; train with a template that ends with it.",
        )
    return "unknown", "Nobody has published which end token the base was trained on."


def end_of(row: dict[str, str], stops: Stops) -> tuple[str | None, int | None]:
    """The token to end answers with and its id, None where nobody says."""
    document = row["document_end"] or None, int(row["document_end_id"]) if row["document_end_id"] else None
    if document != (None, None) and stops != "as it is":
        return document
    return row["chat_end"] or None, int(row["chat_end_id"]) if row["chat_end_id"] else None


def differences(row: dict[str, str], found: Readiness) -> list[Finding]:
    """Where a model's files say otherwise than what was published about its family. The files count."""
    said = []
    end = end_of(row, stops_of(row)[0])[0]
    if end and found.end_token and end != found.end_token:
        said.append((f"end with {found.end_token}", f"{end}"))
    tied = YES_NO.get(row["tied"])
    if tied is not None and found.tied_embeddings is not None and tied != found.tied_embeddings:
        said.append(
            (f"{'tie' if found.tied_embeddings else 'do not tie'} the embeddings", "the other way round")
        )
    named = {*found.lora_targets, *found.avoid, *found.expert_parameters}
    unknown = [name for name in row["lora_targets"].split() if name not in named]
    if unknown and found.lora_targets:
        said.append((f"have no layer {', '.join(unknown)}", "to adapt it"))
    if YES_NO.get(row["remote_code"]) and found.remote_code is False:
        said.append(("load without the publisher's code in transformers 5.23", "that code is needed"))
    return [
        Finding(
            "family.differs",
            "note",
            f"The files {files}; published about {row['family']}: {published}.",
            "Go by the files, which are this model's own.",
            row["source"].replace(" | ", "; "),
            date=row["read"],
        )
        for files, published in said
    ]


def _experts(row: dict[str, str]) -> list[str]:
    return (
        list(modules(row["model_type"]).get("experts", ([], []))[1]) if row["fused_experts"] == "yes" else []
    )


def _findings(row: dict[str, str], stops: Stops) -> list[Finding]:
    source, date = row["source"].replace(" | ", "; "), row["read"]
    what = (
        f"These are published facts about {row['family']}; the files of this model were not "
        f"read. {NOT_CHECKED}"
    )
    out = [
        Finding(
            "family",
            "not checked",
            what,
            "Read its files with a connection, or upload them.",
            source,
            date=date,
        )
    ]
    if stops == "needs trained chat tokens":
        remedy = f"End answers with {row['document_end']}, or train the rows of the chat tokens."
        what = f"{row['chat_end']} is reported untrained."
        why = "With embeddings frozen the model runs on to the length limit."
        out.append(Finding("chat.untrained", "stop", what, remedy, source, why, date))
    if row["note"]:
        out.append(Finding("family.note", "note", row["note"], "", source, date=date))
    if row["fp16_t4"] in {"fails", "doubtful", "partly"}:
        what = f"fp16, all a T4 has, {row['fp16_t4'].replace('partly', 'works for part of it only')}."
        what = what.replace("doubtful", "is doubtful")
        why = "Gradients become NaN."
        out.append(Finding("fp16", "warning", what, "Use a card with bf16, or float32.", source, why, date))
    if row["fused_experts"] == "yes":
        what = "Its experts are fused parameters, which bitsandbytes' 4-bit loading skips in silence."
        remedy = "Quantise them with Axolotl or Unsloth, or plan for 16-bit."
        why = "Most of the weights stay 16-bit and don't fit the card they were planned for."
        out.append(Finding("experts.4bit", "stop", what, remedy, source, why, date))
    if row["tied"] in {"yes", "by size"}:
        some = "" if row["tied"] == "yes" else " in some sizes"
        what = f"Input and output embeddings are one weight{some}."
        why = "Adapted apart they drift, and the trained head is lost when adapters are merged or reloaded."
        out.append(Finding("tied", "warning", what, "Leave both out of the adapter.", source, why, date))
    out += training(row)
    return out


def training(row: dict[str, str]) -> list[Finding]:
    """Whether the base is raw or mid-trained, and a cleaner checkpoint where one exists."""
    if not row["training"]:
        what = f"Whether the base was mid-trained on chat or instructions was not found. {NOT_CHECKED}"
        return [Finding("training", "not checked", what, "", "", date=row["read"])]
    remedy = f"{row['cleaner']} is the checkpoint without it." if row["cleaner"] else ""
    what = f"Training of the base: {row['training']}."
    return [Finding("training", "note", what, remedy, row["source"].replace(" | ", "; "), date=row["read"])]
