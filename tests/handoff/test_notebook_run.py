"""The hand-off notebook run from start to end on the CPU, in 4 bits: tiny models with random weights.

Needs an environment with torch, which the app does not have: ``make test-notebook`` makes one and sets
BASEWISE_NOTEBOOK_PYTHON to its Python.
"""

import json
import os
import random
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from core.decision.tasks import PRESETS, Task
from core.handoff.notebook import build_notebook
from core.pilot.file import read_pilot, task_key
from core.readiness import assess

PYTHON = os.environ.get("BASEWISE_NOTEBOOK_PYTHON", "")
HERE = Path(__file__).parent.parent / "notebook"
ROOT = Path(__file__).parent.parent.parent
MODELS = ["tiny/first", "tiny/second", "tiny/third"]
KINDS = (
    "llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "olmo3", "smollm3", "granite", "mamba", "delta",
    "parallel", "untrained", "vision",
)  # fmt: skip
FILES = ("config.json", "generation_config.json", "tokenizer_config.json", "tokenizer.json")
SECRET = "hf_notToBeSeenAnywhere"
TASK = Task(batch_size=16, lora_rank=8, adapter_targets="all-linear", template="{target}", output="label")

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


def surroundings(**more):
    return os.environ | {
        "HF_HUB_OFFLINE": "1",
        # Models this small only lose time to threads that wait for each other.
        "OMP_NUM_THREADS": "1",
        "PATH": f"{Path(PYTHON).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "BASEWISE_SMALL": "1",
        "BASEWISE_SKIP_INSTALL": "1",
        "HF_TOKEN": SECRET,
    } | more  # fmt: skip


