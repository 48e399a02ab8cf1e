"""Only changes are remembered, and the judgement made last is the one that stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dashboard.judging import CURRENT_SQL, judge_and_remember, judge_what_changed
from data.periods import Month, local_day, parse_instant
from data.store import Store
from rules import catalogue
from rules.engine import Judgement, judge
from rules.verdicts import Verdict, table_of
from tests.dashboard.small import MONTH, NOW, late_answer, put
from tests.rules.sequences import arrive, sequence

MONTH_ = Month.parse(MONTH)
FIRST = parse_instant(NOW)
RULES = list(catalogue.load().values())
FAR_24H = [rule for rule in RULES if rule.id == "far_24h"]
CHANGED = "SELECT rule_id, subject_id, period, outcome FROM verdict_changes WHERE known_from = ? ORDER BY ALL"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.in_memory() as opened:
        put(opened, tmp_path / "first")
        yield opened


def fetched(store: Store, sql: str, *values: object) -> list[tuple[object, ...]]:
    return store.cursor().execute(sql, values).fetchall()


def current(store: Store) -> dict[tuple[str, str, str], str]:
    """The verdicts that stand, as the pages read them."""
    sql = f"SELECT rule_id, subject_id, period, outcome FROM ({CURRENT_SQL}) WHERE outcome IS NOT NULL"
    rows = store.cursor().execute(sql, {"month": MONTH}).fetchall()
    return {(rule, subject, period): outcome for rule, subject, period, outcome in rows}


def told(judgement: Judgement) -> dict[tuple[str, str, str], str]:
    return {(v.rule_id, v.subject_id, v.period): v.outcome for v in judgement.verdicts}


def test_the_first_judgement_is_written_whole_and_the_next_without_change_adds_nothing(store: Store) -> None:
    first = judge_and_remember(store, RULES, MONTH_, now_at=FIRST)
    assert current(store) == told(first)
    written = fetched(store, "FROM verdict_changes ORDER BY ALL")
    assert len(written) == len(first.verdicts)
    judge_and_remember(store, RULES, MONTH_, now_at=FIRST)
    judge_and_remember(store, RULES, MONTH_, now_at=FIRST + timedelta(minutes=1))
    assert fetched(store, "FROM verdict_changes ORDER BY ALL") == written
    counted = fetched(store, "SELECT verdict_count, fingerprint FROM judgements")
    assert counted == [(len(first.verdicts), first.fingerprint)] * 3


def test_a_late_answer_writes_the_changed_verdict_alone(store: Store, tmp_path: Path) -> None:
    judge_and_remember(store, FAR_24H, MONTH_, now_at=FIRST)
    put(store, tmp_path / "late", late_answer(), at="2026-11-05T10:00:00+08:00")
    later = parse_instant("2026-11-06T00:00:00+08:00")
    after = judge_and_remember(store, FAR_24H, MONTH_, now_at=later)
    assert fetched(store, CHANGED, later) == [("far_24h", "C2", "2026-10-03", "pass")]
    assert current(store) == told(after)


def test_a_verdict_that_is_no_longer_given_is_withdrawn_once(store: Store) -> None:
    judge_and_remember(store, FAR_24H, MONTH_, now_at=FIRST)
    taken_back = FIRST + timedelta(minutes=30)
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO cameras SELECT * REPLACE (true AS withdrawn, CAST(? AS TIMESTAMP) AS known_from) FROM cameras"
            " WHERE camera_id = 'C2'",
            [taken_back],
        )
    later = FIRST + timedelta(hours=1)
    after = judge_and_remember(store, FAR_24H, MONTH_, now_at=later)
    assert fetched(store, CHANGED, later) == [("far_24h", "C2", f"2026-10-0{day}", None) for day in (1, 2, 3)]
    judge_and_remember(store, FAR_24H, MONTH_, now_at=later + timedelta(hours=1))
    assert fetched(store, CHANGED, later + timedelta(hours=1)) == []
    assert current(store) == told(after)
    assert {subject for _, subject, _ in current(store)} == {"C1"}


def test_a_verdict_that_comes_back_is_written_anew(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    for number, outcomes in enumerate([["pass"], [], ["pass"]]):
        remember(monkeypatch, store, outcomes, FIRST + timedelta(hours=number))
    assert [row[0] for row in fetched(store, "SELECT outcome FROM verdict_changes ORDER BY known_from")] == [
        "pass", None, "pass",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "step", [timedelta(0), timedelta(seconds=-1), timedelta(days=-2)], ids=["same", "second", "days"]
)
def test_of_two_judgements_the_one_made_later_stands_whatever_its_clock(
    step: timedelta, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    outcomes = [
        "fail",
        "pass",
        "unknown",
        "fail",
        "suspect",
        "pass",
        "fail",
        "unknown",
        "pass",
        "suspect",
        "fail",
        "pass",
    ]
    for number, outcome in enumerate(outcomes):  # enough of them that an order by digest would be found out
        remember(monkeypatch, store, [outcome], FIRST + number * step)
        assert list(current(store).values()) == [outcome]
    assert len(fetched(store, "FROM verdict_changes")) == len(outcomes)
    moments = [row[0] for row in fetched(store, "SELECT known_from FROM judgements ORDER BY judgement_id")]
    assert moments == sorted(moments) and len(set(fetched(store, "SELECT judgement_id FROM judgements"))) == len(
        outcomes
    )


def remember(monkeypatch: pytest.MonkeyPatch, store: Store, outcomes: list[str], at: datetime) -> None:
    """A judgement that gives these outcomes for one subject."""
    verdicts = table_of(
        Verdict("far_24h", "camera", "C1", "007", "2026-10-01", outcome, "0", "60", "s", "", "G2.1.1")
        for outcome in outcomes
    )
    monkeypatch.setattr("dashboard.judging.judge", lambda *_, **__: Judgement(MONTH_, at, at, verdicts))
    judge_and_remember(store, FAR_24H, MONTH_, now_at=at)


@pytest.mark.parametrize("seed", range(3))
def test_judging_what_changed_leaves_in_the_store_what_judging_everything_would(seed: int) -> None:
    """Cameras, rooms and reports change hands meanwhile, so that verdicts leave one agency for another."""
    parts = 0
    with Store.in_memory() as store:
        month = None
        for arrival in sequence(seed, cities=6, steps=6):
            arrive(store, arrival)
            month = month or Month.of(local_day(arrival.now_at))
            judged = judge_what_changed(store, RULES, month, now_at=arrival.now_at)
            whole = judge(store.cursor(), RULES, month, now_at=arrival.now_at)
            [(fingerprint, count)] = fetched(
                store, "SELECT fingerprint, verdict_count FROM judgements ORDER BY judgement_id DESC LIMIT 1"
            )
            assert stood(store, month) == sorted(whole.verdicts)
            assert count == len(whole.verdicts)
            assert fingerprint in (None, whole.fingerprint)
            parts += fingerprint is None and len(judged.verdicts) < len(whole.verdicts)
    assert parts, "nothing was ever judged in part"


def stood(store: Store, month: Month) -> list[tuple[object, ...]]:
    columns = ", ".join(Verdict._fields)
    sql = f"SELECT {columns} FROM ({CURRENT_SQL}) WHERE outcome IS NOT NULL"
    return sorted(store.cursor().execute(sql, {"month": str(month)}).fetchall())


def test_a_batch_under_way_is_judged_after_it_and_not_missed(store: Store, tmp_path: Path) -> None:
    """A writer reads the clock first and commits later: who judges in between must not think to have seen it."""
    clock = [FIRST]

    def tick() -> datetime:
        clock[0] += timedelta(minutes=1)
        return clock[0]

    begun, may_end, asked = threading.Event(), threading.Event(), threading.Event()

    def write() -> None:
        with store.write() as cursor:
            cursor.execute(
                "INSERT INTO planned_polls BY NAME SELECT 'x' AS source_id, $at AS known_from", {"at": tick()}
            )
            begun.set()
            may_end.wait(20)

    def settle() -> None:
        asked.set()
        seen.append((store.settled(tick), fetched(store, "SELECT known_from FROM planned_polls")))

    seen: list[tuple[datetime, list[tuple[object, ...]]]] = []
    writer, judge_ = threading.Thread(target=write), threading.Thread(target=settle)
    writer.start()
    begun.wait(20)
    judge_.start()
    asked.wait(20)
    assert not seen
    may_end.set()
    writer.join()
    judge_.join()
    [(now_at, rows)] = seen
    assert rows == [(FIRST + timedelta(minutes=1),)] and now_at == FIRST + timedelta(minutes=2)


def test_while_a_rule_is_broken_everything_is_judged_and_its_error_stands(store: Store, tmp_path: Path) -> None:
    broken = FAR_24H[0].model_copy(update={"check": "SELECT 'R' AS subject_id FROM nowhere", "parameters": {}})
    rules = [broken, *(rule for rule in RULES if rule.id != "far_24h")]
    judge_and_remember(store, rules, MONTH_, now_at=FIRST)
    put(store, tmp_path / "late", late_answer(), at="2026-11-02T08:30:00+08:00")
    judge_what_changed(store, rules, MONTH_, now_at=FIRST + timedelta(hours=1))
    assert [row for row in current(store).items() if row[0][0] == "far_24h"] == [(("far_24h", "", MONTH), "error")]
    judge_what_changed(store, RULES, MONTH_, now_at=FIRST + timedelta(hours=2))
    assert current(store) == told(judge(store.cursor(), RULES, MONTH_, now_at=FIRST + timedelta(hours=2)))
