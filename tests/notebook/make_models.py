"""Tiny Llamas with random weights and a tokenizer trained on the spot: make_models.py FOLDER NAME ..."""

import json
import sys
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast


def tokenizer():
    text = [f"A lamp for {n} dollars. Price is ${n}.00" for n in range(1000)]
    made = Tokenizer(models.BPE())
    # As Llama 3 does it: up to three digits stay together.
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(
        text,
        trainers.BpeTrainer(
            vocab_size=1600,
            special_tokens=["<s>", "</s>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return PreTrainedTokenizerFast(tokenizer_object=made, bos_token="<s>", eos_token="</s>")


def main(folder, names):
    places = {}
    for seed, name in enumerate(names):
        torch.manual_seed(seed)
        model = LlamaForCausalLM(
            LlamaConfig(
                hidden_size=64,
                intermediate_size=128,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                vocab_size=1600,
                max_position_embeddings=256,
                bos_token_id=0,
                eos_token_id=1,
            )
        )
        place = Path(folder) / name.replace("/", "--")
        model.save_pretrained(place)
        tokenizer().save_pretrained(place)
        places[name] = str(place)
    return places


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))
