# mypy: ignore-errors
# The cells of the hand-off notebook. core/handoff/notebook.py cuts this file at the "# %%" lines and fills in CONFIG_JSON.
# %% [markdown]
# # Does the choice hold on your data?
#
# {{summary}}
#
# This notebook can prove the choice wrong. It loads each candidate in 4 bits, measures its memory, asks it your prompts
# before any training, tunes it on a small part of your data, compares all candidates with plain baselines on examples none of
# them has seen, and only then trains the winner on everything.
#
# **You need** a GPU (in Colab: Runtime > Change runtime type > T4) and a file `data.csv` with the columns `prompt` and
# `target`, one example per row. For gated models, accept the licence on the model's page and store a read token as the
# Colab secret `HF_TOKEN` (key symbol on the left). The token is read at run time and never written into this notebook.
# %% [markdown]
# ## 1. Set-up
#
# These versions were run together when this notebook was made. Restart the runtime if Colab asks for it.
# %%
import os

if os.environ.get("BASEWISE_SKIP_INSTALL") != "1":
    get_ipython().run_line_magic("pip", "install --quiet {{pins}}")
# %%
import gc
import json
import math
import random
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch

CONFIG_JSON = "{}"
CONFIG = json.loads(CONFIG_JSON)
TASK, MODELS = CONFIG["task"], CONFIG["models"]

CUDA = torch.cuda.is_available()
# A rehearsal on a small machine: tiny samples, a few steps, the same code.
SMALL = os.environ.get("BASEWISE_SMALL") == "1"
# Folders to use in place of the Hub, for a machine without network: {"org/name": "folder"}.
LOCAL = json.loads(os.environ.get("BASEWISE_LOCAL_MODELS", "{}"))
BF16 = CUDA and torch.cuda.is_bf16_supported(including_emulation=False)
DTYPE = torch.bfloat16 if BF16 else torch.float16 if CUDA else torch.float32

random.seed(CONFIG["seed"])
np.random.seed(CONFIG["seed"])
torch.manual_seed(CONFIG["seed"])

if not CUDA and not SMALL:
    raise RuntimeError(
        "No GPU found. In Colab choose Runtime > Change runtime type > T4 GPU, then run again."
    )
if CUDA:
    card = torch.cuda.get_device_properties(0)
    print(f"{card.name}: {card.total_memory / 1e9:.1f} GB, computing in {DTYPE}")
else:
    print("Rehearsal on the CPU: figures mean nothing, the code is the same.")


# %%
def read_token():
    """The Hugging Face token from Colab's secrets or the environment, else None. It is never printed."""
    try:
        from google.colab import userdata
    except ImportError:
        return os.environ.get("HF_TOKEN") or None
    try:
        return userdata.get("HF_TOKEN")
    except (userdata.SecretNotFoundError, userdata.NotebookAccessError):
        return None


TOKEN = read_token()
print("Token found." if TOKEN else "No token: gated models can't be loaded.")
# %% [markdown]
# ## 2. Licence and access
#
# What the Hub says now, beside what the choice was based on.
# %%
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from transformers import AutoConfig


def check_access(model):
    """One row: revision, licence then and now, whether the files can be read with this token."""
    row = {"model": model["id"], "revision": model["revision"] or "newest", "licence noted": model["license"]}
    if model["id"] in LOCAL:
        return row | {"licence now": "not asked", "gated": "not asked", "access": "local folder"}
    api = HfApi(token=TOKEN)
    try:
        info = api.model_info(model["id"], revision=model["revision"] or None)
        card = info.card_data.to_dict() if info.card_data else {}
        row |= {
            "licence now": card.get("license_name") or card.get("license"),
            "gated": str(info.gated or "no"),
        }
        if not model["revision"]:
            model["revision"] = info.sha
            row["revision"] = info.sha
        api.auth_check(model["id"])
        # Nobody's code is run here: a model that needs its publisher's is left out.
        AutoConfig.from_pretrained(
            model["id"], revision=model["revision"], token=TOKEN, trust_remote_code=False
        )
        return row | {"access": "yes"}
    except ValueError as error:
        return row | {
            "access": f"no: transformers can't load it without its publisher's code ({str(error)[:80]})"
        }
    except GatedRepoError:
        return row | {
            "access": f"no: accept the terms on https://huggingface.co/{model['id']} and set HF_TOKEN"
        }
    except RevisionNotFoundError:
        return row | {
            "access": "no: the pinned revision is gone; set the model's revision to None to take the newest"
        }
    except RepositoryNotFoundError:
        return row | {"access": "no: renamed or removed"}
    except HfHubHTTPError as error:
        return row | {"access": f"unknown: the Hub answered {error.response.status_code}"}
    except OSError as error:
        return row | {"access": f"no: its files can't be read ({str(error)[:80]})"}


