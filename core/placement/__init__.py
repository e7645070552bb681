"""Today's bases on the board's scale, from the scores that reports print."""

from core.placement.stored import cross_validation, load_cells, load_placement
from core.placement.summary import summarise

__all__ = ["cross_validation", "load_cells", "load_placement", "summarise"]
