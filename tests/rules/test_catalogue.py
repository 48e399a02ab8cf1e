"""A rule file that is not exactly right is refused in one sentence; a check that breaks hides no other rule."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from data.periods import Month
from data.store import Store
from rules import engine, prepared
from rules.cases import load_cases
from rules.catalogue import CATALOGUE_DIR, CHECKS_DIR, Rule, RuleError, digest, load, rule_files
from rules.catalogue.ids import PublishedId, check_published, published_ids
from rules.engine import Judgement, judge

NAME = "far_24h"
OCTOBER = Month(2026, 10)
NOW_AT = datetime(2026, 11, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of one rule, with its check."""
    shutil.copy(CATALOGUE_DIR / f"{NAME}.yaml", tmp_path)
    shutil.copy(CHECKS_DIR / f"{NAME}.sql", tmp_path)
    return tmp_path


def refusal(folder: Path, file: str = f"{NAME}.yaml") -> str:
    """The sentence with which the folder is refused, without the file's name that it must start with."""
    with pytest.raises(RuleError) as refused:
        load(folder, folder)
    sentence = str(refused.value)
    assert sentence.startswith(f"{file}: ")
    assert "\n" not in sentence
    return sentence.removeprefix(f"{file}: ")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_rule_loads_under_its_file_name_with_its_check_and_cases() -> None:
    rules = load()
    assert list(rules) == [path.stem for path in rule_files()]
    assert {path.read_text(encoding="utf-8") for path in CHECKS_DIR.glob("*.sql")} == {r.check for r in rules.values()}
    assert {path.name.removesuffix(".test.yaml") for path in CATALOGUE_DIR.glob("*.test.yaml")} == set(rules)
    assert all(rule_id == rule.id for rule_id, rule in rules.items())


def test_one_rule_in_a_folder_of_its_own_loads(folder: Path) -> None:
    assert load(folder, folder) == {NAME: load()[NAME]}


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("severity: minor\n", "severity: minor\ncolour: red\n", ["field colour", "unknown field", "severity"]),
        ("    unit: s\n    basis", "    units: s\n    basis", ["field parameters.join_tolerance_s.units"]),
        ("severity: minor", "severity: terrible", ["field severity", "advice", "minor", "major", "critical"]),
        ("status: active", "status: alive", ["field status", "draft", "active", "retired"]),
        ("subject: camera", "subject: cameras", ["field subject", "room", "camera", "report"]),
        ("period: day", "period: week", ["field period", "day", "month"]),
        ("basis: engineering default", "basis: habit", ["join_tolerance_s.basis", "clause", "engineering default"]),
        ("    value: 5\n", "    value: []\n", ["field parameters.join_tolerance_s.value"]),
        ("grace_h: 6", "grace_h: -1", ["field grace_h", "greater than or equal to 0"]),
        ("grace_h: 6", "grace_h: six", ["field grace_h", "integer"]),
        ("in_force_from: 2000-01-01", "in_force_from: soon", ["field in_force_from", "date"]),
        ("clauses: [G2.1.1, T1, T2, T3, T4, T5]", "clauses: []", ["field clauses"]),
        ("unit: s\nbound", "bound", ["field unit", "required"]),
        ("id: far_24h", "id: far_24", ["field id", "'far_24'", "must be the file's name, 'far_24h'"]),
        ("{measured} 秒", "{seconds} 秒", ["field message", "'seconds'", "subject_id", "measured"]),
        ("  tolerance_s:\n", "  limit_s:\n", ["parameters", "the check uses ['tolerance_s']", "does not give"]),
        ("message:\n", "check: far_25h\nmessage:\n", ["field check", "far_25h.sql", "not in rules/checks"]),
        ("title:\n", "title: [\n", ["not readable as YAML"]),
        ("  en: Far-view recording is missing for part of a day\n", "", ["field title.en", "required"]),
    ],
)
def test_a_rule_that_is_not_right_is_refused_with_its_field(folder: Path, old: str, new: str, parts: list[str]) -> None:
    edit(folder / f"{NAME}.yaml", old, new)
    sentence = refusal(folder)
    assert [part for part in parts if part not in sentence] == []


