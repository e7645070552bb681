# mypy: ignore-errors
# %% [markdown]
# ## 9. The pilot: growing parts of your data, the same held-out examples for all
#
# One recipe for all candidates. Each run is kept on disk as soon as it is done, so a session that is lost goes on where it
# stopped: with Google Drive mounted in `Drive/basewise`, else beside the notebook. A candidate that can't win any more is
# dropped, and the pilot ends when the leader is clear.
# %%
KEEP = Path(
    os.environ.get("BASEWISE_KEEP")
    or next(
        (str(place / "basewise") for place in [Path("/content/drive/MyDrive")] if place.exists()),
        "basewise-runs",
    )
)
KEEP.mkdir(parents=True, exist_ok=True)
print(f"Trials are kept in {KEEP}.")
# Share of the draws below which a candidate is dropped, and above which the leader is clear.
DROPPED_BELOW, CLEAR_ABOVE = 0.02, 0.95
# By how much two runs of one recipe may differ, as a logarithm; the most the Decide page reckons with.
RUN_NOISE = 0.04


def hashed(value, length=64):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:length]


def texts(rows):
    return rows[["prompt", "target"]].to_numpy().tolist()


HELD_OUT = hashed(texts(judge))
SUBSETS = sorted({min(n, len(train)) for n in CONFIG["pilot"]["subsets"]})


def run_key(model, subset):
    """What makes a run the same: model, examples, recipe and question."""
    recipe = [TASK["lora_rank"], TASK["batch_size"], TASK["targets"], EPOCHS, STEPS, model["learning_rate"]]
    question = [TASK["key"], HELD_OUT, hashed(texts(train.head(subset)))]
    return hashed(
        [model["id"], model["revision"], CONFIG["seed"], CUDA, str(dtype_of(model)), recipe, question], 32
    )


def kept(model, subset):
    """A run that is done; None where there is none, or half of one."""
    try:
        found = json.loads((KEEP / f"{run_key(model, subset)}.json").read_text())
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict):
        return None
    whole = len(found.get("scores", [])) == len(judge) == len(found.get("bits_per_byte", []))
    return found if whole else None


def keep(model, subset, run):
    place = KEEP / f"{run_key(model, subset)}.json"
    part = place.with_suffix(".part")
    part.write_text(json.dumps(run))
    os.replace(part, place)


def rounded(figures):
    return [float(f"{figure:.7g}") for figure in figures]


def trial(model, subset):
    """One model tuned on the first ``subset`` examples, scored on every held-out one."""
    net, tokenizer = open_model(model)
    max_length, max_new_tokens = lengths(tokenizer)
    net, seconds, memory = tune(net, tokenizer, model, train.head(subset), max_length)
    errors, unreadable = measure(net, tokenizer, judge, max_length, max_new_tokens)
    bits = bits_per_byte(net, tokenizer, judge, max_length)
    del net
    free()
    return {
        "scores": rounded(errors),
        "bits_per_byte": rounded(bits),
        "seconds": round(max(seconds, 0.001), 3),
        "peak_gb": memory,
        "sequence_length": max_length,
        "unreadable": unreadable,
    }


def chances(done, alive, last):
    """P(lowest error with all the data), by example-wise draws from each candidate's last two subsets.

    Errors are taken on along a power law through the two, which lets a steep curve win; the Decide page fits
    the whole law.
    """
    sizes = [n for n in SUBSETS if n <= last][-2:]
    rng = np.random.default_rng(CONFIG["seed"])
    picks = rng.integers(0, len(judge), (1000, len(judge)))
    reached = []
    for name in alive:
        means = [
            np.maximum(np.array(done[name, n]["scores"])[picks].mean(axis=1), 1e-9)
            * np.exp(RUN_NOISE * rng.standard_normal(len(picks)))
            for n in sizes
        ]
        if len(sizes) == 1:
            reached.append(means[0])
            continue
        slope = np.log(means[1] / means[0]) / np.log(sizes[1] / sizes[0])
        reached.append(means[1] * (len(train) / sizes[1]) ** np.minimum(slope, 0))
    # Candidates that give the same answers share a draw.
    best = np.array(reached) <= np.min(reached, axis=0)
    return {name: float(share) for name, share in zip(alive, (best / best.sum(axis=0)).mean(axis=1))}


# %%
DONE, DROPPED, LEFT_OUT = {}, {}, {}


def alive():
    return [model for model in USABLE if model["id"] not in DROPPED and model["id"] not in LEFT_OUT]


def whole_subsets():
    """Subsets on which every candidate that was still in had its run."""

    def has(model, subset):
        return (model["id"], subset) in DONE or DROPPED.get(model["id"], subset) < subset

    found = []
    for subset in SUBSETS:
        members = [model for model in USABLE if model["id"] not in LEFT_OUT]
        if not members or not all(has(model, subset) for model in members):
            break
        if any((model["id"], subset) in DONE for model in members):
            found.append(subset)
    return found


