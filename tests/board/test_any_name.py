"""Whatever a name holds, it is read without a crash and never paired with itself."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.board import families, names
from core.board.lineage import origin
from core.board.sizes import size_of
from core.variants.pairs import pair_variants

# fmt: off
WORDS = st.sampled_from([
    "Llama", "3", "3.1", "8B", "70b", "Qwen", "2.5", "Math", "Coder", "7B", "v0.1", "v0.2", "Instruct", "it",
    "chat", "base", "hf", "Mistral", "Nemo", "gemma", "2", "9b", "merge", "8x7B", "1M", "4bit",
    "gguf", "pruned", "-", "_", ".", "phi", "4", "x",
])
# fmt: on
NAMES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=7).map("-".join),
    st.text(min_size=1, max_size=40),
    st.from_regex(r"[\w.-]{1,12}/[\w.-]{1,30}", fullmatch=True),
)
FIGURES = st.one_of(st.none(), st.floats(), st.sampled_from([-1.0, 0.0, 7.0, 8.03, 16.061, 4.015]))


@given(name=NAMES, params=FIGURES, declared=st.one_of(st.none(), NAMES), merged=st.booleans())
@settings(max_examples=300)
def test_every_name_is_read(name: str, params: float | None, declared: str | None, merged: bool) -> None:
    found = origin(name, params, declared)
    size = size_of(name, params, found, merged=merged, moe=False)

    assert 0 <= found.confidence <= 1
    assert size.params_b is None or size.params_b > 0
    assert size.evidence
    assert (size.class_b is None) == (size.params_b is None)
    assert names.size_in_name(name) is None or names.size_in_name(name) >= 0
    place = families.place(name)
    assert place is None or place.size is None or place.size in place.family.sizes


@given(models=st.lists(NAMES, min_size=1, max_size=8, unique=True), data=st.data())
@settings(max_examples=150)
def test_every_board_is_paired(models: list[str], data: st.DataObject) -> None:
    kinds = data.draw(
        st.lists(
            st.sampled_from(["base", "instruct", "finetune", "merge"]),
            min_size=len(models),
            max_size=len(models),
        )
    )

    pairs = pair_variants(pd.DataFrame({"model_id": models, "kind": kinds}))

    kind = dict(zip(models, kinds, strict=True))
    assert all(kind[base] == "base" for base in pairs["base_id"])
    assert all(kind[variant] in ("instruct", "finetune") for variant in pairs["variant_id"])
