# mypy: ignore-errors
# %% [markdown]
# ## 4. End of an answer, padding, and how each tokenizer cuts your numbers
#
# What is not in the training text can't be learnt: every example ends with the token the base can stop at. Padding never is
# that token where another is to be had, and in any case is left out of the loss by its position.
# %%
from transformers import AutoTokenizer


def holds(tokenizer, token):
    return bool(token) and token in tokenizer.get_vocab()


def load_tokenizer(model):
    """The tokenizer with the end token to train on, a pad that is not it, and whether texts begin with BOS."""
    place = LOCAL.get(model["id"], model["id"])
    revision = None if model["id"] in LOCAL else model["revision"] or None
    tokenizer = AutoTokenizer.from_pretrained(place, revision=revision, token=TOKEN, trust_remote_code=False)
    plan = model["plan"]
    if holds(tokenizer, plan["end_token"]):
        tokenizer.eos_token = plan["end_token"]
    if tokenizer.eos_token_id is None:
        raise NotAsPromised(f"{model['id']} names no end token: a tuned model could not stop.")
    spare = sorted(t for t in tokenizer.get_vocab() if re.search(r"pad|reserved|unused", t) and t[0] in "<[")
    pads = [plan["pad_token"], tokenizer.pad_token, *spare, tokenizer.unk_token]
    fitting = [token for token in pads if holds(tokenizer, token) and token != tokenizer.eos_token]
    tokenizer.pad_token = fitting[0] if fitting else tokenizer.eos_token
    # With or without BOS as in pre-training: exactly once, or never.
    own = tokenizer("a").input_ids[:1] == [tokenizer.bos_token_id]
    tokenizer.begins = tokenizer.bos_token_id is not None and (own or plan["adds_bos"] is True)
    tokenizer.types = False
    # Served as a chat, the tuned model gets its prompts as it was trained on them.
    tokenizer.chat_template = (
        "{% for message in messages %}{% if message['role'] == 'assistant' %}"
        "{{ message['content'] + after + eos_token }}{% else %}"
        "{{ message['content'] + '\\n\\n' + before }}{% endif %}{% endfor %}"
    )
    before, after = (json.dumps(text, ensure_ascii=False) for text in (BEFORE, AFTER))
    texts = f"{{% set before = {before} %}}{{% set after = {after} %}}"
    tokenizer.chat_template = texts + tokenizer.chat_template
    return tokenizer


def ids_of(tokenizer, text):
    """Token ids of a text, with BOS once where the base was trained with it, and no end token."""
    ids = tokenizer(text, add_special_tokens=False).input_ids
    return [tokenizer.bos_token_id, *ids] if tokenizer.begins else ids


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


def tokens_row(model):
    tokenizer = load_tokenizer(model)
    plan = model["plan"]
    row = {
        "model": model["id"],
        "ends with": tokenizer.eos_token,
        "pads with": tokenizer.pad_token,
        "begins with": tokenizer.bos_token if tokenizer.begins else "",
        "as it is, the base": plan["stops"],
    }
    numbers = [str(n) for n in range(1000)]
    seen = [found[0] for text in train["target"] if (found := re.search(r"\d+(?:\.\d+)?", text))]
    row["0-999 in one token"] = sum(digit_tokens(tokenizer, n) == 1 for n in numbers)
    row["noted"] = model["single_tokens"]
    if seen:
        row["your numbers in one token"] = (
            f"{np.mean([digit_tokens(tokenizer, n) == 1 for n in seen[:2000]]):.0%}"
        )
    if plan["end_token"] and tokenizer.eos_token != plan["end_token"]:
        print(f"{model['id']} has no token {plan['end_token']}; {tokenizer.eos_token} ends answers instead.")
    if tokenizer.pad_token == tokenizer.eos_token:
        print(
            f"{model['id']} has no token to pad with but its end token; its position keeps it out of the loss."
        )
    return row


pd.DataFrame([tokens_row(model) for model in USABLE])
