# mypy: ignore-errors
# %% [markdown]
# ## 6. What no model at all reaches
#
# Always the same answer. A tuned model that doesn't clearly beat these has learnt nothing useful.
# %%
METRIC = {
    "number": "mean absolute error, in the target's unit",
    "label": "share of wrong labels",
    "json": "share of wrong records",
}.get(TASK["output"], "bits per character of the right answer")


def same_json(left, right):
    try:
        return json.loads(left) == json.loads(right)
    except ValueError:
        return False


def answer_errors(rows, answers):
    """The error of each answer, and how many could not be read."""
    if TASK["output"] == "number":
        truth = rows["target"].map(read_number).to_numpy(float)
        given = np.array([read_number(answer) for answer in answers])
        unreadable = np.isnan(given)
        # An answer without a number counts as the guess a baseline would make.
        given = np.where(unreadable, train["target"].map(read_number).median(), given)
        # One absurd number must not decide the mean.
        limit = 10 * train["target"].map(read_number).abs().max()
        return np.abs(np.clip(given, -limit, limit) - truth), int(unreadable.sum())
    if TASK["output"] == "json":
        wrong = [not same_json(answer, right) for answer, right in zip(answers, rows["target"])]
        return np.array(wrong, float), 0
    wrong = [
        answer.strip().lower() != right.strip().lower() for answer, right in zip(answers, rows["target"])
    ]
    return np.array(wrong, float), 0


def interval(errors, draws=2000):
    """Mean with its 95% bootstrap interval."""
    errors = np.asarray(errors, float)
    picks = np.random.default_rng(CONFIG["seed"]).integers(0, len(errors), (draws, len(errors)))
    low, high = np.quantile(errors[picks].mean(axis=1), [0.025, 0.975])
    return float(errors.mean()), float(low), float(high)


def baselines(rows):
    """Errors per row of always giving the same answer."""
    if TASK["output"] == "number":
        numbers = train["target"].map(read_number)
        guesses = {"always the mean": numbers.mean(), "always the median": numbers.median(), "always 0": 0.0}
        truth = rows["target"].map(read_number).to_numpy(float)
        return {name: np.abs(truth - guess) for name, guess in guesses.items()}
    if METRIC.startswith("bits"):
        return {}
    common = train["target"].mode()[0]
    return {"always the most frequent answer": answer_errors(rows, [common] * len(rows))[0]}


RESULTS = []


def note(name, stage, errors, **more):
    mean, low, high = interval(errors)
    RESULTS.append(
        {"model": name, "stage": stage, "error": mean, "low": low, "high": high, "examples": len(errors)}
        | more
    )


for name, errors in baselines(test).items():
    note(name, "baseline", errors)
print(METRIC)
pd.DataFrame(RESULTS)
