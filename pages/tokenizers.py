"""Tokenizers: how each model cuts numbers, the reader's own targets and the reader's own text."""

from pages.parts import (
    gestures,
    links,
    tokenizers_choice,
    tokenizers_numbers,
    tokenizers_targets,
    tokenizers_text,
)
from pages.parts.frame import open_page

open_page("pages/tokenizers.py")
links.report_dropped("pages/tokenizers.py", tokenizers_choice.link_checks())
chosen = tokenizers_choice.choose()
view = tokenizers_choice.view()
if view == tokenizers_choice.NUMBERS:
    tokenizers_numbers.show(chosen)
elif view == tokenizers_choice.TARGETS:
    tokenizers_targets.show(chosen)
else:
    tokenizers_text.show(chosen)
gestures.listen()
