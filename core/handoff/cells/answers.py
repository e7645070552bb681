# mypy: ignore-errors
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
        ids = [ids_of(tokenizer, text)[-max_length:] for text in texts[start : start + BATCH]]
        batch = tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(net.device)
        with torch.no_grad():
            out = net.generate(
                input_ids=batch["input_ids"],
                attention_mask=batch["attention_mask"],
                max_new_tokens=max_new_tokens,
                do_sample=False,
                pad_token_id=tokenizer.pad_token_id,
                eos_token_id=tokenizer.eos_token_id,
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


def surprise(net, tokenizer, rows, max_length):
    """Bits by which each right answer surprises the model, its end included."""
    net.eval()
    bits = []
    for row in rows.itertuples():
        ids, shared = encode(tokenizer, row)
        cut = max(0, len(ids) - max_length)
        batch = torch.tensor([ids[cut:]], device=net.device)
        labels = batch.clone()
        labels[0, : max(shared - cut, 1)] = IGNORED
        more = {"token_type_ids": torch.zeros_like(batch)} if tokenizer.types else {}
        with torch.no_grad():
            loss = net(input_ids=batch, labels=labels, **more).loss.item()
        bits.append(loss * int((labels != IGNORED).sum()) / math.log(2))
    return np.array(bits)


def bits_per_character(net, tokenizer, rows, max_length):
    """Comparable between tokenizers, lower is better."""
    characters = [max(len(as_completion(row)), 1) for row in rows.itertuples()]
    return surprise(net, tokenizer, rows, max_length) / np.array(characters)


def bits_per_byte(net, tokenizer, rows, max_length):
    size = [max(len(as_completion(row).encode()), 1) for row in rows.itertuples()]
    return surprise(net, tokenizer, rows, max_length) / np.array(size)


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
