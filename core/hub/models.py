"""What the Hub says about one model: facts of its repository, none of them a benchmark score."""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 - msgspec reads the types of the fields
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from core.errors import DataError
from core.hub.cache import now
from core.hub.client import HubAccess, access_from_environment, ask, fetch, limits
from core.hub.repo_ids import check_repo_id
from core.importers.contract_frame import SOURCE_HUB_MODEL, contract_frame
from core.importers.join_board import STATED

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    import pandas as pd
    from huggingface_hub.hf_api import ExpandModelProperty_T

    from core.hub.client import Limits

SECONDS: Final = 25.0
_MAX_BYTES: Final = 3_000_000
_EXPAND: Final[list[ExpandModelProperty_T]] = [
    "author",
    "baseModels",
    "cardData",
    "config",
    "createdAt",
    "gated",
    "lastModified",
    "likes",
    "safetensors",
    "sha",
    "siblings",
]
# Stored as whole numbers that hold several weights each: their count says less than the model has.
_PACKED: Final = frozenset({"I8", "U8", "I16", "I32", "I64", "U32"})
_TOKENIZER_FILES: Final = ("tokenizer.json", "tokenizer.model", "spiece.model", "vocab.json", "tekken.json")
# Longest name or word of a config.json that is kept: settings are short, prose is not wanted.
_CONFIG_TEXT: Final = 60


@dataclass(frozen=True, slots=True)
class HubModel:
    """One repository. None is unknown. ``config`` holds the plain settings of ``config.json``."""

    repo_id: str
    revision: str | None = None
    params_b: float | None = None
    params_note: str = ""
    precision: str | None = None
    license: str | None = None
    gated: bool | None = None
    context_length: int | None = None
    architecture: str | None = None
    base_models: tuple[str, ...] = ()
    base_relation: str | None = None
    tokenizer: str | None = None
    likes: int | None = None
    created: str | None = None
    modified: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    read: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_model(
    repo_id: str, access: HubAccess | None = None, *, cancel: threading.Event | None = None
) -> HubModel:
    """Ask the Hub about ``repo_id``. What it doesn't say stays None, with a note where that surprises.

    Raises:
        InvalidInputError: not a repository's name.
        SourceUnavailableError: no such repository, or the Hub can't be reached.
        CancelledByReaderError: ``cancel`` was set.
    """
    name = check_repo_id(repo_id)
    access = access or access_from_environment()
    with limits(seconds=SECONDS, max_bytes=_MAX_BYTES, cancel=cancel) as bound:
        info = ask(
            partial(access.api().model_info, name, expand=_EXPAND, timeout=10), about=name, bound=bound
        )
        notes: list[str] = []
        config = _config(access, name, info, bound, notes)
    return from_info(info, name, config=config, notes=notes)


def from_info(
    info: Any, name: str, *, config: Mapping[str, Any] | None = None, notes: Sequence[str] = ()
) -> HubModel:
    """What an answer of the Hub about a repository says, ``config.json`` and its notes aside.

    Args:
        info: ``huggingface_hub``'s ModelInfo, whatever it was asked to hold.
        name: the repository that was asked for.
        config: the plain settings of ``config.json``, where it was read.
        notes: sentences about what could not be read.
    """
    settings = config or {}
    params, params_note = _size(info)
    files = {file.rfilename for file in info.siblings or ()}
    tokenizer = next((file for file in _TOKENIZER_FILES if file in files), None)
    bases, relation = _bases(info.base_models)
    card = info.card_data
    return HubModel(
        repo_id=str(info.id) if info.id == name else name,
        revision=_text(info.sha),
        params_b=params,
        params_note=params_note,
        precision=_precision(info),
        license=_license(card),
        gated=bool(info.gated) if info.gated is not None else None,
        context_length=_context(settings),
        architecture=_architecture(settings),
        base_models=bases,
        base_relation=relation,
        tokenizer=tokenizer,
        likes=info.likes if isinstance(info.likes, int) else None,
        created=info.created_at.date().isoformat() if info.created_at else None,
        modified=info.last_modified.date().isoformat() if info.last_modified else None,
        config=dict(settings),
        notes=(*notes, *([params_note] if params_note else [])),
        read=now()[:19],
    )


