"""The catalogue, the page of a rule, and its laboratory: figures of the planted faults, and nothing stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dashboard import frame, rulebook
from dashboard.queries import Reader
from dashboard.rows import Scope
from data.store import Store
from rules import catalogue
from tests.dashboard import city
from tests.dashboard.test_pages import markup, opened


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_catalogue_lists_every_rule_with_its_address(store: Store, language: str) -> None:
    shown = markup(opened("rules", lang=language))
    for rule in rulebook.rules().values():
        assert f"rule={rule.id}" in shown and f">{rule.id}<" in shown and rule.clause in shown
    assert ("严重" if language == "zh" else "Critical") in shown
    assert shown.index("early_deletion") < shown.index("clock_accurate"), "gravest first"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_every_rule_renders(store: Store, language: str) -> None:
    for rule in rulebook.rules().values():
        app = opened("rule", rule=rule.id, lang=language)
        shown = markup(app)
        assert not app.exception and app.title[0].value == getattr(rule.title, language)
        assert "{" not in shown.replace(rule.check, "")
        assert all(f">{name}<" in shown for name in rule.parameters)
        assert app.code[0].value == rule.check.strip()


def test_the_page_of_a_rule_leads_to_its_findings(store: Store) -> None:
    shown = markup(opened("rule", rule="far_24h"))
    assert "/findings?" in shown and "outcome=fail" in shown
    assert "60 秒" in shown and "工程默认值" in shown and "录像机已答复，该时段没有录像" in shown


def test_a_rule_nobody_wrote_says_so(store: Store) -> None:
    app = opened("rule", rule="<far_25h>")
    assert not app.exception and "&lt;far_25h&gt;" in markup(app)


def test_a_parameter_of_another_rule_leads_there_and_is_not_offered(store: Store) -> None:
    app = opened("rule", rule="far_gap_budget")
    assert "rule=far_24h" in markup(app)
    assert app.selectbox(key="try_name_far_gap_budget").options == ["budget_s"]


def test_what_a_city_has_otherwise_is_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    guangxi = catalogue.load(profile="guangxi")
    assert "本市与南昌指南的不同" not in subheaders("pile_stack_photos")
    monkeypatch.setattr(rulebook, "rules", lambda: guangxi)
    assert "本市与南昌指南的不同" in subheaders("pile_stack_photos")
    shown = markup(opened("rule", rule="pile_stack_photos"))
    assert "4 photos" in shown and "5 photos" in shown


def subheaders(rule_id: str) -> list[str]:
    return [header.value for header in opened("rule", rule=rule_id).subheader]


def verdicts(store: Store) -> list[tuple[object, ...]]:
    with store.cursor() as cursor:
        return cursor.execute("FROM verdict_changes ORDER BY ALL").fetchall()


def test_the_laboratory_tries_values_and_stores_nothing(store: Store) -> None:
    before = verdicts(store)
    app = opened("rule", rule="far_24h")
    assert app.text_input(key="try_values_far_24h_join_tolerance_s").value == "0, 5, 10"
    app.selectbox(key="try_name_far_24h").set_value("tolerance_s").run()
    field = app.text_input(key="try_values_far_24h_tolerance_s")
    assert field.value == "0, 30, 60, 120"
    field.set_value("60，9000").run()
    assert not app.get("plotly_chart")
    app.button(key="try").click().run()
    shown = markup(app)
    assert not app.exception and len(app.get("plotly_chart")) == 1
    assert "9000 秒" in shown and ">5</td>" in shown, "five nights that lacked 9000 s would pass"
    assert shown.count(city.NIGHT_GAP_CAMERA) == 6, "five days, and the month that now is summed"
    assert "rule=far_gap_budget" in shown and "60 → 9000" in shown.replace(" 秒（2小时30分）", "").replace(" 秒", "")
    assert verdicts(store) == before


@pytest.mark.parametrize("text", ["soon", "", "0,,1", "-5", "0:12:0.5"])
def test_values_that_cannot_be_tried_are_refused_in_the_visitors_language(store: Store, text: str) -> None:
    app = opened("rule", rule="far_24h", lang="en")
    app.text_input(key="try_values_far_24h_join_tolerance_s").set_value(text).run()
    app.button(key="try").click().run()
    assert not app.exception and "These values cannot be tried" in markup(app)


def test_the_laboratory_sees_only_what_the_viewer_may_see(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def reading() -> Iterator[Reader]:
        reader = Reader(store, Scope("NC-A-001"), city.NOW)
        yield reader
        reader.close()

    monkeypatch.setattr(frame, "reading", reading)
    app = opened("rule", rule="far_24h")
    app.selectbox(key="try_name_far_24h").set_value("tolerance_s").run()
    app.text_input(key="try_values_far_24h_tolerance_s").set_value("0, 90000").run()
    app.button(key="try").click().run()
    shown = markup(app)
    assert not app.exception and len(app.get("plotly_chart")) == 1
    assert "NC-A-003" not in shown and city.NIGHT_GAP_CAMERA not in shown


def test_a_rule_that_is_only_a_draft_can_be_tried(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rulebook.rules()
    asleep = rules | {"osd_clock": rules["osd_clock"].model_copy(update={"status": "draft"})}
    monkeypatch.setattr(rulebook, "rules", lambda: asleep)
    app = opened("rule", rule="osd_clock")
    app.button(key="try").click().run()
    assert not app.exception and "草案，不判定" in markup(app) and "无判定" in markup(app)
