"""Bytes of a model in 4 bits and of its adapter, measured and by core.memory.parts: footprint.py FOLDER"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

from core.memory import architectures, parts

place = sys.argv[1]
quantised = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)
net = AutoModelForCausalLM.from_pretrained(place, quantization_config=quantised, dtype=torch.bfloat16)
shape = architectures.from_config(json.loads((Path(place) / "config.json").read_text()))
loaded = net.get_memory_footprint()
net = get_peft_model(net, LoraConfig(r=8, target_modules=["q_proj", "v_proj"]))
found = {
    "loaded": loaded,
    "loaded_estimated": parts.weight_bytes(shape, "qlora"),
    "adapter": net.get_memory_footprint() - loaded,
    "adapter_estimated": 4 * parts.adapter_parameters(shape, 8, ("q", "v")),
}
print(json.dumps(found))
