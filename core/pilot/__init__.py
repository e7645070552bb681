"""A pilot: trial runs of a few candidates on growing subsets, and what they say about the choice."""

from core.pilot.answer import UpdatedDecision
from core.pilot.file import Pilot, read_pilot
from core.pilot.update import update

__all__ = ["Pilot", "UpdatedDecision", "read_pilot", "update"]
