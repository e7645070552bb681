"""Models side by side: facts in words, scores with their differences, and who is likely better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core import licences
from core.errors import InvalidInputError
from core.export import escape_markdown
from core.importers.contract_frame import SOURCE_HUB_MODEL
from core.languages import NAMES, load_languages
from core.ranking.filters import one_run_each
from core.ranking.ranks import exceeds_noise, probability_matrix
from core.schema import SCORE_KEYS, SCORE_LABELS, SOURCE_BOARD, SOURCE_NEWER, SOURCE_PLACED
from core.tokenizers.facts import for_models

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

MOST_MODELS: Final = 6
UNKNOWN: Final = "unknown"
_NOT_COMPUTED: Final = "not computed yet"
_SOURCES: Final = {
    SOURCE_BOARD: "Open LLM Leaderboard",
    SOURCE_NEWER: "a later study, with older MATH scoring",
    SOURCE_HUB_MODEL: "none: only its facts were read from the Hub",
    SOURCE_PLACED: "none measured: placed from tables that publishers print",
}
_INDEPENDENT: Final = (
    "Models are taken as independent; they answered the same questions, so a paired test would be tighter."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Up to six models side by side.

    ``facts``: one row per fact (its name as index), one column per model, all in words. ``scores``: one row
    per model and score: model_id, key, score, score_se, difference (to the reference, points),
    difference_se, real (whether it exceeds noise; NA for the reference). ``chances``: P(row beats column)
    by model.
    """

    model_ids: list[str]
    reference: str
    by: str
    facts: pd.DataFrame
    scores: pd.DataFrame
    chances: pd.DataFrame


def compare(
    board: pd.DataFrame,
    model_ids: Sequence[str],
    lifts: pd.DataFrame,
    *,
    reference: str | None = None,
    by: str = "average",
    languages: Sequence[str] = (),
) -> Comparison:
    """Put models side by side.

    Args:
        board: in the contract's schema.
        model_ids: one to six models of the board, in the order to show.
        lifts: of :func:`core.variants.lift.lift_table`.
        reference: the model that differences are taken to; the first, if None.
        by: a key of ``SCORE_KEYS``: the score of the chances.
        languages: ISO 639-1 codes; each gets a row among the facts.

    Raises:
        InvalidInputError: no model, too many, or one that is not on the board.
    """
    wanted = list(dict.fromkeys(model_ids))
    if not 1 <= len(wanted) <= MOST_MODELS:
        raise InvalidInputError(
            f"{len(wanted)} models were chosen.", remedy=f"Choose between one and {MOST_MODELS}."
        )
    runs = one_run_each(board[board["model_id"].isin(wanted)]).set_index("model_id")
    if missing := [model for model in wanted if model not in runs.index]:
        raise InvalidInputError(f"{missing[0]} is not on the board.", remedy="Remove it from the shortlist.")
    rows = runs.loc[wanted]
    reference = reference if reference in wanted else wanted[0]
    chances = pd.DataFrame(
        probability_matrix(
            rows[by].to_numpy(float, na_value=np.nan), rows[f"{by}_se"].to_numpy(float, na_value=np.nan)
        ),
        index=wanted,
        columns=wanted,
    )
    return Comparison(
        wanted, reference, by, _facts(rows, lifts, languages), _scores(rows, reference), chances
    )


def _scores(rows: pd.DataFrame, reference: str) -> pd.DataFrame:
    table = []
    figures = rows[[*SCORE_KEYS, *(f"{key}_se" for key in SCORE_KEYS)]].astype(float)
    compared_to = figures.loc[reference].to_dict()
    for model, own in figures.to_dict("index").items():
        for key in SCORE_KEYS:
            score, error = own[key], own[f"{key}_se"]
            difference = score - compared_to[key]
            difference_se = float(np.hypot(error, compared_to[f"{key}_se"]))
            itself = model == reference
            table.append(
                {
                    "model_id": model,
                    "key": key,
                    "score": score,
                    "score_se": error,
                    "difference": np.nan if itself else difference,
                    "difference_se": np.nan if itself else difference_se,
                    "real": pd.NA if itself else exceeds_noise(difference, difference_se),
                }
            )
    return pd.DataFrame(table).astype({"real": "boolean"})


def _facts(rows: pd.DataFrame, lifts: pd.DataFrame, languages: Sequence[str]) -> pd.DataFrame:
    tokenizers = for_models(rows.index.tolist()).to_dict("records")
    columns = {}
    for row, tokenizer in zip(rows.reset_index().to_dict("records"), tokenizers, strict=True):
        model = str(row["model_id"])
        columns[model] = (
            _model_facts(row)
            | _variant_facts(row, lifts)
            | _tokenizer_facts(tokenizer)
            | _readiness_facts(model)
            | _language_facts(model, languages)
        )
    return pd.DataFrame(columns)


