"""What is asked next: newest first, what nobody answered, what is due again, and nothing off duty or out of term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.polling import Window
from dashboard.planning import REASK_AFTER_DAYS, RETRY_LIMIT, SHORTEST_WINDOW, due_windows
from data.facts import DayClaimed, Poll
from data.intake import Batch, take_in_batch
from data.periods import day_starts_at, local_day
from data.store import Store
from tests.dashboard.small import put, rows

NOW = datetime(2026, 10, 20, 4)  # UTC; noon in Nanchang
TODAY = day_starts_at(date(2026, 10, 20))
DAY = timedelta(days=1)
ALL = 1000


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        yield opened


def register(store: Store, folder: Path, duty_from: str = "2026-10-17T00:00:00+08:00", duty_to: str = "") -> None:
    """Camera C1 alone, with this duty."""
    camera = rows()["cameras"][0] | {"duty_from": duty_from, "duty_to": duty_to}
    put(store, folder, {t: rows()[t] for t in ("agencies", "premises", "rooms", "recorders")} | {"cameras": [camera]})


def answered(store: Store, start: datetime, end: datetime, *, asked_at: datetime, ok: bool = True) -> None:
    outcome = "ok" if ok else "malformed"
    poll = Poll(f"{start} {asked_at} {ok}", "C1", asked_at, start, end, outcome, ok, 0 if ok else None)
    take_in_batch(store, Batch(polls=[poll]), now=lambda: asked_at)


def due(store: Store, now: datetime = NOW, days_per_camera: int = ALL) -> list[tuple[datetime, datetime]]:
    windows = due_windows(store, now, days_per_camera=days_per_camera)
    return [(w.covers_from, w.covers_to) for w in windows.get("N1", [])]


def test_neighbouring_days_are_one_window_that_ends_now(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    assert due_windows(store, NOW, days_per_camera=ALL) == {"N1": [Window("C1", "01", TODAY - 3 * DAY, NOW)]}


def test_windows_come_newest_first_and_the_round_is_bounded(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    answered(store, TODAY - 2 * DAY, TODAY - DAY, asked_at=TODAY)
    assert due(store) == [(TODAY - DAY, NOW), (TODAY - 3 * DAY, TODAY - 2 * DAY)]
    assert due(store, days_per_camera=1) == [(TODAY, NOW)]


def test_cameras_of_one_recorder_take_turns_by_day(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    second = rows()["cameras"][1] | {"duty_from": "2026-10-17T00:00:00+08:00", "duty_to": ""}
    put(store, tmp_path / "second", {"agencies": rows()["agencies"], "cameras": [second]})
    for camera in ("C1", "C2"):
        poll = Poll(camera, camera, TODAY, TODAY - 2 * DAY, TODAY - DAY, "ok", True, 0)
        take_in_batch(store, Batch(polls=[poll]), now=lambda: TODAY)
    windows = due_windows(store, NOW, days_per_camera=ALL)["N1"]
    assert [(w.camera_id, local_day(w.covers_from).day) for w in windows] == [
        ("C1", 19), ("C2", 19), ("C1", 17), ("C2", 17),
    ]  # fmt: skip


def test_only_what_an_answer_left_open_is_asked(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    answered(store, TODAY - 3 * DAY, TODAY - timedelta(hours=6), asked_at=TODAY)
    answered(store, TODAY - timedelta(hours=3), TODAY + timedelta(hours=1), asked_at=TODAY + timedelta(hours=2))
    assert due(store) == [
        (TODAY + timedelta(hours=1), NOW),
        (TODAY - timedelta(hours=6), TODAY - timedelta(hours=3)),
    ]


@pytest.mark.parametrize(
    ("duty_from", "duty_to", "asked"),
    [
        ("2026-10-18T09:30", "2026-10-19T18:00", [(datetime(2026, 10, 18, 1, 30), datetime(2026, 10, 19, 10))]),
        ("2020-01-01T00:00", "", [(day_starts_at(date(2026, 4, 20)), NOW)]),
        ("2026-10-20T12:00", "", []),
        ("2020-01-01T00:00", "2026-04-20T00:00", []),
    ],
    ids=["parts of days", "six months", "not yet", "before the term"],
)
def test_nothing_outside_duty_or_beyond_the_term(
    duty_from: str, duty_to: str, asked: list[tuple[datetime, datetime]], store: Store, tmp_path: Path
) -> None:
    register(store, tmp_path, duty_from, duty_to)
    assert due(store) == asked


def test_too_little_of_today_waits_for_the_next_round(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    answered(store, TODAY - 3 * DAY, NOW, asked_at=NOW)
    assert due(store, NOW + SHORTEST_WINDOW - timedelta(milliseconds=1)) == []
    assert due(store, NOW + SHORTEST_WINDOW) == [(NOW, NOW + SHORTEST_WINDOW)]


@pytest.mark.parametrize("age", REASK_AFTER_DAYS[:2])
def test_a_known_day_is_asked_again_at_its_ages_once_that_day(age: int, store: Store, tmp_path: Path) -> None:
    register(store, tmp_path, "2026-09-01T00:00:00+08:00")
    answered(store, datetime(2026, 8, 31, 16), NOW, asked_at=NOW)
    asked_again = (TODAY - (age - 1) * DAY, TODAY - (age - 2) * DAY)
    tomorrow = NOW + DAY
    answered(store, NOW, tomorrow, asked_at=tomorrow)
    assert asked_again in due(store, tomorrow)
    answered(store, *asked_again, asked_at=tomorrow + timedelta(minutes=1))
    assert asked_again not in due(store, tomorrow + timedelta(minutes=2))
    assert asked_again not in due(store, tomorrow + timedelta(hours=10))


def test_asking_again_in_vain_does_not_count_as_asked_and_is_bounded(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path, "2026-09-01T00:00:00+08:00")
    answered(store, datetime(2026, 8, 31, 16), TODAY, asked_at=TODAY - timedelta(hours=1))
    week_ago = (TODAY - 7 * DAY, TODAY - 6 * DAY)
    for attempt in range(RETRY_LIMIT):
        assert week_ago in due(store), attempt
        answered(store, *week_ago, asked_at=NOW - timedelta(minutes=9 - attempt), ok=False)
    assert week_ago not in due(store)


def test_a_day_that_keeps_failing_is_left_for_a_day_and_costs_no_other(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    bad = (TODAY - 2 * DAY, TODAY - DAY)
    for attempt in range(RETRY_LIMIT):
        assert due(store) == [(TODAY - 3 * DAY, NOW)]
        answered(store, *bad, asked_at=NOW - timedelta(minutes=10 - attempt), ok=False)
    assert due(store) == [(TODAY - DAY, NOW), (TODAY - 3 * DAY, TODAY - 2 * DAY)]
    tomorrow = NOW + DAY
    assert due(store, tomorrow) == [(TODAY - 3 * DAY, tomorrow)]


def test_a_camera_moved_to_another_recorder_is_not_asked_there_for_what_the_old_one_holds(
    store: Store, tmp_path: Path
) -> None:
    """The new one would answer "nothing", and that would read as footage deleted early."""
    register(store, tmp_path)
    moved_at = TODAY - timedelta(hours=12)
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO cameras SELECT * REPLACE ('9' AS channel, CAST(? AS TIMESTAMP) AS known_from) FROM cameras",
            [moved_at],
        )
    assert due(store) == [(moved_at, NOW)]


def test_a_recorder_that_was_down_is_asked_again_at_once(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    for attempt in range(RETRY_LIMIT + 1):
        poll = Poll(str(attempt), "C1", NOW - timedelta(minutes=9 - attempt), TODAY - DAY, TODAY, "unreachable", False)
        take_in_batch(store, Batch(polls=[poll]), now=lambda: NOW)
    assert due(store) == [(TODAY - 3 * DAY, NOW)]


ONE_DAY = ("2026-10-18T00:00:00+08:00", "2026-10-19T00:00:00+08:00")


def say(store: Store, day: datetime, held_h: int, *, asked_at: datetime) -> None:
    """An answer about the whole local day that lists its first `held_h` hours."""
    spans = ((day, day + timedelta(hours=held_h)),) if held_h else ()
    poll = Poll(f"{day} {asked_at}", "C1", asked_at, day, day + DAY, "ok", True, 0, spans=spans)
    take_in_batch(store, Batch(polls=[poll]), now=lambda: asked_at)


def claim(store: Store, day: datetime, has_footage: bool, *, at: datetime) -> None:
    claimed = DayClaimed("C1", local_day(day), at, has_footage)
    take_in_batch(store, Batch(days_claimed=[claimed]), now=lambda: at)


def test_what_an_answer_takes_back_is_asked_once_more_a_day_later(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path, *ONE_DAY)
    day = TODAY - 2 * DAY
    say(store, day, 24, asked_at=TODAY)
    say(store, day, 20, asked_at=NOW)
    assert due(store, NOW + timedelta(hours=20)) == []
    later = NOW + timedelta(hours=20, seconds=1)
    assert due(store, later) == [(day, day + DAY)]
    say(store, day, 20, asked_at=later)
    assert due(store, later + timedelta(hours=21)) == []


def test_seconds_at_an_edge_dispute_nothing(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path, *ONE_DAY)
    day = TODAY - 2 * DAY
    say(store, day, 24, asked_at=TODAY)
    short = Poll("short", "C1", NOW, day, day + DAY, "ok", True, 0, spans=((day, day + DAY - timedelta(seconds=5)),))
    take_in_batch(store, Batch(polls=[short]), now=lambda: NOW)
    assert due(store, NOW + timedelta(hours=21)) == []


@pytest.mark.parametrize(("held_h", "says"), [(0, True), (24, False)], ids=["says more", "says less"])
def test_a_calendar_that_contradicts_the_ledger_has_the_day_asked_again(
    held_h: int, says: bool, store: Store, tmp_path: Path
) -> None:
    register(store, tmp_path, *ONE_DAY)
    day = TODAY - 2 * DAY
    say(store, day, held_h, asked_at=TODAY)
    claim(store, day, not says, at=TODAY)
    assert due(store) == []
    claim(store, day, says, at=TODAY + timedelta(hours=1))
    assert due(store) == [(day, day + DAY)]
    say(store, day, held_h, asked_at=NOW - timedelta(hours=1))
    assert due(store) == []


def test_a_calendar_says_nothing_about_what_was_not_asked_yet(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path, *ONE_DAY)
    day = TODAY - 2 * DAY
    answered(store, day, day + timedelta(hours=12), asked_at=TODAY)
    claim(store, day, True, at=TODAY)
    assert due(store) == [(day + timedelta(hours=12), day + DAY)]


def test_a_stretch_that_stays_inconclusive_does_not_stop_the_rest_of_its_day(store: Store, tmp_path: Path) -> None:
    register(store, tmp_path)
    answered(store, TODAY - 3 * DAY, TODAY, asked_at=TODAY)
    unclear = (TODAY + timedelta(hours=1), TODAY + timedelta(hours=2))
    for attempt in range(RETRY_LIMIT):
        assert due(store) == [(TODAY, NOW)], attempt
        asked_at = NOW - timedelta(minutes=9 - attempt)
        poll = Poll(f"unclear {attempt}", "C1", asked_at, *unclear, "ok", False, 0)
        take_in_batch(store, Batch(polls=[poll]), now=lambda at=asked_at: at)
    assert due(store) == [(unclear[1], NOW), (TODAY, unclear[0])]
    assert any(start <= unclear[0] and unclear[1] <= end for start, end in due(store, NOW + 7 * DAY))
