"""Shapes from the catalogue: against the embedded ones, and what is said where the columns don't tell."""

import pytest

from core.catalogue import load_catalogue
from core.memory import architectures, catalogue_shapes
from core.memory.resolve import resolve


def test_plain_shapes_agree_with_the_embedded_ones_they_never_saw():
    compared = 0
    for name in load_catalogue()["model_id"]:
        listed, found = architectures.get(name), catalogue_shapes.get(name)
        if listed is None or found is None or found.evidence != "catalogue":
            continue
        compared += 1
        assert found.parameters == pytest.approx(listed.parameters, rel=1e-3), name
    assert compared >= 10


def test_every_shape_is_as_large_as_published_within_a_twelfth():
    sizes = load_catalogue().set_index("model_id")["params_b"].dropna()
    for name, size in sizes.items():
        found = catalogue_shapes.get(name)
        assert found is not None
        assert found.parameters / 1e9 == pytest.approx(size, rel=1 / 12), name


def test_layers_that_are_no_attention_are_named_in_a_caveat():
    hybrid = catalogue_shapes.get("Qwen/Qwen3.5-9B-Base")
    plain = catalogue_shapes.get("allenai/Olmo-3-1025-7B")

    assert "gated delta net" in hybrid.caveat
    assert hybrid.evidence == "size"
    assert (plain.caveat, plain.evidence) == ("", "catalogue")


def test_a_mixture_computes_with_its_active_experts_alone():
    found = catalogue_shapes.get("Qwen/Qwen3.5-35B-A3B-Base")

    assert found.active_parameters / 1e9 == pytest.approx(3, rel=0.1)
    assert "4-bit" in found.caveat


def test_resolve_goes_to_the_catalogue_before_the_size_alone():
    assert resolve("allenai/Olmo-3-1025-7B", 7.3).layers == 32
    assert resolve("nobody/knows-7B", 7.0).evidence == "size"
    assert catalogue_shapes.get("nobody/knows-7B") is None