def _model_facts(row: dict[Hashable, Any]) -> dict[str, str]:
    size = UNKNOWN if pd.isna(row["params_b"]) else f"{row['params_b']:.2f} B"
    if pd.notna(row["active_params_b"]):
        size += f" ({row['active_params_b']:.1f} B active)"
    licence = licences.by_key(row["license"])
    return {
        "Size": size,
        "Released": _known(row.get("released")),
        "How its scores are known": _evidence(row),
        "Kind": f"{row['kind']} ({row['kind_evidence']})",
        "Licence": f"{licence.name}. {licence.note}".strip(),
        "Architecture": _known(row["architecture"]),
        "Context": _tokens(row.get("context_length")),
        "Precision of the run": _known(row["precision"]),
        "Chat template": _used(row["chat_template"]),
        "Source of the scores": _SOURCES.get(row["source"], _known(row["source"])),
    }


def _evidence(row: dict[Hashable, Any]) -> str:
    """A placed base is never said to have a score."""
    known = row.get("evidence", "measured")
    if known == "measured":
        return "measured"
    where = f"placed at {row['average']:.0f} ({row['average_low']:.0f}–{row['average_high']:.0f})"
    if known == "size only":
        return f"{where} by its size alone"
    return f"{where} from {row['n_reports']} report{'s' if row['n_reports'] != 1 else ''}"


def _tokens(number: Any) -> str:
    return UNKNOWN if number is None or pd.isna(number) else f"{int(number):,} tokens"


def _readiness_facts(model: str) -> dict[str, str]:
    """What a reader trips over when tuning it, in short; the model's page has the reasons."""
    from core.readiness.short import for_model  # noqa: PLC0415 - not every caller needs its tables

    known = for_model(model)
    return {
        "Ends its answers": _known(known.stops),
        "Trains with plain Hugging Face": _yes_no(known.plain_hf),
        "Runs the publisher's code": _yes_no(known.remote_code),
        "May be sold in the EU": _yes_no(known.eu_commercial),
    }


def _yes_no(flag: Any) -> str:
    return UNKNOWN if flag is None or pd.isna(flag) else "yes" if flag else "no"


def _language_facts(model: str, languages: Sequence[str]) -> dict[str, str]:
    if not languages:
        return {}
    table = load_languages()
    own = {row["language"]: row for row in table[table["model_id"] == model].to_dict("records")}
    facts = {}
    for code in languages:
        row = own.get(code)
        said = UNKNOWN if row is None else f"{row['score']:.0f} ({row['low']:.0f}–{row['high']:.0f})"
        facts[f"In {NAMES.get(code, code)}"] = said
    return facts


def _used(flag: Any) -> str:
    return UNKNOWN if pd.isna(flag) else "used" if flag else "not used"


def _variant_facts(row: dict[Hashable, Any], lifts: pd.DataFrame) -> dict[str, str]:
    model = row["model_id"]
    pair = lifts[lifts["base_id"] == model]
    if len(pair):
        found = pair.iloc[0]
        verdict = "real" if exceeds_noise(found["lift_average"], found["lift_average_se"]) else "within noise"
        lift = f"{found['lift_average']:+.1f} ± {found['lift_average_se']:.1f} points ({verdict})"
        lift += f"; IFEval {found['lift_ifeval']:+.0f}"
        return {
            "Instruct variant": str(found["variant_id"]),
            "Lift of the average": lift + (f". Not comparable: {found['caveat']}" if found["caveat"] else ""),
        }
    base_of = lifts[lifts["variant_id"] == model]
    parent = base_of["base_id"].iloc[0] if len(base_of) else row.get("base_id", pd.NA)
    if pd.notna(parent):
        return {"Instruct variant": f"is itself tuned from {parent}", "Lift of the average": "see its base"}
    if row.get("base_state") == "no_public_base":
        return {"Instruct variant": "no public base: published tuned only", "Lift of the average": UNKNOWN}
    elsewhere = row.get("instruct_variants")
    if isinstance(elsewhere, str):
        named = ", ".join(elsewhere.split("|")[:3])
        return {"Instruct variant": f"{named}: not scored on the board", "Lift of the average": UNKNOWN}
    return {"Instruct variant": "none on the board", "Lift of the average": UNKNOWN}


