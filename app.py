"""Home: the question, what the tool knows, and the way through."""

from pages.parts.frame import open_page

open_page("app.py")
