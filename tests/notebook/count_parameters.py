"""Parameters of tiny models of many kinds, as transformers builds them and as we count them."""

import json

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from core.memory import architectures

SIZES = {
    "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 96, "vocab_size": 320, "max_position_embeddings": 32, "head_dim": 16, "n_embd": 64,
    "n_layer": 2, "n_head": 4, "n_inner": 96, "n_positions": 32, "d_model": 64, "n_heads": 4, "n_layers": 2,
    "ffn_dim": 96, "max_seq_len": 32, "num_layers": 2,
}  # fmt: skip
EXTRA = {
    "gpt_neo": {"attention_types": [[["global", "local"], 1]]},
    "opt": {"word_embed_proj_dim": 64},
    "gptj": {"rotary_dim": 8},
}
KINDS = (
    "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "olmo", "olmo2", "stablelm",
    "gpt_neox", "phi", "phi3", "gptj", "gpt2", "opt", "bloom", "nemotron", "falcon", "starcoder2", "granite",
    "helium", "smollm3", "cohere", "mpt", "gpt_neo",
)  # fmt: skip


def pair(kind):
    default = AutoConfig.for_model(kind)
    usable = {
        name: value
        for name, value in SIZES.items()
        if hasattr(default, name) and not isinstance(getattr(type(default), name, None), property)
    }
    config = AutoConfig.for_model(kind, **usable, pad_token_id=0, **EXTRA.get(kind, {}))
    with torch.device("meta"):
        net = AutoModelForCausalLM.from_config(config)
    counted = architectures.from_config(config.to_dict()).parameters
    return sum(parameter.numel() for parameter in net.parameters()), counted


print(json.dumps({kind: pair(kind) for kind in KINDS}))
