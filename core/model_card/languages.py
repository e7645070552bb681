"""One model's scores by language, each beside the other bases tested in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.languages import load_languages
from core.languages.scores import NAMES

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("language", "name", "score", "low", "high", "median", "place", "of", "n_scores", "source")


def by_language(model_id: str) -> pd.DataFrame:
    """The languages the model was tested in, by name.

    Scores compare within a language only, whose tasks are its own: hence the median and the place.

    Returns:
        COLUMNS: language (ISO 639-1), name; score with low and high (points, 90%); median of all bases
        tested in the language; place by score, of so many; n_scores; source: keys of the reports,
        ``|``-separated.
    """
    table = load_languages()
    groups = table.groupby("language")["score"]
    table["median"] = groups.transform("median")
    table["place"] = groups.rank(ascending=False, method="min").astype("int64")
    table["of"] = groups.transform("size")
    own = table[table["model_id"].str.lower() == model_id.lower()]
    own = own.assign(name=own["language"].map(NAMES).fillna(own["language"]))
    return own.sort_values("name", ignore_index=True)[list(COLUMNS)]
