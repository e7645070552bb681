"""Make a ``tokenizer.json`` of a folder that has none: ``transformers`` converts, this checks.

Run as a script by :mod:`core.tokenizers.trial`. No code of the repository is run (``trust_remote_code``
stays off) and nothing is fetched. Where the folder has a SentencePiece model, SentencePiece itself is the
judge: transformers 5 ignores ``add_dummy_prefix=false`` when it takes such a model for a Llama one. A
conversion that encodes anything differently is refused. Status 3: refused; 4: nothing here can read it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCEPIECE = ("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model")
_PROBES = (
    *(str(number) for number in range(0, 1000, 7)),
    "1234", "98765", "1,234.56", "$19.99", "Price is $123.00", "Price is 5", "-5", "2026-11-23", "007",
    "The quick brown fox", "Zwölf Boxkämpfer", "中文", "x = [1, 2]",
)  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    model = next((folder / name for name in _SENTENCEPIECE if (folder / name).is_file()), None)
    reference = None
    if model is not None:
        import sentencepiece  # noqa: PLC0415 - only where there is such a model

        try:
            reference = sentencepiece.SentencePieceProcessor(model_file=str(model))
        except (RuntimeError, OSError):
            model = None  # a tiktoken file under the same name: not SentencePiece's to judge
    tried = 0
    for backend, loader in _attempts(folder, model):
        tried += 1
        if reference is None or _agrees(backend, reference):
            sys.stdout.write(json.dumps({"loader": loader, "tokenizer": backend.to_str()}))
            return
    sys.exit(3 if tried else 4)


def _attempts(folder: Path, model: Path | None) -> Iterator[tuple[Any, str]]:
    """Ways to convert, best known first; each a backend and the name of what made it."""
    from transformers import AutoTokenizer  # noqa: PLC0415

    try:
        loaded = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except (ValueError, OSError, ImportError, KeyError, TypeError, AttributeError) as error:
        sys.stderr.write(f"{type(error).__name__}: {str(error)[:300]}\n")
    else:
        backend = getattr(loaded, "backend_tokenizer", None)
        if backend is not None:
            yield backend, f"transformers ({type(loaded).__name__})"
    if model is not None:
        yield from _by_its_own_settings(model)


def _by_its_own_settings(model: Path) -> Iterator[tuple[Any, str]]:
    """Conversions that follow the SentencePiece file and no model class, with and without its first mark."""
    from tokenizers import normalizers  # noqa: PLC0415
    from transformers.convert_slow_tokenizer import SentencePieceExtractor, SpmConverter  # noqa: PLC0415

    extractor = SentencePieceExtractor(str(model))
    extracted = extractor.extract(None)
    backend = SpmConverter.build_tokenizer_from_spm_proto(
        proto=extractor.proto, vocab=extracted.get("vocab"), merges=extracted.get("merges")
    )
    if backend is None:
        return
    loader = "transformers (from the SentencePiece file's own settings)"
    if not extractor.proto.normalizer_spec.add_dummy_prefix:
        yield backend, loader
        return
    plain = list(backend.normalizer)
    for first in ([normalizers.Strip()], []):
        backend.normalizer = normalizers.Sequence([*first, normalizers.Prepend("▁"), *plain])
        yield backend, loader


def _agrees(backend: Any, reference: Any) -> bool:
    backend.no_truncation()
    backend.no_padding()
    return all(
        [backend.id_to_token(index) for index in backend.encode(text, add_special_tokens=False).ids]
        == [reference.id_to_piece(index) for index in reference.encode(text)]
        for text in _PROBES
    )


if __name__ == "__main__":
    main()
