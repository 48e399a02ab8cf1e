"""The ledger against an oracle that decides every instant on its own: who was the newest to speak about it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import ledger
from data.periods import day_starts_at
from data.store import Store

ORIGIN = day_starts_at(date(2026, 3, 31))  # the window spans a month's end and two midnights
TICK = timedelta(minutes=30)
TICKS = 96
MIDDLE = timedelta(minutes=15)


@dataclass(frozen=True)
class Said:
    """One poll in ticks since ORIGIN; footage is given in true time and shifted by the offset when staged."""

    poll_id: str
    asked: int
    covers: tuple[int, int]
    listed: tuple[tuple[int, int], ...]
    answers: bool
    offset_ms: int


def said() -> st.SearchStrategy[Said]:
    tick = st.integers(0, TICKS)
    span = st.tuples(tick, tick).map(lambda t: (min(t), max(t)))
    return st.builds(
        Said,
        poll_id=st.sampled_from("abcdefgh"),
        asked=st.integers(1, TICKS + 4),
        covers=span,
        listed=st.lists(span, max_size=3).map(tuple),
        answers=st.booleans() | st.just(True),
        offset_ms=st.sampled_from([0, 0, -7_000, 40_000]),
    )


def histories() -> st.SearchStrategy[list[Said]]:
    return st.lists(said(), min_size=1, max_size=6, unique_by=lambda s: s.poll_id)


def held_at(history: list[Said], instant: datetime) -> bool | None:
    """rules.md, word by word: None when nobody was asked."""
    decided: tuple[tuple[int, str], bool] | None = None
    for s in history:
        covers_to = min(s.covers[1], s.asked)
        if not s.answers or not at(s.covers[0]) <= instant < at(covers_to):
            continue
        listed = any(at(a) <= instant < at(b) for a, b in s.listed)
        if decided is None or (s.asked, s.poll_id) > decided[0]:
            decided = ((s.asked, s.poll_id), listed)
    return None if decided is None else decided[1]


def at(tick: int) -> datetime:
    return ORIGIN + tick * TICK


def stage(cursor: duckdb.DuckDBPyConnection, batch: list[Said], known_from: datetime | None) -> None:
    cursor.execute("CREATE OR REPLACE TEMP TABLE staged_polls AS SELECT * FROM polls LIMIT 0")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE staged_footage"
        " (poll_id TEXT, camera_id TEXT, started_at TIMESTAMP, ended_at TIMESTAMP)"
    )
    for s in batch:
        cursor.execute(
            "INSERT INTO staged_polls (poll_id, camera_id, asked_at, covers_from, covers_to, outcome, complete,"
            " clock_offset_ms, known_from, withdrawn) VALUES (?, 'cam', ?, ?, ?, ?, ?, ?, ?, false)",
            [
                s.poll_id, at(s.asked), at(s.covers[0]), at(s.covers[1]),
                "ok" if s.answers else "malformed", s.answers, s.offset_ms, known_from or at(s.asked),
            ],
        )  # fmt: skip
        for a, b in s.listed:
            shift = timedelta(milliseconds=s.offset_ms)
            cursor.execute(
                "INSERT INTO staged_footage VALUES (?, 'cam', ?, ?)",
                [s.poll_id, at(a) + shift, at(b) + shift],
            )


def state(store: Store, as_of: datetime, asked_to: datetime) -> dict[date, tuple[str, str]]:
    rows = store.cursor().execute(
        "SELECT day, max_by({'h': held, 'a': asked}, (asked_at, poll_id, known_from, revision)) FROM footage_days"
        " WHERE known_from <= ? AND asked_at <= ? GROUP BY day",
        [as_of, asked_to],
    )
    return dict(rows.fetchall())


def covers(intervals: list[dict[str, int]], ms: int) -> bool:
    return any(i["s"] <= ms < i["e"] for i in intervals)


def assert_agrees(store: Store, history: list[Said], asked_to: int) -> None:
    known = [s for s in history if s.asked <= asked_to]
    days = state(store, at(TICKS + 100), at(asked_to))
    for day_no in range(TICKS * 30 // 1440):
        day = date(2026, 3, 31) + timedelta(days=day_no)
        found = days.get(day, {"h": [], "a": []})
        for tick in range(48):
            instant = day_starts_at(day) + tick * TICK + MIDDLE
            ms = int((tick * TICK + MIDDLE) / timedelta(milliseconds=1))
            expected = held_at(known, instant)
            assert covers(found["a"], ms) == (expected is not None), (day, tick)
            assert covers(found["h"], ms) == bool(expected), (day, tick)
        for name in "ha":
            edges = [edge for i in found[name] for edge in (i["s"], i["e"])]
            assert edges == sorted(set(edges)), "sorted, disjoint, joined"


@settings(max_examples=60, deadline=None)
@given(history=histories(), data=st.data())
def test_every_instant_is_decided_by_the_newest_answer_whatever_the_order_of_arrival(
    history: list[Said], data: st.DataObject
) -> None:
    arrival = data.draw(st.permutations(history))
    cut = data.draw(st.integers(0, len(arrival)))
    with Store.in_memory() as store:
        for number, batch in enumerate(b for b in (arrival[:cut], arrival[cut:]) if b):
            with store.write() as cursor:
                stage(cursor, batch, known_from=at(TICKS + 10 + number))
                ledger.append_staged(cursor)
        for asked_to in {TICKS + 4, history[0].asked, history[-1].asked}:
            assert_agrees(store, history, asked_to)


@settings(max_examples=25, deadline=None)
@given(history=histories())
def test_one_by_one_equals_one_batch(history: list[Said]) -> None:
    def run(batches: list[list[Said]]) -> list[tuple[object, ...]]:
        with Store.in_memory() as store:
            for batch in batches:
                with store.write() as cursor:
                    stage(cursor, batch, known_from=None)
                    ledger.append_staged(cursor)
            return (
                store.cursor()
                .execute("SELECT day, asked_at, poll_id, held, asked FROM footage_days ORDER BY ALL")
                .fetchall()
            )

    ordered = sorted(history, key=lambda s: (s.asked, s.poll_id))
    assert run([ordered]) == run([[s] for s in ordered])


def test_what_was_known_before_a_late_answer_stays_as_it_was() -> None:
    early = Said("a", 20, (0, 20), ((0, 10),), True, 0)
    late = Said("b", 10, (0, 10), (), True, 0)
    with Store.in_memory() as store:
        for number, one in enumerate((early, late)):
            with store.write() as cursor:
                stage(cursor, [one], known_from=at(50 + number))
                ledger.append_staged(cursor)
        assert state(store, at(50), at(96)) == state(store, at(51), at(96))
        assert state(store, at(51), at(10))[date(2026, 3, 31)]["h"] == []
        assert state(store, at(50), at(10)) == {}


@pytest.mark.parametrize(("seam_ms", "stretches"), [(0, 1), (999, 1), (1000, 2), (-5000, 1)])
def test_only_seams_of_less_than_a_second_vanish(seam_ms: int, stretches: int) -> None:
    with Store.in_memory() as store, store.write() as cursor:
        stage(cursor, [Said("a", 48, (0, 48), (), True, 0)], None)
        edge = at(10) + timedelta(milliseconds=seam_ms)
        cursor.executemany("INSERT INTO staged_footage VALUES ('a', 'cam', ?, ?)", [[at(0), at(10)], [edge, at(20)]])
        ledger.append_staged(cursor)
        (held,) = cursor.execute("SELECT held FROM footage_days").fetchone() or ([],)
        assert len(held) == stretches


def test_an_answer_that_changes_nothing_adds_a_poll_and_no_ledger_row() -> None:
    with Store.in_memory() as store:
        for poll_id in "ab":
            with store.write() as cursor:
                stage(cursor, [Said(poll_id, 40, (0, 30), ((3, 20),), True, 0)], None)
                ledger.append_staged(cursor)
        assert store.cursor().execute("SELECT count(*) FROM footage_days").fetchone() == (1,)
        assert store.cursor().execute("SELECT count(*) FROM polls").fetchone() == (2,)


def test_footage_across_midnight_belongs_to_both_days() -> None:
    with Store.in_memory() as store, store.write() as cursor:
        stage(cursor, [Said("a", 96, (46, 50), ((47, 49),), True, 40_000)], None)
        ledger.append_staged(cursor)
        rows = cursor.execute("SELECT day, held FROM footage_days ORDER BY day").fetchall()
        half_hour = 1_800_000
        assert rows == [
            (date(2026, 3, 31), [{"s": 47 * half_hour, "e": 48 * half_hour}]),
            (date(2026, 4, 1), [{"s": 0, "e": half_hour}]),
        ]
