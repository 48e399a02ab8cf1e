"""Every page in both languages, as the script runs: no exception, and the figures a visitor must see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import address, grids, navigation, silence
from dashboard.asgi import UI_SCRIPT
from dashboard.pages import camera as camera_page
from dashboard.queries import Reader
from dashboard.rows import Coverage
from data.store import Store
from tests.dashboard import city

ADDRESSES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("overview", {}),
    ("agencies", {}),
    ("agencies", {"agency": "NC-A-002"}),
    ("room", {"room": "NC-A-002-P1-R05"}),
    ("camera", {"camera": city.NIGHT_GAP_CAMERA, "day": "2026-10-05"}),
    ("camera", {"camera": "NC-A-002-P1-R05-C1", "day": "2026-10-25"}),
    ("findings", {}),
    ("monthly", {}),
    ("sources", {"source": "NC-A-004-P1-N1"}),
    ("recorder", {"recorder": "NC-A-004-P1-N1"}),
    ("verdicts", {"agency": "NC-A-002", "outcome": "unknown"}),
    ("verdict", {"rule": "far_24h", "type": "camera", "subject": "NC-A-002-P1-R05-C1", "period": "2026-10-25"}),
    (
        "verdict",
        {
            "rule": "pile_stage_clips",
            "type": "report",
            "subject": "ML2610-ZH-0007",
            "period": "2026-10-19",
            "kind": "stage_without_clip",
            "from": "2026-10-14T14:00:00+08:00",
            "ref": "S-PILE-7 4",
        },
    ),
    ("record", {"record": "report", "id": "ML2610-ZH-0007"}),
    ("record", {"record": "poll", "id": "NC-A-002-P1-R05-C1@1026"}),
    ("exemptions", {}),
    ("rules", {}),
    ("rule", {"rule": "far_24h"}),
    ("rule", {"rule": "device_overlap"}),
)


def opened(page: str, **parameters: str) -> AppTest:
    def script(name: str) -> None:
        from importlib import import_module  # noqa: PLC0415 - the function's source is run as a script of its own

        import_module(f"dashboard.pages.{name}").render()

    app = AppTest.from_function(script, args=(page,), default_timeout=30)
    for name, value in ({"month": "2026-10"} | parameters).items():
        app.query_params[name] = value
    return app.run()


def markup(app: AppTest) -> str:
    return "".join(json.loads(block.proto.json)["markup"] for block in app.get("bidi_component"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("page", "parameters"), ADDRESSES)
def test_every_page_renders(store: Store, page: str, parameters: Mapping[str, str], language: str) -> None:
    app = opened(page, lang=language, **parameters)
    assert not app.exception
    assert len(app.title) == 1
    assert "Traceback" not in markup(app) and "{" not in markup(app)


def test_every_page_module_is_shown_or_tested() -> None:
    assert set(navigation.modules()) == {page for page, _ in ADDRESSES} | {"finding"}
    shown = [name for name, module in navigation.modules().items() if module.ORDER]
    assert shown == ["overview", "agencies", "findings", "monthly", "sources", "exemptions", "rules"]


def test_the_entry_script_shows_the_overview_in_the_visitors_language(store: Store) -> None:
    app = AppTest.from_file(UI_SCRIPT, default_timeout=30).run()
    assert not app.exception and app.title[0].value == "总览"
    app.segmented_control(key="choose_lang").set_value("en").run()
    assert app.title[0].value == "Overview" and app.query_params["lang"] == "en"


def test_the_overview_prints_denominators(store: Store) -> None:
    shown = markup(opened("overview"))
    assert "99.2%" in shown and "664 / 669" in shown, "24-hour rule: passed of judged"
    assert "<b>0 / 1</b>" in shown and "<b>0.0%</b>" not in shown, "a small denominator stays two counts"
    assert "670 / 766" in shown, "camera-days known of all"


def test_the_month_is_chosen_and_kept_in_the_address(store: Store) -> None:
    app = opened("overview")
    app.selectbox(key="choose_month").set_value("2026-11").run()
    assert app.query_params["month"] == "2026-11"
    assert "38 / 50" in markup(app)


def test_register_names_are_escaped(store: Store) -> None:
    shown = markup(opened("room", room="NC-A-002-P1-R05")) + markup(opened("agencies", agency="NC-A-002"))
    assert "<b>留置室" not in shown
    assert "&lt;b&gt;留置室&lt;/b&gt; &amp; &quot;5&quot;" in shown


def test_a_finding_tells_rule_figures_and_evidence(store: Store, reader: Reader) -> None:
    (finding,) = reader.findings(subject_id=city.NIGHT_GAP_CAMERA)
    app = opened("finding", finding=finding.finding_id)
    shown = markup(app)
    assert app.title[0].value == "远视角监控录像一天中有缺失"
    assert "9000 秒（2小时30分）" in shown and "60 秒" in shown and "G2.1.1" in shown
    assert shown.count("2026-10-07 02:00:00") == 1 and "2026-10-07 04:30:00" in shown
    assert f"camera={city.NIGHT_GAP_CAMERA}&amp;day=2026-10-07" in shown
    assert "由人工认定" in shown


def test_a_finding_that_does_not_stand_says_so(store: Store) -> None:
    assert "0000000000" in markup(opened("finding", finding="0000000000"))


@pytest.mark.parametrize(("page", "name"), [("camera", "camera"), ("room", "room"), ("agencies", "agency")])
def test_an_address_of_nothing_says_so(store: Store, page: str, name: str) -> None:
    app = opened(page, **{name: "<nowhere>"})
    assert not app.exception and "&lt;nowhere&gt;" in markup(app)


def test_findings_are_filtered(store: Store) -> None:
    app = opened("findings", agency="NC-A-004", outcome="fail")
    shown = markup(app)
    assert shown.count("<tr>") - 1 == 7 and "NC-A-003" not in shown
    app.selectbox(key="choose_rule").set_value("clock_accurate").run()
    assert markup(app).count("<tr>") - 1 == 1
    assert app.query_params["rule"] == "clock_accurate"


def test_a_filter_nobody_offers_is_ignored(store: Store) -> None:
    app = opened("findings", agency="NC-Z-999", severity="terrible")
    assert not app.exception and markup(app).count("<tr>") - 1 == 23


def test_unknown_is_hatched_and_never_held(store: Store) -> None:
    shown = markup(opened("camera", camera="NC-A-002-P1-R05-C1", day="2026-10-25"))
    assert shown.count('class="cell c-unknown"') >= 13 * 24
    assert "cell c-missing" not in shown and "cell c-part" not in shown


def test_a_single_unknown_is_told_in_a_word(store: Store) -> None:
    rooms = markup(opened("agencies", agency="NC-A-005")).split('aria-label="房间与规则"')[1]
    cells = rooms.split('class="mark o-unknown"')[1:]
    amounts = {cell.split("</span>")[0].split("</i>")[1].strip() for cell in cells}
    assert {"未知", "31/31"} <= amounts and "1/1" not in amounts and "" not in amounts


def test_a_store_without_verdicts_has_something_to_say(store: Store) -> None:
    with store.write() as cursor:
        cursor.execute("DELETE FROM judgements")
    for page, parameters in ADDRESSES:
        assert not opened(page, **parameters).exception


def test_a_month_that_does_not_exist_is_told(store: Store) -> None:
    shown = markup(opened("overview", month="foo"))
    assert "“foo”" in shown and "现显示 2026-11" in shown
    assert "现显示" not in markup(opened("overview"))


def test_a_required_figure_says_which_side_is_right(store: Store) -> None:
    shown = markup(opened("findings"))
    assert "要求 不超过 60 秒" in shown and "要求 不少于 10 级" in shown


def test_the_dossier_is_built_only_when_asked_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def build(*arguments: object) -> dict[str, bytes]:
        asked.append(arguments)
        return {"monthly_agency.csv": b"x"}

    monkeypatch.setattr("dashboard.report.build", build)
    app = opened("monthly")
    assert not asked
    app.button(key="prepare").click().run()
    assert not app.exception and len(asked) == 1
    assert [str(argument) for argument in asked[0][2:]] == ["2026-10", str(city.JUDGED_AT), str(city.JUDGED_AT)]
    assert len(app.get("download_button")) == 2


@pytest.mark.parametrize(
    ("lengths", "shown"),
    [
        ((0, 0, 0, 0), "off"),
        ((3_600_000, 0, 0, 0), "held"),
        ((3_595_000, 5_000, 0, 0), "held"),
        ((3_594_999, 5_001, 0, 0), "part"),
        ((0, 3_600_000, 0, 0), "missing"),
        ((0, 1_800_000, 1_800_000, 0), "part"),
        ((1_800_000, 0, 1_800_000, 0), "unknown"),
        ((1_800_000, 0, 0, 1_800_000), "exempt"),
    ],
)
def test_a_cell_never_looks_better_than_what_is_known(lengths: tuple[int, int, int, int], shown: str) -> None:
    day = city.NOW.date()
    assert grids.state(Coverage(day, 0, sum(lengths), *lengths, is_future=False), seam_ms=5_000) == shown


def test_a_source_is_silent_until_it_answers_again(reader: Reader) -> None:
    silent = {s.source_id for s in reader.sources() if silence.is_silent(s, reader.now_at)}
    assert silent == {city.SILENT_RECORDER, city.NEVER_ASKED_RECORDER}
    answering = next(source for source in reader.sources() if source.source_id not in silent)
    answered_at = answering.answered_at or city.NOW
    failed_since = replace(answering, asked_at=answered_at + timedelta(hours=1))
    assert silence.is_silent(failed_since, answered_at + timedelta(hours=2)), "its last attempt brought nothing"
    assert not silence.is_silent(answering, answered_at + silence.SILENT_AFTER)
    assert silence.is_silent(answering, answered_at + silence.SILENT_AFTER + timedelta(seconds=1))


def test_addresses_come_back_as_they_were() -> None:
    assert address.parse("/camera?camera=a%26b&day=2026-10-05") == ("camera", {"camera": "a&b", "day": "2026-10-05"})
    assert camera_page.ORDER == 0, "a camera is reached from its room, not from the menu"
