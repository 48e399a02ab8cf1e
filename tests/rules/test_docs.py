"""RULES.md is made from the catalogue; a stale one would publish another meaning than the one judged by."""

from __future__ import annotations

from pathlib import Path

from rules import catalogue
from rules.docs import catalogue_page

ROOT = Path(__file__).parents[2]


def test_rules_page_is_fresh() -> None:
    page = (ROOT / "RULES.md").read_text(encoding="utf-8")
    assert page.rstrip() == catalogue_page(catalogue.load()), "run: make docs"


def test_every_rule_says_everything_in_both_languages() -> None:
    page = catalogue_page(catalogue.load())
    for rule in catalogue.load().values():
        for text in (rule.title, rule.duty, rule.remedy, *rule.reasons.values()):
            assert text.zh in page
            assert text.en in page
