"""Tokenizers: how each model cuts numbers, the reader's own targets and the reader's own text."""

from pages.parts.shell import gestures, links
from pages.parts.shell.frame import open_page
from pages.parts.tokenizers import choice, numbers, targets, text

open_page("pages/tokenizers.py")
links.report_dropped("pages/tokenizers.py", choice.link_checks())
chosen = choice.choose()
view = choice.view()
if view == choice.NUMBERS:
    numbers.show(chosen)
elif view == choice.TARGETS:
    targets.show(chosen)
else:
    text.show(chosen)
gestures.listen()
