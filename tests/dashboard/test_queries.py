"""What the pages read: exact figures of the planted faults, the viewer's scope, and nothing learned later."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from dashboard.queries import Reader
from dashboard.rows import WHOLE_CITY, Scope
from data.periods import Month
from data.store import Store
from tests.dashboard import city

OCTOBER = Month.parse("2026-10")
HOUR_MS = 3_600_000


def test_consecutive_days_are_one_finding(reader: Reader) -> None:
    found = reader.findings("2026-10", subject_id=city.NIGHT_GAP_CAMERA)
    assert [(f.rule_id, f.first_period, f.last_period, f.period_count, f.measured) for f in found] == [
        ("far_24h", "2026-10-05", "2026-10-09", 5, "9000")
    ]


def test_a_finding_keeps_its_id_while_it_grows(store: Store, reader: Reader) -> None:
    (before,) = reader.findings("2026-10", subject_id=city.NIGHT_GAP_CAMERA)
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO verdict_changes BY NAME SELECT * REPLACE ('2026-10-10' AS period, $at AS known_from)"
            " FROM verdict_changes WHERE rule_id = 'far_24h' AND subject_id = $id AND period = '2026-10-09'",
            {"at": city.NOW - timedelta(minutes=1), "id": city.NIGHT_GAP_CAMERA},
        )
    (after,) = Reader(store, WHOLE_CITY, city.NOW).findings("2026-10", subject_id=city.NIGHT_GAP_CAMERA)
    assert (after.finding_id, after.last_period, after.period_count) == (before.finding_id, "2026-10-10", 6)


def test_a_day_in_between_that_did_not_fail_makes_two_findings(store: Store, reader: Reader) -> None:
    (before,) = reader.findings("2026-10", subject_id=city.NIGHT_GAP_CAMERA)
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO verdict_changes BY NAME SELECT * REPLACE ('unknown' AS outcome, $at AS known_from)"
            " FROM verdict_changes WHERE rule_id = 'far_24h' AND subject_id = $id AND period = '2026-10-07'",
            {"at": city.NOW - timedelta(minutes=1), "id": city.NIGHT_GAP_CAMERA},
        )
    after = Reader(store, WHOLE_CITY, city.NOW).findings("2026-10", subject_id=city.NIGHT_GAP_CAMERA)
    assert [(f.first_period, f.last_period) for f in after] == [
        ("2026-10-05", "2026-10-06"),
        ("2026-10-08", "2026-10-09"),
    ]
    assert after[0].finding_id == before.finding_id


def test_a_verdict_no_longer_given_is_gone(store: Store, reader: Reader) -> None:
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO verdict_changes BY NAME SELECT * REPLACE (NULL AS outcome, NULL AS agency_id,"
            " $at AS known_from) FROM verdict_changes WHERE rule_id = 'pile_stage_clips'",
            {"at": city.NOW - timedelta(minutes=1)},
        )
    now = Reader(store, WHOLE_CITY, city.NOW)
    assert not [f for f in now.findings("2026-10") if f.rule_id == "pile_stage_clips"]
    assert not [c for c in now.rule_counts("2026-10") if c.rule_id == "pile_stage_clips"]
    assert [f for f in reader.findings("2026-10") if f.rule_id == "far_24h"]


def test_nothing_learned_later_shows_through(store: Store) -> None:
    before = Reader(store, WHOLE_CITY, city.JUDGED_AT - timedelta(seconds=1))
    assert before.months() == [] and before.findings() == [] and before.judgement() is None
    early = Reader(store, WHOLE_CITY, datetime(2026, 10, 5))
    day = early.day(city.NIGHT_GAP_CAMERA, date(2026, 10, 5))
    assert day is not None and day.missing == [] and day.held == []


@pytest.mark.parametrize("agency_id", [agency[0] for agency in city.AGENCIES])
def test_a_scope_shows_one_agency_and_nothing_else(store: Store, agency_id: str) -> None:
    mine = Reader(store, Scope(agency_id), city.NOW)
    other = next(agency[0] for agency in city.AGENCIES if agency[0] != agency_id)
    foreign = f"{other}-P1-R01-C1"
    told = [
        *mine.agency_counts("2026-10"), *mine.findings(), *mine.agencies(), *mine.rooms(), *mine.cameras(),
        *mine.sources(),
    ]  # fmt: skip
    assert {row.agency_id for row in told} == {agency_id}
    assert {row.row_id for row in mine.agency_rule_counts("2026-10")} == {agency_id}
    assert all(row.source_id.startswith(agency_id) for row in mine.unknown_by_recorder(OCTOBER))
    assert mine.day(foreign, date(2026, 10, 5)) is None
    hidden = [
        mine.term(foreign), mine.hours(foreign, OCTOBER), mine.day_polls(foreign, date(2026, 10, 5)),
        mine.offsets(f"{other}-P1-N1", OCTOBER), mine.camera_matrix("2026-10", camera_id=foreign),
        mine.room_matrix("2026-10", other), mine.rooms(room_id=f"{other}-P1-R01"), mine.findings(agency_id=other),
        mine.cameras(camera_id=foreign), mine.exemptions(city.EXCUSED_CAMERA, date(2026, 10, 12))
        if agency_id != "NC-A-001" else [],
    ]  # fmt: skip
    assert not any(hidden)


def test_scopes_add_up_to_the_city(store: Store, reader: Reader) -> None:
    parts: Counter[tuple[str, str]] = Counter()
    for agency in city.AGENCIES:
        for row in Reader(store, Scope(agency[0]), city.NOW).rule_counts("2026-10"):
            parts[row.rule_id, row.outcome] += row.verdict_count
    assert parts == {(r.rule_id, r.outcome): r.verdict_count for r in reader.rule_counts("2026-10")}


def test_every_slot_is_held_missing_unknown_or_exempt(reader: Reader) -> None:
    for camera in reader.cameras():
        for slot in [*reader.hours(camera.camera_id, OCTOBER), *reader.term(camera.camera_id)]:
            assert slot.required_ms == slot.held_ms + slot.missing_ms + slot.unknown_ms + slot.exempt_ms


def test_hours_show_the_planted_gap_and_nothing_more(reader: Reader) -> None:
    missing = {(s.day.day, s.slot): s.missing_ms for s in reader.hours(city.NIGHT_GAP_CAMERA, OCTOBER) if s.missing_ms}
    expected = {(day, hour): HOUR_MS if hour < 4 else HOUR_MS // 2 for day in range(5, 10) for hour in (2, 3, 4)}
    assert missing == expected


def test_a_silent_recorder_is_unknown_and_never_missing(reader: Reader) -> None:
    hours = reader.hours("NC-A-002-P1-R05-C1", OCTOBER)
    assert sum(slot.missing_ms for slot in hours) == 0
    assert {slot.day.day for slot in hours if slot.unknown_ms} == set(range(19, 32))
    unknown = {row.source_id: row.unknown_ms for row in reader.unknown_by_recorder(OCTOBER)}
    assert unknown[city.SILENT_RECORDER] == 13 * 24 * 5 * HOUR_MS
    assert unknown["NC-A-001-P1-N1"] == 0


def test_exempt_time_is_neither_missing_nor_held(reader: Reader) -> None:
    day = [slot for slot in reader.term(city.EXCUSED_CAMERA) if slot.day == date(2026, 10, 12)]
    assert [(s.held_ms, s.missing_ms, s.exempt_ms) for s in day] == [(20 * HOUR_MS, 0, 4 * HOUR_MS)]


def test_off_duty_and_the_future_are_not_required(reader: Reader) -> None:
    new_camera = reader.hours("NC-A-001-P1-R04-C1", OCTOBER)
    assert all(s.required_ms == 0 for s in new_camera if (s.day.day, s.slot) < (10, 9))
    assert all(s.required_ms == HOUR_MS for s in new_camera if (s.day.day, s.slot) >= (10, 9))
    ahead = reader.hours("NC-A-001-P1-R04-C1", Month.parse("2026-11"))
    assert [s.required_ms for s in ahead if s.day == date(2026, 11, 3)][8:11] == [HOUR_MS, HOUR_MS // 2, 0]
    assert all(s.required_ms == 0 and s.is_future for s in ahead if s.day > date(2026, 11, 3))


def test_the_exact_day_has_edges_to_the_millisecond(reader: Reader) -> None:
    day = reader.day(city.NIGHT_GAP_CAMERA, date(2026, 10, 7))
    assert day is not None
    assert day.missing == [{"s": 2 * HOUR_MS, "e": 4 * HOUR_MS + HOUR_MS // 2}]
    assert day.unknown == [] and day.off_duty == []


def test_polls_of_a_day_are_those_whose_window_touches_it(reader: Reader) -> None:
    polls = reader.day_polls("NC-A-002-P1-R05-C1", date(2026, 10, 25))
    assert [(p.outcome, p.complete, p.clock_offset_ms) for p in polls] == [("unreachable", False, None)]
    again = reader.day_polls(city.DELETED_CAMERA, date(2026, 9, 2))
    assert [p.asked_at > datetime(2026, 10, 1) for p in again] == [True, False]


def test_sources_tell_silence_and_planned_work(reader: Reader) -> None:
    by_id = {source.source_id: source for source in reader.sources()}
    silent = by_id[city.SILENT_RECORDER]
    assert (silent.answered_7d, silent.asked_7d, silent.outcome) == (0, 35, "unreachable")
    assert by_id[city.NEVER_ASKED_RECORDER].asked_at is None
    assert by_id["relay5.example:8889"].camera_count == 3
    planned = {(row.source_id, row.status): row.work_count for row in reader.planned(OCTOBER)}
    assert planned[city.SILENT_RECORDER, "run"] == 3 and planned[city.SILENT_RECORDER, "skipped"] == 1
    assert planned["*", "merged"] == 1
