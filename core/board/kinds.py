"""What each model is: base, continued, instruct, fine-tune or merge, with the reason in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.board import families, listed, names
from core.board.lineage import MERGE_SUFFIX, Origin, declared_base
from core.board.scorers import scores_texts

_VISION: Final = ("Mllama", "VLFor", "AriaFor", "VisionFor", "LlavaFor")
# No known base without a chat template gets this far in IFEval; what does was taught to follow instructions.
_FOLLOWS_INSTRUCTIONS: Final = 42.0

# Forms and stages of pretraining that publishers tell bases of one line apart by.
_PRETRAINING: Final = frozenset({
    "checkpoint", "ckpt", "decay", "deduped", "flax", "hf", "ingredient", "intermediate", "iter", "keras",
    "pre", "prefixlm", "python", "pytorch", "seed", "stage", "step", "tokens", "ul",
})  # fmt: skip
_FURTHER: Final = names.BASE_WORDS - {"base"}
_FIGURE: Final = re.compile(r"v?\d+[a-z]?|[ae]\d+b")
_ADAPTER_MERGED: Final = ("merged", "linear", "stock")

REPORTED: Final = {
    "base": "pretrained",
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


def kind_of(
    row: Row, origin: Origin, *, own_base: str | None, own_tune: str | None = None
) -> tuple[str, str]:
    """``(kind, evidence in words)``.

    Args:
        row: what the board reports.
        origin: where the model comes from, see :mod:`core.board.lineage`.
        own_base: the base of the same organisation whose name is this one's without its tuning words.
        own_tune: the chat model the same organisation offers under this name, where nothing is reported.
    """
    fact = families.known_kind(row.model_id)
    if fact:
        return _said(row, fact.kind, fact.why)
    base = families.known_base(row.model_id)
    if base is not None:
        return _known_base(row, base)
    entry = listed.base(row.model_id)
    if entry is not None:
        return _said(row, "continued" if entry.continued_from else "base", listed.KIND_EVIDENCE)
    scorer = scores_texts(row.model_id, row.architecture)
    if scorer and row.reported_kind != "merge" and not row.merged:
        return _said(row, "other", scorer)
    if row.reported_kind == "multimodal" or any(part in (row.architecture or "") for part in _VISION):
        return _said(row, "multimodal", "takes images as well")
    packed = names.has_word(row.model_id, names.QUANTISED_WORDS)
    if packed and names.base_word(row.model_id) and not row.merged:
        return _said(row, "other", f"“{packed}” in its name: a base with packed weights")
    if listed.base_of_variant(row.model_id) is not None:
        return _said(row, "instruct", _publishers_reason(origin))
    if _by_family_publisher(row, origin):
        return _publishers_own(row, origin)
    found = _put_together(row, origin)
    if found is not None:
        return found
    if row.reported_base or row.reported_kind == "continued":
        return _reported_base(row, origin, own_base=own_base)
    return _reported_tuned(row, origin, own_base=own_base, own_tune=own_tune)


def _known_base(row: Row, base: families.Place) -> tuple[str, str]:
    family = base.family
    root = family.root_of(base.size or "")
    if family.continued and root:
        return _said(row, "continued", f"{root} pretrained further and offered as a base")
    return _said(row, "base", f"its publisher offers it as a base ({family.name})")


def _by_family_publisher(row: Row, origin: Origin) -> bool:
    owner = names.organisation(row.model_id)
    return (
        owner is not None
        and origin.place is not None
        and owner.lower() == origin.place.family.publisher.lower()
    )


def _publishers_own(row: Row, origin: Origin) -> tuple[str, str]:
    """A publisher's model of a family of its own that isn't one of the bases in the table."""
    said = names.base_word(row.model_id)
    # Sizes of T5 are called small, base and large.
    if said and not (origin.place and origin.place.size == said):
        return _said(row, "base", f"“{said}” in its name, and its publisher's own")
    if row.reported_kind in (None, "base") and _is_further_base(row.model_id, origin):
        return _said(row, "base", "its publisher's own, and nothing in its name speaks of tuning")
    return _said(row, "instruct", _publishers_reason(origin))


def _is_further_base(model_id: str, origin: Origin) -> bool:
    """Whether a name adds a form of pretraining alone to a base that goes without a word for it."""
    if origin.place is None or names.is_glued_chat(model_id):
        return False
    family = origin.place.family
    base = origin.base_id or family.base_of(next(iter(family.sizes), ""))
    if base is None or names.base_word(base):
        return False
    # A family may stand on another one's base, as QwQ does on Qwen2.5.
    if families.family_of(names.bare(base)) is not family:
        return False
    added = set(names.parts(model_id)) - set(names.parts(base))
    return all(
        part in names.LINE_WORDS or names.is_word(part, _PRETRAINING) or _FIGURE.fullmatch(part)
        for part in added
    )


def _publishers_reason(origin: Origin) -> str:
    if origin.base_id:
        return f"tuned by the publisher of {origin.base_id}"
    return (origin.place.family.why if origin.place else "") or "tuned by its publisher"


def _put_together(row: Row, origin: Origin) -> tuple[str, str] | None:
    """Copies, merges and cut models; None for anything else."""
    reported_merge = row.reported_kind == "merge"
    copied = families.base_by_bare_name().get(names.bare(row.model_id))
    if copied is not None and not reported_merge and not row.merged:
        return _said(row, "base", f"a copy of {copied.base_id} under another address")
    if families.tune_fact(row.model_id) and not reported_merge and not row.merged:
        return _said(
            row, "finetune", f"tuned from {origin.base_id}" if origin.base_id else "a known tuned model"
        )
    if reported_merge:
        return "merge", "reported as a merge"
    if row.merged:
        return _said(row, "merge", "its card is tagged as a merge")
    mixed = names.mixed_word(row.model_id)
    # "merged" beside a word for tuning means adapters merged into their base.
    if mixed and not (mixed in _ADAPTER_MERGED and names.has_word(row.model_id, names.TUNED_WORDS)):
        return _said(row, "merge", f"“{mixed}” in its name")
    if "franken" in names.bare(row.model_id):
        return _said(row, "merge", "“franken” in its name")
    if (
        names.is_mixture(row.model_id)
        and not row.official
        and not names.base_word(row.model_id)
        and (origin.place is None or origin.place.size is None)
    ):
        return _said(row, "merge", "experts put together from other models, by its name")
    cut = names.has_word(row.model_id, names.CUT_WORDS | names.QUANTISED_WORDS)
    tuned = names.has_word(row.model_id, names.TUNED_WORDS) or names.is_glued_chat(row.model_id)
    if cut and (row.reported_base or (row.reported_kind is None and not tuned)):
        return _said(row, "other", f"“{cut}” in its name: a model cut, stretched or packed by others")
    return None


def _reported_base(row: Row, origin: Origin, *, own_base: str | None) -> tuple[str, str]:
    tuned = None if names.base_word(row.model_id) else names.has_word(row.model_id, names.TUNED_WORDS)
    if tuned or names.is_glued_chat(row.model_id):
        if own_base and origin.place is None:
            return _said(row, "instruct", f"tuned by the publisher of {own_base}")
        return _said(row, "finetune", f"“{tuned}” in its name" if tuned else "“chat” in its name")
    if origin.place is not None and origin.place.family.base is None:
        return _said(row, "finetune", f"of a family without a base: {origin.place.family.why}")
    says_base = bool(names.BASE_WORDS & set(names.parts(row.model_id)))
    foreign = origin.place is not None or declared_base(row.model_id, row.declared) is not None
    if row.chat_template and not says_base and (row.reported_kind == "continued" or not foreign):
        return _said(row, "finetune", "run with a chat template")
    if foreign:
        return _from_another(row, origin, says_base=says_base)
    if row.ifeval is not None and row.ifeval > _FOLLOWS_INSTRUCTIONS:
        return _said(row, "finetune", f"follows instructions (IFEval {row.ifeval:.0f}) as no base does")
    if isinstance(row.declared, str) and row.declared.endswith(MERGE_SUFFIX):
        return _said(
            row, "other", "its card names a model it was made from, and the board does not pass on which"
        )
    if row.reported_kind == "continued":
        return "continued", "as reported"
    return _said(
        row,
        "base",
        "as reported" if row.reported_kind == "base" else "another run of it is reported pretrained",
    )


def _from_another(row: Row, origin: Origin, *, says_base: bool) -> tuple[str, str]:
    parent = declared_base(row.model_id, row.declared) or origin.base_id
    owner = names.organisation(row.model_id)
    if origin.place is None and parent and owner and names.organisation(parent) == owner:
        return _said(row, "base", f"its publisher's own {parent}, pretrained further")
    if parent is None:
        return _said(row, "other", f"its name is that of {origin.family}, its size is not")
    if names.has_word(parent, names.TUNED_WORDS):
        return _said(row, "finetune", f"starts from {parent}, which is tuned already")
    if row.reported_kind == "continued" or says_base:
        return _said(row, "continued", f"pretrained further from {parent}")
    return _said(row, "other", f"made from {parent} by others")


def _reported_tuned(
    row: Row, origin: Origin, *, own_base: str | None, own_tune: str | None
) -> tuple[str, str]:
    tuned = names.has_word(row.model_id, names.TUNED_WORDS)
    base_word = names.base_word(row.model_id)
    foreign = origin.place is not None or declared_base(row.model_id, row.declared) is not None
    if base_word and not foreign and not row.chat_template and (not tuned or row.reported_kind is None):
        return _said(row, "base", f"“{base_word}” in its name, and nothing that speaks against it")
    if base_word and foreign and row.reported_kind is None and _ends_as_base(row.model_id, base_word):
        return "continued", f"“{base_word}” in its name, and {origin.evidence or 'made from another base'}"
    if own_tune and not foreign and not row.chat_template:
        return "base", f"its publisher offers {own_tune} beside it"
    if own_base and not foreign:
        return _said(row, "instruct", f"tuned by the publisher of {own_base}")
    if origin.base_id:
        return _said(row, "finetune", f"tuned from {origin.base_id}")
    if row.reported_kind == "instruct" and row.official and not foreign:
        return "instruct", "reported as its publisher's chat model"
    if row.reported_kind == "finetune":
        return "finetune", "as reported"
    if row.reported_kind is None and not tuned and not names.is_glued_chat(row.model_id):
        return "finetune", "taken as tuned: nothing says that it is a base"
    return _said(row, "finetune", "tuned, from an unknown base")


def _ends_as_base(model_id: str, word: str) -> bool:
    """Whether sizes and versions alone follow the word: ``Base-Medical`` names what a base was tuned on."""
    own = names.parts(model_id)
    rest = own[len(own) - own[::-1].index(word) :]
    return word in _FURTHER or all(_FIGURE.fullmatch(part) for part in rest)


def _said(row: Row, kind: str, reason: str) -> tuple[str, str]:
    """Evidence that says so when it goes against the reported type."""
    if row.reported_kind is None or row.reported_kind == kind:
        return kind, reason
    return kind, f"reported {REPORTED[row.reported_kind]}; {reason}"
