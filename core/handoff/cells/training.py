# mypy: ignore-errors
# %% [markdown]
# ## 8. Training
#
# Adapters by kind of layer: attention, gated delta nets, Mamba's input, feed-forward layers. Left alone are embeddings and
# head (tied ones drift apart when adapted), routers and gates, Mamba's output and convolution, and vision or audio parts.
# %%
LETTERS = {"q_proj": "q", "k_proj": "k", "v_proj": "v", "o_proj": "o", "out_proj": "o", "dense": "o"}
LINEAR = (torch.nn.Linear, transformers.pytorch_utils.Conv1D)


def adaptable(net, model):
    """Full names of the linear layers of the language model's blocks that may be adapted."""
    closed = STEERING | set(model["plan"]["avoid"]) - set(model["plan"]["targets"])
    kept = mamba_outputs(net)
    return [
        name
        for name, module in net.named_modules()
        if isinstance(module, LINEAR)
        and in_block(name) is not None
        and name not in kept
        and name.rsplit(".", 1)[-1] not in closed
    ]


def fused_experts(net):
    """Names of three-dimensional expert parameters, as PEFT's target_parameters takes them."""
    return sorted(
        {
            ".".join(name.split(".")[-2:])
            for name, weight in net.named_parameters()
            if weight.ndim == 3 and in_block(name) is not None and "expert" in name and "bias" not in name
        }
    )


def choose_layers(net, model):
    """Layers to adapt and fused experts: all, or what mixes tokens, as the question said."""
    every = adaptable(net, model)
    if TASK["targets"] == "all-linear":
        return every, fused_experts(net)
    letters = TASK["targets"].split(",")
    mixing = [name for name in every if not FEED_FORWARD.search(name)]
    chosen = [name for name in mixing if LETTERS.get(name.rsplit(".", 1)[-1], letters[0]) in letters]
    return chosen or every, []


def short_names(net, chosen):
    """Last parts where they mean the same layers, which servers like better; else full names."""
    ends = {name.rsplit(".", 1)[-1] for name in chosen}
    same = {
        name
        for name, module in net.named_modules()
        if isinstance(module, LINEAR) and name.rsplit(".", 1)[-1] in ends
    }
    return sorted(ends) if same == set(chosen) else chosen


def with_adapter(net, tokenizer, model):
    """The model with its adapter; says what it reaches and stops where that is not what was promised."""
    chosen, experts = choose_layers(net, model)
    every, blocks = adaptable(net, model), blocks_of(net)
    net = get_peft_model(
        net,
        LoraConfig(
            r=TASK["lora_rank"],
            lora_alpha=2 * TASK["lora_rank"],
            # PEFT can't drop out what goes through a fused parameter.
            lora_dropout=0.0 if experts else 0.1,
            target_modules=short_names(net, chosen),
            target_parameters=experts or None,
            trainable_token_indices=[tokenizer.eos_token_id] if model["plan"]["train_end"] else None,
            task_type="CAUSAL_LM",
        ),
    )
    hit = {name for name, weight in net.named_parameters() if "lora_A" in name}
    reached = {block for name in hit if (block := in_block(name)) is not None}
    training = sum(weight.numel() for weight in net.parameters() if weight.requires_grad)
    layers = sum(".experts" not in name for name in hit)
    print(
        f"{model['id']}: adapters reach {len(reached)} of {len(blocks)} blocks, {layers} of {len(every)} layers "
        f"({layers / max(len(every), 1):.0%}){' and the experts' if experts else ''}; {training:,} weights train."
    )
    promised = {in_block(name) for name in chosen}
    if TASK["targets"] == "all-linear":
        promised = blocks
    if promised - reached or layers < len(chosen):
        raise NotAsPromised(
            f"{model['id']}: adapters reach {len(reached)} of the {len(promised)} blocks they were meant for. "
            "Part of the model would stay as it is."
        )
    known = model["plan"]["blocks"]
    if known and known != len(blocks):
        raise NotAsPromised(f"{model['id']} was said to have {known} blocks and has {len(blocks)}.")
    return net


def collate(tokenizer, max_length):
    def batch(rows):
        encoded = [encode(tokenizer, row) for row in rows]
        width = min(max(len(ids) for ids, _ in encoded), max_length)
        ids = torch.full((len(rows), width), tokenizer.pad_token_id)
        labels = torch.full((len(rows), width), IGNORED)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for i, (tokens, shared) in enumerate(encoded):
            cut = max(0, len(tokens) - width)
            tokens, own = tokens[cut:], max(shared - cut, 0)
            ids[i, : len(tokens)] = torch.tensor(tokens)
            labels[i, own : len(tokens)] = torch.tensor(tokens[own:])
            mask[i, : len(tokens)] = 1
        whole = {"input_ids": ids, "attention_mask": mask, "labels": labels}
        # Gemma 3 asks for them in training; 0 is text.
        return whole | ({"token_type_ids": torch.zeros_like(ids)} if tokenizer.types else {})

    return batch


EPOCHS = 2
STEPS = 3 if SMALL else -1


def tune(net, tokenizer, model, rows, max_length):
    """QLoRA on ``rows``; returns the model with its adapter, seconds, and peak memory in GB."""
    # Embeddings and norms stay in 16 bits, which saves memory against prepare_model_for_kbit_training.
    if net.supports_gradient_checkpointing:
        net.activation_checkpointing_enable()
    net.enable_input_require_grads()
    net.config.use_cache = False
    net = with_adapter(net, tokenizer, model)
    gathered = max(1, math.ceil(16 / BATCH))
    steps = EPOCHS * math.ceil(len(rows) / (BATCH * gathered))
    settings = TrainingArguments(
        output_dir="basewise-run",
        per_device_train_batch_size=BATCH,
        gradient_accumulation_steps=gathered,
        num_train_epochs=EPOCHS,
        max_steps=STEPS,
        learning_rate=model["learning_rate"],
        lr_scheduler_type="cosine",
        warmup_steps=0 if SMALL else min(10, steps // 10),
        optim="paged_adamw_8bit" if CUDA else "adamw_torch",
        bf16=BF16,
        fp16=CUDA and not BF16 and dtype_of(model) == torch.float16,
        use_cpu=not CUDA,
        logging_steps=1 if SMALL else 25,
        save_strategy="no",
        report_to="none",
        remove_unused_columns=False,
        dataloader_pin_memory=CUDA,
        seed=CONFIG["seed"],
    )
    free()
    started = time.time()
    trainer = Trainer(
        model=net,
        args=settings,
        train_dataset=list(rows.itertuples()),
        data_collator=collate(tokenizer, max_length),
    )
    outcome = trainer.train()
    if not math.isfinite(outcome.training_loss):
        raise NotAsPromised(
            f"{model['id']}: the loss is not a number. On a card without bfloat16 some models overflow: use an L4 "
            "or A100."
        )
    if net.supports_gradient_checkpointing:
        net.activation_checkpointing_disable()
    net.config.use_cache = True
    return net, time.time() - started, peak_gb()