access = pd.DataFrame([check_access(model) for model in MODELS])
USABLE = [
    model for model, row in zip(MODELS, access.to_dict("records")) if not row["access"].startswith("no")
]
if not USABLE:
    raise RuntimeError("None of the candidates can be loaded; see the column 'access' above.")
access
# %% [markdown]
# ## 3. Your data
# %%
DATA_FILE = Path(os.environ.get("BASEWISE_DATA", "data.csv"))


def read_data():
    """Columns prompt and target as text, without empty rows and duplicates."""
    if DATA_FILE.exists():
        frame = pd.read_csv(DATA_FILE, dtype=str, keep_default_na=False)
    elif len(CONFIG["examples"]) >= 40:
        frame = pd.DataFrame(CONFIG["examples"], columns=["prompt", "target"])
    else:
        raise FileNotFoundError(
            "Put data.csv beside this notebook (in Colab: the folder symbol on the left), with the columns "
            "prompt and target and at least 40 rows."
        )
    missing = {"prompt", "target"} - set(frame.columns)
    if missing:
        raise ValueError(
            f"The data lack the column {sorted(missing)[0]}; there are: {', '.join(map(str, frame.columns))}"
        )
    frame = frame[["prompt", "target"]].astype(str).apply(lambda column: column.str.strip())
    frame = frame[(frame["prompt"] != "") & (frame["target"] != "")].drop_duplicates("prompt")
    if TASK["output"] == "number":
        numbers = frame["target"].map(read_number)
        if numbers.isna().any():
            print(f"{int(numbers.isna().sum())} rows left out: their target is not a number.")
        frame = frame[numbers.notna()]
    if len(frame) < 40:
        raise ValueError(f"Only {len(frame)} usable rows; at least 40 are needed to train and to judge.")
    return frame.sample(frac=1, random_state=CONFIG["seed"]).reset_index(drop=True)


def read_number(text):
    """The first number in a text, or NaN."""
    found = re.search(r"-?\d+(?:\.\d+)?", str(text).replace(",", ""))
    return float(found[0]) if found else math.nan


