"""What the image installs: the versions of requirements.txt, each package with the hashes of its files."""

from __future__ import annotations

import re

from tests.places import ROOT

LOCK = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([\w.-]+)==(\S+) \\$", LOCK, re.MULTILINE))


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def test_it_holds_what_requirements_txt_pins() -> None:
    wanted = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert wanted
    assert {_name(name): version for name, version in wanted}.items() <= LOCKED.items()


def test_each_package_has_hashes_and_nothing_else_can_be_installed() -> None:
    parts = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(parts) == len(LOCKED) > 50
    assert all("--hash=sha256:" in part for part in parts)
    assert "://" not in LOCK
    assert "--require-hashes -r requirements.lock" in (ROOT / "deploy" / "Dockerfile").read_text()
