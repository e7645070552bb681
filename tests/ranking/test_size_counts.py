"""The counts a moving slider says are those the filter then shows."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.ranking.filters import SIZE_STOPS, BoardFilter, apply
from core.ranking.size_counts import count_by_size
from tests import boards

_RANGES = st.tuples(st.sampled_from(SIZE_STOPS), st.sampled_from(SIZE_STOPS)).map(sorted).map(tuple)


@settings(max_examples=30)
@given(_RANGES, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([None, "ifeval"]))
def test_the_count_of_a_range_is_what_the_filter_shows(size, unknown, base_only, all_runs, by) -> None:
    chosen = BoardFilter(unknown_size=unknown, base_only=base_only, all_runs=all_runs)
    counts = count_by_size(boards.board(), chosen, ranked_by=by)
    shown = apply(boards.board(), replace(chosen, size=size), ranked_by=by)
    assert counts.between(*size) == len(shown.rows)
