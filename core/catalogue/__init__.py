"""Bases that publishers offer, what publishers' reports print about them, and the checks on both."""

from core.catalogue.bases import load_catalogue, load_no_base
from core.catalogue.benchmarks import Benchmark, load_benchmarks
from core.catalogue.reports import ReportSource, load_report_sources, load_reports

__all__ = [
    "Benchmark",
    "ReportSource",
    "load_benchmarks",
    "load_catalogue",
    "load_no_base",
    "load_report_sources",
    "load_reports",
]