def _tokenizer_facts(known: dict[Hashable, Any]) -> dict[str, str]:
    if pd.isna(known["vocab_size"]):
        why = _known(known["evidence"])
        return {
            "Tokenizer": _NOT_COMPUTED if why == UNKNOWN else why,
            "Vocabulary": UNKNOWN,
            "0 to 999 as one token": UNKNOWN,
            "in “Price is $N.00”": UNKNOWN,
            "How digits are grouped": UNKNOWN,
        }
    basis = "" if known["basis"] == "publisher" else " (probably: through its base)"
    return {
        "Tokenizer": f"{known['label']}{basis}",
        "Vocabulary": f"{known['vocab_size']:,} tokens",
        "0 to 999 as one token": f"{known['single_token_count']} of 1000",
        "in “Price is $N.00”": f"{known['single_in_price']} of 1000",
        "How digits are grouped": str(known["grouping"]),
    }


def _known(value: object) -> str:
    text = "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124 - NaN
    return text if text.strip(" ?") else UNKNOWN


def score_words(comparison: Comparison) -> pd.DataFrame:
    """Scores in words: one row per score, one column per model.

    A difference to the reference stands behind the score, in bold where it exceeds noise.

    Example: "21.2 ± 0.8 (**-4.8**)".
    """
    cells: dict[str, dict[str, str]] = {model: {} for model in comparison.model_ids}
    for row in comparison.scores.to_dict("records"):
        if pd.isna(row["score"]):
            text = UNKNOWN
        else:
            text = f"{row['score']:.1f} ± {row['score_se']:.1f}"
            if pd.notna(row["difference"]) and pd.notna(row["real"]):
                gap = f"{row['difference']:+.1f}"
                text += f" (**{gap}**)" if bool(row["real"]) else f" ({gap})"
        cells[str(row["model_id"])][SCORE_LABELS[str(row["key"])]] = text
    return pd.DataFrame(cells)


def summary(comparison: Comparison) -> str:
    """One sentence: who leads the score chosen, and how sure that is."""
    scores = comparison.scores[comparison.scores["key"] == comparison.by].dropna(subset=["score"])
    label = SCORE_LABELS[comparison.by]
    name = label if comparison.by != "average" else "the average"
    if len(comparison.model_ids) < 2:
        return "Add a second model to compare with."
    if len(scores) < 2:
        known = f"only {scores['model_id'].iloc[0]} has" if len(scores) else "none of them has"
        return f"Who leads {name} can't be said: {known} a figure of it."
    ordered = scores.sort_values("score", ascending=False)["model_id"].tolist()
    first, second = ordered[0], ordered[1]
    chance = comparison.chances.loc[first, second]
    if np.isnan(chance):
        return f"{first} leads {name}; how surely is unknown."
    sure = "more than noise" if chance >= 0.95 else "within noise"
    return f"{first} leads {name}; it beats {second} with {_percent(chance)} probability ({sure})."


def to_markdown(comparison: Comparison, *, source: str) -> str:
    """The comparison as a Markdown document.

    Args:
        comparison: what :func:`compare` returned.
        source: where the scores come from and how old they are, in one line.
    """
    chances = comparison.chances.map(lambda chance: "" if pd.isna(chance) else _percent(chance))
    parts = [
        "# Models compared",
        escape_markdown(summary(comparison)),
        "## Scores",
        _how_to_read(comparison.reference),
        _table(score_words(comparison), "Score", bold=True),
        f"## Probability that the row beats the column ({SCORE_LABELS[comparison.by]})",
        _table(chances, "Model"),
        _INDEPENDENT,
        "## Facts",
        _table(comparison.facts, "Fact"),
        escape_markdown(source),
    ]
    return "\n\n".join(parts) + "\n"


def _how_to_read(reference: str) -> str:
    return (
        "Points from 0 (guessing) to 100, ± one standard error; in brackets the difference to "
        f"{escape_markdown(reference)}, bold where it exceeds noise (95%)."
    )


def _percent(chance: float) -> str:
    """Chances are never shown as certain."""
    return "over 99%" if chance > 0.99 else "under 1%" if chance < 0.01 else f"{chance:.0%}"


def _table(frame: pd.DataFrame, corner: str, *, bold: bool = False) -> str:
    lines = [
        [corner, *(escape_markdown(str(column)) for column in frame.columns)],
        ["---"] * (frame.shape[1] + 1),
    ]
    for label, row in zip(frame.index, frame.to_numpy().tolist(), strict=True):
        lines.append(
            [escape_markdown(str(label)), *(cell if bold else escape_markdown(str(cell)) for cell in row)]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
