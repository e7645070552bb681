# mypy: ignore-errors
# %% [markdown]
# ## 10. Training the winner on everything, and the final figure
# %%
net, tokenizer = open_model(CHOSEN)
max_length, max_new_tokens = lengths(tokenizer)
net, seconds, memory = tune(net, tokenizer, CHOSEN, train, max_length)
print(f"{seconds / 60:.1f} minutes. {beside_estimate(memory, CHOSEN)}")
errors, unreadable = measure(net, tokenizer, test, max_length, max_new_tokens)
note(
    CHOSEN["id"], "tuned on everything", errors, unreadable=unreadable, seconds=round(seconds), peak_gb=memory
)
print(f"{METRIC}, with 95% interval from {len(test)} unseen examples:")
results = pd.DataFrame(RESULTS)
results
# %% [markdown]
# ## 11. Saving: the adapter, and merged for servers that want it whole
#
# Merging goes into 16-bit weights: in 4 bits a light adapter's change is rounded away. It takes the whole model in memory, so
# it is only done where MERGE is True.
# %%
MERGE = SMALL or os.environ.get("BASEWISE_MERGE") == "1"


def save_adapter(net, tokenizer, place="basewise-adapter"):
    """The adapter without copies of the embeddings, with tokenizer and end token as trained."""
    net.save_pretrained(place, save_embedding_layers=False)
    tokenizer.save_pretrained(place)
    net.generation_config.save_pretrained(place)
    return place


def what_serves(net, model):
    """One sentence for each server, from what was adapted and what its lists say of the class."""
    plan, config = model["plan"], net.peft_config["default"]
    parts = []
    if config.trainable_token_indices:
        parts.append("a trained token")
    if config.target_parameters:
        parts.append("fused experts")
    lines = []
    said = {
        "yes": "its list names this class",
        "no": "its list does not name this class",
        "unknown": "its list was not looked up",
    }
    if parts:
        lines.append(
            f"vLLM: serve the merged model; the adapter holds {' and '.join(parts)}, which it does not take."
        )
    elif plan["vllm"] == "no":
        lines.append("vLLM: serve the merged model; its list of adapters does not name this class.")
    else:
        rank = f"start it with --enable-lora --max-lora-rank {max(16, TASK['lora_rank'])}"
        lines.append(f"vLLM: the adapter as it is ({said[plan['vllm']]}); {rank}.")
    if plan["gguf"] == "no":
        lines.append("GGUF: won't convert; llama.cpp's converter does not name this class.")
    else:
        lines.append(f"GGUF: convert the merged model ({said[plan['gguf']]}).")
    return lines


def probe(net, tokenizer):
    ids = torch.tensor([encode(tokenizer, next(test.itertuples()))[0]], device=net.device)
    more = {"token_type_ids": torch.zeros_like(ids)} if tokenizer.types else {}
    net.eval()
    with torch.no_grad():
        return net(input_ids=ids, **more).logits.float().cpu()


def merge(model, tokenizer, adapter="basewise-adapter", place="basewise-merged"):
    """Merge into 16-bit weights, save, load again; stops where the logits are no longer the same."""
    net = prepare(load(model, bits=16), tokenizer)
    net = PeftModel.from_pretrained(net, adapter)
    before = probe(net, tokenizer)
    whole = net.merge_and_unload()
    after = probe(whole, tokenizer)
    whole.save_pretrained(place)
    tokenizer.save_pretrained(place)
    del net, whole
    free()
    again = probe(prepare(load(model, bits=16, place=place), tokenizer), tokenizer)
    limit = 1e-3 if dtype_of(model) == torch.float32 else 0.05
    worst = max(float((before - found).abs().max() / before.abs().max()) for found in (after, again))
    if not worst <= limit:
        raise NotAsPromised(
            f"{model['id']}: merged, the model answers differently (logits by {worst:.1%}). Serve the adapter instead."
        )
    return worst


save_adapter(net, tokenizer)
SERVING = what_serves(net, CHOSEN)
print("\n".join(SERVING))
# %%
if MERGE:
    del net
    free()
    print(f"Merged into basewise-merged: logits differ by {merge(CHOSEN, tokenizer):.2g} of the largest.")
else:
    print("To merge, set MERGE = True two cells above and run from there.")
# %%
record = {
    "made_with": "Basewise",
    "metric": METRIC,
    "first_choice": first["id"],
    "chosen": CHOSEN["id"],
    "overturned": CHOSEN["id"] != first["id"],
    "verdicts": lines,
    "serving": SERVING,
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
print("Saved: basewise-adapter/, basewise-pilot.json and basewise-results.json")
