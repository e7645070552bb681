"""What the moving slider says is how many candidates the decision then ranks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.decision.candidates import candidate_frame
from core.decision.rank import rank_bases
from core.decision.size_counts import candidates_by_size
from core.decision.tasks import Task
from core.leaderboard import load_leaderboard

QUICK = replace(Task(), draws=20)


@pytest.mark.parametrize(
    "task", [QUICK, replace(QUICK, size_min=2, size_max=4, gpu="a100-80")], ids=["t4", "a100"]
)
def test_each_range_leaves_as_many_as_it_says(task: Task) -> None:
    frame = candidate_frame(load_leaderboard("snapshot"), task)
    counts = candidates_by_size(rank_bases(frame, task), frame.set_index("model_id")["size_b"])
    found = []
    for low, high in ((0, 9), (0, 150), (2, 4), (7, 8), (9, 9), (30, 150)):
        found.append(len(rank_bases(frame, replace(task, size_min=low, size_max=high)).ranking))
        assert counts.between(low, high) == found[-1], (low, high)
    assert len(set(found)) > 3


def test_with_no_candidate_left_it_still_says_what_other_ranges_hold() -> None:
    none = replace(QUICK, size_min=150, size_max=150)
    frame = candidate_frame(load_leaderboard("snapshot"), none)
    decision = rank_bases(frame, none)
    assert decision.ranking.empty
    counts = candidates_by_size(decision, frame.set_index("model_id")["size_b"])
    assert counts.between(0, 9) == len(rank_bases(frame, replace(none, size_min=0, size_max=9)).ranking) > 0