def test_a_parameter_that_the_check_does_not_use_is_refused(folder: Path) -> None:
    edit(folder / f"{NAME}.sql", "$join_tolerance_s * 1000", "5000")
    assert refusal(folder) == "parameters: ['join_tolerance_s'] is not used by the check"


def test_a_parameter_that_the_check_needs_and_the_rule_lacks_is_refused(folder: Path) -> None:
    edit(folder / f"{NAME}.sql", "$join_tolerance_s * 1000", "$join_tolerance_s * $factor")
    assert refusal(folder) == "parameters: the check uses ['factor'], which the rule does not give"


def test_a_rule_without_its_check_is_refused(folder: Path) -> None:
    (folder / f"{NAME}.sql").unlink()
    assert refusal(folder) == f"field check names {NAME}.sql, which is not in rules/checks"


@pytest.mark.parametrize("content", [b"", b"- far_24h\n", b"far_24h\n"])
def test_a_file_that_is_no_rule_is_refused(folder: Path, content: bytes) -> None:
    (folder / f"{NAME}.yaml").write_bytes(content)
    assert "a rule is a list of fields" in refusal(folder)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / f"{NAME}.yaml").write_bytes(b"id: \xff\xfe")
    assert "not readable as YAML" in refusal(folder)


def test_a_rule_under_the_name_of_another_file_is_refused(folder: Path) -> None:
    shutil.copy(folder / f"{NAME}.yaml", folder / "far_48h.yaml")
    assert "must be the file's name, 'far_48h'" in refusal(folder, "far_48h.yaml")


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (None, ["is missing", "cases beside it"]),
        ("cases: []", ["cases"]),
        ("cases: [{name: a, month: 2026-10, now: '2026-11-02T00:00', expects: []}]", ["expects"]),
        ("cases: [", ["expected"]),
    ],
)
def test_a_case_file_that_is_not_right_is_refused(tmp_path: Path, content: str | None, parts: list[str]) -> None:
    if content is not None:
        (tmp_path / f"{NAME}.test.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        load_cases(NAME, tmp_path)
    sentence = str(refused.value)
    assert sentence.startswith(f"{NAME}.test.yaml")
    assert "\n" not in sentence
    assert [part for part in parts if part not in sentence] == []


def test_the_digest_changes_with_a_parameter_and_with_a_check() -> None:
    rules = load()
    rule = rules[NAME]
    stricter = rule.model_copy(update={"grace_h": rule.grace_h + 1})
    rewritten = rule.model_copy(update={"check": rule.check + " "})
    assert len({digest(rules | {NAME: changed}) for changed in (rule, stricter, rewritten)}) == 3
    assert digest(dict(reversed(rules.items()))) == digest(rules)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"far_25h": {"id": "far_25h"}}, "far_25h.yaml: field id: far_25h is not in ids.yaml"),
        ({NAME: {"subject": ("room",)}}, "far_24h.yaml: field subject is room, but far_24h was published with camera"),
        ({NAME: {"subject": ("camera", "room")}}, "field subject is camera room"),
        ({NAME: {"period": "month"}}, "field period is month, but far_24h was published with day"),
        ({NAME: None}, "far_24h.yaml is missing: far_24h was published; keep its file with `status: retired`"),
    ],
)
def test_an_id_stands_for_one_thing_for_ever(changes: dict[str, dict[str, object] | None], told: str) -> None:
    rules = load()
    check_published(rules, published_ids())
    for rule_id, change in changes.items():
        if change is None:
            del rules[rule_id]
        else:
            rules[rule_id] = rules[NAME].model_copy(update=change)
    with pytest.raises(RuleError) as refused:
        check_published(rules, published_ids())
    assert told in str(refused.value) and "\n" not in str(refused.value)


def test_a_retired_rule_keeps_its_id() -> None:
    rules = load()
    check_published(rules | {NAME: rules[NAME].model_copy(update={"status": "retired"})}, published_ids())


