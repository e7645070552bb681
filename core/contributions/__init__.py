"""What readers measured and give to the project: memory, pilots, scores of a base. Figures only, no texts."""

from core.contributions.checks import faults
from core.contributions.file import Contribution, read_contribution, to_json

__all__ = ["Contribution", "faults", "read_contribution", "to_json"]
