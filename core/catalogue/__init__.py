"""Bases that publishers offer, what publishers' reports print about them, and the checks on both."""

from core.catalogue.reports import ReportSource, load_report_sources, load_reports

__all__ = ["ReportSource", "load_report_sources", "load_reports"]
