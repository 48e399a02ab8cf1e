"""The simulated city: repeatable, in order where nothing was planted, and broken exactly where its log says so."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import protocols
from collectors.device import Secret
from collectors.simulator.city import City, build_city
from collectors.simulator.draft import Expectation
from collectors.simulator.footage_faults import missing_days
from collectors.simulator.plan import BACKFILLED_AFTER_DAYS, day_of, night, probe
from collectors.simulator.recorder import Deletion, LateArrival, SimulatedChannel, SimulatedRecorder
from collectors.simulator.recorder_faults import SILENT_KINDS
from collectors.simulator.state_faults import GAPS_AT
from collectors.simulator.truth import COMPUTED_RULES
from data.bundle import read_bundle, take_in
from data.periods import Month, day_starts_at, local_day
from data.store import Store
from rules import catalogue
from rules.cases import write_bundle
from rules.engine import judge

FIRST_DAY = date(2026, 9, 12)
SEEDS = range(1, 21)
MUST_BREAK = {
    "missing_hours": "far_24h",
    "missing_61_s": "far_24h",
    "missing_twice_35_s": "far_24h",
    "missing_11_times_6_s": "far_24h",
    "missing_day": "far_24h",
    "missing_across_midnight": "far_24h",
    "early_deletion": "early_deletion",
    "short_retention": "retention_6_months",
    "clock_40_s": "clock_accurate",
    "clock_28_s": "clock_accurate",
    "dead": "recorder_answers",
    "room_without_camera": "far_camera_per_room",
    "curing_room_camera_inside": "far_camera_per_room",
    "camera_replaced_late": "far_camera_per_room",
    "live_without_media": "live_viewable",
    "live_absent": "live_viewable",
    "clip_missing": "pile_stage_clips",
    "clip_starts_1_s_late": "pile_stage_clips",
    "clip_without_pile_no": "pile_stage_clips",
    "stages_not_recorded": "pile_stage_clips",
    "seams_add_up": "far_gap_budget",
    "near_missing_6_s": "near_during_session",
    "session_unseen": "near_during_session",
    "far_missing_during_session": "far_near_sync",
    "onsite_missing_20_s": "onsite_whole",
    "onsite_without_camera": "onsite_whole",
    "tests_at_once": "device_overlap",
    "plan_off": "recording_plan_continuous",
    "picture_frozen": "picture_normal",
    "cube_clip_19_s": "key_clip_cube",
    "image_changed": "key_image_changed",
    "image_of_another_report": "key_image_reused",
    "camera_offline": "far_24h",
    "disk_failed": "far_24h",
    "plan_on_event_at_recorder": "recording_plan_continuous",
    **{f"missing_hours_{protocol}": "far_24h" for protocol in GAPS_AT},
}
MUST_NOT_BREAK = {
    *("gap_59_s", "gap_60_s", "gap_10_times_6_s", "seams_3_s", "seams_5_s", "deletion_60_s", "late_backfill"),
    *("normal_overwriting", "retention_just_enough", "camera_replaced_in_time", "clip_names_no_session"),
    *("live_absent_unseen", "live_black", "clock_set_back_and_forth", "bad_window", "wide_500", "slow", "huge"),
    *("html", "xml_bomb", "locked", "lying_counter", "stuck_paging"),
    *("seams_900_s", "near_seam_5_s", "far_seam_5_s", "onsite_seam_5_s", "session_without_end", "tests_in_parallel"),
    *("tests_in_turn", "session_during_silence", "session_across_replacement", "camera_carried_there"),
    *("near_camera_replaced_at_noon", "room_opened_later", "index_not_handed_in", "report_exempt"),
    *("report_without_duty", "label_added_later", "pile_named_by_image", "peak_not_recorded", "reviewed_at_issue"),
    *("reviewed_at_capture", "stored_at_issue", "storing_not_recorded", "term_not_recorded", "plan_mended_that_day"),
    *("plan_unreadable", "picture_black_twice", "picture_clock_5_s", "watermark_unread_twice", "picture_in_order"),
    *("rebar_clip_starts_at_peak", "stack_photo_just_before_loading", "missing_unprovable", "recorder_swapped"),
    *("disk_failed_without_loss", "disks_fall_short"),
}
NEVER_PLANTED: dict[str, str] = {}
"""Rules that no planted fault breaks, each with the reason."""


@pytest.fixture(scope="module")
def cities() -> dict[int, City]:
    return {seed: build_city(seed, FIRST_DAY, 30) for seed in SEEDS}


def test_the_same_seed_is_the_same_city_and_another_seed_is_not() -> None:
    one, same, other = (build_city(seed, FIRST_DAY, 30) for seed in (7, 7, 8))
    assert one == same
    assert one.bundle_files() == same.bundle_files()
    assert one.truth() != other.truth()


def test_the_city_is_large_enough_to_be_one(cities: dict[int, City]) -> None:
    for city in cities.values():
        files = city.bundle_files()
        views = Counter(row["view"] for row in files["cameras"])
        assert len(files["agencies"]) >= 6 and len(files["recorders"]) == len(city.recorders) == 18
        assert views["far"] + views["near"] >= 60 and views["onsite"]
        assert {row["protocol"] for row in files["recorders"]} == set(protocols.names())
        assert 10 <= len(city.live_cameras) <= 17
        assert all(row["credential"] in city.secrets for row in files["recorders"])


def test_every_name_says_that_it_is_made_up(cities: dict[int, City]) -> None:
    named = ("name", "project", "person", "tester", "reviewer", "approver", "pile_no", "report_no")
    texts = [row[key] for rows in cities[1].bundle_files().values() for row in rows for key in named if row.get(key)]
    assert texts and all("示例" in text or "虚构" in text for text in texts)


def test_its_register_is_a_valid_bundle(cities: dict[int, City], tmp_path: Path) -> None:
    files = cities[3].bundle_files()
    for name, rows in files.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, sorted({column for row in rows for column in row}))
            writer.writeheader()
            writer.writerows(rows)
    with read_bundle(tmp_path) as bundle:
        assert bundle.row_counts == {name: len(rows) for name, rows in files.items()}
        assert not bundle.warnings


def test_every_rule_is_broken_somewhere(cities: dict[int, City]) -> None:
    """A rule without a planted fault is one of which the demo shows nothing and the acceptance test proves nothing."""
    for city in cities.values():
        broken = {e.rule_id for fault in city.truth() for e in fault.expected}
        assert broken | NEVER_PLANTED.keys() == catalogue.load().keys()
        assert not broken & NEVER_PLANTED.keys()


def test_planted_kinds_break_their_rule_or_nothing(cities: dict[int, City]) -> None:
    for city in cities.values():
        broken_by: dict[str, set[str]] = {}
        for fault in city.truth():
            broken_by.setdefault(fault.kind, set()).update(e.rule_id for e in fault.expected)
        assert {kind for kind, rule in MUST_BREAK.items() if rule not in broken_by[kind]} == set()
        assert {kind for kind in MUST_NOT_BREAK if broken_by[kind]} == set()


def test_nothing_is_broken_by_accident_and_nothing_planted_holds(cities: dict[int, City]) -> None:
    """What was expected while planting and what the finished city's arithmetic says agree for every subject."""
    for seed, city in cities.items():
        assert _broken(city) == _expected(city, WHOLE_TRUTH) | _unprovable(city), f"seed {seed}"


