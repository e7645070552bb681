"""Read the projections of every class from transformers' own source: ``architectures.csv``.

Run as ``python -m core.readiness.build_modules`` after a change of the pinned transformers version. The
source is
parsed, never imported, so no torch is needed.
"""

from __future__ import annotations

import ast
import csv
import importlib.metadata
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT: Final = Path(__file__).resolve().parent.parent / "data" / "readiness" / "architectures.csv"
COLUMNS: Final = ("model_type", "part", "linears", "parameters", "classes", "transformers")
_SKIPPED: Final = (
    "Vision",
    "Audio",
    "Image",
    "Video",
    "Encoder",
    "Talker",
    "Code2Wav",
    "Siglip",
    "PreTrained",
    "For",
)
_HEADS: Final = {"lm_head", "score", "classifier", "qa_outputs", "embed_out", "dense_out"}


def part_of(class_name: str) -> str:
    """The part of a block that a class is, by its name; "" where the name doesn't tell."""
    name = class_name.lower()
    for part, words in (
        ("delta", ("deltanet", "delta")),
        ("mamba", ("mamba", "mixer")),
        ("recurrent", ("recurrentblock",)),
        ("conv", ("shortconv",)),
        ("router", ("router", "gating", "topk")),
        ("experts", ("experts",)),
        ("attention", ("attention",)),
        ("mlp", ("mlp", "feedforward", "moe", "sparse", "expert")),
    ):
        if any(word in name for word in words):
            return part
    return ""


def projections(source: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each class of a modelling file with its linear layers and its three-dimensional parameters."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            linears, parameters = [], []
            for part in ast.walk(node):
                if not isinstance(part, ast.Assign):
                    continue
                # `nn.Linear(...) if wanted else None` is a layer some sizes have.
                value = part.value
                if isinstance(value, ast.IfExp):
                    value = value.body if isinstance(value.body, ast.Call) else value.orelse
                if not isinstance(value, ast.Call):
                    continue
                target = part.targets[0]
                if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)):
                    continue
                made = ast.unparse(value.func)
                if made.endswith(("Linear", "Conv1D")) and target.attr not in linears:
                    linears.append(target.attr)
                elif made == "nn.Parameter" and _dimensions(value) == 3 and target.attr not in parameters:
                    parameters.append(target.attr)
            yield node.name, linears, parameters


def _dimensions(call: ast.Call) -> int:
    """Of the tensor a parameter is made of: arguments of ``torch.empty`` and the like."""
    inner = call.args[0] if call.args else None
    if not isinstance(inner, ast.Call) or not ast.unparse(inner.func).startswith("torch."):
        return 0
    sizes = inner.args
    if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
        return len(sizes[0].elts)
    return len(sizes)


def _text_class(name: str) -> bool:
    return not any(word in name for word in _SKIPPED)


def rows(folder: Path, version: str) -> Iterator[dict[str, str]]:
    """One row per model type and part of its blocks."""
    for path in sorted(folder.glob("*/modeling_*.py")):
        found: dict[str, tuple[list[str], list[str], list[str]]] = {}
        for name, linears, parameters in projections(path.read_text(encoding="utf-8")):
            part = part_of(name)
            if not part or not _text_class(name) or not (linears or parameters):
                continue
            known = found.setdefault(part, ([], [], []))
            for kept, new in zip(known, (linears, parameters, [name]), strict=True):
                kept.extend(item for item in new if item not in kept and item not in _HEADS)
        for part, (linears, parameters, classes) in found.items():
            yield {
                "model_type": path.stem.removeprefix("modeling_"),
                "part": part,
                "linears": " ".join(linears),
                "parameters": " ".join(parameters),
                "classes": " ".join(classes),
                "transformers": version,
            }


def main() -> None:
    spec = importlib.util.find_spec("transformers")
    if spec is None or spec.origin is None:
        raise SystemExit("transformers is not installed.")
    folder = Path(spec.origin).parent / "models"
    version = importlib.metadata.version("transformers")
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        count = 0
        for row in rows(folder, version):
            writer.writerow(row)
            count += 1
    print(f"{count} rows written to {OUT.name}")
    _write_defaults(version)


def _write_defaults(version: str) -> None:
    """Whether each class ties its embeddings where a config.json says nothing: ``defaults.csv``."""
    from transformers import CONFIG_MAPPING  # noqa: PLC0415 - only this builder needs it

    with OUT.with_name("defaults.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("model_type", "tie_word_embeddings", "transformers"))
        for model_type in sorted(CONFIG_MAPPING):
            try:
                config = CONFIG_MAPPING[model_type]()
            except Exception:  # noqa: BLE001, S112 - some classes can't be made without arguments
                continue
            tied = getattr(config, "tie_word_embeddings", None)
            if isinstance(tied, bool):
                writer.writerow((model_type, str(tied).lower(), version))


if __name__ == "__main__":
    main()