data = read_data()
held_out = max(10, min(len(data) // 10, 20 if SMALL else 500))
test, judge = data[:held_out], data[held_out : 2 * held_out]
train = data[2 * held_out :]
print(f"{len(train)} to train, {len(judge)} to judge the bake-off, {len(test)} for the final figure")
# %%
# The text around the answer, as it was entered; the prompt ends with what comes before the answer.
BEFORE, AFTER = TASK["before"], TASK["after"]


def as_prompt(row):
    return f"{row.prompt}\n\n{BEFORE}" if BEFORE else f"{row.prompt}\n\n"


def as_completion(row):
    return f"{row.target}{AFTER}"


example = next(train.itertuples())
print(as_prompt(example)[-400:] + "[" + as_completion(example) + "]")
# %% [markdown]
# ## 4. How each tokenizer cuts your numbers
#
# Tokens that hold digits of the number itself, with your text around it.
# %%
from transformers import AutoTokenizer


def load_tokenizer(model):
    place = LOCAL.get(model["id"], model["id"])
    revision = None if model["id"] in LOCAL else model["revision"] or None
    tokenizer = AutoTokenizer.from_pretrained(place, revision=revision, token=TOKEN, trust_remote_code=False)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def digit_tokens(tokenizer, number):
    """Number of tokens that hold digits of ``number`` between BEFORE and AFTER, attributed by counting digits."""
    pieces = tokenizer.convert_ids_to_tokens(
        tokenizer(BEFORE + number + AFTER, add_special_tokens=False).input_ids
    )
    skip, left, count = sum(c.isdigit() for c in BEFORE), len([c for c in number if c.isdigit()]), 0
    for piece in pieces:
        # Byte tokens such as <0x0A> hold digits only in their name.
        digits = 0 if re.fullmatch(r"<0x[0-9A-F]{2}>", piece) else sum(c.isdigit() for c in piece)
        own = min(max(digits - skip, 0), left)
        skip = max(skip - digits, 0)
        count += own > 0
        left -= own
    return count


def number_row(model):
    tokenizer = load_tokenizer(model)
    numbers = [str(n) for n in range(1000)]
    seen = [found[0] for text in train["target"] if (found := re.search(r"\d+(?:\.\d+)?", text))]
    row = {"model": model["id"], "0-999 in one token": sum(digit_tokens(tokenizer, n) == 1 for n in numbers)}
    if seen:
        row["your numbers in one token"] = (
            f"{np.mean([digit_tokens(tokenizer, n) == 1 for n in seen[:2000]]):.0%}"
        )
    return row | {"noted": model["single_tokens"]}


pd.DataFrame([number_row(model) for model in USABLE])
# %% [markdown]
# ## 5. Loading in 4 bits, and what training needs
#
# nf4 with double quantisation. Lengths come from your data and each model's own tokenizer. The loss counts the completion only.
# %%
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, Trainer, TrainingArguments

IGNORED = -100


def encode(tokenizer, row):
    """Token ids of prompt and completion, and how many belong to the prompt."""
    prompt = tokenizer(as_prompt(row)).input_ids
    # Some tokenizers end every text with an end token; it must not stand inside.
    if prompt and prompt[-1] == tokenizer.eos_token_id:
        prompt = prompt[:-1]
    whole = tokenizer(as_prompt(row) + as_completion(row)).input_ids
    if whole and whole[-1] == tokenizer.eos_token_id:
        whole = whole[:-1]
    shared = 0
    while shared < min(len(prompt), len(whole) - 1) and prompt[shared] == whole[shared]:
        shared += 1
    return whole + [tokenizer.eos_token_id], shared


def lengths(tokenizer):
    """Longest example to train on (99th percentile) and tokens an answer may take, from the training part."""
    sample = [encode(tokenizer, row) for row in train.head(2000).itertuples()]
    longest = int(np.ceil(np.quantile([len(ids) for ids, _ in sample], 0.99) / 8) * 8)
    answer = max(len(ids) - shared for ids, shared in sample)
    return min(longest, CONFIG["longest_sequence"] or longest), answer + 1


def load(model):
    quantised = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=DTYPE,
    )
    return AutoModelForCausalLM.from_pretrained(
        LOCAL.get(model["id"], model["id"]),
        revision=None if model["id"] in LOCAL else model["revision"] or None,
        token=TOKEN,
        trust_remote_code=False,
        quantization_config=quantised,
        dtype=DTYPE,
        device_map={"": 0} if CUDA else None,
    )


def free():
    gc.collect()
    if CUDA:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def peak_gb():
    """What the allocator held at most, in GB; None without a GPU."""
    return torch.cuda.max_memory_reserved() / 1e9 if CUDA else None


def beside_estimate(peak, model):
    measured = "not measured (no GPU)" if peak is None else f"{peak:.1f} GB"
    return f"Peak memory {measured}; estimated {model['low_gb']:.1f} to {model['high_gb']:.1f} GB"


first = USABLE[0]
net = load(first)
tokenizer = load_tokenizer(first)
max_length, max_new_tokens = lengths(tokenizer)
print(f"Weights: {net.get_memory_footprint() / 1e9:.3f} GB, estimated {first['weights_gb']:.3f} GB")
if CUDA:
    print(f"On the card after loading: {torch.cuda.memory_allocated() / 1e9:.2f} GB")
print(f"Longest example {max_length} tokens, answers up to {max_new_tokens} tokens")
# %% [markdown]
# ## 6. What no model at all reaches
#
# Always the same answer. A tuned model that doesn't clearly beat these has learnt nothing useful.
# %%
METRIC = {
    "number": "mean absolute error, in the target's unit",
    "label": "share of wrong labels",
    "json": "share of wrong records",
}.get(TASK["output"], "bits per character of the right answer")


def same_json(left, right):
    try:
        return json.loads(left) == json.loads(right)
    except ValueError:
        return False


def answer_errors(rows, answers):
    """The error of each answer, and how many could not be read."""
    if TASK["output"] == "number":
        truth = rows["target"].map(read_number).to_numpy(float)
        given = np.array([read_number(answer) for answer in answers])
        unreadable = np.isnan(given)
        # An answer without a number counts as the guess a baseline would make.
        given = np.where(unreadable, train["target"].map(read_number).median(), given)
        # One absurd number must not decide the mean.
        limit = 10 * train["target"].map(read_number).abs().max()
        return np.abs(np.clip(given, -limit, limit) - truth), int(unreadable.sum())
    if TASK["output"] == "json":
        wrong = [not same_json(answer, right) for answer, right in zip(answers, rows["target"])]
        return np.array(wrong, float), 0
    wrong = [
        answer.strip().lower() != right.strip().lower() for answer, right in zip(answers, rows["target"])
    ]
    return np.array(wrong, float), 0


def interval(errors, draws=2000):
    """Mean with its 95 % bootstrap interval."""
    errors = np.asarray(errors, float)
    picks = np.random.default_rng(CONFIG["seed"]).integers(0, len(errors), (draws, len(errors)))
    low, high = np.quantile(errors[picks].mean(axis=1), [0.025, 0.975])
    return float(errors.mean()), float(low), float(high)


def baselines(rows):
    """Errors per row of always giving the same answer."""
    if TASK["output"] == "number":
        numbers = train["target"].map(read_number)
        guesses = {"always the mean": numbers.mean(), "always the median": numbers.median(), "always 0": 0.0}
        truth = rows["target"].map(read_number).to_numpy(float)
        return {name: np.abs(truth - guess) for name, guess in guesses.items()}
    if METRIC.startswith("bits"):
        return {}
    common = train["target"].mode()[0]
    return {"always the most frequent answer": answer_errors(rows, [common] * len(rows))[0]}


RESULTS = []


def note(name, stage, errors, **more):
    mean, low, high = interval(errors)
    RESULTS.append(
        {"model": name, "stage": stage, "error": mean, "low": low, "high": high, "examples": len(errors)}
        | more
    )


for name, errors in baselines(test).items():
    note(name, "baseline", errors)
print(METRIC)
pd.DataFrame(RESULTS)
# %% [markdown]
# ## 7. The untuned base on your prompts
#
# A base model has not learnt to answer, and in 4 bits it often does worse than a constant. That says little about what it becomes.
# %%
BATCH = TASK["batch_size"]


def answers_of(net, tokenizer, rows, max_length, max_new_tokens):
    """Greedy answers, prompts padded on the left and cut at the front if too long."""
    net.eval()
    tokenizer.padding_side = "left"
    texts, found = [as_prompt(row) for row in rows.itertuples()], []
    for start in range(0, len(texts), BATCH):
        ids = [encode_prompt(tokenizer, text)[-max_length:] for text in texts[start : start + BATCH]]
        batch = tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(net.device)
        with torch.no_grad():
            out = net.generate(
                **batch, max_new_tokens=max_new_tokens, do_sample=False, pad_token_id=tokenizer.pad_token_id
            )
        found += tokenizer.batch_decode(out[:, batch.input_ids.shape[1] :], skip_special_tokens=True)
    return [
        text.split(AFTER)[0]
        if AFTER.strip()
        else text.split("\n")[0]
        if TASK["output"] in {"number", "label"}
        else text
        for text in found
    ]


def encode_prompt(tokenizer, text):
    ids = tokenizer(text).input_ids
    return ids[:-1] if ids and ids[-1] == tokenizer.eos_token_id else ids


def bits_per_character(net, tokenizer, rows, max_length):
    """How surprised the model is by the right answer: comparable between tokenizers, lower is better."""
    net.eval()
    bits = []
    for row in rows.itertuples():
        ids, shared = encode(tokenizer, row)
        cut = max(0, len(ids) - max_length)
        batch = torch.tensor([ids[cut:]], device=net.device)
        labels = batch.clone()
        labels[0, : max(shared - cut, 1)] = IGNORED
        with torch.no_grad():
            loss = net(input_ids=batch, labels=labels).loss.item()
        bits.append(loss * int((labels != IGNORED).sum()) / math.log(2) / max(len(as_completion(row)), 1))
    return np.array(bits)


def measure(net, tokenizer, rows, max_length, max_new_tokens):
    if METRIC.startswith("bits"):
        return bits_per_character(net, tokenizer, rows, max_length), 0
    answers = answers_of(net, tokenizer, rows, max_length, max_new_tokens)
    return answer_errors(rows, answers)


shown = test.head(5)
given = answers_of(net, tokenizer, shown, max_length, max_new_tokens)
print(
    pd.DataFrame(
        {"right answer": list(shown["target"]), "untuned base": [text[:80] for text in given]}
    ).to_string()
)
errors, unreadable = measure(net, tokenizer, test, max_length, max_new_tokens)
note(first["id"], "untuned, 4 bits", errors, unreadable=unreadable)
del net
free()
# %% [markdown]
# ## 8. Bake-off: a small training run each
#
# A few per cent of the data predict the best model far better than any score without training. If another
# candidate is clearly better here, it replaces the first choice.
# %%
ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj", "qkv_proj", "query_key_value", "c_attn", "Wqkv", "wqkv"]


def adapter_targets(net):
    if TASK["targets"] == "all-linear":
        return "all-linear"
    names = {name.rsplit(".", 1)[-1] for name, _ in net.named_modules()}
    wanted = [f"{letter}_proj" for letter in TASK["targets"].split(",")]
    return (
        [name for name in wanted if name in names]
        or [name for name in ATTENTION if name in names]
        or "all-linear"
    )


def collate(tokenizer, max_length):
    def batch(rows):
        encoded = [encode(tokenizer, row) for row in rows]
        width = min(max(len(ids) for ids, _ in encoded), max_length)
        ids = torch.full((len(rows), width), tokenizer.pad_token_id)
        labels = torch.full((len(rows), width), IGNORED)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for i, (tokens, shared) in enumerate(encoded):
            cut = max(0, len(tokens) - width)
            tokens, own = tokens[cut:], max(shared - cut, 0)
            ids[i, : len(tokens)] = torch.tensor(tokens)
            labels[i, own : len(tokens)] = torch.tensor(tokens[own:])
            mask[i, : len(tokens)] = 1
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    return batch


def tune(net, tokenizer, rows, max_length):
    """QLoRA on ``rows``; returns the model with its adapter, seconds, and peak memory in GB."""
    # Embeddings and norms stay in 16 bits, which saves memory against prepare_model_for_kbit_training.
    net.activation_checkpointing_enable()
    net.enable_input_require_grads()
    net.config.use_cache = False
    net = get_peft_model(
        net,
        LoraConfig(
            r=TASK["lora_rank"],
            lora_alpha=2 * TASK["lora_rank"],
            lora_dropout=0.1,
            target_modules=adapter_targets(net),
            task_type="CAUSAL_LM",
        ),
    )
    net.print_trainable_parameters()
    settings = TrainingArguments(
        output_dir="basewise-run",
        per_device_train_batch_size=BATCH,
        gradient_accumulation_steps=max(1, math.ceil(16 / BATCH)),
        num_train_epochs=1,
        max_steps=3 if SMALL else -1,
        learning_rate=1e-4,
        lr_scheduler_type="cosine",
        warmup_steps=0 if SMALL else 10,
        optim="paged_adamw_8bit" if CUDA else "adamw_torch",
        bf16=BF16,
        fp16=CUDA and not BF16,
        use_cpu=not CUDA,
        logging_steps=1 if SMALL else 25,
        save_strategy="no",
        report_to="none",
        remove_unused_columns=False,
        dataloader_pin_memory=CUDA,
        seed=CONFIG["seed"],
    )
    free()
    started = time.time()
    trainer = Trainer(
        model=net,
        args=settings,
        train_dataset=list(rows.itertuples()),
        data_collator=collate(tokenizer, max_length),
    )
    outcome = trainer.train()
    if not math.isfinite(outcome.training_loss):
        raise RuntimeError(
            "The loss is not a number. On a card without bfloat16 some models overflow: use an L4 or A100."
        )
    net.activation_checkpointing_disable()
    net.config.use_cache = True
    return net, time.time() - started, peak_gb()


def compare(model, small, rows):
    """Errors per row after a small training run, or None if the model doesn't fit."""
    tokenizer = load_tokenizer(model)
    max_length, max_new_tokens = lengths(tokenizer)
    try:
        net, seconds, memory = tune(load(model), tokenizer, small, max_length)
        errors, unreadable = measure(net, tokenizer, rows, max_length, max_new_tokens)
    except torch.cuda.OutOfMemoryError:
        print(
            f"{model['id']} does not fit this card; the estimate was {model['low_gb']:.1f} to {model['high_gb']:.1f} GB."
        )
        return None
    note(
        model["id"],
        f"tuned on {len(small)}",
        errors,
        unreadable=unreadable,
        seconds=round(seconds),
        peak_gb=memory,
        estimated_gb=f"{model['low_gb']:.1f} to {model['high_gb']:.1f}",
    )
    return errors


small = train.head(24 if SMALL else CONFIG["bake_off_rows"])
bake_off = {}
for model in USABLE[:3]:
    found = compare(model, small, judge)
    free()
    if found is not None:
        bake_off[model["id"]] = found
if not bake_off:
    raise RuntimeError(
        "No candidate fits this card. Take a larger one, a smaller model, or shorter examples."
    )
pd.DataFrame(RESULTS)


# %%
def judge_bake_off(bake_off, favourite):
    """Whose errors are clearly smaller: paired bootstrap against the first choice, same examples for all."""
    if favourite not in bake_off:
        best = min(bake_off, key=lambda name: bake_off[name].mean())
        return best, [f"{favourite} could not be trained here; {best} did best of the others."]
    lines, chosen = [], favourite
    for name, errors in bake_off.items():
        if name == favourite:
            continue
        mean, low, high = interval(errors - bake_off[favourite])
        if high < 0:
            lines.append(
                f"{name} is better by {-mean:.3g} ({-high:.3g} to {-low:.3g}): it overturns the choice."
            )
            if chosen == favourite or errors.mean() < bake_off[chosen].mean():
                chosen = name
        elif low > 0:
            lines.append(f"{favourite} beats {name} by {mean:.3g} ({low:.3g} to {high:.3g}).")
        else:
            lines.append(
                f"{name} can't be told apart from {favourite}: difference {mean:.3g} ({low:.3g} to {high:.3g})."
            )
    return chosen, lines


chosen_id, lines = judge_bake_off(bake_off, first["id"])
CHOSEN = next(model for model in USABLE if model["id"] == chosen_id)
print("\n".join(lines))
print(
    f"\nTrained on everything next: {chosen_id}"
    + ("" if chosen_id == first["id"] else " - the choice was overturned")
)
# %% [markdown]
# ## 9. Training the winner on everything, and the final figure
# %%
tokenizer = load_tokenizer(CHOSEN)
max_length, max_new_tokens = lengths(tokenizer)
net, seconds, memory = tune(load(CHOSEN), tokenizer, train, max_length)
print(f"{seconds / 60:.1f} minutes. {beside_estimate(memory, CHOSEN)}")
errors, unreadable = measure(net, tokenizer, test, max_length, max_new_tokens)
note(
    CHOSEN["id"], "tuned on everything", errors, unreadable=unreadable, seconds=round(seconds), peak_gb=memory
)
net.save_pretrained("basewise-adapter")
print(f"{METRIC}, with 95 % interval from {len(test)} unseen examples:")
results = pd.DataFrame(RESULTS)
results
# %%
record = {
    "made_with": "Basewise",
    "metric": METRIC,
    "first_choice": first["id"],
    "chosen": CHOSEN["id"],
    "overturned": CHOSEN["id"] != first["id"],
    "verdicts": lines,
    "models": [{key: model[key] for key in ("id", "revision", "license")} for model in USABLE],
    "results": json.loads(results.to_json(orient="records")),
}
Path("basewise-results.json").write_text(json.dumps(record, indent=1))
best = min((row["error"] for row in RESULTS if row["stage"] == "baseline"), default=None)
final = RESULTS[-1]
print(
    f"Final: {final['error']:.4g} ({final['low']:.4g} to {final['high']:.4g})"
    + (f"; best baseline {best:.4g}" if best is not None else "")
)
if best is not None and final["high"] >= best:
    print(
        "It does not clearly beat always giving the same answer: more data, or another approach, is needed."
    )
print("Saved: basewise-adapter/ and basewise-results.json")
