"""The small files of published bases, written anew from what is public: the fields that matter."""

from __future__ import annotations

from dataclasses import dataclass, field

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + "
    "'<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
USUAL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
UNSURE = "needs an end token"
UNTRAINED = "needs trained chat tokens"


@dataclass
class Base:
    """Files and what is expected of them. ``added`` is token -> id."""

    name: str
    config: dict
    eos: str | None
    added: dict[str, int]
    stops: str
    end: str
    generation: dict | None = None
    template: str | None = None
    pad: str | None = None
    bos: str | None = None
    targets: list[str] = field(default_factory=lambda: list(USUAL))
    absent: list[str] = field(default_factory=list)
    tied: bool | None = False
    keys: tuple[str, ...] = ()  # findings that must be there

    def files(self) -> dict:
        tokenizer = {
            "eos_token": self.eos,
            "pad_token": self.pad,
            "bos_token": self.bos,
            "added_tokens_decoder": {str(i): {"content": t, "special": True} for t, i in self.added.items()},
        }
        if self.template:
            tokenizer["chat_template"] = self.template
        return {
            "config.json": self.config,
            "generation_config.json": self.generation,
            "tokenizer_config.json": tokenizer,
            "tokenizer.json": None,
        }


def config(model_type: str, layers: int, vocab: int, **more: object) -> dict:
    return {"model_type": model_type, "num_hidden_layers": layers, "vocab_size": vocab, **more}


LLAMA3 = {
    "<|begin_of_text|>": 128000,
    "<|end_of_text|>": 128001,
    "<|reserved_special_token_0|>": 128002,
    "<|start_header_id|>": 128006,
    "<|end_header_id|>": 128007,
    "<|eot_id|>": 128009,
}
QWEN = {"<|endoftext|>": 151643, "<|im_start|>": 151644, "<|im_end|>": 151645}
QWEN35 = {"<|endoftext|>": 248044, "<|im_start|>": 248045, "<|im_end|>": 248046}
GEMMA = {"<pad>": 0, "<eos>": 1, "<bos>": 2, "<start_of_turn>": 106, "<end_of_turn>": 107}
GEMMA3 = {"<pad>": 0, "<eos>": 1, "<bos>": 2, "<start_of_turn>": 105, "<end_of_turn>": 106}
DOLMA = {"<|endoftext|>": 100257, "<|im_start|>": 100264, "<|im_end|>": 100265, "<|pad|>": 100277}
SENTENCE = {"<unk>": 0, "<s>": 1, "</s>": 2}
GRANITE = {"<|end_of_text|>": 0, "<|start_of_role|>": 49152, "<|end_of_role|>": 49153}
GRANITE4 = {
    "<|end_of_text|>": 100257,
    "<|pad|>": 100256,
    "<|start_of_role|>": 100264,
    "<|end_of_role|>": 100265,
}
GLM4 = {"<|endoftext|>": 151329, "<|user|>": 151336, "<|assistant|>": 151337, "<|observation|>": 151338}
QKVO = USUAL[:4]

