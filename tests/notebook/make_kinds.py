"""Tiny models of many kinds with random weights, and tiny Llamas: make_kinds.py FOLDER NAME ..."""

import json
import sys
from pathlib import Path

import make_models
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    PreTrainedTokenizerFast,
)

SIZES = {
    "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 128, "max_position_embeddings": 256, "head_dim": 16,
}  # fmt: skip
VISION = {
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
    "image_size": 28, "patch_size": 14,
}  # fmt: skip
# name -> model type, settings of its own, end tokens of tokenizer and config, whether texts begin with BOS.
KINDS = {
    "llama": ("llama", {}, "</s>", "</s>", True),
    "mistral": ("mistral", {}, "</s>", "</s>", True),
    "qwen2": ("qwen2", {"tie_word_embeddings": True}, "<|endoftext|>", "<|endoftext|>", False),
    "qwen3": ("qwen3", {}, "<|im_end|>", "<|endoftext|>", False),
    "gemma2": ("gemma2", {}, "<eos>", "<eos>", True),
    "gemma3": ("gemma3_text", {"layer_types": ["sliding_attention", "full_attention"]}, "<eos>",
               "<eos>", True),
    "olmo3": ("olmo3", {"layer_types": ["sliding_attention", "full_attention"]}, "<|endoftext|>",
              "<|endoftext|>", False),
    "smollm3": ("smollm3", {"tie_word_embeddings": True}, "<|end_of_text|>", "<|end_of_text|>", False),
    "granite": ("granite", {"tie_word_embeddings": True}, "<|end_of_text|>", "<|end_of_text|>", False),
    "experts": ("qwen3_moe", {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 64,
                              "decoder_sparse_step": 1}, "<|im_end|>", "<|endoftext|>", False),
    "mamba": ("granitemoehybrid", {"num_hidden_layers": 3, "layer_types": ["mamba", "attention", "mamba"],
                                   "num_local_experts": 0, "num_experts_per_tok": 0,
                                   "shared_intermediate_size": 64, "mamba_n_heads": 8, "mamba_d_head": 16,
                                   "mamba_d_state": 16, "mamba_expand": 2, "mamba_n_groups": 1,
                                   "mamba_chunk_size": 16, "tie_word_embeddings": True},
              "<|end_of_text|>", "<|end_of_text|>", False),
    "parallel": ("falcon_h1", {"mamba_d_ssm": 64, "mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_state": 16,
                               "mamba_n_groups": 1, "mamba_expand": 1, "mamba_chunk_size": 16},
                 "<|end_of_text|>", "<|end_of_text|>", False),
    "delta": ("qwen3_5_text", {"num_hidden_layers": 4, "layer_types": ["linear_attention"] * 3
                               + ["full_attention"], "linear_num_key_heads": 2, "linear_num_value_heads": 4,
                               "linear_key_head_dim": 16, "linear_value_head_dim": 16},
              "<|im_end|>", "<|endoftext|>", False),
    # One weight for input and output, with an empty row for the end token.
    "untrained": ("qwen2", {"tie_word_embeddings": True}, "<|endoftext|>", "<|endoftext|>", False),
    "vision": ("gemma3", {}, "<eos>", "<eos>", True),
}  # fmt: skip
SPECIAL = ["<pad>", "<s>", "</s>", "<bos>", "<eos>", "<|endoftext|>", "<|im_start|>", "<|im_end|>",
           "<|end_of_text|>"]  # fmt: skip


def tokenizer(eos, begins):
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    text = [f"Lamp {n}, large and blue. Price is ${n}.00" for n in range(200)]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        text,
        trainers.BpeTrainer(
            vocab_size=400, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
        ),
    )
    bos = {"<eos>": "<bos>"}.get(eos, "<s>") if begins else None
    if bos:
        made.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, made.token_to_id(bos))]
        )
    return PreTrainedTokenizerFast(tokenizer_object=made, bos_token=bos, eos_token=eos, pad_token="<pad>")


def build(kind):
    model_type, own, eos, config_eos, begins = KINDS[kind]
    words = tokenizer(eos, begins)
    ids = {
        "vocab_size": 400, "pad_token_id": 0, "eos_token_id": words.convert_tokens_to_ids(config_eos),
        "bos_token_id": words.bos_token_id,
    }  # fmt: skip
    default = AutoConfig.for_model(model_type)
    if model_type == "gemma3":
        text = {**SIZES, **ids, "layer_types": ["sliding_attention", "full_attention"]}
        config = AutoConfig.for_model(
            model_type, text_config=text, vision_config=VISION, mm_tokens_per_image=4, image_token_index=399,
            boi_token_index=398, eoi_token_index=397, eos_token_id=ids["eos_token_id"],
        )  # fmt: skip
        return AutoModelForImageTextToText.from_config(config), words
    usable = {name: value for name, value in SIZES.items() if hasattr(default, name)}
    config = AutoConfig.for_model(model_type, **usable | ids | own)
    return AutoModelForCausalLM.from_config(config), words


def main(folder, names):
    places = make_models.main(folder, names)
    for seed, kind in enumerate(KINDS):
        torch.manual_seed(seed)
        net, words = build(kind)
        if kind == "untrained":
            with torch.no_grad():
                net.get_input_embeddings().weight[words.eos_token_id] = 0
        place = Path(folder) / kind
        net.save_pretrained(place)
        words.save_pretrained(place)
        places[f"tiny/{kind}"] = str(place)
    print(json.dumps(places))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
