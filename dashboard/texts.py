"""The one text table: every sentence a person reads, in Chinese and English, looked up by key.

A key is `page.name`; a family is all keys with one prefix, whose last part is a word of the data (an outcome, a room
kind). Words that sources invent have no text and are shown as they are.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"


@cache
def table() -> dict[str, dict[str, str]]:
    """Every text by key: {"zh": …, "en": …}."""
    groups = yaml.safe_load(files("dashboard").joinpath("texts.yaml").read_text(encoding="utf-8"))
    return {f"{group}.{name}": text for group, texts in groups.items() for name, text in texts.items()}


def lookup(language: str, key: str, **fields: object) -> str:
    """The text of `key`; raises KeyError for a key that is not in the table."""
    return table()[key][language].format(**fields)


def lookup_word(language: str, family: str, word: str | None) -> str:
    """The text for a word of the data, or the word itself when the table does not know it."""
    if word is None:
        return lookup(language, "common.none")
    text = table().get(f"{family}.{word}")
    return text[language] if text else word
