"""Home: the question, what the tool knows and how old it is, and the pages that lead to an answer."""

from pages.parts.home import home
from pages.parts.shell.frame import open_page

open_page("app.py")
home.first_answer()
home.ways()
home.tour()
home.both_answers()