def test_expected_clock_and_live_verdicts_are_those_the_collecting_can_see(cities: dict[int, City]) -> None:
    for city in cities.values():
        seen: dict[tuple[str, str, str], str] = {}
        for number in range(city.plan.days):
            day = city.plan.day(number)
            for recorder_id, recorder in city.recorders.items():
                off_s = abs(recorder.clock_offset(night(day)).total_seconds())
                if off_s > 5:
                    seen["clock_accurate", recorder_id, str(day)] = "fail" if off_s > 30 else "suspect"
            for camera_id in city.live_cameras:
                if city.live_mode(camera_id, probe(day)) not in ("ok", "black"):
                    seen["live_viewable", camera_id, str(day)] = "fail"
        assert seen == _expected(city, ("clock_accurate", "live_viewable"))
        assert all(city.worst(*key) == outcome for key, outcome in seen.items())


def test_second_by_second_the_recordings_break_the_same_days(cities: dict[int, City]) -> None:
    for city in cities.values():
        expected = _expected(city, ("far_24h",))
        broken = sorted({(camera_id, period) for _, camera_id, period in expected})
        decoys = [
            (fault.subject, str(local_day(fault.from_at)))
            for fault in city.truth()
            if fault.kind in ("gap_60_s", "gap_10_times_6_s", "seams_3_s", "seams_5_s")
        ]
        for camera_id, period in [*broken[:4], *decoys]:
            fails = _missing_seconds(city, camera_id, date.fromisoformat(period)) > 60
            assert fails == (("far_24h", camera_id, period) in expected), (camera_id, period)
            assert city.may_be("fail", "far_24h", camera_id, period) == fails


