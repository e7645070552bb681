"""Text from outside, made safe to show."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:&\-])")


def plain(text: str) -> str:
    """Escape Markdown, so that a model's name is shown as it is and never becomes a link or an image."""
    return _MARKDOWN.sub(r"\\\1", text)
