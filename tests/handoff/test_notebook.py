"""The hand-off notebook as a file: valid, complete, and safe against whatever the reader entered."""

import ast
import json
import re
from dataclasses import replace

import nbformat
import numpy as np
import pandas as pd
import pytest

from core.decision.tasks import PRESETS, Task
from core.errors import InvalidInputError
from core.handoff.notebook import PINS, build_notebook
from core.memory import architectures, parts

NASTY = (
    "'); import os; os.system('x') #\"\"\" '''\n\\ {{pins}} {{card}} CONFIG_JSON = \"{}\" "
    "\u2028 \U0001f600 </script>"
)


def board(**columns):
    frame = pd.DataFrame(
        {
            "model_id": [
                "meta-llama/Llama-3.1-8B",
                "Qwen/Qwen2.5-7B",
                "google/gemma-2-9b",
                "01-ai/Yi-1.5-9B",
            ],
            "params_b": [8.03, 7.616, 9.242, 8.829],
            "revision": ["d04e592bb4f6aa9cfee91e2e20afa771667e1d4b", "5" * 40, pd.NA, "not a revision"],
            "license": ["llama3.1", "apache-2.0", pd.NA, "apache-2.0"],
        }
    )
    return frame.assign(**columns)


def config_of(text):
    """The settings as the notebook's own code reads them."""
    cells = nbformat.reads(text, as_version=4)["cells"]
    source = next(cell["source"] for cell in cells if "CONFIG_JSON = " in cell["source"])
    tree = ast.parse(source)
    assigned = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CONFIG_JSON"
    ]
    return json.loads(ast.literal_eval(assigned[0].value))


def functions(text, *names):
    """Functions of the notebook, run here with numpy and pandas alone."""
    space = {"np": np, "pd": pd, "json": json, "re": re, "math": __import__("math"), "CONFIG": {"seed": 1}}
    cells = nbformat.reads(text, as_version=4)["cells"]
    for cell in cells:
        if cell["cell_type"] != "code" or "def " not in cell["source"]:
            continue
        for node in ast.parse(cell["source"]).body:
            if isinstance(node, ast.FunctionDef) and node.name in names:
                exec(compile(ast.Module([node], []), cell["id"], "exec"), space)
    return [space[name] for name in names]


@pytest.mark.parametrize("key", list(PRESETS))
def test_every_preset_gives_a_valid_notebook_whose_cells_compile(key):
    text = build_notebook(PRESETS[key].task, list(board()["model_id"]), board())
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for source in code:
        compile(source, "cell", "exec")
    assert "{{summary}}" not in text
    assert "{{pins}}" not in text
    assert all(pin in text for pin in PINS)


@pytest.mark.parametrize(
    ("chosen", "said", "kind"),
    [
        ({"gpu": "l4"}, "type > L4 GPU", "L4"),
        ({"gpu": "a100-40"}, "type > A100 GPU", "A100"),
        ({"gpu": "t4"}, "type > T4 GPU", "T4"),
        ({"gpu": "rtx4090"}, "type > a GPU", None),
        ({"gpu": "t4", "gpu_gb": 40.0}, "type > a GPU", None),
    ],
)
def test_the_runtime_to_choose_is_the_tasks_card(chosen, said, kind):
    text = build_notebook(replace(Task(), **chosen), ["Qwen/Qwen2.5-7B"], board())

    assert text.count(said) == text.count("Change runtime type") == 2
    assert json.loads(text)["metadata"]["colab"].get("gpuType") == kind


def test_only_the_first_three_candidates_go_in_with_their_pinned_revisions():
    models = config_of(build_notebook(Task(), list(board()["model_id"]), board()))["models"]
    assert [model["id"] for model in models] == [
        "meta-llama/Llama-3.1-8B",
        "Qwen/Qwen2.5-7B",
        "google/gemma-2-9b",
    ]
    assert models[0]["revision"] == "d04e592bb4f6aa9cfee91e2e20afa771667e1d4b"
    assert models[2]["revision"] == ""
    assert models[2]["license"] == "not stated"


def test_a_revision_that_is_no_commit_is_not_pinned():
    models = config_of(build_notebook(Task(), ["01-ai/Yi-1.5-9B"], board()))["models"]
    assert models[0]["revision"] == ""


def test_the_estimate_in_the_notebook_is_that_of_what_the_notebook_does():
    model = config_of(build_notebook(Task(), ["meta-llama/Llama-3.1-8B"], board()))["models"][0]
    shape = architectures.get("meta-llama/Llama-3.1-8B")
    assert model["weights_gb"] * 1e9 == parts.weight_bytes(shape, "qlora")
    assert model["low_gb"] < model["total_gb"] < model["high_gb"] < 15.8


