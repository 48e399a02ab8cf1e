"""One text table: nothing missing, nothing idle, the same fields in both languages, no sentence in page code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from dashboard import record_tables, report, texts

FOLDER = Path(texts.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))
COMMANDS = [FOLDER / "cli.py", *(FOLDER / "commands").rglob("*.py")]
LOOKUPS = {"t", "lookup"}
FAMILY_ARGUMENT = {"word": 0, "lookup_word": 1}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def pattern(argument: ast.expr) -> str:
    """A constant as it is, an f-string with anything in its gaps; empty for what is neither."""
    if isinstance(argument, ast.Constant):
        return re.escape(str(argument.value))
    parts = argument.values if isinstance(argument, ast.JoinedStr) else []
    return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in parts)


def patterns() -> list[str]:
    asked = [pattern(argument) for name, call in calls() if name in LOOKUPS for argument in call.args]
    words = [pattern(call.args[FAMILY_ARGUMENT[name]]) for name, call in calls() if name in FAMILY_ARGUMENT]
    families = {family for family in words if family} | set(report.WORDS.values()) | set(record_tables.WORDS.values())
    return [key for key in asked if r"\." in key] + [rf"{family}\..+" for family in families]


def test_every_key_that_is_asked_for_exists() -> None:
    missing = [p for p in patterns() if not any(re.fullmatch(p, key) for key in texts.table())]
    assert not missing, f"texts.yaml has no text for {missing}"


def test_no_text_is_idle() -> None:
    asked = patterns()
    idle = [key for key in texts.table() if not any(re.fullmatch(pattern, key) for pattern in asked)]
    assert not idle, f"nothing asks for {idle}; remove them from texts.yaml"


@pytest.mark.parametrize("key", texts.table())
def test_both_languages_say_the_same_fields(key: str) -> None:
    text = texts.table()[key]
    assert set(text) == set(texts.LANGUAGES)
    fields = {lang: {name for _, name, _, _ in Formatter().parse(text[lang]) if name} for lang in texts.LANGUAGES}
    assert fields["zh"] == fields["en"], f"{key} is not filled the same way in both languages"
    assert (text["en"] and not re.search(r"[一-鿿]", text["en"])) or key == "common.this_language"


def test_page_code_has_no_sentence() -> None:
    for path in (path for path in MODULES if path not in COMMANDS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                chinese = re.search(r"[一-鿿]", node.value)
                assert not chinese, f"{path.name}:{node.lineno} writes text itself; put it into texts.yaml"


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts.lookup("zh", "page.nowhere")


def test_a_word_we_have_no_text_for_is_shown_as_it_is() -> None:
    assert texts.lookup_word("zh", "room_kind", "attic") == "attic"
    assert texts.lookup_word("zh", "room_kind", "curing_room") == "标养室"
