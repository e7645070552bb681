"""Base or instruct variant, for one reader: an answer with its reasons, and how weak these are.

Nobody has measured it in general: both schools are quoted, the pairs that were measured are shown with what
makes them weak, and where the reasons part the answer is to try both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from core.readiness import families, licence_terms
from core.readiness.result import READ_ON
from core.readiness.short import for_model, sellable_in_eu
from core.readiness.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

Side = Literal["base", "instruct", "neither"]
Choice = Literal["base", "instruct", "either"]
# "settled": one of the two is ruled out; "measured, weakly": a measured pair speaks for it; "advice": people
# say so; "open": nothing decides.
Ground = Literal["settled", "measured, weakly", "advice", "open"]

# Below this many examples one textbook advises an instruct model; the other sources give no number.
FEW: Final = 300
_TEXTBOOK: Final = (
    "https://livebook.manning.com/learn/concepts/instruct-model--model/llm-customization-and-fine-tuning"
)
_LINEUP: Final = "https://tinker-docs.thinkingmachines.ai/model-lineup"
_SHADOW: Final = "https://arxiv.org/abs/2505.12716"
# Keys of core.decision.tasks.OUTPUTS whose answers are short and of one form.
_FIXED: Final = {"number", "label", "json"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: which side it speaks for, the sentence, its weakness ("" for facts), source and date.

    ``decides``: it rules the other side out. ``measured``: it is a figure, not an opinion.
    """

    side: Side
    what: str
    weakness: str
    source: str
    date: str
    decides: bool = False
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What a school says, in its own words."""

    side: Side
    who: str
    words: str
    source: str
    read: str


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer.

    Attributes:
        choice: which to tune; "either" where nothing decides and a trial of both would tell.
        ground: what the choice rests on.
        answer: the choice in a sentence.
        reasons: what was weighed, the deciding ones first.
        schools: both sides in their own words.
        graft: how to train the base and put the difference onto the instruct variant; "" without a pair.
    """

    choice: Choice
    ground: Ground
    answer: str
    reasons: list[Reason] = field(default_factory=list)
    schools: list[Quote] = field(default_factory=list)
    graft: str = ""


def advise(
    base_id: str,
    variant_id: str | None,
    *,
    examples: int | None = None,
    output: str = "",
    chat: bool | None = None,
    to_sell: bool = False,
    base_licence: str = "",
    variant_licence: str = "",
) -> Advice:
    """Whether to tune ``base_id`` or its instruct variant.

    Args:
        base_id: the base.
        variant_id: its publisher's instruct variant; None where none is published or known.
        examples: the reader's training examples; None where not said.
        output: key of :data:`core.decision.tasks.OUTPUTS`; "" where not said.
        chat: whether the tuned model must hold a conversation; None where not said.
        to_sell: whether the tuned model is to be sold.
        base_licence: identifier; "" takes the published one.
        variant_licence: likewise.
    """
    schools = [Quote(**row) for row in table("schools")]  # type: ignore[arg-type]
    if variant_id is None:
        what = f"No instruct variant of {base_id} is known, so there is nothing to choose between."
        reason = Reason("base", what, "", "the catalogue and the board", READ_ON, decides=True)
        return Advice("base", "settled", f"Tune {base_id}: no instruct variant is known.", [reason], schools)
    licences = (base_licence or _licence(base_id), variant_licence or _licence(variant_id))
    reasons = [
        *_ruled_out((base_id, variant_id), licences, to_sell=to_sell),
        *_access(base_id, variant_id),
        *_measured(base_id, variant_id),
        *_need(base_id, chat=chat, output=output),
        *_size(examples),
    ]
    reasons.sort(key=lambda reason: not reason.decides)
    choice, ground = _choose(reasons)
    return Advice(
        choice,
        ground,
        _sentence(choice, ground, base_id, variant_id),
        reasons,
        schools,
        _graft(base_id, variant_id),
    )


def _choose(reasons: list[Reason]) -> tuple[Choice, Ground]:
    settled = {reason.side for reason in reasons if reason.decides} - {"neither"}
    if len(settled) == 2:
        return "either", "settled"
    if settled:
        return ("base" if "base" in settled else "instruct"), "settled"
    sides = {reason.side for reason in reasons} - {"neither"}
    if len(sides) != 1:
        return "either", "open"
    measured = any(reason.side != "neither" and reason.measured for reason in reasons)
    return ("base" if "base" in sides else "instruct"), "measured, weakly" if measured else "advice"


