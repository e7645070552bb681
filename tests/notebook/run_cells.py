"""Run notebooks in one process, each in its folder and a namespace of its own: run_cells.py IN.ipynb ...

Prints one line of JSON a notebook: its folder's name and what the notebook's own functions say at its end, or
the sentence it stopped with.
"""

import contextlib
import io
import json
import os
import sys
import traceback
from pathlib import Path

import nbformat


def execute(path, space):
    for cell in nbformat.read(path, as_version=4)["cells"]:
        if cell["cell_type"] == "code":
            source = cell["source"]
            if source.startswith("net, tokenizer = open_model(CHOSEN)"):
                # Enough for weights drawn at random to learn one answer and its end.
                space["STEPS"], space["CHOSEN"]["learning_rate"] = 14, 1e-2
            if source.startswith("if MERGE:"):
                space["ANSWER"] = probe(space)
            exec(compile(source, f"{path.parent.name}:{cell['id']}", "exec"), space)


def stops(space):
    """Share of held-out prompts on which the tuned model ends its answer with the chosen token."""
    torch, tokenizer, net = space["torch"], space["tokenizer"], space["net"]
    net.eval()
    ended = 0
    rows = list(space["judge"].head(8).itertuples())
    for row in rows:
        ids = torch.tensor([space["ids_of"](tokenizer, space["as_prompt"](row))])
        with torch.no_grad():
            out = net.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=24,
                               do_sample=False)  # fmt: skip
        ended += int(tokenizer.eos_token_id in out[0, ids.shape[1] :].tolist())
    return ended / len(rows)


def probe(space):
    """What was trained and how, after a run of the notebook up to its last training."""
    net, tokenizer = space["net"], space["tokenizer"]
    chosen = {name.split(".lora_A")[0] for name, _ in net.named_modules() if name.endswith(".lora_A")}
    plain = [name.replace("base_model.model.", "", 1) for name in chosen]
    share, _, left = space["quantised_share"](net)
    row = next(space["test"].itertuples())
    turns = [{"role": "user", "content": row.prompt}, {"role": "assistant", "content": row.target}]
    trained = space["as_prompt"](row) + space["as_completion"](row) + tokenizer.eos_token
    return {
        "end": tokenizer.eos_token,
        "pad": tokenizer.pad_token,
        "begins": tokenizer.begins,
        "layers": sorted({name.rsplit(".", 1)[-1] for name in plain if ".experts" not in name}),
        "blocks": [len({space["in_block"](name) for name in plain}), len(space["blocks_of"](net))],
        "towers": sorted(name for name in plain if space["TOWER"].search(name)),
        "experts": sorted(net.peft_config["default"].target_parameters or []),
        "tokens": sorted(net.peft_config["default"].trainable_token_indices or []),
        "share": share,
        "left": sorted(label for label, known in left if not known),
        "stops": stops(space),
        "config_eos": net.generation_config.eos_token_id == tokenizer.eos_token_id,
        "serving": space["SERVING"],
        "template": tokenizer.apply_chat_template(turns, tokenize=False) == trained,
    }


def run(path):
    os.chdir(path.parent)
    # A reader who takes experts in 16 bits.
    os.environ["BASEWISE_ACCEPT_16BIT"] = "1" if path.with_name("accept").exists() else ""
    space = {"__name__": "__main__"}
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            execute(path, space)
    except Exception as error:  # noqa: BLE001 - whatever stops a notebook is its answer
        if os.environ.get("BASEWISE_SHOW"):
            traceback.print_exc()
        return {"error": type(error).__name__, "what": str(error), "printed": said.getvalue()[-3000:]}
    return {"answer": space["ANSWER"], "printed": said.getvalue()[-6000:]}


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        print(json.dumps([path.parent.name, run(path.resolve())]), flush=True)
