"""Which model a results file is about: what makes two runs two rows, and what each is called."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from core.errors import InvalidInputError
from core.importers.join_board import append_to_board, complete_rows
from core.importers.lm_eval import import_results, read_results
from core.importers.tables import import_table
from core.leaderboard import load_leaderboard

HASH = "0123456789abcdef0123456789abcdef01234567"
FULL_PRO = {"original": 12032, "effective": 12032}


def results(accuracy: float = 0.3, *, date: float = 1.75e9, args: object = None, **said: object) -> bytes:
    """A run of MMLU-Pro alone; 0.3 is 22.22 points, 0.46 is 40."""
    document = {
        "results": {"leaderboard_mmlu_pro": {"acc,none": accuracy}},
        "config": {"model": "hf", "model_args": args, **said.pop("config", {})},  # type: ignore[dict-item]
        "n-samples": {"leaderboard_mmlu_pro": FULL_PRO},
        "date": date,
    }
    return json.dumps(document | said).encode()


def imported(*bodies: bytes):
    return import_results([(f"{place}.json", body) for place, body in enumerate(bodies)])


BOARD = load_leaderboard()
QWEN = BOARD[BOARD["organization"] == "Qwen"].reset_index(drop=True)
PLAIN = "pretrained=acme/Plum-8B,dtype=bfloat16"
OTHER_MODELS = {
    "adapter of hf": (f"{PLAIN},peft=/data/plum-prices-r16", "plum-prices-r16"),
    "adapter of vllm": (f"{PLAIN},enable_lora=True,lora_local_path=/data/plum-prices-r16", "plum-prices-r16"),
    "adapter of another back-end": (f"{PLAIN},adapter_path=me/plum-prices", "me/plum-prices"),
    "adapter in JSON": (json.dumps({"pretrained": "acme/Plum-8B", "peft": "me/prices"}), "me/prices"),
    "adapter in a list": (["pretrained=acme/Plum-8B", "peft=me/prices"], "me/prices"),
    "adapter in a dictionary": ({"pretrained": "acme/Plum-8B", "lora_paths": ["/a/prices"]}, "prices"),
    "adapter in the Hub's cache": (f"{PLAIN},peft=/c/hub/models--me--prices/snapshots/{HASH}", "me/prices"),
    "adapter at a checkpoint": (f"{PLAIN},peft=/data/prices-b/checkpoint-500", "prices-b-checkpoint-500"),
    "difference": (f"{PLAIN},delta=acme/Plum-8B-delta", "acme/Plum-8B-delta"),
    "4 bits": (f"{PLAIN},load_in_4bit=True", "acme/Plum-8B-4bit"),
    "8 bits in a dictionary": ({"pretrained": "acme/Plum-8B", "load_in_8bit": True}, "acme/Plum-8B-8bit"),
    "GPTQ": (f"{PLAIN},autogptq=True", "acme/Plum-8B-gptq"),
    "AWQ in vLLM": (f"{PLAIN},quantization=awq", "acme/Plum-8B-awq"),
    "GGUF": ("pretrained=acme/Plum-8B,gguf_file=plum-8b.Q4_K_M.gguf", "acme/Plum-8B-Q4_K_M"),
    "bitsandbytes by format": (f"{PLAIN},load_format=bitsandbytes", "acme/Plum-8B-bitsandbytes"),
    "quantisation with settings": (
        {"pretrained": "acme/Plum-8B", "quantization_config": {"load_in_4bit": True}}, "acme/Plum-8B-4bit",
    ),
    "quantisation handed on": (
        {"pretrained": "acme/Plum-8B", "model_kwargs": {"quantization_config": {"load_in_4bit": True}}},
        "acme/Plum-8B-4bit",
    ),
    "adapter behind a comma in brackets": (
        'pretrained=acme/Plum-8B,max_memory={0: "9GB", 1: "9GB"},peft=me/prices', "me/prices",
    ),
    "adapter as settings": (f'{PLAIN},lora_modules=[{{"name": "a", "path": "me/prices"}}]', "me/prices"),
    "adapter in a printed dictionary": (
        "{'pretrained': 'acme/Plum-8B', 'peft': 'me/prices', 'trust_remote_code': True}", "me/prices",
    ),
    "adapter in pairs": ([["pretrained", "acme/Plum-8B"], ["peft", "me/prices"]], "me/prices"),
    "hyphens": (f"{PLAIN},lora-local-path=me/prices", "me/prices"),
    "settings that differ behind a comma": (
        f'{PLAIN},hf_overrides={{"a": 1, "rope": 4}}', "acme/Plum-8B-hf_overrides-a-1-rope-4",
    ),
    "subfolder": (f"{PLAIN},subfolder=step-1000", "acme/Plum-8B-step-1000"),
    "branch": (f"{PLAIN},revision=step3000", "acme/Plum-8B-step3000"),
    "commit": (f"{PLAIN},revision={HASH}", "acme/Plum-8B-0123456"),
    "another tokenizer": (f"{PLAIN},tokenizer=acme/other", "acme/Plum-8B-tokenizer-other"),
    "thinking": (f"{PLAIN},enable_thinking=True", "acme/Plum-8B-enable_thinking-True"),
    "a path of the same name": ("pretrained=/a/acme/Plum-8B,dtype=bfloat16", "Plum-8B"),
}  # fmt: skip


@pytest.mark.parametrize(("args", "called"), OTHER_MODELS.values(), ids=OTHER_MODELS.keys())
def test_another_model_is_another_row_with_a_name_of_its_own(args, called):
    bodies = [results(0.3, args=PLAIN), results(0.46, args=args, date=1.76e9)]
    for order in (bodies, bodies[::-1]):
        frame = imported(*order).frame.set_index("model_id")
        assert set(frame.index) == {"acme/Plum-8B", called}
        assert frame["mmlu_pro"].round(2).to_dict() == {"acme/Plum-8B": 22.22, called: 40.0}


def test_two_number_types_are_told_apart_by_them():
    args = [f"pretrained=acme/Plum-8B,dtype={dtype}" for dtype in ("bfloat16", "float16")]
    frame = imported(*(results(args=text) for text in args)).frame
    assert frame["model_id"].tolist() == ["acme/Plum-8B-bfloat16", "acme/Plum-8B-float16"]


SAME = {
    "off": f"{PLAIN},peft=None,load_in_4bit=False,delta=",
    "machine": f"{PLAIN},device_map=auto,tensor_parallel_size=2,gpu_memory_utilization=0.9,max_lora_rank=64",
    "main": f"{PLAIN},revision=main,trust_remote_code=True",
    "dictionary": {"pretrained": "acme/Plum-8B", "dtype": "bfloat16", "parallelize": True},
    "quotes": "pretrained='acme/Plum-8B',dtype=\"bfloat16\"",
    "its own tokenizer": f"{PLAIN},tokenizer=acme/Plum-8B",
    "quantisation off": {
        "pretrained": "acme/Plum-8B", "dtype": "bfloat16", "quantization_config": {"load_in_4bit": False},
    },
    "address": "pretrained=https://huggingface.co/acme/Plum-8B,dtype=bfloat16",
}  # fmt: skip


@pytest.mark.parametrize("args", SAME.values(), ids=SAME.keys())
def test_what_says_where_it_ran_makes_no_other_model(args):
    found = imported(results(0.3, args=PLAIN), results(0.46, args=args, date=1.76e9))
    assert found.frame["model_id"].tolist() == ["acme/Plum-8B"]
    assert found.frame["mmlu_pro"].round(2).tolist() == [40.0]
    assert any("more than once on leaderboard_mmlu_pro" in note for note in found.notes), (
        "said, not in silence"
    )


ADAPTED_BASES = [
    "pretrained=Qwen/Qwen2.5-7B,enable_lora=True,lora_local_path=/data/runs/my-adapter",
    "pretrained=Qwen/Qwen2.5-7B,peft=/data/Qwen2.5-7B",
    "pretrained=Qwen/Qwen2.5-7B,peft=Qwen/Qwen2.5-7B",
    "pretrained=Qwen/Qwen2.5-7B,delta=/d/x",
    "pretrained=Qwen/Qwen2.5-7B,load_in_4bit=True",
    "pretrained=Qwen/Qwen2.5-7B,gguf_file=qwen2.5-7b-q8_0.gguf",
    "pretrained=/models/Qwen2.5-7B.Q4_K_M.gguf",
    "pretrained=someone/Qwen2.5-7B-GPTQ",
    "pretrained=Qwen/Qwen2.5-7B,quantization=fp8",
]


@pytest.mark.parametrize("args", ADAPTED_BASES)
@pytest.mark.parametrize("stated", [None, "base"])
def test_an_adapter_or_a_packed_file_is_never_a_base(args, stated):
    rows = imported(results(args=args)).frame
    if stated:  # as the Data page does where the reader says what the models are
        rows["kind"] = rows["kind"].fillna(stated)
    board = QWEN
    for frame in (complete_rows(rows), append_to_board(board, rows).iloc[len(board) :]):
        row = frame.iloc[0]
        assert row["kind"] in ("finetune", "other", "instruct")
        assert row["base_state"] != "is_base"
        assert row["model_id"] not in ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-own-run")


def test_an_adapter_says_what_it_sits_on():
    board = QWEN
    rows = imported(results(args=ADAPTED_BASES[0])).frame
    row = append_to_board(board, rows).iloc[-1]
    assert (row["kind"], row["kind_evidence"]) == ("finetune", "an adapter on Qwen/Qwen2.5-7B")
    assert (row["base_id"], row["base_state"]) == ("Qwen/Qwen2.5-7B", "on_board")
    assert row["params_b"] == 7.616, "as many as its base"


def test_a_packed_copy_keeps_the_facts_of_its_model():
    board = QWEN
    row = append_to_board(
        board, imported(results(args="pretrained=Qwen/Qwen2.5-7B,load_in_4bit=True")).frame
    ).iloc[-1]
    whole = board[board["model_id"] == "Qwen/Qwen2.5-7B"].iloc[0]
    assert (row["model_id"], row["precision"]) == ("Qwen/Qwen2.5-7B-4bit", "4bit")
    assert (row["license"], row["params_b"]) == (whole["license"], whole["params_b"])
    assert "packed" in row["kind_evidence"]


def test_a_tuned_model_in_four_bits_stays_what_it_is():
    rows = imported(results(args="pretrained=Qwen/Qwen2.5-7B-Instruct,load_in_4bit=True")).frame
    assert complete_rows(rows)["kind"].tolist() == ["instruct"]


@pytest.mark.parametrize(
    ("one", "other", "called"),
    [
        ("/data/runs/plum-a/checkpoint-500", "/data/runs/quince-b/checkpoint-500",
         ["plum-a-checkpoint-500", "quince-b-checkpoint-500"]),
        ("/data/a/plum", "/data/b/plum", ["a-plum", "b-plum"]),
        ("C:\\work\\a\\final", "C:\\work\\b\\final", ["a-final", "b-final"]),
        ("./out/one/merged", "./out/two/merged", ["one-merged", "two-merged"]),
    ],
)  # fmt: skip
def test_paths_are_shown_as_far_as_tells_them_apart(one, other, called):
    frame = imported(results(args={"pretrained": one}), results(args={"pretrained": other})).frame
    assert frame["model_id"].tolist() == called


@pytest.mark.parametrize(
    "path",
    [
        f"~/.cache/huggingface/hub/models--acme--Plum-8B/snapshots/{HASH}",
        f"C:\\Users\\me\\hub\\models--acme--Plum-8B\\snapshots\\{HASH}\\",
        f"models--acme--Plum-8B/snapshots/{HASH}",
    ],
)
def test_a_path_in_the_hub_s_cache_is_its_repository(path):
    row = imported(results(args={"pretrained": path})).frame.iloc[0]
    assert (row["model_id"], row["revision"]) == ("acme/Plum-8B", HASH)


@pytest.mark.parametrize(
    "said",
    [
        {"system_instruction": "You are terse.", "system_instruction_sha": "ab"},
        {"chat_template": "{{x}}"},
        {"chat_template": "{{y}}", "chat_template_sha": "12"},
    ],
)
def test_another_way_to_prompt_is_another_row(said):
    plain = {"chat_template": None, "system_instruction": None}
    frame = imported(results(0.3, args=PLAIN, **plain), results(0.46, args=PLAIN, **(plain | said))).frame
    assert frame["model_id"].is_unique
    assert frame["mmlu_pro"].round(2).tolist() == [22.22, 40.0]
    if "system_instruction" in said:
        assert "system instruction" in frame["comparability"][1]


def test_two_templates_are_two_rows():
    frame = imported(*(results(args=PLAIN, chat_template=text) for text in ("{{x}}", "{{y}}"))).frame
    assert frame["model_id"].nunique() == 2


def test_runs_that_came_in_at_different_times_get_a_number():
    board = QWEN
    rows = [imported(results(args={"pretrained": path})).frame for path in ("/a/plum", "/b/plum", "/c/plum")]
    joined = append_to_board(board, pd.concat(rows, ignore_index=True)).iloc[len(board) :]
    assert joined["model_id"].tolist() == ["plum", "plum-2", "plum-3"]
    assert joined["primary"].all(), "none hides behind another"


def test_a_run_and_a_table_about_one_model_are_two_rows():
    table = import_table(b"model_id,mmlu_pro\nacme/Plum-8B,30.5\n", name="a.csv").frame
    run = imported(results(args=PLAIN)).frame
    for rows, scores in (([table, run], [30.5, 22.22]), ([run, table], [22.22, 30.5])):
        joined = append_to_board(QWEN, pd.concat(rows, ignore_index=True)).iloc[len(QWEN) :]
        assert joined["model_id"].tolist() == ["acme/Plum-8B", "acme/Plum-8B-2"]
        assert joined["mmlu_pro"].round(2).tolist() == scores
        assert joined["primary"].all()


NAMELESS = {
    "config": {"model": "HFLM", "model_args": None, "model_num_parameters": 8_030_261_248},
    "model_name": "",
}


def test_a_file_without_a_name_asks_for_one():
    with pytest.raises(InvalidInputError, match="which model") as raised:
        imported(results(**NAMELESS))
    assert "Enter the model's name" in raised.value.remedy
    found = import_results([("a.json", results(**NAMELESS))], model_name="acme/Plum-8B")
    assert found.frame["model_id"].tolist() == ["acme/Plum-8B"]
    assert found.frame["params_b"].round(2).tolist() == [8.03]


@pytest.mark.parametrize("key", ["peft_sha", "delta_sha"])
def test_an_adapter_known_by_its_commit_alone_is_another_model(key):
    adapted = {"config": NAMELESS["config"] | {key: HASH}}
    bodies = [results(**NAMELESS), results(0.46, **adapted)]
    rows = import_results(
        [(str(i), body) for i, body in enumerate(bodies)], model_name="Qwen/Qwen2.5-7B"
    ).frame
    assert rows["model_id"].tolist() == ["Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-adapter"]
    assert complete_rows(rows)["kind"].tolist() == ["base", "finetune"]


@pytest.mark.parametrize(
    "printed",
    ["<transformers.LlamaForCausalLM object at 0x7f3a>", "LlamaForCausalLM(\n  (model): LlamaModel(\n"],
)
def test_a_printed_object_is_no_name(printed):
    with pytest.raises(InvalidInputError, match="which model"):
        imported(results(args={"pretrained": printed}))


def test_a_given_name_is_only_for_files_without_one():
    other = {"config": NAMELESS["config"] | {"model_num_parameters": 3_000_000_000}}
    bodies = [results(args=PLAIN), results(0.46, **NAMELESS), results(0.5, **other)]
    found = import_results([(str(i), body) for i, body in enumerate(bodies)], model_name="me/mine")
    assert found.frame["model_id"].tolist() == ["acme/Plum-8B", "me/mine", "me/mine-run-2"]


def test_a_folder_of_runs_of_one_name(tmp_path):
    for name, accuracy in (("plum-a", 0.3), ("quince-b", 0.46)):
        (tmp_path / name).mkdir()
        body = results(accuracy, args={"pretrained": f"/data/{name}/checkpoint-500"})
        (tmp_path / name / "results_2026.json").write_bytes(body)
    frame = read_results(tmp_path).set_index("model_id")
    assert frame["mmlu_pro"].round(2).to_dict() == {
        "plum-a-checkpoint-500": 22.22,
        "quince-b-checkpoint-500": 40.0,
    }


HOSTILE_ARGS = [
    ",".join(f"k{i}=v" for i in range(5_000)), "pretrained=" + "a/" * 5_000, "pretrained==,,=,=x",
    {"pretrained": {"a": {"b": ["c"] * 50}}}, {"pretrained": ["x"] * 500}, {"pretrained": "-" * 300},
    {"pretrained": "models--", "peft": "models----/snapshots/"}, {str(i): i for i in range(3_000)},
    "pretrained=checkpoint-500", "pretrained=/", {"pretrained": "a/b", "peft": "///"},
]  # fmt: skip


@pytest.mark.parametrize("args", HOSTILE_ARGS, ids=range(len(HOSTILE_ARGS)))
def test_odd_arguments_give_a_short_name_or_are_refused(args):
    try:
        frame = imported(results(args=args)).frame
    except InvalidInputError:
        return
    assert (
        frame["model_id"].str.fullmatch(r"([A-Za-z0-9_][A-Za-z0-9_.-]*/)?[A-Za-z0-9_][A-Za-z0-9_.-]*").all()
    )
    assert frame["model_id"].str.len().max() <= 200
