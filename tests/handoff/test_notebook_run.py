"""The hand-off notebook run from start to end: tiny Llamas with random weights, on the CPU, in 4 bits.

Needs an environment with torch, which the app does not have: ``make test-notebook`` makes one and sets
BASEWISE_NOTEBOOK_PYTHON to its Python.
"""

import json
import os
import random
import subprocess
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from core.decision.tasks import PRESETS, Task
from core.handoff.notebook import build_notebook

PYTHON = os.environ.get("BASEWISE_NOTEBOOK_PYTHON", "")
HERE = Path(__file__).parent.parent / "notebook"
ROOT = Path(__file__).parent.parent.parent
MODELS = ["tiny/first", "tiny/second", "tiny/third"]
SECRET = "hf_notToBeSeenAnywhere"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON or not Path(PYTHON).exists(),
        reason="BASEWISE_NOTEBOOK_PYTHON names no Python with torch; run `make test-notebook`",
    ),
]
# What the notebook's own functions do, asked from inside it.
PROBE = """
batch = collate(tokenizer, max_length)([next(test.itertuples())])
kept = batch["labels"][0][batch["labels"][0] != IGNORED]
print(json.dumps({
    "learnt": tokenizer.decode(kept),
    "expected": as_completion(next(test.itertuples())) + tokenizer.eos_token,
    "adapter": sum(p.numel() for n, p in net.named_parameters() if "lora" in n),
    "linear": type(net.base_model.model.model.layers[0].mlp.up_proj).__name__,
}))
"""


def run(*command, **environment):
    result = subprocess.run(
        [PYTHON, *map(str, command)],
        capture_output=True,
        text=True,
        timeout=900,
        env=os.environ
        | {
            "HF_HUB_OFFLINE": "1",
            # Models this small only lose time to threads that wait for each other.
            "OMP_NUM_THREADS": "1",
            "PATH": f"{Path(PYTHON).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        | environment,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return result.stdout


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return json.loads(run(HERE / "make_models.py", tmp_path_factory.mktemp("models"), *MODELS))


def prices():
    rng = random.Random(1)
    return [(f'Lamp {i}, "large"; it\'s blue', str(rng.randint(1, 999))) for i in range(120)]


def executed(folder, places, task, rows):
    board = pd.DataFrame(
        {"model_id": MODELS, "params_b": 0.05, "revision": "0" * 40, "license": "apache-2.0"}, index=range(3)
    )
    notebook = nbformat.reads(build_notebook(task, MODELS, board, gpu_gb=15.8), as_version=4)
    notebook["cells"].append(nbformat.v4.new_code_cell(PROBE))
    nbformat.write(notebook, folder / "in.ipynb")
    pd.DataFrame(rows, columns=["prompt", "target"]).to_csv(folder / "data.csv", index=False)
    run(
        HERE / "run_notebook.py",
        folder / "in.ipynb",
        folder / "out.ipynb",
        BASEWISE_SMALL="1",
        BASEWISE_SKIP_INSTALL="1",
        BASEWISE_LOCAL_MODELS=json.dumps(places),
        HF_TOKEN=SECRET,
    )
    out = (folder / "out.ipynb").read_text()
    printed = nbformat.reads(out, as_version=4)["cells"][-1]["outputs"][0]["text"]
    record = json.loads((folder / "basewise-results.json").read_text())
    return out, json.loads(printed.strip().splitlines()[-1]), record


def test_the_price_task_runs_to_the_final_figure(tmp_path, places):
    task = Task(batch_size=2, lora_rank=4)
    out, probe, record = executed(tmp_path, places, task, prices())
    # The loss sees the completion and its end, nothing of the prompt.
    assert probe["learnt"] == probe["expected"]
    # r x (in + out) of q, k, v, o over two layers: hidden 64, two of four heads for k and v.
    assert probe["adapter"] == 2 * 4 * ((64 + 64) * 2 + (64 + 32) * 2)
    assert probe["linear"] == "Linear4bit"
    stages = [row["stage"] for row in record["results"]]
    assert stages.count("tuned on 24") == 3
    assert stages[-1] == "tuned on everything"
    assert {"baseline", "untuned, 4 bits"} <= set(stages)
    assert all(row["low"] <= row["error"] <= row["high"] for row in record["results"])
    assert record["chosen"] in MODELS
    assert len(record["verdicts"]) == 2
    assert (tmp_path / "basewise-adapter" / "adapter_model.safetensors").exists()
    # Every number from 0 to 999 is one token of the tokenizer trained here.
    assert "1000" in out
    assert SECRET not in out


@pytest.mark.parametrize("key", ["extraction", "instructions"])
def test_other_outputs_run_too(tmp_path, places, key):
    answers = {
        "extraction": ['{"name": "Ada"}', '{"name": "Bob"}'],
        "instructions": ["Here are three ways to begin.", "It's simple:\nbegin."],
    }[key]
    task = replace(PRESETS[key].task, batch_size=2, lora_rank=4, adapter_targets="all-linear")
    rows = [(f"Text number {i}", answers[i % 2]) for i in range(60)]
    _, probe, record = executed(tmp_path, places, task, rows)
    assert probe["learnt"] == probe["expected"]
    assert record["results"][-1]["stage"] == "tuned on everything"
    assert ("bits per character" in record["metric"]) == (key == "instructions")


def test_weights_and_adapter_take_what_the_formula_says(places):
    found = json.loads(run(HERE / "footprint.py", places["tiny/first"]).splitlines()[-1])
    # The rest are the rotary frequencies: 32-bit, one per two dimensions of a head, stored twice.
    assert 0 <= found["loaded"] - found["loaded_estimated"] <= 4 * 2 * 16
    assert found["adapter"] == found["adapter_estimated"]


def test_parameters_are_counted_as_transformers_builds_them():
    counts = json.loads(run(HERE / "count_parameters.py").splitlines()[-1])
    wrong = {kind: pair for kind, pair in counts.items() if pair[0] != pair[1]}
    assert wrong == {}
