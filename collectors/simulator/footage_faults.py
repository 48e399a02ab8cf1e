"""Footage that was never recorded, vanished too early, or only seems to be missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from collectors.intervals import Interval, common
from collectors.simulator.draft import Draft, of_day, of_month
from collectors.simulator.plan import (
    BACKFILLED_AFTER_DAYS,
    REASK_AFTER_DAYS,
    day_of,
    days_between,
    local_text,
)
from collectors.simulator.recorder import Deletion, LateArrival
from collectors.simulator.recorder_faults import QUIRKS
from collectors.simulator.register import Camera
from data.periods import Month, day_starts_at, months_before

NOT_JUDGED = timedelta(days=40)
"""So long before the period no day belongs to a judged month."""
CLEAR_OF_MIDNIGHT = timedelta(hours=2)
"""A clock read a second wrong would move an edge at midnight into the day before."""
JOIN_TOLERANCE_S = 5
ALLOWED_S = 60


@dataclass(frozen=True, slots=True)
class GapPattern:
    """`count` gaps of `length_s` (a range to draw from), `every_s` apart, the first `at_hours` after midnight.

    Exact lengths lie on both sides of the thresholds: a gap of up to 5 s does not count, more than 60 s of a day
    break the duty.
    """

    kind: str
    length_s: tuple[int, int]
    at_hours: tuple[int, int]
    count: int = 1
    every_s: int = 0

    @property
    def is_exact(self) -> bool:
        """So near a threshold that only a recorder that lists whole seconds will do."""
        return self.length_s[0] == self.length_s[1] <= 61


HOUR_S = 3600
DAY_S = 24 * HOUR_S
GAP_PATTERNS = (
    GapPattern("missing_hours", (2 * HOUR_S, 9 * HOUR_S), (1, 13)),
    GapPattern("missing_hours", (2 * HOUR_S, 9 * HOUR_S), (1, 13)),
    GapPattern("missing_minutes", (150, 900), (1, 20)),
    GapPattern("missing_61_s", (61, 61), (2, 20)),
    GapPattern("missing_twice_35_s", (35, 35), (2, 12), count=2, every_s=2 * HOUR_S),
    GapPattern("missing_11_times_6_s", (6, 6), (2, 12), count=11, every_s=1200),
    GapPattern("missing_day", (DAY_S, DAY_S), (0, 0)),
    GapPattern("missing_three_days", (3 * DAY_S, 3 * DAY_S), (0, 0)),
    GapPattern("missing_across_midnight", (2 * HOUR_S, 3 * HOUR_S), (23, 23)),
    GapPattern("gap_59_s", (59, 59), (2, 20)),
    GapPattern("gap_60_s", (60, 60), (2, 20)),
    GapPattern("gap_10_times_6_s", (6, 6), (2, 12), count=10, every_s=1200),
    GapPattern("seams_3_s", (3, 3), (0, 0), count=3 * 24, every_s=HOUR_S),
    GapPattern("seams_5_s", (5, 5), (1, 1), count=20, every_s=HOUR_S),
)


DELETED = (timedelta(days=2), timedelta(hours=3), timedelta(seconds=61), timedelta(seconds=60))


def plant_footage_faults(draft: Draft) -> None:
    """Those with the most conditions first. A short demo leaves out what it has no room to show."""
    for days_late in (None, 2, 1):
        _short_retention(draft, days_late)
    if draft.plan.days >= 14:
        for length in DELETED:
            _deletion(draft, length)
        _late_arrival(draft)
        _normal_overwriting(draft)
    if draft.plan.days >= 8:
        for pattern in sorted(GAP_PATTERNS, key=lambda pattern: not pattern.is_exact):
            _gap(draft, pattern)


def missing_s(gaps: Iterable[Interval]) -> float:
    """Without those that a switch of files explains."""
    lengths_s = ((end - start).total_seconds() for start, end in gaps)
    return sum(length_s for length_s in lengths_s if length_s > JOIN_TOLERANCE_S)


def missing_days(gaps: list[Interval]) -> list[date]:
    """The local days on which these gaps alone break the duty of 24 hours."""
    gaps_of_day: defaultdict[date, list[Interval]] = defaultdict(list)
    for gap in gaps:
        for day in days_between(*gap):
            gaps_of_day[day] += common([gap], [day_of(day)])
    return [day for day, parts in gaps_of_day.items() if missing_s(parts) > ALLOWED_S]


def _gap(draft: Draft, pattern: GapPattern) -> None:
    camera = draft.take_camera(lambda _, recorder, __: not pattern.is_exact or recorder.protocol == "isapi")
    start = draft.plan.at(
        draft.rng.randint(2, draft.plan.days - 5),
        draft.rng.randint(*pattern.at_hours) + (draft.rng.randint(600, 1799) / HOUR_S if any(pattern.at_hours) else 0),
    )
    length = timedelta(seconds=draft.rng.randint(*pattern.length_s))
    starts = [start + timedelta(seconds=n * pattern.every_s) for n in range(pattern.count)]
    gaps = [(at, at + length) for at in starts]
    draft.gaps[camera.camera_id] += gaps
    draft.plant(
        pattern.kind,
        camera.camera_id,
        (gaps[0][0], gaps[-1][1]),
        f"{pattern.count} × {length.total_seconds():g} s were not recorded",
        [of_day("far_24h", "camera", camera.camera_id, day) for day in missing_days(gaps)],
    )


def _calm_camera(draft: Draft) -> Camera:
    """On a recorder that answers every night: a deletion counts only if the footage was listed before."""
    return draft.take_camera(
        lambda _, recorder, __: (
            recorder.protocol == "isapi"
            and not recorder.established
            and all(fault.kind in QUIRKS for fault in draft.device_faults[recorder.recorder_id])
        )
    )


def _reasked_in_one_month(draft: Draft, days: int) -> int:
    """A day so that it and the following `days` are asked again before the judgement, all in one month."""
    last = draft.plan.days - REASK_AFTER_DAYS - 2 - days
    numbers = [
        n
        for n in range(3, last + 1)
        if Month.of(draft.plan.day(n + REASK_AFTER_DAYS - 1))
        == Month.of(draft.plan.day(n + days + REASK_AFTER_DAYS + 1))
    ]
    return draft.rng.choice(numbers)


def _deletion(draft: Draft, length: timedelta) -> None:
    camera = _calm_camera(draft)
    number = _reasked_in_one_month(draft, length.days)
    from_at = draft.plan.at(number, 0 if length.days else draft.rng.randint(2, 18))
    gone = (from_at, from_at + length)
    deleted_at = draft.plan.at(number + length.days + 2, draft.rng.randint(8, 20))
    draft.deletions[camera.camera_id].append(Deletion(deleted_at, *gone))
    days = missing_days([gone])
    expected = [of_day("far_24h", "camera", camera.camera_id, day) for day in days]
    if days:
        seen_in = Month.of(draft.plan.day(number + REASK_AFTER_DAYS))
        expected.append(of_month("early_deletion", "camera", camera.camera_id, seen_in))
    kind = "early_deletion" if days else "deletion_60_s"
    text = f"{length.total_seconds():g} s vanished from the disk at {local_text(deleted_at)}"
    draft.plant(kind, camera.camera_id, gone, text, expected)


def _late_arrival(draft: Draft) -> None:
    """The network was down, the camera recorded on its own card and handed over later: nothing is missing."""
    camera = draft.take_camera(lambda _, recorder, __: recorder.protocol == "mediamtx")
    number = draft.rng.randint(2, draft.plan.days - REASK_AFTER_DAYS - 4)
    from_at, to_at = draft.plan.at(number, 9.25), draft.plan.at(number, 14.5)
    draft.late[camera.camera_id].append(LateArrival(draft.plan.at(number + 2, 15), from_at, to_at))
    draft.plant("late_backfill", camera.camera_id, (from_at, to_at), "handed over by the camera two days later")


def _normal_overwriting(draft: Draft) -> None:
    """The disk is full and the recorder overwrites what is older than six months, as it may."""
    camera = draft.take_camera(lambda _, recorder, __: recorder.established)
    from_at = day_starts_at(draft.plan.history_day)
    to_at = day_starts_at(months_before(draft.plan.first_day, 6)) - timedelta(days=3)
    deleted_at = draft.plan.at(draft.plan.days // 2, 12)
    draft.deletions[camera.camera_id].append(Deletion(deleted_at, from_at, to_at))
    draft.plant("normal_overwriting", camera.camera_id, (from_at, to_at), "overwritten after its term")


def _short_retention(draft: Draft, days_late: int | None) -> None:
    """The disk reaches back to so many days after the first day owed: 2 at the last judgement is just too few,
    1 at the first one just enough. None: hardly beyond the period."""
    camera = draft.take_camera(lambda _, recorder, __: recorder.established)
    plan = draft.plan
    owed_from = months_before(plan.retention_day(plan.months[0 if days_late == 1 else -1]), 6)
    oldest = plan.first_day - NOT_JUDGED if days_late is None else owed_from + timedelta(days=days_late)
    lost = (day_starts_at(plan.history_day), day_starts_at(oldest) + CLEAR_OF_MIDNIGHT)
    draft.gaps[camera.camera_id].append(lost)
    judged = [plan.retention_day(month) for month in plan.months if days_late != 1]
    expected = [
        of_day("retention_6_months", "camera", camera.camera_id, day - timedelta(days=1))
        for day in judged
        if day >= plan.day(BACKFILLED_AFTER_DAYS)
    ]
    kind = "retention_just_enough" if days_late == 1 else "short_retention"
    draft.plant(kind, camera.camera_id, lost, f"the disk reaches back to {oldest} only", expected)