def test_a_model_of_the_hub_is_estimated_from_its_configuration():
    config = {
        "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256,
        "tie_word_embeddings": False,
    }  # fmt: skip
    names, configs = ["newlab/Next-8B", "meta-llama/Llama-3.1-8B"], {"newlab/Next-8B": config}
    new, known = config_of(build_notebook(Task(), names, board(), configs=configs))["models"]
    figures = ("weights_gb", "total_gb", "low_gb", "high_gb")
    assert [new[key] for key in figures] == [known[key] for key in figures]


@pytest.mark.parametrize("where", ["template", "examples", "license"])
def test_what_the_reader_enters_stays_text(where):
    task, examples, frame = Task(), [], board()
    if where == "template":
        task = replace(task, template=NASTY + "{target}" + NASTY)
    elif where == "examples":
        examples = [(NASTY, NASTY)]
    else:
        frame = board(license=[NASTY] * 4)
    text = build_notebook(task, ["meta-llama/Llama-3.1-8B"], frame, examples=examples)
    config = config_of(text)
    assert {
        "template": config["task"]["before"] == NASTY,
        "examples": config["examples"] == [[NASTY, NASTY]],
        "license": config["models"][0]["license"] == NASTY[:80],
    }[where]
    for cell in nbformat.reads(text, as_version=4)["cells"]:
        if cell["cell_type"] == "markdown":
            assert "os.system" not in cell["source"]
            continue
        # Nothing entered became code: the calls are the same as without it.
        calls = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(cell["source"]))
            if isinstance(node, ast.Call)
        }
        assert "os.system" not in calls


@pytest.mark.parametrize("name", ["a b", "../../etc/passwd", "x/y/z", "", "a`b", "org/na\nme"])
def test_a_model_id_that_is_none_is_refused(name):
    with pytest.raises(InvalidInputError):
        build_notebook(Task(), [name], board())


def test_the_notebook_notes_what_the_tool_counted_in_the_tasks_context():
    names = ["meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B"]
    models = config_of(build_notebook(Task(), names, board()))["models"]
    assert [model["single_tokens"] for model in models] == [1000, 10]


def test_no_candidate_is_explained():
    with pytest.raises(InvalidInputError, match="no candidate"):
        build_notebook(Task(), [], board())


def test_the_token_is_read_from_secrets_and_never_written(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_thisIsSecret")
    text = build_notebook(Task(), ["meta-llama/Llama-3.1-8B"], board())
    assert "hf_thisIsSecret" not in text
    assert 'userdata.get("HF_TOKEN")' in json.dumps(nbformat.reads(text, as_version=4)).replace('\\"', '"')


def test_no_ones_code_is_run():
    text = build_notebook(Task(), ["Qwen/Qwen2.5-7B"], board())
    code = "\n".join(
        cell["source"] for cell in nbformat.reads(text, as_version=4)["cells"] if cell["cell_type"] == "code"
    )
    calls = re.findall(r"Auto\w+\.from_pretrained\((?:[^()]|\([^()]*\))*\)", code)
    assert len(calls) == 4
    # Two of them share their settings.
    assert sum("trust_remote_code=False" in call or "**settings" in call for call in calls) == 4
    assert code.count('"trust_remote_code": False') == 1
    assert "trust_remote_code=True" not in code
    assert '"trust_remote_code": True' not in code


def test_the_same_question_gives_the_same_file():
    first, second = (build_notebook(Task(), ["Qwen/Qwen2.5-7B"], board()) for _ in range(2))
    assert first == second


def test_a_clearly_better_candidate_overturns_the_choice_and_a_tie_does_not():
    judge, _ = functions(build_notebook(Task(), ["Qwen/Qwen2.5-7B"], board()), "judge_pilot", "interval")
    rng = np.random.default_rng(0)
    base = rng.gamma(2, 20, 200)
    tie = base + rng.normal(0, 5, 200)
    better = base - 10 + rng.normal(0, 5, 200)
    worse = base + 10
    chosen, lines = judge({"first": base, "tie": tie, "worse": worse}, "first")
    assert chosen == "first"
    assert "can't be told apart" in lines[0]
    assert "beats worse" in lines[1]
    chosen, lines = judge({"first": base, "better": better}, "first")
    assert chosen == "better"
    assert "overturns" in lines[0]


def test_the_interval_holds_the_mean_and_narrows_with_more_examples():
    (interval,) = functions(build_notebook(Task(), ["Qwen/Qwen2.5-7B"], board()), "interval")
    rng = np.random.default_rng(0)
    few, many = rng.normal(50, 10, 20), rng.normal(50, 10, 2000)
    mean, low, high = interval(few)
    assert low < mean < high
    _, many_low, many_high = interval(many)
    assert many_high - many_low < (high - low) / 3


@pytest.mark.parametrize(
    ("text", "number"),
    [("$45.50", 45.5), ("1,299.00 dollars", 1299.0), ("about -3 or 4", -3.0), ("none", None)],
)
def test_numbers_are_read_from_answers(text, number):
    (read,) = functions(build_notebook(Task(), ["Qwen/Qwen2.5-7B"], board()), "read_number")
    found = read(text)
    assert found == number if number is not None else np.isnan(found)
