"""Count tokens per text for each tokenizer file of a folder.

Run: ``python -m core.decision.build_text_figures FOLDER``, with files named ``<family>.json`` or
``<family>.json.gz``, families as in :mod:`core.tokenizers.facts`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

from core.decision.sample_texts import SAMPLES
from core.decision.text_figures import PATH
from core.tokenizers import facts


def main(folder: Path) -> None:
    known = {row.family: row.sha256 for row in facts.families().itertuples()}
    families: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("*.json*")):
        family = path.name.split(".json")[0]
        data = path.read_bytes()
        content = gzip.decompress(data) if path.suffix == ".gz" else data
        if family not in known:
            print(f"{family}: no such family, left out")
            continue
        tokenizer = Tokenizer.from_str(content.decode("utf-8"))
        if known[family] != hashlib.sha256(content).hexdigest():
            print(f"{family}: another file than the one its number figures come from")
        families[family] = {
            name: round(1000 * len(ids) / len(text), 1)
            for name, text in SAMPLES.items()
            if _lossless(tokenizer, text, ids := tokenizer.encode(text, add_special_tokens=False).ids)
        }
    table = {
        "unit": "tokens per 1,000 characters",
        "note": "a text a tokenizer can't spell is left out",
        "samples": "short texts written for this project (core/decision/sample_texts.py)",
        "date": facts.facts_date(),
        "families": families,
    }
    PATH.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(f"{len(families)} families counted")


def _lossless(tokenizer: Tokenizer, text: str, ids: list[int]) -> bool:
    """Whether the tokens spell the text: unknown tokens would look like good compression."""
    decoded = tokenizer.decode(ids, skip_special_tokens=True)
    return "".join(decoded.split()) == "".join(text.split())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
