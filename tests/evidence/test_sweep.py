"""The sweep of tunings: only what is comparable is compared."""

import pandas as pd
import pytest

from core.errors import InvalidTableError
from core.evidence import build_sweep, findings, outcomes, sweep
from tests.places import SHARED

PUBLISHED = SHARED / "data" / "tuning"


def runs(*rows):
    columns = ["model", "is_base", "lr", "lora_rank", "test_nll", "metric_version"]
    return pd.DataFrame(rows, columns=columns)


def test_losses_are_grouped_by_average_and_tokenizer():
    table = outcomes.from_table(sweep.as_outcomes(), study=sweep.STUDY)

    together = table.groupby("group")["base_model"].agg(set)
    for models in together:
        averages = {
            sweep.load_sweep().set_index("model_id")["averaging"].loc[[name]].iloc[0] for name in models
        }
        assert len(averages) == 1
    of = {name: group for group, models in together.items() for name in models}
    assert of["meta-llama/Llama-3.2-1B"] == of["meta-llama/Llama-3.1-70B"]
    assert of["meta-llama/Llama-3.1-8B"] != of["Qwen/Qwen3-8B"]
    assert of["Qwen/Qwen3.5-9B"] != of["Qwen/Qwen3.5-27B"]


def test_siblings_share_release_average_and_settings():
    pairs = sweep.siblings().set_index(["base_id", "instruct_id"])

    # Other averages (DeepSeek-V3.1, Qwen3.5-35B-A3B) and other releases (Llama 3.1 and 3.3 70B) make no pair.
    assert len(pairs) == 5
    llama = pairs.loc[("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct")]
    assert (llama["shared"], llama["base_lower"]) == (16, 0)
    assert "in 4 of 5 pairs" in findings.siblings(sweep.siblings()).lower()


def test_the_builder_names_what_it_cannot_place():
    good = ("Qwen/Qwen3-8B", 0, 1e-4, 16, 0.5, "token mean (before)")

    assert build_sweep.convert(runs(good))["tokenizer"].tolist() == ["Qwen3"]
    with pytest.raises(InvalidTableError, match="nobody/knows"):
        build_sweep.convert(runs(good, ("nobody/knows", 0, 1e-4, 16, 0.5, "token mean")))
    with pytest.raises(InvalidTableError, match="Row 3"):
        build_sweep.convert(runs(good, (*good[:5], "median")))
    with pytest.raises(InvalidTableError, match="lora_rank"):
        build_sweep.convert(runs(good).drop(columns="lora_rank"))


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published sweep beside the project is absent")
def test_embedded_runs_are_those_published_and_the_pairs_agree_with_the_labelled_ones():
    table = build_sweep.convert(pd.read_csv(PUBLISHED / "tinker_sft_sweep.csv"))
    pd.testing.assert_frame_equal(table, sweep.load_sweep())

    labelled = pd.read_csv(PUBLISHED / "tinker_pairs.csv")
    labelled = labelled[labelled["comparable"].ne("no") & labelled["note"].isna()]
    mine = sweep.siblings().set_index(["base_id", "instruct_id"])
    for row in labelled.itertuples():
        found = mine.loc[(row.base, row.sibling)]
        assert (found["shared"], found["base_lower"]) == (row.shared_cells, row.cells_where_base_better)
        assert found["difference"] == pytest.approx(row.mean_sibling_minus_base_over_shared_cells, abs=5e-4)
    assert len(labelled) == len(mine)