def test_a_deletion_is_listed_once_and_denied_a_week_later(cities: dict[int, City]) -> None:
    for city in cities.values():
        for fault in (f for f in city.truth() if f.kind == "early_deletion"):
            camera = city.register.cameras[fault.subject]
            assert camera.recorder is not None
            recorder = city.recorders[camera.recorder.recorder_id]
            day = local_day(fault.from_at)
            nights = [night(day + timedelta(days=n)) for n in (1, 7)]
            listed, denied = (_lists(recorder.channels[camera.channel], at, fault.from_at) for at in nights)
            assert listed and not denied
            assert not any(recorder.active(kind, at) for kind in SILENT_KINDS for at in nights)
            assert nights[1] < city.plan.judged_at
            months = {Month.of(local_day(n)) for n in (nights[1], nights[1] + timedelta(days=1))}
            assert {str(m) for m in months} == {e.period for e in fault.expected if len(e.period) == 7}


def test_footage_handed_over_late_is_denied_first_and_listed_a_week_later(cities: dict[int, City]) -> None:
    for city in cities.values():
        fault = next(f for f in city.truth() if f.kind == "late_backfill")
        camera = city.register.cameras[fault.subject]
        assert camera.recorder is not None
        recorder = city.recorders[camera.recorder.recorder_id]
        day = local_day(fault.from_at)
        nights = [night(day + timedelta(days=n)) for n in (1, 7)]
        denied, listed = (_lists(recorder.channels[camera.channel], at, fault.from_at) for at in nights)
        assert listed and not denied
        assert not any(recorder.active(kind, at) for kind in SILENT_KINDS for at in nights)


@pytest.mark.parametrize("days", [*range(1, 16), 31, 45, 90, 120])
def test_every_length_of_demo_gives_a_city(days: int) -> None:
    for seed in range(3):
        city = build_city(seed, date(2026, 2, 20), days)
        assert _broken(city) == _expected(city, WHOLE_TRUTH) | _unprovable(city)


def test_many_seeds_find_room_for_every_fault() -> None:
    kinds = [sorted(f.kind for f in build_city(seed, FIRST_DAY, 30).truth()) for seed in range(100)]
    assert all(kind == kinds[0] for kind in kinds)


def test_a_clock_set_back_makes_files_overlap_and_set_forth_lengthens_one() -> None:
    start = datetime(2026, 9, 12)
    steps = ((start + timedelta(minutes=20), -600_000), (start + timedelta(minutes=50), 0))
    channel = SimulatedChannel("1", ((start, start + timedelta(hours=2)),))
    recorder = SimulatedRecorder("r", "isapi", Secret("u", "p"), {"1": channel}, clock_steps=steps)
    minutes = [
        ((file.started_at - start) / timedelta(minutes=1), (file.ended_at - start) / timedelta(minutes=1))
        for file in recorder.files("1", start + timedelta(hours=2))
    ]
    assert minutes == [(0, 20), (10, 60), (60, 120)]


@pytest.mark.parametrize("days", [0, -1, 121])
def test_an_impossible_length_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="choose 1 to 120"):
        build_city(1, FIRST_DAY, days)


@pytest.mark.parametrize(
    ("lengths_s", "breaks"),
    [([60], False), ([61], True), ([5] * 100, False), ([6] * 10, False), ([6] * 11, True), ([30, 30], False)],
)
def test_the_threshold_of_a_day(lengths_s: list[int], *, breaks: bool) -> None:
    noon = day_starts_at(FIRST_DAY) + timedelta(hours=6)
    gaps = [
        (noon + timedelta(minutes=2 * n), noon + timedelta(minutes=2 * n, seconds=length))
        for n, length in enumerate(lengths_s)
    ]
    assert missing_days(gaps) == ([FIRST_DAY] if breaks else [])


@given(st.integers(0, 48), st.integers(0, 48), st.integers(0, 48), st.integers(0, 48))
def test_what_a_disk_holds(at: int, deleted_at: int, arrived_at: int, start: int) -> None:
    """Hour by hour: recorded before now, not deleted by now, and handed over by now."""
    zero = datetime(2026, 1, 1)
    hours = [zero + timedelta(hours=n) for n in range(60)]
    channel = SimulatedChannel(
        "1",
        ((hours[0], hours[48]),),
        deletions=(Deletion(hours[deleted_at], hours[start], hours[start + 3]),),
        late=(LateArrival(hours[arrived_at], hours[start + 2], hours[start + 5]),),
    )
    held = channel.held(hours[at])
    for n in range(48):
        there = n < at
        there = there and not (deleted_at <= at and start <= n < start + 3)
        there = there and not (arrived_at > at and start + 2 <= n < start + 5)
        assert any(a <= hours[n] < b for a, b in held) == there


