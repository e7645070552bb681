"""The same answers as the pages give, as plain values for machines: the field, one model, a decision."""

from core.answers.decided import decide
from core.answers.listed import list_field
from core.answers.one_model import describe_model

__all__ = ["decide", "describe_model", "list_field"]
