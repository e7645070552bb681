"""What will trip a reader up with a base, before it does: end tokens, adapters, precision, licence."""

from core.readiness.assess import assess
from core.readiness.families import assess_family
from core.readiness.result import Finding, Readiness

__all__ = ["Finding", "Readiness", "assess", "assess_family"]
