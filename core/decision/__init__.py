"""Which base first, why, and what would change that."""

from core.decision.rank import Decision, rank_bases

__all__ = ["Decision", "rank_bases"]