@pytest.mark.parametrize(("seed", "days"), [(7, 30), (12, 8), (3, 5)])
def test_what_is_only_declared_breaks_exactly_where_planted(seed: int, days: int) -> None:
    """Judged without a single answer of a recorder, as an agency checks itself."""
    city = build_city(seed, FIRST_DAY, days)
    rules = {rule_id: rule for rule_id, rule in catalogue.load().items() if rule_id not in COMPUTED_RULES}
    accused: dict[tuple[str, str, str], str] = {}
    with Store.in_memory() as store:
        for submission in city.submissions():
            with TemporaryDirectory() as folder:
                write_bundle(Path(folder), submission.files)
                take_in(store, Path(folder), taken_in_at=submission.given_at)
        for month in city.plan.months:
            verdicts = judge(store.cursor(), rules.values(), month, now_at=city.plan.judged_at).verdicts
            accused |= {
                (v.rule_id, v.subject_id, v.period): v.outcome for v in verdicts if v.outcome in ("fail", "suspect")
            }
    told_by_recorders = {
        (e.rule_id, e.subject_id, e.period)
        for fault in city.truth()
        for e in fault.expected
        if fault.kind == "plan_on_event_at_recorder"
    }
    expected = _expected(city, tuple(rules))
    assert accused == {key: outcome for key, outcome in expected.items() if key not in told_by_recorders}


WHOLE_TRUTH = (
    *("far_24h", "far_camera_per_room", "far_gap_budget", "early_deletion", "recorder_answers", "retention_6_months"),
    *("near_during_session", "far_near_sync", "onsite_whole"),
)
WATCHED_SESSIONS = ("near_during_session", "far_near_sync")


def _expected(city: City, rules: tuple[str, ...]) -> dict[tuple[str, str, str], str]:
    expectations: list[Expectation] = [e for fault in city.truth() for e in fault.expected]
    found = {(e.rule_id, e.subject_id, e.period): e.outcome for e in expectations if e.rule_id in rules}
    assert len(found) == sum(e.rule_id in rules for e in expectations), "one verdict was expected twice"
    return found


def _unprovable(city: City) -> dict[tuple[str, str, str], str]:
    return {(e.rule_id, e.subject_id, e.period): e.outcome for fault in city.truth() for e in fault.unprovable}


def _broken(city: City) -> dict[tuple[str, str, str], str]:
    """Everything the truth has against anybody, over all subjects and periods judged."""
    far = [c.camera_id for c in city.register.cameras.values() if c.view == "far"]
    recorded = [c.camera_id for c in city.register.cameras.values() if c.recorder]
    days = [str(day) for month in city.plan.months for day in city.plan.ended_days(month)]
    months = [str(month) for month in city.plan.months]
    sessions = [(s["session_id"], s["kind"], str(local_day(_utc(s["started_at"])))) for s in city.work.sessions]
    asked = [("far_24h", camera_id, day) for camera_id in far for day in days]
    asked += [("far_gap_budget", camera_id, month) for camera_id in far for month in months]
    asked += [("recorder_answers", r, day) for r in city.recorders for day in days if day >= str(city.plan.first_day)]
    asked += [("far_camera_per_room", r.room_id, m) for r in city.register.rooms for m in months]
    asked += [("early_deletion", camera_id, month) for camera_id in recorded for month in months]
    asked += [("onsite_whole", s, day) for s, kind, day in sessions if kind == "onsite"]
    asked += [(rule, s, day) for s, kind, day in sessions if kind != "onsite" for rule in WATCHED_SESSIONS]
    judged_on = [city.plan.retention_day(month) for month in city.plan.months]
    asked += [
        ("retention_6_months", camera_id, str(day - timedelta(days=1)))
        for camera_id in far
        for day in judged_on
        if day >= city.plan.day(BACKFILLED_AFTER_DAYS)
    ]
    return {key: worst for key in asked if (worst := city.worst(*key)) != "pass"}


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None) - timedelta(hours=8)


def _lists(channel: SimulatedChannel, at: datetime, of: datetime) -> bool:
    return any(a <= of < b for a, b in channel.held(at))


def _missing_seconds(city: City, camera_id: str, day: date) -> int:
    """Counts the seconds of the day that no listed file contains, runs of up to five left out."""
    camera = city.register.cameras[camera_id]
    assert camera.recorder is not None
    recorder = city.recorders[camera.recorder.recorder_id]
    start, _ = day_of(day)
    seconds = bytearray(b"-" * 86400)
    for file in recorder.files(camera.channel, city.plan.judged_at):
        a, b = (
            int((at - start - recorder.clock_offset(start)).total_seconds()) for at in (file.started_at, file.ended_at)
        )
        seconds[max(a, 0) : max(b, 0)] = b"x" * (min(b, 86400) - max(a, 0))
    duty = camera.duty_of_day(day)
    assert duty is not None
    owed = bytes(seconds[int((duty[0] - start).total_seconds()) : int((duty[1] - start).total_seconds())])
    return sum(len(run) for run in owed.split(b"x") if len(run) > 5)
