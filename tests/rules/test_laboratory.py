"""What a drafted rule would change, counted by hand, and that trying leaves the store as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from data.periods import Month, parse_instant
from data.store import Store
from rules import catalogue
from rules.catalogue import Rule, RuleError
from rules.laboratory import NO_VERDICT, History, Value, draft, followers, preview, previews, sweep
from tests.dashboard import small

RULES = catalogue.load()
FAR = RULES["far_24h"]
LACKING_S = 7200  # what C1 lacks on the second day; see small.py


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("laboratory")
    with Store.open(str(folder / "store.duckdb")) as opened:
        small.put(opened, folder / "bundle")
        yield opened


@pytest.fixture
def history(store: Store) -> Iterator[History]:
    with store.cursor() as cursor:
        yield History(cursor, Month.parse(small.MONTH), parse_instant(small.NOW))


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.cursor() as cursor:
        tables = cursor.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND NOT internal ORDER BY ALL"
        ).fetchall()
        return {name: cursor.execute(f"FROM {name} ORDER BY ALL").fetchall() for (name,) in tables}


# drafting


def test_a_number_stays_a_number_and_nothing_else_changes() -> None:
    for value in ("30", 30, Decimal("30")):
        drafted = draft(FAR, {"tolerance_s": value})
        assert drafted.parameters["tolerance_s"].value == Decimal(30)
        assert isinstance(drafted.parameters["tolerance_s"].value, Decimal)
        assert drafted.model_copy(update={"parameters": FAR.parameters}) == FAR
    assert FAR.parameters["tolerance_s"].value == Decimal(60)
    assert draft(RULES["live_viewable"], {"share": "0.9"}).parameters["share"].value == "0.9", "given in quotes"


@pytest.mark.parametrize(
    ("rule_id", "values", "told"),
    [
        ("far_24h", {"tolerance": 5}, "accepted: join_tolerance_s, tolerance_s"),
        ("device_overlap", {"tolerance_s": 5}, "this rule has no parameter"),
        ("far_24h", {"tolerance_s": "a minute"}, "a number of s, zero or more (it is 60 now)"),
        ("far_24h", {"tolerance_s": "-1"}, "zero or more"),
        ("far_24h", {"tolerance_s": "1e9"}, "zero or more"),
        ("far_24h", {"tolerance_s": Decimal("NaN")}, "zero or more"),
        ("far_24h", {"tolerance_s": Decimal("-Infinity")}, "zero or more"),
        ("far_24h", {"tolerance_s": True}, "a number of s"),
        ("far_24h", {"tolerance_s": "٣"}, "a number of s"),
        ("far_24h", {"tolerance_s": ""}, "a number of s"),
        ("retention_6_months", {"months": "5.5"}, "a whole number of months"),
        ("live_viewable", {"share": "95"}, "from 0 to 1"),
        ("far_gap_budget", {"tolerance_s": 30}, "try tolerance_s of far_24h"),
        ("pile_stage_clips", {"methods": 60}, "methods in words, for example kentledge"),
        ("pile_stage_clips", {"methods": "60"}, "methods in words"),
        ("pile_stage_clips", {"methods": "  "}, "methods in words"),
        ("pile_stack_photos", {"before_loading": "perhaps"}, "accepted: yes, no"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_is_accepted(
    rule_id: str, values: dict[str, Value], told: str
) -> None:
    with pytest.raises(RuleError, match=r"accepted|try") as refused:
        draft(RULES[rule_id], values)
    assert told in str(refused.value) and "\n" not in str(refused.value)


def test_every_parameter_of_the_catalogue_can_be_tried_at_its_own_value() -> None:
    for rule in RULES.values():
        own = {name: p.value for name, p in rule.parameters.items() if p.same_as is None}
        assert draft(rule, own) == rule
        assert draft(rule, {name: str(value) for name, value in own.items()}) == rule, "as the command line gives them"


def test_a_status_nobody_knows_is_refused() -> None:
    with pytest.raises(RuleError, match="accepted: draft, active, retired"):
        draft(FAR, {}, "alive")  # type: ignore[arg-type]


# previewing


def test_a_higher_tolerance_turns_the_failed_day_into_a_pass(history: History) -> None:
    seen = preview(history, RULES, draft(FAR, {"tolerance_s": LACKING_S}))
    assert seen.of("far_24h") == {("pass", "pass"): 4, ("fail", "pass"): 1, ("unknown", "unknown"): 1}
    change = seen.moved()[0]
    assert (change.subject_id, change.period) == ("C1", "2026-10-02")
    assert (change.outcome_before, change.measured_before, change.required_before) == ("fail", "7200", "60")
    assert (change.outcome_after, change.measured_after, change.required_after) == ("pass", "7200", "7200")
    assert (change.reason_before, change.reason_after) == ("footage_missing", "")


def test_one_second_less_changes_figures_only(history: History) -> None:
    seen = preview(history, RULES, draft(FAR, {"tolerance_s": LACKING_S - 1}))
    assert seen.moved() == [] and seen.moved_count == 0
    assert seen.changes.num_rows == 6, "every day now says another required value"


def test_the_rule_that_follows_is_named_and_its_verdict_appears(history: History) -> None:
    seen = preview(history, RULES, draft(FAR, {"tolerance_s": LACKING_S}))
    assert seen.affected == ("far_gap_budget",)
    assert seen.of("far_gap_budget") == {(NO_VERDICT, "suspect"): 1, ("unknown", "unknown"): 1}
    [appearing] = [change for change in seen.moved() if change.rule_id == "far_gap_budget"]
    assert (appearing.subject_id, appearing.outcome_before, appearing.measured_before) == ("C1", NO_VERDICT, "")
    assert (appearing.outcome_after, appearing.measured_after, appearing.required_after) == ("suspect", "7200", "900")


def test_followers_are_those_of_the_changed_parameter_alone() -> None:
    assert followers(RULES, "far_24h", ["tolerance_s"]) == ["far_gap_budget"]
    assert "near_during_session" in followers(RULES, "far_24h", ["join_tolerance_s"])
    assert followers(RULES, "far_24h", []) == []


def test_a_retired_rule_loses_its_verdicts_and_a_draft_gains_them(history: History) -> None:
    retiring = preview(history, RULES, draft(FAR, {}, "retired"))
    assert retiring.of("far_24h") == {("pass", NO_VERDICT): 4, ("fail", NO_VERDICT): 1, ("unknown", NO_VERDICT): 1}
    assert retiring.affected == ()
    for status in ("draft", "retired"):
        asleep = RULES | {"far_24h": FAR.model_copy(update={"status": status})}
        trying = preview(history, asleep, draft(asleep["far_24h"], {"tolerance_s": LACKING_S}))
        assert trying.of("far_24h") == {(NO_VERDICT, "pass"): 5, (NO_VERDICT, "unknown"): 1}


def test_only_the_agencies_asked_for_are_judged(store: Store) -> None:
    with store.cursor() as cursor:
        elsewhere = History(cursor, Month.parse(small.MONTH), parse_instant(small.NOW), agencies=["008"])
        assert not preview(elsewhere, RULES, draft(FAR, {"tolerance_s": LACKING_S})).transitions


def test_what_was_learned_later_is_not_used(store: Store) -> None:
    with store.cursor() as cursor:
        early = History(cursor, Month.parse(small.MONTH), parse_instant(small.NOW), parse_instant("2026-10-02T02:00"))
        seen = preview(early, RULES, draft(FAR, {"tolerance_s": LACKING_S}))
        assert seen.of("far_24h")["fail", "pass"] == 0 and seen.of("far_24h")["unknown", "unknown"] == 4


def test_a_rule_that_breaks_says_so(history: History) -> None:
    broken = draft(FAR, {}).model_copy(update={"check": "SELECT nothing", "parameters": {}})
    [error] = [change for change in preview(history, RULES, broken).moved() if change.outcome_after == "error"]
    assert error.reason_after.startswith("Binder Error")


def test_several_drafts_are_each_compared_as_if_alone(history: History) -> None:
    drafts = [draft(FAR, {"tolerance_s": value}) for value in (60, 0, LACKING_S)]
    together = previews(history, RULES, drafts)
    assert [seen.affected for seen in together] == [(), ("far_gap_budget",), ("far_gap_budget",)]
    for seen, drafted in zip(together, drafts, strict=True):
        alone = preview(history, RULES, drafted)
        assert (seen.transitions, seen.changes) == (alone.transitions, alone.changes)


# sweeping


def test_a_sweep_gives_the_counts_of_each_value_as_judging_it_would(history: History) -> None:
    points = sweep(history, RULES, "far_24h", "tolerance_s", ["0", 60, Decimal("7199.999"), 7200])
    assert [point.value for point in points] == [0, 60, Decimal("7199.999"), 7200]
    failing = Counter({"pass": 4, "fail": 1, "unknown": 1})
    assert [point.counts for point in points] == [failing, failing, failing, Counter({"pass": 5, "unknown": 1})]
    assert points[3].transitions["fail", "pass"] == 1


def test_every_value_of_a_sweep_is_looked_at_before_anything_is_judged(history: History) -> None:
    with pytest.raises(RuleError, match="'soon' is not accepted"):
        sweep(history, RULES, "far_24h", "tolerance_s", [60, "soon"])


def test_trying_stores_nothing(store: Store, history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(store)
    assert before["footage_days"], "there is something that could change"
    monkeypatch.setattr(Store, "write", lambda _: pytest.fail("the laboratory asked to write"))
    rule: Rule = RULES["far_24h"]
    preview(history, RULES, draft(rule, {"tolerance_s": 0}))
    sweep(history, RULES, "far_24h", "tolerance_s", [0, 30])
    assert everything(store) == before


def test_a_store_file_that_was_tried_on_is_the_same_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with Store.open(str(path)) as store:
        small.put(store, tmp_path / "bundle")
    digest = path.read_bytes()
    with Store.open(str(path)) as store, store.cursor() as cursor:
        preview(History(cursor, Month.parse(small.MONTH), parse_instant(small.NOW)), RULES, draft(FAR, {}, "retired"))
    assert path.read_bytes() == digest