def test_the_packaged_catalogue_is_loaded_only_with_its_published_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = published_ids()
    del fewer[NAME]
    monkeypatch.setattr("rules.catalogue.published_ids", lambda: fewer)
    with pytest.raises(RuleError, match=r"far_24h is not in ids\.yaml"):
        load()
    gone = PublishedId(id="far_23h", subject=("camera",), period="day")
    monkeypatch.setattr("rules.catalogue.published_ids", lambda: fewer | {NAME: gone, "far_23h": gone})
    with pytest.raises(RuleError, match="far_23h was published"):
        load()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("- {id: a, subject: room, period: day}\n- {id: a, subject: room, period: month}", "a stands twice"),
        ("- {id: a, subject: house, period: day}", "0.subject"),
        ("- {id: a, subject: room}", "0.period"),
        ("a: room", "the file"),
        ("- [", "not readable as YAML"),
    ],
)
def test_a_list_of_ids_that_is_not_right_is_refused(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "ids.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        published_ids(tmp_path / "ids.yaml")
    assert str(refused.value).startswith("ids.yaml: ") and told in str(refused.value)


def judged(*rules: Rule) -> Judgement:
    """What the rules say of a city with one room and no camera."""
    known = "known_from, withdrawn"
    with Store.in_memory() as store:
        with store.write() as cursor:
            cursor.execute(
                f"INSERT INTO premises (premises_id, agency_id, {known}) VALUES ('P', 'A', '2026-01-01', false)"
            )
            cursor.execute(
                f"INSERT INTO rooms (room_id, premises_id, kind, in_use_from, {known}) "
                "VALUES ('R', 'P', 'test_room', '2026-01-01', '2026-01-01', false)"
            )
        return judge(store.cursor(), rules, OCTOBER, now_at=NOW_AT)


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ("SELEC nothing", "Parser Error"),
        ("SELECT 'R' AS subject_id FROM nowhere", "Catalog Error"),
        ("SELECT 'R' AS subject_id", "Binder Error"),
        (
            "SELECT 'R' AS subject_id, 'A' AS agency_id, '2026-10' AS period, 'pass' AS outcome, "
            "CAST('x' || count(*) AS INTEGER) AS measured, 0 AS required, '' AS reason, [] AS evidence FROM ended_days",
            "Conversion Error",
        ),
    ],
)
def test_a_check_that_breaks_says_so_and_the_others_are_still_judged(check: str, reason: str) -> None:
    rules = load()
    room = rules["far_camera_per_room"]
    broken = rules[NAME].model_copy(update={"check": check, "parameters": {}})
    alone = judged(room).verdicts
    assert [(v.subject_id, v.outcome) for v in alone] == [("R", "fail")]
    for order in ((broken, room), (room, broken)):
        verdicts = judged(*order).verdicts
        [error] = [v for v in verdicts if v.rule_id == NAME]
        assert (error.outcome, error.subject_id, error.period) == ("error", "", "2026-10")
        assert error.reason.startswith(reason)
        assert tuple(v for v in verdicts if v.rule_id != NAME) == alone


def test_a_prepared_table_that_breaks_costs_the_rules_that_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load()
    pair = (rules["far_24h"], rules["far_camera_per_room"])
    alone = judged(rules["far_camera_per_room"]).verdicts
    spoilt = dict(prepared.views()) | {"far_gaps": "SELECT CAST('x' || count(*) AS INTEGER) AS x FROM ended_days"}
    for module in (prepared, engine):
        monkeypatch.setattr(module, "views", lambda: spoilt)
    prepared.facts_read_by.cache_clear()
    verdicts = judged(*pair).verdicts
    assert tuple(v for v in verdicts if v.rule_id != "far_24h") == alone
    [error] = [v for v in verdicts if v.rule_id == "far_24h"]
    assert error.outcome == "error" and error.reason.startswith("far_gaps: Conversion Error")


def test_a_clause_with_a_quote_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    room = load()["far_camera_per_room"].model_copy(update={"clauses": ("Owner's guide 3",), "unit": "'s'"})
    assert {(v.outcome, v.clause, v.unit) for v in judged(room).verdicts} == {("fail", "Owner's guide 3", "'s'")}


def test_only_active_rules_are_judged() -> None:
    room = load()["far_camera_per_room"]
    assert not judged(room.model_copy(update={"status": "draft"})).verdicts
    assert not judged(room.model_copy(update={"status": "retired"})).verdicts


def test_nothing_is_judged_before_a_rule_is_in_force() -> None:
    room = load()["far_camera_per_room"]
    assert judged(room.model_copy(update={"in_force_from": OCTOBER.first_day})).verdicts
    assert not judged(room.model_copy(update={"in_force_from": OCTOBER.next_first_day})).verdicts