def run(*command, **environment):
    result = subprocess.run(
        [PYTHON, *map(str, command)],
        capture_output=True,
        text=True,
        timeout=1_800,
        env=surroundings(**environment),
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return result.stdout


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    out = run(HERE / "make_kinds.py", tmp_path_factory.mktemp("models"), *MODELS)
    return json.loads(out.splitlines()[-1])


def small_files(place):
    """What the card is made from; for one kind the weights, too, in which a row is empty."""
    names = (*FILES, "model.safetensors") if Path(place).name == "untrained" else FILES
    return {name: (Path(place) / name).read_bytes() for name in names if (Path(place) / name).exists()}


def prices():
    rng = random.Random(1)
    return [(f'Lamp {i}, "large"; it\'s blue', str(rng.randint(1, 999))) for i in range(120)]


def written(folder, places, task, rows, names, subsets=(8,)):
    """The notebook and its data in a folder of their own; the notebook's path."""
    folder.mkdir(parents=True, exist_ok=True)
    board = pd.DataFrame({"model_id": names, "params_b": 0.05, "revision": "0" * 40, "license": "mit"})
    files = {name: small_files(places[name]) for name in names}
    text = build_notebook(task, names, board, gpu_gb=15.8, files=files, subsets=subsets)
    (folder / "in.ipynb").write_text(text)
    pd.DataFrame(rows, columns=["prompt", "target"]).to_csv(folder / "data.csv", index=False)
    return folder / "in.ipynb"


@pytest.fixture(scope="module")
def killed_and_finished(tmp_path_factory, places):
    """The price task, killed after its second trial, then run to its end; the trials that were there."""
    folder = tmp_path_factory.mktemp("price")
    path = written(folder, places, Task(batch_size=8, lora_rank=4), prices(), MODELS, (8, 16, 24))
    local = {"BASEWISE_LOCAL_MODELS": json.dumps(places)}
    first = subprocess.Popen(
        [PYTHON, str(HERE / "run_cells.py"), str(path)],
        env=surroundings(**local),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    trials = folder / "basewise-runs"
    while len(list(trials.glob("*.json"))) < 2 and first.poll() is None:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    # As a session leaves it that ends while a trial is being written.
    (trials / "half.part").write_text('{"scores": [0.1')
    done = {place.name: place.stat().st_mtime_ns for place in trials.glob("*.json")}

    notebook = nbformat.read(path, as_version=4)
    # Before the merge gives the tuned model back.
    at = next(i for i, cell in enumerate(notebook["cells"]) if cell["source"].startswith("if MERGE:"))
    notebook["cells"].insert(at, nbformat.v4.new_code_cell(PROBE))
    nbformat.write(notebook, path)
    run(HERE / "run_notebook.py", path, folder / "out.ipynb", **local)
    out = (folder / "out.ipynb").read_text()
    cells = nbformat.reads(out, as_version=4)["cells"]
    printed = cells[at]["outputs"][0]["text"].strip().splitlines()[-1]
    return folder, out, json.loads(printed), done


def test_the_price_task_runs_to_the_final_figure(killed_and_finished):
    folder, out, probe, _ = killed_and_finished
    record = json.loads((folder / "basewise-results.json").read_text())
    # The loss sees the completion and its end, nothing of the prompt.
    assert probe["learnt"] == probe["expected"]
    # r x (in + out) of q, k, v, o over two layers: hidden 64, two of four heads for k and v.
    assert probe["adapter"] == 2 * 4 * ((64 + 64) * 2 + (64 + 32) * 2)
    assert probe["linear"] == "Linear4bit"
    stages = [row["stage"] for row in record["results"]]
    assert stages.count("tuned on 8") == stages.count("tuned on 16") == 3
    assert stages[-1] == "tuned on everything"
    assert {"baseline", "untuned, 4 bits"} <= set(stages)
    assert all(row["low"] <= row["error"] <= row["high"] for row in record["results"])
    assert record["chosen"] in MODELS
    assert len(record["verdicts"]) >= 2
    assert (folder / "basewise-adapter" / "adapter_model.safetensors").exists()
    assert (folder / "basewise-merged" / "model.safetensors").exists()
    # Every number from 0 to 999 is one token of the tokenizer trained here.
    assert "1000" in out
    assert SECRET not in out


def test_a_pilot_that_was_killed_trains_nothing_twice(killed_and_finished):
    folder, out, _, done = killed_and_finished

    assert len(done) >= 2
    now = {place.name: place.stat().st_mtime_ns for place in (folder / "basewise-runs").glob("*.json")}
    assert {name: now[name] for name in done} == done
    cells = nbformat.reads(out, as_version=4)["cells"]
    said = "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))
    assert said.count("done before") == len(done)


def test_the_pilots_file_is_read_back(killed_and_finished):
    folder, _, _, _ = killed_and_finished
    raw = (folder / "basewise-pilot.json").read_bytes()

    pilot = read_pilot(raw)

    assert pilot.task.key == task_key(Task(batch_size=8, lora_rank=4))
    assert {model.model_id for model in pilot.models} == set(MODELS)
    assert pilot.subsets[:2] == [8, 16]
    assert all(len(run.scores) == pilot.examples.held_out == 20 for run in pilot.runs)
    assert all(run.bits_per_byte and min(run.bits_per_byte) > 0 for run in pilot.runs)
    for name in MODELS:
        sizes = [run.subset for run in pilot.best_runs(name)]
        assert sizes == pilot.subsets[: len(sizes)]
        assert len(sizes) >= 2
    # Figures only: none of the reader's prompts.
    assert b"Lamp" not in raw
    assert b"large" not in raw


@pytest.fixture(scope="module")
def answers(tmp_path_factory, places):
    """Notebooks for each kind of model and for other outputs, run in one process: folder name -> answer."""
    folder = tmp_path_factory.mktemp("kinds")
    blue = [(f"Lamp {i}", "blue") for i in range(80)]
    paths = [written(folder / kind, places, TASK, blue, [f"tiny/{kind}"]) for kind in (*KINDS, "experts")]
    paths.append(written(folder / "accepted", places, TASK, blue, ["tiny/experts"]))
    paths[-1].with_name("accept").touch()
    for key, texts in {
        "extraction": ['{"name": "Ada"}', '{"name": "Bob"}'],
        "instructions": ["Here are three ways to begin.", "It's simple:\nbegin."],
    }.items():
        task = replace(PRESETS[key].task, batch_size=16, lora_rank=4, adapter_targets="all-linear")
        rows = [(f"Text number {i}", texts[i % 2]) for i in range(60)]
        paths.append(written(folder / key, places, task, rows, ["tiny/first"]))
    # Two at once, on two cores.
    local = {"BASEWISE_LOCAL_MODELS": json.dumps(places)}
    with ThreadPoolExecutor(2) as two:
        halves = two.map(lambda part: run(HERE / "run_cells.py", *part, **local), (paths[::2], paths[1::2]))
        lines = [line for half in halves for line in half.splitlines() if line.startswith("[")]
    return folder, dict(json.loads(line) for line in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_trains_as_its_card_says(answers, places, kind):
    _, found = answers
    assert "error" not in found[kind], found[kind]
    said, card = found[kind]["answer"], assess(small_files(places[f"tiny/{kind}"]))

    # It stops, at the token the card chose, on every held-out prompt.
    assert said["end"] == card.end_token
    assert said["stops"] == 1
    assert said["config_eos"]
    # As a chat it is asked the way it was trained.
    assert said["template"]
    assert said["pad"] != said["end"]
    # BOS as the card says, where it knows.
    assert card.adds_bos is None or said["begins"] == card.adds_bos
    # Adapters reach every block, through the layers the card lists, and nothing of a vision part.
    assert said["blocks"][0] == said["blocks"][1] == sum(card.layer_kinds.values())
    assert set(said["layers"]) == set(card.lora_targets)
    assert not set(said["layers"]) & set(card.avoid)
    assert said["towers"] == []
    # 4 bits everywhere but where the card says why not.
    assert said["left"] == []
    mamba = any("mamba" in kind for kind in card.layer_kinds)
    assert said["share"] > (0.8 if mamba else 0.97)
    assert not any(finding.key == "experts.4bit" for finding in card.findings)


@pytest.mark.parametrize("kind", KINDS)
def test_merged_it_answers_the_same(answers, places, kind):
    folder, found = answers

    worst = float(found[kind]["printed"].rsplit("logits differ by ", 1)[1].split()[0])

    assert 0 <= worst < 1e-3
    before, after = (
        json.loads((place / "config.json").read_text())
        for place in (Path(places[f"tiny/{kind}"]), folder / kind / "basewise-merged")
    )
    assert after.get("tie_word_embeddings") == before.get("tie_word_embeddings")


def test_an_end_token_that_was_never_trained_is_trained(answers, places):
    _, found = answers
    said, card = found["untrained"]["answer"], assess(small_files(places["tiny/untrained"]))

    assert card.end_trained is False
    assert said["tokens"] == [card.end_token_id]
    assert "a trained token" in said["serving"][0]
    assert all(other["answer"]["tokens"] == [] for kind, other in found.items()
               if kind in KINDS and kind != "untrained")  # fmt: skip


def test_what_a_mixture_cannot_do_the_card_says_and_the_notebook_stops(answers, places):
    _, found = answers
    card = assess(small_files(places["tiny/experts"]))

    assert found["experts"]["error"] == "NotAsPromised"
    assert "stayed in 16 bits" in found["experts"]["printed"]
    assert any(finding.key == "experts.4bit" for finding in card.findings)
    assert all(name in found["experts"]["printed"] for name in card.expert_parameters)


def test_accepted_in_16_bits_the_experts_are_adapted(answers, places):
    _, found = answers
    said, card = found["accepted"]["answer"], assess(small_files(places["tiny/experts"]))

    assert {name.rsplit(".", 1)[-1] for name in said["experts"]} == set(card.expert_parameters)
    assert set(said["layers"]) == set(card.lora_targets)
    assert said["stops"] == 1
    assert said["share"] < 0.9
    assert "serve the merged model" in said["serving"][0]


@pytest.mark.parametrize("key", ["extraction", "instructions"])
def test_other_outputs_run_too(answers, key):
    folder, found = answers
    assert "error" not in found[key], found[key]
    record = json.loads((folder / key / "basewise-results.json").read_text())

    assert record["results"][-1]["stage"] == "tuned on everything"
    assert ("bits per character" in record["metric"]) == (key == "instructions")
    pilot = read_pilot((folder / key / "basewise-pilot.json").read_bytes())
    assert np.isfinite([run.mean_score for run in pilot.runs]).all()


def test_weights_and_adapter_take_what_the_formula_says(places):
    found = json.loads(run(HERE / "footprint.py", places["tiny/first"]).splitlines()[-1])
    # The rest are the rotary frequencies: 32-bit, one per two dimensions of a head, stored twice.
    assert 0 <= found["loaded"] - found["loaded_estimated"] <= 4 * 2 * 16
    assert found["adapter"] == found["adapter_estimated"]


def test_parameters_are_counted_as_transformers_builds_them():
    counts = json.loads(run(HERE / "count_parameters.py").splitlines()[-1])
    wrong = {kind: pair for kind, pair in counts.items() if pair[0] != pair[1]}
    assert wrong == {}