BASES = [
    Base(
        "Llama 3 8B",
        config("llama", 32, 128256, eos_token_id=128001, bos_token_id=128000, tie_word_embeddings=False),
        "<|end_of_text|>",
        LLAMA3,
        UNTRAINED,
        "<|end_of_text|>",
        {"eos_token_id": 128001},
        bos="<|begin_of_text|>",
        keys=("pad.none", "chat.untrained"),
    ),
    Base(
        "Llama 3.1 8B",
        config("llama", 32, 128256, eos_token_id=128001, bos_token_id=128000, tie_word_embeddings=False),
        "<|end_of_text|>",
        LLAMA3 | {"<|finetune_right_pad_id|>": 128004, "<|eom_id|>": 128008},
        UNTRAINED,
        "<|end_of_text|>",
        {"eos_token_id": 128001},
        bos="<|begin_of_text|>",
        keys=("chat.untrained",),
    ),
    Base(
        "Llama 2 7B",
        config("llama", 32, 32000, eos_token_id=2, bos_token_id=1, tie_word_embeddings=False),
        "</s>",
        SENTENCE,
        UNSURE,
        "</s>",
        bos="<s>",
        keys=("template.needed",),
    ),
    Base(
        "Qwen2.5 7B",
        config("qwen2", 28, 152064, eos_token_id=151643, bos_token_id=151643, tie_word_embeddings=False),
        "<|endoftext|>",
        QWEN,
        UNTRAINED,
        "<|endoftext|>",
        {"eos_token_id": 151643},
        template=CHATML,
        pad="<|endoftext|>",
        keys=("pad.is_end", "chat.untrained"),
    ),
    Base(
        "Qwen2.5 0.5B, as printed in 2024",
        config("qwen2", 24, 151936, eos_token_id=151643, tie_word_embeddings=True),
        "<|im_end|>",
        QWEN,
        UNTRAINED,
        "<|endoftext|>",
        template=CHATML,
        pad="<|endoftext|>",
        tied=True,
        keys=("eos.disagree", "tied"),
    ),
    Base(
        "Qwen3 8B Base",
        config("qwen3", 36, 151936, eos_token_id=151643, bos_token_id=151643, tie_word_embeddings=False),
        "<|im_end|>",
        QWEN,
        UNSURE,
        "<|endoftext|>",
        {"eos_token_id": 151643},
        template=CHATML,
        pad="<|endoftext|>",
        keys=("eos.disagree", "chat.doubtful", "pad.is_end"),
    ),
    Base(
        "Qwen3 30B-A3B Base",
        config(
            "qwen3_moe",
            48,
            151936,
            eos_token_id=151643,
            num_experts=128,
            mlp_only_layers=[],
            decoder_sparse_step=1,
            tie_word_embeddings=False,
        ),
        "<|im_end|>",
        QWEN,
        UNSURE,
        "<|endoftext|>",
        template=CHATML,
        pad="<|endoftext|>",
        targets=QKVO,
        absent=["gate_proj", "router"],
        keys=("eos.disagree", "experts.4bit", "experts.adapters", "fp16"),
    ),
    Base(
        "Qwen3.5 4B Base",
        {
            "model_type": "qwen3_5",
            "architectures": ["Qwen3_5ForConditionalGeneration"],
            "tie_word_embeddings": True,
            "text_config": config(
                "qwen3_5_text",
                32,
                248320,
                eos_token_id=248044,
                layer_types=(["linear_attention"] * 3 + ["full_attention"]) * 8,
            ),
            "vision_config": {"model_type": "qwen3_5", "depth": 24},
        },
        "<|im_end|>",
        QWEN35,
        "as it is",
        "<|im_end|>",
        template=CHATML,
        pad="<|endoftext|>",
        targets=[*QKVO, "out_proj", "in_proj_qkv", "in_proj_z", "gate_proj", "up_proj", "down_proj"],
        absent=["in_proj_a", "in_proj_b", "vision_tower"],
        tied=True,
        keys=("packing", "targets.reach", "targets.tower", "fp16", "eos.disagree"),
    ),
    Base(
        "Mistral Nemo Base",
        config("mistral", 40, 131072, eos_token_id=2, intermediate_size=14336, tie_word_embeddings=False),
        "</s>",
        SENTENCE | {"[INST]": 3, "[/INST]": 4, "<pad>": 10},
        UNTRAINED,
        "</s>",
        bos="<s>",
        keys=("chat.untrained",),
    ),
    Base(
        "Mistral 7B v0.3",
        config("mistral", 32, 32768, eos_token_id=2, tie_word_embeddings=False),
        "</s>",
        SENTENCE | {"[INST]": 3, "[/INST]": 4},
        UNSURE,
        "</s>",
        bos="<s>",
        keys=("pad.none",),
    ),
    Base(
        "Gemma 2 9B",
        config("gemma2", 42, 256000, eos_token_id=1, pad_token_id=0, bos_token_id=2),
        "<eos>",
        GEMMA,
        UNSURE,
        "<eos>",
        pad="<pad>",
        bos="<bos>",
        tied=True,
        keys=("tied", "chat.unknown", "bos"),
    ),
    Base(
        "Gemma 3 4B pt",
        {
            "model_type": "gemma3",
            "eos_token_id": [1, 106],
            "text_config": config("gemma3_text", 34, 262208, sliding_window=1024),
            "vision_config": {"model_type": "siglip_vision_model"},
        },
        "<eos>",
        GEMMA3,
        UNSURE,
        "<eos>",
        {"eos_token_id": [1]},
        pad="<pad>",
        bos="<bos>",
        tied=True,
        absent=["vision_tower", "lm_head"],
        keys=("fp16", "targets.tower", "tied"),
    ),
    Base(
        "Gemma 3 1B pt",
        config("gemma3_text", 26, 262144, eos_token_id=1, pad_token_id=0),
        "<eos>",
        GEMMA3,
        UNSURE,
        "<eos>",
        pad="<pad>",
        bos="<bos>",
        tied=True,
        keys=("fp16",),
    ),
    Base(
        "Gemma 4 E4B",
        {
            "model_type": "gemma4",
            "tie_word_embeddings": True,
            "text_config": config(
                "gemma4_text",
                42,
                262144,
                eos_token_id=1,
                enable_moe_block=False,
                layer_types=(["sliding_attention"] * 5 + ["full_attention"]) * 7,
            ),
            "vision_config": {"model_type": "gemma4_vision"},
            "audio_config": {"model_type": "gemma4_audio"},
        },
        "<eos>",
        {"<pad>": 0, "<eos>": 1, "<bos>": 2, "<|turn>": 105, "<turn|>": 106},
        UNSURE,
        "<eos>",
        pad="<pad>",
        bos="<bos>",
        tied=True,
        keys=("fp16", "targets.tower"),
    ),
    Base(
        "Olmo 3 7B",
        config(
            "olmo3",
            32,
            100278,
            eos_token_id=100257,
            pad_token_id=100277,
            layer_types=(["sliding_attention"] * 3 + ["full_attention"]) * 8,
            tie_word_embeddings=False,
        ),
        "<|endoftext|>",
        DOLMA,
        UNSURE,
        "<|endoftext|>",
        pad="<|pad|>",
    ),
    Base(
        "OLMo 2 7B",
        config("olmo2", 32, 100352, eos_token_id=100257, pad_token_id=100277, tie_word_embeddings=False),
        "<|endoftext|>",
        DOLMA,
        UNSURE,
        "<|endoftext|>",
        pad="<|pad|>",
    ),
    Base(
        "Phi-2",
        config("phi", 32, 51200, eos_token_id=50256, bos_token_id=50256, tie_word_embeddings=False),
        "<|endoftext|>",
        {"<|endoftext|>": 50256},
        UNSURE,
        "<|endoftext|>",
        bos="<|endoftext|>",
        targets=["q_proj", "k_proj", "v_proj", "dense", "fc1", "fc2"],
        absent=["o_proj", "gate_proj", "up_proj", "down_proj"],
        keys=("pad.none", "targets.absent"),
    ),
    Base(
        "SmolLM3 3B Base",
        config("smollm3", 36, 128256, eos_token_id=128001, pad_token_id=128004, tie_word_embeddings=True),
        "<|end_of_text|>",
        LLAMA3 | {"<|im_start|>": 128011, "<|im_end|>": 128012},
        UNSURE,
        "<|end_of_text|>",
        tied=True,
    ),
    Base(
        "Granite 3.3 8B base",
        config("granite", 40, 49152, eos_token_id=0, pad_token_id=0, tie_word_embeddings=True),
        "<|end_of_text|>",
        {"<|end_of_text|>": 0},
        UNSURE,
        "<|end_of_text|>",
        pad="<|end_of_text|>",
        tied=True,
        keys=("pad.is_end",),
    ),
    Base(
        "Granite 4.0 H micro base",
        config(
            "granitemoehybrid",
            40,
            100352,
            eos_token_id=100257,
            pad_token_id=100256,
            num_local_experts=0,
            layer_types=["attention" if i in {5, 15, 25, 35} else "mamba" for i in range(40)],
            tie_word_embeddings=True,
        ),
        "<|end_of_text|>",
        GRANITE4,
        UNSURE,
        "<|end_of_text|>",
        pad="<|pad|>",
        targets=[*QKVO, "in_proj", "input_linear", "output_linear"],
        absent=["out_proj", "conv1d", "gate_proj", "up_proj", "down_proj"],
        tied=True,
        keys=("targets.reach", "targets.mamba"),
    ),
    Base(
        "Falcon-H1 7B Base",
        config("falcon_h1", 44, 130049, eos_token_id=11, mamba_d_ssm=3072, tie_word_embeddings=False),
        "<|end_of_text|>",
        {"<|end_of_text|>": 11, "<|pad|>": 0, "<|im_start|>": 227, "<|im_end|>": 228},
        UNSURE,
        "<|end_of_text|>",
        pad="<|pad|>",
        targets=[*QKVO, "in_proj", "gate_proj", "up_proj", "down_proj"],
        absent=["out_proj", "conv1d"],
        keys=("targets.mamba", "fp16"),
    ),
    Base(
        "Nemotron Nano 9B v2 Base",
        config(
            "nemotron_h",
            56,
            131072,
            eos_token_id=2,
            hybrid_override_pattern="M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-",
            auto_map={"AutoConfig": "configuration_nemotron_h.NemotronHConfig"},
            tie_word_embeddings=False,
        ),
        "</s>",
        SENTENCE,
        UNSURE,
        "</s>",
        targets=[*QKVO, "in_proj", "up_proj", "down_proj"],
        absent=["out_proj", "conv1d", "gate_proj"],
        keys=("targets.reach", "targets.mamba", "remote_code"),
    ),
    Base(
        "Mixtral 8x7B",
        config("mixtral", 32, 32000, eos_token_id=2, num_local_experts=8, tie_word_embeddings=False),
        "</s>",
        SENTENCE,
        UNSURE,
        "</s>",
        bos="<s>",
        targets=QKVO,
        absent=["gate_proj", "router"],
        keys=("experts.4bit",),
    ),
    Base(
        "DeepSeek V3 Base",
        config(
            "deepseek_v3",
            61,
            129280,
            eos_token_id=1,
            n_routed_experts=256,
            kv_lora_rank=512,
            q_lora_rank=1536,
            n_shared_experts=1,
            first_k_dense_replace=3,
            quantization_config={"quant_method": "fp8"},
            auto_map={"AutoModel": "modeling_deepseek.DeepseekV3Model"},
            tie_word_embeddings=False,
        ),
        "<｜end▁of▁sentence｜>",
        {"<｜begin▁of▁sentence｜>": 0, "<｜end▁of▁sentence｜>": 1, "<｜▁pad▁｜>": 2, "<｜User｜>": 128803},
        "as it is",
        "<｜end▁of▁sentence｜>",
        template="{{ bos_token }}{% for m in messages %}{% if m['role'] == 'assistant' %}"
        "{{ '<｜Assistant｜>' + m['content'] + '<｜end▁of▁sentence｜>' }}{% endif %}{% endfor %}",
        pad="<｜end▁of▁sentence｜>",
        bos="<｜begin▁of▁sentence｜>",
        targets=["q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj", "o_proj", *USUAL[4:]],
        absent=["q_proj", "router"],
        keys=("experts.4bit", "remote_code", "pad.is_end", "stored.quantised"),
    ),
    Base(
        "Apertus 8B",
        config(
            "apertus", 32, 131072, eos_token_id=2, bos_token_id=1, pad_token_id=3, tie_word_embeddings=False
        ),
        "</s>",
        SENTENCE | {"<pad>": 3, "<|assistant_start|>": 67, "<|assistant_end|>": 68},
        UNSURE,
        "</s>",
        pad="<pad>",
        bos="<s>",
        targets=[*QKVO, "up_proj", "down_proj"],
        absent=["gate_proj"],
        keys=("targets.absent",),
    ),
    Base(
        "GLM-4-32B-Base-0414",
        config("glm4", 61, 151552, eos_token_id=[151329], pad_token_id=151329, tie_word_embeddings=False),
        "<|endoftext|>",
        GLM4,
        UNSURE,
        "<|endoftext|>",
        pad="<|endoftext|>",
        targets=[*QKVO, "gate_up_proj", "down_proj"],
        absent=["gate_proj", "up_proj"],
        keys=("pad.is_end", "targets.absent"),
    ),
    Base(
        "Pythia 1.4B",
        config("gpt_neox", 24, 50304, eos_token_id=0, bos_token_id=0, tie_word_embeddings=False),
        "<|endoftext|>",
        {"<|endoftext|>": 0, "<|padding|>": 1},
        UNSURE,
        "<|endoftext|>",
        targets=["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"],
        absent=["q_proj"],
    ),
    # The following print what the Hub shows of the bases' generation_config.json and tokenizer_config.json.
    Base(
        "Yi 1.5 9B",
        config("llama", 48, 64000, eos_token_id=2, bos_token_id=1, pad_token_id=0, tie_word_embeddings=False),
        "<|endoftext|>",
        {"<unk>": 0, "<|startoftext|>": 1, "<|endoftext|>": 2, "<|im_start|>": 6, "<|im_end|>": 7},
        UNSURE,
        "<|endoftext|>",
        {"eos_token_id": 2, "bos_token_id": 1, "pad_token_id": 0},
        pad="<unk>",
        bos="<|startoftext|>",
        keys=("template.needed", "chat.unknown"),
    ),
    Base(
        "Falcon3 7B Base",
        config("llama", 28, 131072, eos_token_id=11, bos_token_id=11, tie_word_embeddings=False),
        "<|endoftext|>",
        {"<|endoftext|>": 11, "<|pad|>": 2023},
        UNSURE,
        "<|endoftext|>",
        {"eos_token_id": 11},
        pad="<|pad|>",
        keys=("template.needed",),
    ),
    Base(
        "StableLM 2 12B",
        config("stablelm", 40, 100352, eos_token_id=100257, bos_token_id=100257, tie_word_embeddings=False),
        "<|endoftext|>",
        {"<|endoftext|>": 100257, "<|im_start|>": 100278, "<|im_end|>": 100279},
        UNSURE,
        "<|endoftext|>",
        {"eos_token_id": 100257, "bos_token_id": 100257, "pad_token_id": 100257},
        pad="<|endoftext|>",
        keys=("pad.is_end", "template.needed"),
    ),
    Base(
        "LFM2.5 1.2B Base",
        config("lfm2", 16, 65536, eos_token_id=7, bos_token_id=1, pad_token_id=0, tie_word_embeddings=True),
        "<|im_end|>",
        {"<|pad|>": 0, "<|startoftext|>": 1, "<|endoftext|>": 2, "<|im_start|>": 6, "<|im_end|>": 7},
        "as it is",
        "<|im_end|>",
        {"eos_token_id": 7, "bos_token_id": 1, "pad_token_id": 0},
        template=CHATML,
        pad="<|pad|>",
        bos="<|startoftext|>",
        targets=["q_proj", "k_proj", "v_proj", "out_proj", "w1", "w2", "w3"],
        absent=["o_proj", "gate_proj"],
        tied=True,
    ),
    Base(
        "LLM-jp 3 7.2B",
        config("llama", 32, 99584, eos_token_id=2, bos_token_id=1, tie_word_embeddings=False),
        "</s>",
        SENTENCE | {"<PAD|LLM-jp>": 4, "<CLS|LLM-jp>": 5, "<SEP|LLM-jp>": 6},
        UNSURE,
        "</s>",
        {"eos_token_id": 2, "bos_token_id": 1},
        pad="<PAD|LLM-jp>",
        bos="<s>",
        keys=("template.needed",),
    ),
]
