"""What a licence asks of whoever passes on a tuned model. A reading aid, not legal advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core import licences
from core.readiness.result import NOT_CHECKED, READ_ON, Finding, Severity
from core.readiness.tables import table

_ALSO: Final = {
    "tencent-hunyuan-community": "hunyuan",
    "deepseek-model-agreement": "deepseek",
    "nvidia-open-model-license": "nvidia-open-model",
    "lfm-open-license-v1.0": "lfm1.0",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Obligations of a derivative. Empty text: no such clause in what was read.

    ``source`` says where that was passages or a summary: the licence itself may then ask for more.

    Attributes:
        name_rule: what the model's name must begin with.
        notice: what must accompany it.
        users: monthly users above which the publisher must be asked; None without a limit.
        regions: where it gives no rights.
        commerce: limits on commercial use.
        eu: whether a derivative may be sold in the EU: "yes", "no", "text only", "by revenue" of the
            seller, or "by use": some ways of offering it need an agreement.
        passing_on: what must bind whoever gets the model.
    """

    licence: str
    name: str
    name_rule: str
    notice: str
    users: int | None
    regions: str
    commerce: str
    eu: str
    passing_on: str
    source: str
    date: str


def terms(licence: str) -> Terms | None:
    """The obligations of a licence identifier; None where its text was not read."""
    key = _ALSO.get(licence.lower(), licence.lower())
    row = next((row for row in table("licence_terms") if row["licence"] == key), None)
    if row is None:
        return None
    users = int(row["users"]) if row["users"] else None
    return Terms(**(row | {"users": users}))  # type: ignore[arg-type]


def findings(licence: str) -> list[Finding]:
    """Every obligation as a finding; that nothing was read is one, too."""
    known = licences.by_key(licence)
    read = terms(licence) if licence else None
    if read is None:
        known_terms = known.key not in {"unknown", "other"}
        what = f"The licence is {known.name}. {known.note}" if licence else "No licence identifier was found."
        what = what if known_terms else f"{what} {NOT_CHECKED}"
        severity: Severity = "note" if known_terms else "not checked"
        remedy = "Read the licence in the model's repository before passing anything on."
        return [Finding("licence.terms", severity, what, remedy, "licence", date=READ_ON)]
    users = (
        f"Above {read.users / 1e6:,.0f} million monthly users the publisher must be asked."
        if read.users
        else ""
    )
    said: list[tuple[str, Severity, str, str]] = [
        ("licence.name", "warning",
         read.name_rule and f"A tuned model's name must begin with “{read.name_rule}”.",
         "Name it so before passing it on."),
        ("licence.notice", "note", read.notice and f"To go with a tuned model: {read.notice}.",
         "Put it beside the weights."),
        ("licence.users", "note", users, "Ask the publisher before you get there."),
        ("licence.regions", "warning", read.regions and f"{read.regions}.",
         "Choose another base if you, or those you give it to, are there."),
        ("licence.commerce", "warning", read.commerce and f"{read.commerce}.",
         "Check it against your own case before choosing."),
        ("licence.passing_on", "note", read.passing_on and f"{read.passing_on}.",
         "Hand the terms on with the model."),
    ]  # fmt: skip
    why = f"{read.name} says so."
    return [
        Finding(key, severity, what, remedy, read.source, why, read.date)
        for key, severity, what, remedy in said
        if what
    ]
