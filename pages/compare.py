from pages.parts.frame import open_page

open_page("pages/compare.py")