def _sentence(choice: Choice, ground: Ground, base_id: str, variant_id: str) -> str:
    if choice == "either" and ground == "settled":
        return f"Neither {base_id} nor {variant_id} may be sold once tuned: choose another family."
    if choice == "either":
        return f"Nothing decides between {base_id} and {variant_id}: try both on a small part of your data."
    name = base_id if choice == "base" else variant_id
    return {
        "settled": f"Tune {name}: the other is ruled out.",
        "measured, weakly": f"Tune {name}, as far as a weak measurement tells; a trial of both tells more.",
        "advice": f"Tune {name}: that is what people advise, and nobody has measured it for your case.",
    }[ground]


def _licence(model_id: str) -> str:
    row = families.family_row(model_id)
    return row["licence"] if row else ""


def _ruled_out(names: tuple[str, str], licences: tuple[str, str], *, to_sell: bool) -> Iterator[Reason]:
    if not to_sell:
        return
    for other, name, licence in (("instruct", names[0], licences[0]), ("base", names[1], licences[1])):
        if sellable_in_eu(licence or None) is False:
            terms = licence_terms.terms(licence)
            source = terms.source if terms else licence
            what = f"The licence of {name} ({licence}) does not let what is tuned be sold in the EU."
            yield Reason(other, what, "", source, READ_ON, decides=True)  # type: ignore[arg-type]


def _access(base_id: str, variant_id: str) -> Iterator[Reason]:
    gated = {name: families.gated(name, families.family_row(name)) for name in (base_id, variant_id)}
    closed = [name for name, state in gated.items() if state]
    if closed:
        owners = "publisher's" if len({name.split("/")[0] for name in closed}) == 1 else "publishers'"
        what = f"{' and '.join(closed)} can only be fetched once the {owners} terms are accepted on the Hub."
        yield Reason("neither", what, "", "the Hub's access form", READ_ON)


def _measured(base_id: str, variant_id: str) -> Iterator[Reason]:
    for row in table("measured_pairs"):
        if row["base_id"] != base_id:
            continue
        same = row["variant_id"] == variant_id
        lower, of = int(row["base_lower"]), int(row["settings"])
        who = row["variant_id"]
        what = (
            f"In one recipe on one data set {base_id} ended at a lower loss than {who} in {lower} of {of} "
            f"settings ({abs(float(row['gap_nats'])):.3f} nats in the mean)."
        )
        side: Side = "neither"
        if row["usable"] == "weakly" and same and lower in {0, of}:
            side = "base" if lower else "instruct"
        weakness = row["weakness"] if same else f"{who} is not {variant_id}. {row['weakness']}"
        yield Reason(side, what, weakness, row["source"], row["date"], measured=True)


def _need(base_id: str, *, chat: bool | None, output: str) -> Iterator[Reason]:
    short = for_model(base_id)
    if chat:
        what = "Holding a conversation is what the instruct variant was trained for; the base was not."
        weakness = "Your own examples can teach it, too; how many it takes, nobody measured."
        yield Reason("instruct", what, weakness, _LINEUP, READ_ON)
        if short.trained_embeddings_needed:
            what = (
                "The base's chat tokens were not trained: adapters alone won't learn to end turns with them."
            )
            weakness = "A format of your own that ends with another token avoids it."
            yield Reason("instruct", what, weakness, short.source or "", READ_ON)
    elif chat is False and output in _FIXED:
        what = "Answers that are short and of one form need no chat format; a base learns them from examples."
        yield Reason("base", what, "A judgement of ours, not a measurement.", "", READ_ON)


def _size(examples: int | None) -> Iterator[Reason]:
    if examples is None:
        return
    weakness = "A rule of thumb: no measurement stands behind the number."
    if examples < FEW:
        what = f"With {examples:,} examples, fewer than about {FEW}, an instruct variant is advised."
        yield Reason("instruct", what, weakness, _TEXTBOOK, READ_ON)
    else:
        what = f"With {examples:,} examples, {FEW} or more, a base can learn task and format together."
        yield Reason("neither", what, weakness, _TEXTBOOK, READ_ON)


def _graft(base_id: str, variant_id: str) -> str:
    return (
        f"Train {base_id}, put the difference onto {variant_id}: merge the adapter into the instruct variant "
        f"in place of the base. Its authors report gains for Qwen 3 and Llama 3 ({_SHADOW}); nobody else's "
        "figures were found. Both must have the same shape and vocabulary: check that first, and compare "
        "with plain tuning on your held-out examples."
    )
