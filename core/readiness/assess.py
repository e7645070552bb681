"""From a model's own files to the verdict."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.readiness import families, licence_terms, surroundings
from core.readiness.files import ModelFiles, read_files
from core.readiness.layers import read_layers
from core.readiness.local_rows import examine_at_hand
from core.readiness.result import Finding, Readiness, ordered
from core.readiness.stops import decide
from core.readiness.targets import choose_targets, ties
from core.readiness.template import read_template
from core.readiness.tokens import disagreements, pad, read_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

_LICENCE: Final = re.compile(r"^license(_name)?:[ \t]*['\"]?([\w.\-]{1,80})", re.MULTILINE)


def assess(
    files: Mapping[str, object],
    *,
    model_id: str = "",
    rows: Mapping[int, str] | None = None,
    licence: str = "",
) -> Readiness:
    """Whether a base is ready to be tuned, from whatever of its files is at hand.

    Never raises on what is missing or malformed: that becomes a finding. Nothing is rendered or run.

    Args:
        files: file name -> bytes, text or parsed JSON (``config.json``, ``generation_config.json``,
            ``tokenizer_config.json``, ``tokenizer.json``, ``special_tokens_map.json``,
            ``chat_template.jinja``,
            ``model.safetensors.index.json``, ``README.md``, safetensors files as bytes); None for one the
            repository doesn't have.
        model_id: repository, for what only a name tells: gating, 4-bit copies, how the base was trained.
        rows: token id -> "trained" or "untrained", from :mod:`core.readiness.embedding_rows`. Where none are
            given and safetensors files are among ``files``, the rows are read from these.
        licence: identifier, where the caller knows it; else the model card's front matter is read.
    """
    found = read_files(files)
    layers = read_layers(found.text_config)
    tokens = read_tokens(found)
    template = read_template(found, tokens.ids, tokens.names.get("bos", ""))
    tokenizer_read = bool(found.get("tokenizer_config.json") or found.get("tokenizer.json"))
    report = examine_at_hand(found, tokens, template) if rows is None else None
    rows = report.states if report is not None else rows
    verdict = decide(found.text_config, tokens, template, rows, tokenizer_read=tokenizer_read)
    targets = choose_targets(found, layers)
    pad_token, pad_finding = pad(tokens, verdict.end_token)
    precision, precision_finding = surroundings.fp16(layers)
    least, version_findings = surroundings.version(found, layers)
    remote, remote_findings = surroundings.remote_code(found, layers)
    adds_bos, bos_findings = surroundings.bos(found, tokens, template)
    row = families.family_row(model_id) if model_id else None
    licence = licence or _licence(found) or (row["licence"] if row else "")
    findings = [
        *found.findings,
        *verdict.findings,
        *(report.findings() if report is not None else []),
        *disagreements(tokens),
        *([pad_finding] if pad_finding and tokenizer_read else []),
        *bos_findings,
        *targets.findings,
        *surroundings.experts(layers),
        *surroundings.packing(layers),
        precision_finding,
        *surroundings.stored(found),
        *version_findings,
        *remote_findings,
        *surroundings.serving(layers),
        *licence_terms.findings(licence),
        *(_family(row) if row else []),
    ]
    card = Readiness(
        stops=verdict.stops,
        why=verdict.why,
        end_token=verdict.end_token,
        end_token_id=verdict.end_token_id,
        end_trained=verdict.end_trained,
        pad_token=pad_token,
        chat_template=template.present,
        adds_bos=adds_bos,
        lora_targets=targets.use,
        avoid=targets.avoid,
        target_pattern=targets.pattern,
        expert_parameters=targets.experts,
        reach=layers.attention_share,
        tied_embeddings=ties(found),
        layer_kinds=layers.counts,
        remote_code=remote,
        min_transformers=least,
        fp16_t4=precision,
        unsloth_4bit=families.unsloth_ids(model_id) if model_id else [],
        gated=families.gated(model_id, row) if model_id else None,
        licence=licence,
        findings=ordered(findings),
    )
    if row is None or not found.parsed:
        return card
    return replace(card, findings=ordered([*findings, *families.differences(row, card)]))


def _family(row: dict[str, str]) -> list[Finding]:
    """What only the family's publications tell, beside the files."""
    note = [
        Finding("family.note", "note", row["note"], "", row["source"].replace(" | ", "; "), date=row["read"])
    ]
    return [*families.training(row), *(note if row["note"] else [])]


def _licence(files: ModelFiles) -> str:
    """The identifier in the model card's front matter; the publisher's own name where it says "other"."""
    head = files.readme[:20_000]
    if not head.startswith("---"):
        return ""
    front = head[3:].split("\n---", 1)[0]
    said = {bool(match.group(1)): match.group(2) for match in _LICENCE.finditer(front)}
    plain = said.get(False, "")
    return said.get(True, plain) if plain in {"", "other"} else plain
