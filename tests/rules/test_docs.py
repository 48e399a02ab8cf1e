"""RULES.md and the pages come from the catalogue; a stale one publishes another meaning than the one judged by."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import catalogue
from rules.docs import catalogue_page
from rules.pages import MARK, MENDS, cities, rule_pages

ROOT = Path(__file__).parents[2]
RULES = catalogue.load()
ELSEWHERE = cities(RULES)


def test_rules_page_is_fresh() -> None:
    page = (ROOT / "RULES.md").read_text(encoding="utf-8")
    assert page.rstrip() == catalogue_page(RULES, ELSEWHERE), "run: make docs"


def test_every_rule_has_its_fresh_page_and_no_other_page_exists() -> None:
    pages = rule_pages(RULES, ELSEWHERE)
    folder = ROOT / "docs" / "rules"
    assert {path.name for path in folder.iterdir()} == set(pages), "run: make docs"
    stale = [name for name, page in pages.items() if (folder / name).read_text(encoding="utf-8") != page]
    assert stale == [], "run: make docs"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_says_everything_in_both_languages(rule: catalogue.Rule) -> None:
    page, own = catalogue_page(RULES, ELSEWHERE), rule_pages(RULES, ELSEWHERE)[f"{rule.id}.md"]
    chinese, english = own.removeprefix(MARK).split("\n---\n")
    reading = [rule.reading] if rule.reading else []
    notes = [parameter.note for parameter in rule.parameters.values()]
    for text in (rule.title, rule.duty, rule.remedy, MENDS[rule.mend], *reading, *notes, *rule.reasons.values()):
        assert text.zh in page and text.zh in chinese
        assert text.en in page and text.en in english
    assert rule.clause in chinese and rule.status in page


def test_a_city_that_has_a_rule_otherwise_is_named_with_what_differs() -> None:
    [guangxi] = [city for city in ELSEWHERE if city.profile == "guangxi"]
    [retired] = guangxi.differences["pile_stage_clips"]
    assert (retired.field, retired.ours.en, retired.theirs.en) == ("status", "active", "retired")
    assert not guangxi.differences["far_24h"]
    assert (
        "| 广西壮族自治区 | `parameters.photos.value` | 4 photos | 5 photos |"
        in rule_pages(RULES, ELSEWHERE)["pile_stack_photos.md"]
    )
    assert "- 广西壮族自治区 · Guangxi `status`: active → retired" in catalogue_page(RULES, ELSEWHERE)
    assert not [city for city in ELSEWHERE if city.profile == catalogue.CITY]
