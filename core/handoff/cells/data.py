# mypy: ignore-errors
# %% [markdown]
# ## 3. Your data
# %%
DATA_FILE = Path(os.environ.get("BASEWISE_DATA", "data.csv"))


def read_data():
    """Columns prompt and target as text, without empty rows and duplicates."""
    if DATA_FILE.exists():
        frame = pd.read_csv(DATA_FILE, dtype=str, keep_default_na=False)
    elif len(CONFIG["examples"]) >= 60:
        frame = pd.DataFrame(CONFIG["examples"], columns=["prompt", "target"])
    else:
        raise FileNotFoundError(
            "Put data.csv beside this notebook (in Colab: the folder symbol on the left), with the columns "
            "prompt and target and at least 60 rows."
        )
    missing = {"prompt", "target"} - set(frame.columns)
    if missing:
        raise ValueError(
            f"The data lack the column {sorted(missing)[0]}; there are: {', '.join(map(str, frame.columns))}"
        )
    frame = frame[["prompt", "target"]].astype(str).apply(lambda column: column.str.strip())
    frame = frame[(frame["prompt"] != "") & (frame["target"] != "")].drop_duplicates("prompt")
    if TASK["output"] == "number":
        numbers = frame["target"].map(read_number)
        if numbers.isna().any():
            print(f"{int(numbers.isna().sum())} rows left out: their target is not a number.")
        frame = frame[numbers.notna()]
    if len(frame) < 60:
        raise ValueError(f"Only {len(frame)} usable rows; at least 60 are needed to train and to judge.")
    return frame.sample(frac=1, random_state=CONFIG["seed"]).reset_index(drop=True)


def read_number(text):
    """The first number in a text, or NaN."""
    found = re.search(r"-?\d+(?:\.\d+)?", str(text).replace(",", ""))
    return float(found[0]) if found else math.nan


data = read_data()
held_out = max(20, min(len(data) // 10, 20 if SMALL else 500))
test, judge = data[:held_out], data[held_out : 2 * held_out]
train = data[2 * held_out :]
print(f"{len(train)} to train, {len(judge)} to judge the pilot, {len(test)} for the final figure")
# %%
# The text around the answer, as it was entered; the prompt ends with what comes before the answer.
BEFORE, AFTER = TASK["before"], TASK["after"]


def as_prompt(row):
    return f"{row.prompt}\n\n{BEFORE}" if BEFORE else f"{row.prompt}\n\n"


def as_completion(row):
    return f"{row.target}{AFTER}"


example = next(train.itertuples())
print(as_prompt(example)[-400:] + "[" + as_completion(example) + "]")
