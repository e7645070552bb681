"""Bases and what was tuned from them: pairs, the lift of tuning, and families without a published base."""

from core.variants.pairs import pair_variants

__all__ = ["pair_variants"]
