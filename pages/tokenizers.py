"""Tokenizers: how each model cuts numbers, own targets and own text, and what each language costs."""

from pages.parts.shell import gestures, links, shortlist_bar
from pages.parts.shell.frame import open_page
from pages.parts.tokenizers import choice, languages, numbers, targets, text

open_page("pages/tokenizers.py")
checks = choice.link_checks() | {"t_lang": links.Each(languages.offered().__contains__, 40)}
links.report_dropped("pages/tokenizers.py", checks)
chosen = choice.choose()
view = choice.view()
if view == choice.NUMBERS:
    numbers.show(chosen)
elif view == choice.TARGETS:
    targets.show(chosen)
elif view == choice.LANGUAGES:
    languages.show(chosen)
else:
    text.show(chosen)
shortlist_bar.show()
gestures.listen()
