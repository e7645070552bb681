# mypy: ignore-errors
# %% [markdown]
# # Does the choice hold on your data?
#
# {{summary}}
#
# This notebook can prove the choice wrong. It loads each candidate in 4 bits, says how much of it was quantised and how much
# adapters reach, asks it your prompts before any training, tries all candidates on growing parts of your data, compares them
# on examples none of them has seen, and only then trains the winner on everything. It leaves `basewise-pilot.json`: figures
# without any of your texts, which the Decide page works into its answer.
#
# **You need** a GPU (in Colab: Runtime > Change runtime type > {{card}}) and a file `data.csv` with the columns `prompt` and
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
import hashlib
import json
import math
import random
import re
import time
from importlib import metadata
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
# Set it to True where your card holds the experts of a mixture in 16 bits: 4-bit loading leaves them so.
ACCEPT_16BIT_EXPERTS = os.environ.get("BASEWISE_ACCEPT_16BIT") == "1"
BF16 = CUDA and torch.cuda.is_bf16_supported(including_emulation=False)
DTYPE = torch.bfloat16 if BF16 else torch.float16 if CUDA else torch.float32

random.seed(CONFIG["seed"])
np.random.seed(CONFIG["seed"])
torch.manual_seed(CONFIG["seed"])

if not CUDA and not SMALL:
    raise RuntimeError(
        "No GPU found. In Colab choose Runtime > Change runtime type > {{card}}, then run again."
    )
if CUDA:
    card = torch.cuda.get_device_properties(0)
    print(f"{card.name}: {card.total_memory / 1e9:.1f} GB, computing in {DTYPE}")
else:
    print("Rehearsal on the CPU: figures mean nothing, the code is the same.")


class NotAsPromised(RuntimeError):
    """A model that does not train the way the choice assumed, in a plain sentence."""


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
