"""Make a ``tokenizer.json`` of a folder that has none, and prove that it cuts text as the original does.

Run as a script by :mod:`core.tokenizers.conversion`. No code of the repository is run (``trust_remote_code``
stays off) and nothing is fetched. Where there is a SentencePiece model, SentencePiece itself is the judge;
for tiktoken and tekken files it is tiktoken. A conversion that cuts any of the texts differently is refused.
The answer is JSON: ``tokenizer`` and ``loader``, or ``refused``, the key of a sentence that says why.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Judge = Callable[[Any, Iterable[str]], bool]

# Isolated mode leaves the folder of a script out.
sys.path.insert(0, str(Path(__file__).resolve().parent))
ranks, spm = import_module("ranks"), import_module("spm")

_SENTENCEPIECE = ("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model")
_TEXTS = (
    *(str(number) for number in range(0, 1000, 7)),
    "1234", "98765", "1,234.56", "$19.99", "Price is $123.00", "Price is 5", "-5", "2026-11-23", "007",
    "The quick brown fox", "Zwölf Boxkämpfer", "中文", "x = [1, 2]", "don't", "Ελληνικά и русский",
    # White space is where conversions go wrong.
    " leading", "  leading", "trailing ", "trailing  ", "two  spaces", "   three   at   once   ", " ", "   ",
    "line\nbreak", "line\n\nbreak", "\nleading", "trailing\n", " \n ", "\n", "tab\tstop", "\t",
    "def f(x):\n    return x\n\n\nf(1)", "Price is ", " 5", "5 ", "1 234 567",
)  # fmt: skip


# `tokenizers` normalises these two characters as one, SentencePiece does not: said, not refused.
_WINDOWS_BREAK = "line\r\nbreak"


def main() -> None:
    try:
        answer = _convert(Path(sys.argv[1]))
    except ranks.UnusableError as error:
        answer = {"refused": error.key}
    sys.stdout.write(json.dumps(answer))


def _convert(folder: Path) -> dict[str, str]:
    for name, read in (("tekken.json", ranks.from_tekken), ("tokenizer.tiktoken", ranks.from_tiktoken)):
        if (folder / name).is_file():
            return _by_ranks(read, folder / name)
    model = next((folder / name for name in _SENTENCEPIECE if (folder / name).is_file()), None)
    if model is None:
        attempts: Iterator[tuple[Any, str]] = _by_transformers(folder)
        judge: Judge = lambda *_: True  # noqa: E731 - nothing can confirm it
    else:
        attempts, judge = _by_sentencepiece(folder, model)
    refused = "unreadable"
    for backend, loader in attempts:
        backend.no_truncation()
        backend.no_padding()
        if judge(backend, _TEXTS):
            note = "" if judge(backend, (_WINDOWS_BREAK,)) else "windows"
            return {"loader": loader, "note": note, "tokenizer": backend.to_str()}
        refused = "differs"
    return {"refused": refused}


def _by_ranks(read: Callable[[bytes], tuple[Any, Any, int]], path: Path) -> dict[str, str]:
    backend, reference, shift = read(path.read_bytes())
    for text in (*_TEXTS, _WINDOWS_BREAK):
        expected = [rank + shift for rank in reference.encode_ordinary(text)]
        if backend.encode(text, add_special_tokens=False).ids != expected:
            return {"refused": "differs"}
    return {"loader": f"this app ({path.name}, compared with tiktoken)", "tokenizer": backend.to_str()}


def _by_sentencepiece(folder: Path, model: Path) -> tuple[Iterator[tuple[Any, str]], Judge]:
    import sentencepiece  # noqa: PLC0415

    try:
        reference = sentencepiece.SentencePieceProcessor(model_file=str(model))
    except (RuntimeError, OSError):
        raise ranks.UnusableError("sentencepiece") from None

    def attempts() -> Iterator[tuple[Any, str]]:
        yield from spm.attempts(model.read_bytes())
        yield from _by_transformers(folder)

    def agrees(backend: Any, texts: Iterable[str]) -> bool:
        return all(
            [backend.id_to_token(index) for index in backend.encode(text, add_special_tokens=False).ids]
            == [reference.id_to_piece(index) for index in reference.encode(text)]
            for text in texts
        )

    return attempts(), agrees


def _by_transformers(folder: Path) -> Iterator[tuple[Any, str]]:
    from transformers import AutoTokenizer  # noqa: PLC0415

    try:
        loaded = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except (ValueError, OSError, ImportError, KeyError, TypeError, AttributeError) as error:
        sys.stderr.write(f"{type(error).__name__}: {str(error)[:300]}\n")
        return
    backend = getattr(loaded, "backend_tokenizer", None)
    if backend is not None:
        yield backend, f"transformers ({type(loaded).__name__})"


if __name__ == "__main__":
    main()
