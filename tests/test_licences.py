"""Licences in words: every identifier that the data use says what it allows."""

from __future__ import annotations

import pytest

from core import licences
from core.catalogue import load_catalogue, load_no_base


def test_every_licence_of_the_catalogue_is_known() -> None:
    used = {*load_catalogue()["licence"].dropna(), *load_no_base()["licence"].dropna()}

    assert {key for key in used if licences.by_key(key).key != key.lower()} == set()


def test_every_licence_has_a_name_of_its_own() -> None:
    names = [licence.name for licence in licences.LICENCES.values()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("key", "commercial"),
    [
        ("openmdw-1.1", True),
        ("k-exaone", True),
        ("exaone", False),
        ("nvidia-internal-scientific-research-and-development-model-license", False),
        ("lfm1.0", None),  # it depends on the company's revenue
    ],
)
def test_commerce_is_allowed_forbidden_or_depends(key: str, commercial: bool | None) -> None:
    assert licences.by_key(key).commercial is commercial
