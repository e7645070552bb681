"""What each model is: base, continued, instruct, fine-tune, merge. All signals together, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.board import families, names
from core.board.lineage import Origin, declared_base

_VISION: Final = ("Mllama", "VLFor", "AriaFor", "VisionFor", "LlavaFor")
# No known base without a chat template gets this far in IFEval; what does was taught to follow instructions.
_FOLLOWS_INSTRUCTIONS: Final = 42.0

REPORTED: Final = {
    "pretrained": "pretrained",
    "continued": "continuously pretrained",
    "finetune": "fine-tuned",
    "instruct": "chat model",
    "merge": "merge",
    "multimodal": "multimodal",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says about itself, as far as its kind goes.

    ``reported_kind`` is the board's own type in this project's words; ``reported_base`` is true where any run
    of the model was reported as pretrained.
    """

    model_id: str
    reported_kind: str | None
    reported_base: bool
    architecture: str | None
    chat_template: bool
    merged: bool
    moe: bool
    official: bool
    ifeval: float | None
    declared: str | None


def kind_of(row: Row, origin: Origin, *, own_base: str | None) -> tuple[str, str]:
    """``(kind, evidence in words)``.

    Args:
        row: what the board reports.
        origin: where the model comes from, see :mod:`core.board.lineage`.
        own_base: the base of the same organisation whose name is this one's without its tuning words.
    """
    fact = families.known_kind(row.model_id)
    if fact:
        return _said(row, fact.kind, fact.why)
    base = families.known_base(row.model_id)
    if base is not None:
        return _known_base(row, base)
    if row.reported_kind == "multimodal" or any(part in (row.architecture or "") for part in _VISION):
        return _said(row, "multimodal", "takes images as well")
    owner = names.organisation(row.model_id)
    place = origin.place
    if place is not None and owner is not None and owner.lower() == place.family.publisher.lower():
        base_id = origin.base_id
        reason = (
            f"tuned by the publisher of {base_id}"
            if base_id
            else place.family.why or "tuned by its publisher"
        )
        return _said(row, "instruct", reason)
    copied = families.base_by_bare_name().get(names.bare(row.model_id))
    if copied is not None and copied.size is not None and row.reported_kind != "merge" and not row.merged:
        return _said(row, "base", f"a copy of {copied.base_id} under another address")
    tuned = names.has_word(row.model_id, names.TUNED_WORDS)
    if families.tune_fact(row.model_id) and row.reported_kind != "merge" and not row.merged:
        return _said(row, "finetune", f"tuned from {origin.base_id}")
    mixed = names.has_word(row.model_id, names.MIXED_WORDS)
    if row.reported_kind == "merge" or row.merged:
        return _said(
            row,
            "merge",
            "reported as a merge" if row.reported_kind == "merge" else "its card is tagged as a merge",
        )
    if mixed and not (
        tuned and row.reported_kind in ("finetune", "instruct") and mixed in ("merged", "linear", "stock")
    ):
        return _said(row, "merge", f"“{mixed}” in its name")
    if names.is_mixture(row.model_id) and not row.official and place is None:
        return _said(row, "merge", "experts put together from other models, by its name")
    cut = names.has_word(row.model_id, names.CUT_WORDS)
    if cut and row.reported_base:
        return _said(row, "other", f"“{cut}” in its name: a model cut or stretched by others")
    if row.reported_base or row.reported_kind == "continued":
        return _reported_base(row, origin, own_base=own_base, tuned=tuned)
    return _reported_tuned(row, origin, own_base=own_base, tuned=tuned)


def _known_base(row: Row, base: families.Place) -> tuple[str, str]:
    family = base.family
    if family.continued and base.size is not None:
        return _said(
            row, "continued", f"{family.root_of(base.size)} pretrained further and offered as a base"
        )
    return _said(row, "base", f"its publisher offers it as a base ({family.name})")


def _reported_base(row: Row, origin: Origin, *, own_base: str | None, tuned: str | None) -> tuple[str, str]:
    if tuned:
        kind = "instruct" if own_base and origin.place is None else "finetune"
        return _said(row, kind, f"“{tuned}” in its name")
    words = names.parts(row.model_id)
    says_base = any(word in ("base", "pretrained", "pretraining", "cpt") for word in words)
    if row.chat_template and not says_base and row.reported_kind != "base":
        return _said(row, "finetune", "run with a chat template")
    if row.chat_template and not says_base and origin.place is None:
        return _said(row, "finetune", "run with a chat template")
    if origin.place is not None or declared_base(row.model_id, row.declared):
        return _from_another(row, origin, says_base=says_base)
    if row.ifeval is not None and row.ifeval > _FOLLOWS_INSTRUCTIONS:
        return _said(row, "finetune", f"follows instructions (IFEval {row.ifeval:.0f}) as no base does")
    if row.reported_kind == "continued":
        return "continued", "as reported"
    return "base", "as reported"


def _from_another(row: Row, origin: Origin, *, says_base: bool) -> tuple[str, str]:
    parent = declared_base(row.model_id, row.declared) or origin.base_id
    owner = names.organisation(row.model_id)
    if parent and owner and names.organisation(parent) == owner:
        return _said(row, "base", f"its publisher's own {parent}, pretrained further")
    if origin.base_id is None and parent is None:
        return _said(
            row, "other", f"reported pretrained, but its name is that of {origin.family}, with other sizes"
        )
    if parent and names.has_word(parent, names.TUNED_WORDS):
        return _said(row, "finetune", f"starts from {parent}, which is tuned already")
    if row.reported_kind == "continued" or says_base:
        return _said(row, "continued", f"pretrained further from {parent}")
    return _said(row, "other", f"reported pretrained, but it comes from {parent}")


def _reported_tuned(row: Row, origin: Origin, *, own_base: str | None, tuned: str | None) -> tuple[str, str]:
    foreign = origin.place is not None or declared_base(row.model_id, row.declared)
    if "base" in names.parts(row.model_id) and not tuned and not foreign and not row.chat_template:
        return _said(row, "base", "“base” in its name, and nothing that speaks against it")
    if own_base and not foreign:
        return _said(row, "instruct", f"tuned by the publisher of {own_base}")
    if origin.base_id:
        return _said(row, "finetune", f"tuned from {origin.base_id}")
    if row.reported_kind == "instruct" and row.official and not foreign:
        return "instruct", "reported as its publisher's chat model"
    return (
        "finetune",
        "as reported" if row.reported_kind == "finetune" else "tuned by others, from an unknown base",
    )


def _said(row: Row, kind: str, reason: str) -> tuple[str, str]:
    """Evidence that says so when it goes against the reported type."""
    if row.reported_kind is None or row.reported_kind == kind:
        return kind, reason
    reported = REPORTED["pretrained" if row.reported_kind == "base" else row.reported_kind]
    return kind, f"reported {reported}; {reason}"
