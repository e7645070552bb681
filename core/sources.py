"""Where every embedded figure comes from, as the manifests beside the data say it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from core.board import snapshot
from core.catalogue import load_catalogue, load_report_sources
from core.errors import SourceUnavailableError
from core.evidence import sweep
from core.languages import load_languages
from core.memory.gpus import GPUS
from core.placement.stored import load_cells, load_placement
from core.readiness.tables import table

COLUMNS = ("what", "source", "state", "size", "licence", "limits", "link")


def embedded() -> pd.DataFrame:
    """One row per source: what it gives, its date and size, its licence and its limits, in words."""
    manifest = snapshot.manifest()
    board, newer = manifest["board"], manifest["newer"]
    rows = [
        (
            "Benchmark scores",
            str(board["source"]),
            f"final, {board['date']}",
            f"{board['rows']:,} evaluations",
            "No licence stated; only the figures are kept",
            "Frozen; models since 2025 are missing; types and sizes as reported had to be repaired",
            f"https://huggingface.co/datasets/{board['source']}",
        ),
        (
            "Scores of newer bases",
            str(newer["source"]),
            "2025",
            f"{newer['rows']:,} models",
            "No licence stated; only the figures are kept",
            "Another study's runs: no chat template, older check of MATH answers",
            f"https://github.com/{newer['source']}",
        ),
        *_added(manifest.get("added", {})),
        *_placed(),
        *_tokenizers(),
        *_models(),
        *_readiness(),
        *_studies(),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _added(sources: dict[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    """What :mod:`core.importers.embed` put below the board."""
    return [
        (
            f"Scores of {name}",
            name,
            str(told["date"]),
            f"{told['rows']:,} models",
            str(told["licence"]),
            str(told["limits"]),
            str(told["link"]),
        )
        for name, told in sources.items()
    ]


def _placed() -> list[tuple[str, ...]]:
    """What today's bases and their languages follow from: tables that publishers and boards printed."""
    try:
        placed, cells, reports = load_placement(), load_cells(), load_report_sources()
        catalogue, languages = load_catalogue(), load_languages()
    except SourceUnavailableError:
        return []
    dates = sorted(report.date for report in reports.values() if report.date)
    sized = int((placed["evidence"] == "size only").sum())
    both = int((placed["measured"] & (placed["evidence"] != "size only")).sum())
    by_scores = f"{len(placed) - sized} bases from {len(cells):,} scores ({both} measured by the board too)"
    of_languages = set("|".join(languages["source"]).split("|"))
    return [
        (
            "Placed bases",
            f"{len(reports)} reports and model cards, listed below",
            f"printed {dates[0]} to {dates[-1]}",
            f"{by_scores}, and {sized} by their size alone",
            "Figures alone, each with its report",
            "Measured by nobody on the board's six tasks; some reports were read in a copy or a summary",
            "",
        ),
        (
            "Facts about bases",
            "reports, model cards and config.json, as the catalogue's column “source” names them",
            f"released {catalogue['released'].min()} to {catalogue['released'].max()}",
            f"{len(catalogue)} bases",
            "Facts, each with its source",
            "What nobody stated stays empty",
            "",
        ),
        (
            "Scores by language",
            f"{len(of_languages & reports.keys())} of the reports listed below",
            "each as old as its report",
            f"{languages['language'].nunique()} languages, {languages['model_id'].nunique()} bases",
            "Figures computed here from the boards' printed scores",
            "Comparable within a language, not between two, whose tasks differ",
            "",
        ),
    ]


def _readiness() -> list[tuple[str, ...]]:
    return [
        (
            "Ready to tune",
            "publishers' files, documentation and issues, named on each model's page",
            "each fact with the date it was read",
            f"{len(table('families'))} families of bases, {len(table('licence_terms'))} licences read",
            "Facts and readings in our own words, each with its source",
            "Readings of licences are no legal advice; what nobody published is unknown",
            "",
        ),
        (
            "GPU memory, speed and prices",
            "the makers' data sheets; offers of community markets and large clouds",
            "2025, noted by hand",
            f"{len(GPUS)} cards",
            "Facts",
            "Prices move weekly and differ by a factor of three; they are not fetched",
            "",
        ),
    ]


def _read(name: str) -> dict[str, Any]:
    path = snapshot.DATA_DIR / name
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _tokenizers() -> list[tuple[str, ...]]:
    facts = _read("tokenizer_facts.json")
    if not facts:
        return []
    computed = sum(family["status"] == "computed" for family in facts["families"])
    return [
        (
            "Number tokens",
            "each tokenizer's own repository",
            f"computed {facts['date']}",
            f"{computed} tokenizers, and {len(facts['families']) - computed} as published",
            "Figures computed here; no vocabulary is kept",
            "Which model uses which tokenizer is mapped with its evidence; some are unknown",
            "",
        )
    ]


def _models() -> list[tuple[str, ...]]:
    architectures, check = _read("architectures.json"), _read("memory_check.json")
    if not architectures or not check:
        return []
    return [
        (
            "Architectures",
            "each model's config.json on the Hugging Face Hub",
            "as published with the model",
            f"{len(architectures['models'])} models",
            "Facts; each counted against the board's parameters",
            "Other models are estimated from their size, with a wider range",
            "",
        ),
        (
            "Measured memory",
            f"{len(check['sources'])} published tables, named on the Decide page",
            "each as old as its source",
            f"{check['comparable']} comparable runs",
            "Figures alone, each with its source",
            "Single cards, QLoRA and LoRA; settings a table leaves out widen the range",
            "",
        ),
    ]


def _studies() -> list[tuple[str, ...]]:
    backtest = _read("backtest.json")
    if not backtest:
        return []
    return [
        (
            "Outcomes of fine-tuning",
            "; ".join(study["title"] for study in backtest["studies"]),
            f"compared with the board of {backtest['board_date']}",
            f"{len(backtest['studies'])} studies",
            "Figures computed here from published results",
            "Few models each, so the intervals are wide; the Evidence page shows them",
            "",
        ),
        (
            "Runs of a tuning sweep",
            "Thinking Machines Lab, tinker-cookbook",
            "2026-03 to 2026-06",
            f"{len(sweep.load_sweep())} runs",
            sweep.LICENCE,
            "Losses: comparable only within one way of averaging and one tokenizer",
            sweep.SOURCE,
        ),
    ]
