# mypy: ignore-errors
# %% [markdown]
# ## 5. Loading in 4 bits, and what training needs
#
# nf4 with double quantisation. Lengths come from your data and each model's own tokenizer. The loss counts the completion only.
# %%
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, Trainer, TrainingArguments

IGNORED = -100


def encode(tokenizer, row):
    """Token ids of prompt and completion, and how many belong to the prompt."""
    prompt = ids_of(tokenizer, as_prompt(row))
    whole = ids_of(tokenizer, as_prompt(row) + as_completion(row))
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


# %%
BLOCK = re.compile(r"(?:^|\.)(?:layers|h|blocks|block|layer)\.(\d+)\.")
TOWER = re.compile(r"vision|visual|audio|image|speech|mtp")
FEED_FORWARD = re.compile(
    r"(?:mlp|feed_forward|ffn|moe|experts?)\.|(?:gate|up|down)_proj$|fc[12]$|gate_up_proj$"
)
# Small layers that steer a gate, a router or a kernel; Mamba's kernel takes the weights of out_proj directly.
STEERING = {
    "in_proj_a",
    "in_proj_b",
    "in_proj_ba",
    "x_proj",
    "dt_proj",
    "shared_expert_gate",
    "gate",
    "router",
}


def in_block(name):
    """Of the language model's blocks, the one a module is in; None outside and in vision and audio parts."""
    found = BLOCK.search(name)
    return None if found is None or TOWER.search(name) else int(found[1])


def mamba_outputs(net):
    """Full names of out_proj in Mamba mixers, which keep a state matrix and a skip weight D."""
    return {
        f"{name}.out_proj"
        for name, module in net.named_modules()
        if all(hasattr(module, part) for part in ("A_log", "D", "out_proj"))
    }


def blocks_of(net):
    return {block for name, _ in net.named_modules() if (block := in_block(f"{name}.")) is not None}


def size_of(weight):
    """Weights a parameter stands for: 4-bit storage holds two a byte."""
    state = getattr(weight, "quant_state", None)
    return weight.numel() if state is None else state.shape.numel()


def quantised_share(net):
    """Share of the matrices of the blocks that is in 4 bits, and the sizes of those that are not, by name."""
    whole, left = 0, {}
    kept = mamba_outputs(net)
    for name, weight in net.named_parameters():
        if in_block(name) is None or "lora_" in name:
            continue
        if weight.ndim < 2 and not hasattr(weight, "quant_state"):
            continue
        whole += size_of(weight)
        if getattr(weight, "quant_state", None) is None:
            place = name.removesuffix(".weight")
            known = place in kept or "conv" in name or any(part in STEERING for part in place.split("."))
            label = place.rsplit(".", 1)[-1]
            left[label, known] = left.get((label, known), 0) + weight.numel()
    return 1 - sum(left.values()) / max(whole, 1), whole, left


def check_quantised(net, model):
    share, whole, left = quantised_share(net)
    print(f"{model['id']}: {share:.0%} of the weights of its blocks are in 4 bits.")
    unplanned = {label: n for (label, known), n in left.items() if not known}
    if sum(unplanned.values()) <= 0.02 * whole:
        return
    names = ", ".join(sorted(unplanned, key=unplanned.get, reverse=True)[:4])
    extra = 1.5 * sum(unplanned.values()) / 1e9
    what = f"{model['id']}: {names} stayed in 16 bits, {extra:.2f} GB more than planned."
    if not ACCEPT_16BIT_EXPERTS:
        raise NotAsPromised(
            f"{what} Quantise the experts with Axolotl or Unsloth, or set ACCEPT_16BIT_EXPERTS = True in the "
            "second cell if your card holds them."
        )
    print(what)


def dtype_of(model):
    """What to compute in: float32 where the card has no bf16 and the class is reported to fail in fp16."""
    return torch.float32 if CUDA and not BF16 and model["plan"]["float32"] else DTYPE


def load(model, bits=4, place=None):
    settings = {
        "revision": None if place or model["id"] in LOCAL else model["revision"] or None,
        "token": TOKEN,
        "trust_remote_code": False,
        "dtype": dtype_of(model),
        "device_map": {"": 0} if CUDA and bits == 4 else None,
    }
    if bits == 4:
        settings["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype_of(model),
            llm_int8_skip_modules=["lm_head", "embed_out", *model.get("skip", [])],
        )
    place = place or LOCAL.get(model["id"], model["id"])
    try:
        net = AutoModelForCausalLM.from_pretrained(place, **settings)
    except ValueError as error:
        if "Unrecognized configuration class" not in str(error):
            raise
        net = transformers.AutoModelForImageTextToText.from_pretrained(place, **settings)
    if bits == 4 and "skip" not in model:
        model["skip"] = sorted({name.split(".", 1)[-1] for name in mamba_outputs(net)})
        if model["skip"]:
            del net
            free()
            return load(model)
    return net


def prepare(net, tokenizer):
    """One end token everywhere, so that what is trained to stop does stop when it is served."""
    for settings in (net.config, getattr(net.config, "text_config", None), net.generation_config):
        if settings is not None:
            settings.eos_token_id, settings.pad_token_id = tokenizer.eos_token_id, tokenizer.pad_token_id
    tokenizer.types = net.config.model_type in {"gemma3", "paligemma"}
    return net


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


def open_model(model):
    """Tokenizer and quantised model, checked; raises NotAsPromised with a plain sentence."""
    tokenizer = load_tokenizer(model)
    net = prepare(load(model), tokenizer)
    check_quantised(net, model)
    return net, tokenizer


first = net = None
for model in list(USABLE):
    try:
        net, tokenizer = open_model(model)
        first = model
        break
    except NotAsPromised as error:
        print(f"Left out. {error}")
        USABLE.remove(model)
if first is None:
    raise NotAsPromised("None of the candidates loads as planned; the sentences above say why.")
max_length, max_new_tokens = lengths(tokenizer)
print(f"Weights: {net.get_memory_footprint() / 1e9:.3f} GB, estimated {first['weights_gb']:.3f} GB")
if CUDA:
    print(f"On the card after loading: {torch.cuda.memory_allocated() / 1e9:.2f} GB")
print(f"Longest example {max_length} tokens, answers up to {max_new_tokens} tokens")
