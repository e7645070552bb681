"""What a readiness check answers: a verdict, the settings that follow, and the findings behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Self

Stops = Literal["as it is", "needs an end token", "needs trained chat tokens", "unknown"]
Severity = Literal["stop", "warning", "note", "not checked"]
Basis = Literal["files", "family"]

# The day the rules and the tables beside them were last read against their sources.
READ_ON: Final = "2026-11-29"
NOT_CHECKED: Final = "Not checked, which is not the same as safe."


class _Row(NamedTuple):
    key: str
    severity: Severity
    what: str
    remedy: str
    source: str


class Finding(_Row):
    """One thing worth knowing before training: a tuple of five, with two more attributes.

    Attributes:
        key: stable name, such as ``"eos.disagree"``.
        severity: "stop" (training or serving fails), "warning", "note" or "not checked" (nothing was read).
        what: what was found, in a sentence.
        remedy: what to do about it; "" where nothing needs doing.
        source: the file it was read from, or the reference behind the statement.
        why: what happens otherwise; not part of the tuple.
        date: when the source was read or the statement made, ISO 8601; "" for the model's own files; not part
            of the tuple.

    >>> key, severity, what, remedy, source = Finding("tied", "note", "One weight.", "", "config.json")
    """

    why: str
    date: str

    def __new__(
        cls, key: str, severity: Severity, what: str, remedy: str, source: str, why: str = "", date: str = ""
    ) -> Self:
        made = super().__new__(cls, key, severity, what, remedy, source)
        made.why, made.date = why, date
        return made


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a base is ready to be tuned, and with which settings.

    Attributes:
        stops: whether a tuned model will end its answers.
        why: the reason for ``stops``, in a sentence.
        end_token: the token every training example should end with; None where unknown.
        end_token_id: its id, None where unknown.
        end_trained: False where that token itself is measured or reported untrained; None where unknown.
        pad_token: a pad that differs from the end token; None where none was found.
        chat_template: whether a template was found.
        adds_bos: whether the tokenizer puts a beginning-of-text token first.
        lora_targets: module names to adapt.
        avoid: module names that must not be adapted, or that don't exist in this class.
        target_pattern: regular expression for ``target_modules`` where bare names would also match a
            vision or
            audio tower; "" where names are enough.
        expert_parameters: names for ``target_parameters``, where experts are fused.
        reach: share (0-1) of the blocks that attention-only targets would reach; None where unknown.
        tied_embeddings: whether input and output embeddings are one weight.
        layer_kinds: number of blocks of each kind.
        remote_code: whether the files ask for the publisher's own code.
        min_transformers: least version known to load the class, "" where unknown.
        fp16_t4: "fails", "partly" or "not tested".
        unsloth_4bit: repositories known to hold the same weights in 4-bit.
        gated: whether the publisher asks for consent; None where unknown.
        licence: identifier, "" where unknown.
        findings: everything found, the gravest first.
        basis: "files" where the model's own files were read, "family" where only the published facts were.
        date: when the rules and tables were last read, ISO 8601.
    """

    stops: Stops = "unknown"
    why: str = "Nothing was read that tells."
    end_token: str | None = None
    end_token_id: int | None = None
    end_trained: bool | None = None
    pad_token: str | None = None
    chat_template: bool = False
    adds_bos: bool | None = None
    lora_targets: list[str] = field(default_factory=list)
    avoid: list[str] = field(default_factory=list)
    target_pattern: str = ""
    expert_parameters: list[str] = field(default_factory=list)
    reach: float | None = None
    tied_embeddings: bool | None = None
    layer_kinds: dict[str, int] = field(default_factory=dict)
    remote_code: bool | None = None
    min_transformers: str = ""
    fp16_t4: str = "not tested"
    unsloth_4bit: list[str] = field(default_factory=list)
    gated: bool | None = None
    licence: str = ""
    findings: list[Finding] = field(default_factory=list)
    basis: Basis = "files"
    date: str = READ_ON


_ORDER: Final[dict[Severity, int]] = {"stop": 0, "warning": 1, "note": 2, "not checked": 3}


def ordered(findings: list[Finding]) -> list[Finding]:
    """The gravest first; what was not checked last."""
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])
