"""How well each base does in each language, from boards that test it there."""

from core.languages.scores import NAMES, list_languages, load_languages

__all__ = ["NAMES", "list_languages", "load_languages"]
