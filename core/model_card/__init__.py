"""What is known of one model, gathered from board, catalogue, placement, reports and what a reader added."""

from core.model_card.card import ModelCard, gather
from core.model_card.facts import Facts

__all__ = ["Facts", "ModelCard", "gather"]
