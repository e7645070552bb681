"""The Hub's documented licence identifiers: each is known by its kind."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core import licences
from core.hub.models import from_info

# https://huggingface.co/docs/hub/repositories-licenses, without "unknown" and "other".
LISTED = [
    "apache-2.0", "mit", "openrail", "bigscience-openrail-m", "creativeml-openrail-m",
    "bigscience-bloom-rail-1.0", "bigcode-openrail-m", "afl-3.0", "artistic-2.0", "bsl-1.0", "bsd",
    "bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "c-uda", "cc", "cc0-1.0", "cc-by-2.0",
    "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0",
    "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0",
    "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cdla-sharing-1.0", "cdla-permissive-1.0",
    "cdla-permissive-2.0", "wtfpl", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0", "eupl-1.1", "eupl-1.2",
    "agpl-3.0", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "lgpl", "lgpl-2.1", "lgpl-3.0", "isc", "h-research",
    "intel-research", "lppl-1.3c", "ms-pl", "apple-ascl", "apple-amlr", "mpl-2.0", "odc-by", "odbl",
    "openmdw-1.0", "openmdw-1.1", "openrail++", "osl-3.0", "postgresql", "ofl-1.1", "ncsa", "unlicense",
    "zlib", "pddl", "lgpl-lr", "deepfloyd-if-license", "fair-noncommercial-research-license", "llama2",
    "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4", "grok2-community", "gemma",
]  # fmt: skip
# The terms of these differ by case, or forbid selling what is tuned though not commerce as such.
UNCLEAR = {"apple-ascl", "c-uda", "cc", "cc-by-nd-4.0", "grok2-community"}


def test_every_identifier_of_the_hub_is_known_and_can_be_chosen() -> None:
    assert set(LISTED) <= set(licences.LICENCES)
    assert {key for key in LISTED if licences.by_key(key).commercial is None} == UNCLEAR


def test_what_forbids_commerce_is_known_to() -> None:
    forbidden = {key for key in LISTED if licences.by_key(key).commercial is False}

    assert forbidden == {key for key in LISTED if "-nc" in key or "research" in key} | {
        "apple-amlr",
        "deepfloyd-if-license",
    }


@pytest.mark.parametrize(
    ("key", "permissive", "freedom"),
    [
        ("bsd-3-clause", True, 1.0), ("CC0-1.0", True, 1.0), ("cc-by-3.0", True, 1.0), ("bsl-1.0", True, 1.0),
        ("mpl-2.0", False, 0.5), ("agpl-3.0", False, 0.5), ("cc-by-sa-3.0", False, 0.5),
        ("openrail++", False, 0.7), ("cc-by-nc-sa-3.0", False, 0.0), ("apple-amlr", False, 0.0),
    ],
)  # fmt: skip
def test_how_free_each_kind_is(key: str, permissive: bool, freedom: float) -> None:
    licence = licences.by_key(key)

    assert (licence.permissive, licences.freedom(licence)) == (permissive, freedom)


def test_creative_commons_of_any_version_by_its_parts() -> None:
    found = licences.by_key("CC-BY-NC-ND-2.5")

    assert (found.commercial, found.share_alike, found.use_terms) == (False, False, True)
    assert "can't be shared" in found.note
    assert found.link == "https://creativecommons.org/licenses/by-nc-nd/2.5/"
    assert licences.by_key("cc-by-nc-nd-sa-4.0").key == "other", "no such licence"


def read(**card: object) -> str | None:
    info = SimpleNamespace(
        id="a/b", sha=None, safetensors=None, siblings=(), base_models=None, gated=None, likes=None,
        created_at=None, last_modified=None, card_data=SimpleNamespace(**card),
    )  # fmt: skip
    return from_info(info, "a/b").license


def test_a_licence_the_hub_does_not_list_goes_by_the_name_its_card_gives() -> None:
    exaone = read(license="other", license_name="exaone")

    assert licences.by_key(exaone).commercial is False
    assert read(license=["other"], license_name="nvidia-open-model-license") == "nvidia-open-model-license"
    assert read(license="other") == "other"
    assert read(license="other", license_name="bad\nname") == "other"
    assert read(license="mit", license_name="exaone") == "mit"