def pilot_file():
    """basewise-pilot.json: figures only, of whole subsets only. None before there is one."""
    sizes = whole_subsets()
    if not sizes:
        return None
    members = [model for model in USABLE if model["id"] not in LEFT_OUT]
    runs = [
        {
            "model_id": model["id"],
            "subset": subset,
            "learning_rate": model["learning_rate"],
            "scores": DONE[model["id"], subset]["scores"],
            "mean_score": float(np.mean(DONE[model["id"], subset]["scores"])),
            "bits_per_byte": DONE[model["id"], subset]["bits_per_byte"],
            "mean_bits_per_byte": float(np.mean(DONE[model["id"], subset]["bits_per_byte"])),
            "seconds": DONE[model["id"], subset]["seconds"],
            "peak_gb": DONE[model["id"], subset]["peak_gb"],
        }
        for model in members
        for subset in sizes
        if (model["id"], subset) in DONE
    ]
    document = {
        "format": "basewise-pilot",
        "version": 1,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "task": {"preset": TASK["preset"], "output": TASK["output"], "key": TASK["key"]},
        "measure": {
            "name": METRIC.split(", in ")[0],
            "unit": METRIC.partition(", in ")[2],
            "better": "lower",
        },
        "examples": {"train": len(train), "held_out": len(judge), "held_out_sha256": HELD_OUT},
        "models": [
            {
                "model_id": model["id"],
                "revision": model["revision"] or "",
                "dropped_after": DROPPED.get(model["id"]),
            }
            for model in members
        ],
        "subsets": sizes,
        "runs": runs,
        "settings": {
            "method": "qlora",
            "lora_rank": TASK["lora_rank"],
            "batch_size": TASK["batch_size"],
            "epochs": EPOCHS,
            "sequence_length": max(run["sequence_length"] for run in DONE.values()),
            "seed": CONFIG["seed"],
        },
        "hardware": {
            "gpu": card.name if CUDA else "CPU",
            "memory_gb": round(card.total_memory / 1e9, 2) if CUDA else 0.0,
            "versions": {
                name: metadata.version(name) for name in ("torch", "transformers", "peft", "bitsandbytes")
            },
        },
    }
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return document | {"checksum": hashlib.sha256(plain.encode("ascii")).hexdigest()}


def write_pilot():
    document = pilot_file()
    if document is not None:
        part = Path("basewise-pilot.part")
        part.write_text(json.dumps(document, indent=1, ensure_ascii=True))
        os.replace(part, "basewise-pilot.json")
    return document


def run_pilot():
    for subset in SUBSETS:
        for model in alive():
            found = kept(model, subset)
            if found is None:
                try:
                    found = trial(model, subset)
                except NotAsPromised as error:
                    LEFT_OUT[model["id"]] = str(error)
                except torch.cuda.OutOfMemoryError:
                    LEFT_OUT[model["id"]] = (
                        f"{model['id']} does not fit this card; the estimate was {model['low_gb']:.1f} to "
                        f"{model['high_gb']:.1f} GB."
                    )
                if found is None:
                    print(f"Left out. {LEFT_OUT[model['id']]}")
                    continue
                keep(model, subset, found)
                print(f"{model['id']} on {subset} examples: {np.mean(found['scores']):.4g}")
            else:
                print(f"{model['id']} on {subset} examples: done before, {np.mean(found['scores']):.4g}")
            DONE[model["id"], subset] = found
        names = [model["id"] for model in alive()]
        if not names:
            raise RuntimeError(
                "No candidate could be trained here: take a larger card, a smaller model, or shorter examples."
            )
        odds = chances(DONE, names, subset)
        print(
            f"After {subset}: " + ", ".join(f"{name} best in {odds[name]:.0%} of the draws" for name in names)
        )
        if SUBSETS.index(subset) > 0 and subset != SUBSETS[-1]:
            for name in [name for name in names if odds[name] < DROPPED_BELOW]:
                DROPPED[name] = subset
                print(f"{name} is dropped: it can't win any more.")
        write_pilot()
        if SUBSETS.index(subset) > 0 and max(odds.values()) > CLEAR_ABOVE:
            print("The leader is clear; the pilot ends here.")
            break
    return odds


run_pilot()
for (name, subset), run in DONE.items():
    note(
        name,
        f"tuned on {subset}",
        run["scores"],
        unreadable=run["unreadable"],
        seconds=round(run["seconds"]),
        peak_gb=run["peak_gb"],
    )
pd.DataFrame(RESULTS)


# %%
def judge_pilot(scores, favourite):
    """Whose errors are clearly smaller: paired bootstrap against the first choice, same examples for all."""
    if favourite not in scores:
        best = min(scores, key=lambda name: np.mean(scores[name]))
        return best, [f"{favourite} could not be trained here; {best} did best of the others."]
    lines, chosen = [], favourite
    for name, errors in scores.items():
        if name == favourite:
            continue
        mean, low, high = interval(np.array(errors) - np.array(scores[favourite]))
        if high < 0:
            lines.append(
                f"{name} is better by {-mean:.3g} ({-high:.3g} to {-low:.3g}): it overturns the choice."
            )
            if chosen == favourite or np.mean(errors) < np.mean(scores[chosen]):
                chosen = name
        elif low > 0:
            lines.append(f"{favourite} beats {name} by {mean:.3g} ({low:.3g} to {high:.3g}).")
        else:
            lines.append(
                f"{name} can't be told apart from {favourite}: difference {mean:.3g} ({low:.3g} to {high:.3g})."
            )
    return chosen, lines


def at_most(name, subset):
    """A candidate's scores on the largest subset it was tuned on, up to ``subset``."""
    sizes = [size for model, size in DONE if model == name and size <= subset]
    return DONE[name, max(sizes)]["scores"] if sizes else None


last = max(size for _, size in DONE)
still = {model["id"]: at_most(model["id"], last) for model in alive()}
chosen_id, lines = judge_pilot(still, first["id"] if first["id"] in still else next(iter(still)))
lines += [f"{name} was dropped after {size} examples." for name, size in DROPPED.items()]
lines += [f"Left out. {why}" for why in LEFT_OUT.values()]
CHOSEN = next(model for model in USABLE if model["id"] == chosen_id)
print("\n".join(lines))
print(
    f"\nTrained on everything next: {chosen_id}"
    + ("" if chosen_id == first["id"] else " - the choice was overturned")
)
print("Saved: basewise-pilot.json. Give it to the Decide page: it works these figures into its answer.")