def to_rows(models: list[HubModel], kinds: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The models as rows of the leaderboard: facts, and NA for every score.

    Args:
        models: as :func:`read_model` returns them.
        kinds: what the reader says a model is, by repo id.
    """
    said = kinds or {}
    records = [
        {
            "model_id": model.repo_id,
            "kind": said.get(model.repo_id),
            "kind_evidence": STATED if model.repo_id in said else None,
            "params_b": model.params_b,
            "reported_params_b": model.params_b,
            "params_evidence": "counted in its safetensors" if model.params_b is not None else None,
            "precision": model.precision,
            "architecture": model.architecture,
            "license": model.license,
            "likes": model.likes,
            "revision": model.revision,
            "uploaded": model.created,
            "declared_base": model.base_models[0] if model.base_models else None,
            "source": SOURCE_HUB_MODEL,
        }
        for model in models
    ]
    return contract_frame(records)


def _config(access: HubAccess, name: str, info: Any, bound: Limits, notes: list[str]) -> dict[str, Any]:
    """``config.json`` itself; for a gated repository what little the Hub tells everyone of it."""
    public = info.config if isinstance(info.config, dict) else {}
    files = {file.rfilename for file in info.siblings or ()}
    if "config.json" not in files:
        notes.append("It has no config.json, so its architecture and context length are unknown.")
        return _plain(public)
    try:
        path = f"{name}/resolve/{info.sha or 'main'}/config.json"
        body = ask(partial(fetch, access, path), about=f"config.json of {name}", bound=bound)[2]
        document = json.loads(body)
    except DataError as problem:
        notes.append(f"Its config.json could not be read: {problem.what}")
        return _plain(public)
    except (ValueError, RecursionError):
        notes.append("Its config.json is not valid JSON.")
        return _plain(public)
    return _plain(document) if isinstance(document, dict) else _plain(public)


def _plain(config: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """Numbers, switches, short words and lists of them; of nested settings, those of the text model."""
    kept: dict[str, Any] = {}
    for key, value in list(config.items())[:300]:
        if not isinstance(key, str) or len(key) > _CONFIG_TEXT or not key.isprintable():
            continue
        is_list = isinstance(value, list) and len(value) <= 256
        if value is None or _is_plain(value) or (is_list and all(_is_plain(item) for item in value)):
            kept[key] = value
        elif isinstance(value, dict) and depth < 2:
            kept[key] = _plain(value, depth + 1)
    return kept


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _CONFIG_TEXT and value.isprintable()
    return isinstance(value, (bool, int, float)) and abs(value) < 1e15


def _size(info: Any) -> tuple[float | None, str]:
    """Billions of parameters from the safetensors index, None where it can't be told from it."""
    found = info.safetensors
    if found is None or not isinstance(found.total, int) or found.total <= 0:
        return None, "The Hub has no count of its parameters (no safetensors)."
    if isinstance(found.parameters, dict) and _PACKED & set(found.parameters):
        return None, "Its weights are stored packed (quantised), so their count is not the model's size."
    return found.total / 1e9, ""


def _precision(info: Any) -> str | None:
    counts = getattr(info.safetensors, "parameters", None)
    if not isinstance(counts, dict) or not counts or _PACKED & set(counts):
        return None
    names = {"BF16": "bfloat16", "F16": "float16", "F32": "float32", "F64": "float64"}
    return names.get(max(counts, key=lambda name: counts[name] if isinstance(counts[name], int) else 0))


def _bases(declared: object) -> tuple[tuple[str, ...], str | None]:
    """Declared parents and the relation to them; the Hub sends names, or a relation with models."""
    relation = None
    if isinstance(declared, dict):
        relation = _text(declared.get("relation"))
        declared = declared.get("models")
    if not isinstance(declared, list):
        return (), relation
    ids = [item.get("id") if isinstance(item, dict) else item for item in declared[:20]]
    kept = []
    for name in ids:
        try:
            kept.append(check_repo_id(name)) if isinstance(name, str) else None
        except DataError:
            continue
    return tuple(dict.fromkeys(kept)), relation


def _context(config: Mapping[str, Any]) -> int | None:
    text = config.get("text_config")
    for settings in (config, text if isinstance(text, dict) else {}):
        for key in (
            "max_position_embeddings",
            "n_positions",
            "max_seq_len",
            "seq_length",
            "max_sequence_length",
        ):
            value = settings.get(key)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9:
                return value
    return None


def _architecture(config: Mapping[str, Any]) -> str | None:
    names = config.get("architectures")
    return _text(names[0]) if isinstance(names, list) and names else None


def _license(card: Any) -> str | None:
    """The licence's identifier; of one that the Hub doesn't list, the name its card gives it."""
    value = getattr(card, "license", None)
    key = _text(value[0]) if isinstance(value, list) and value else _text(value)
    return (_text(getattr(card, "license_name", None)) or key) if key == "other" else key


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 120 and value.isprintable() else None
