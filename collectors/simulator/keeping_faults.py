"""Footage that was recorded and did not stay: deleted early, overwritten, or handed over late."""

from __future__ import annotations

from datetime import timedelta

from collectors.simulator.draft import Draft, of_day, of_month
from collectors.simulator.footage_faults import missing_days
from collectors.simulator.plan import BACKFILLED_AFTER_DAYS, REASK_AFTER_DAYS, local_text
from collectors.simulator.recorder import Deletion, LateArrival
from collectors.simulator.recorder_faults import QUIRKS
from collectors.simulator.register import Camera
from data.periods import Month, day_starts_at, months_before

NOT_JUDGED = timedelta(days=40)
"""So long before the period no day belongs to a judged month."""
CLEAR_OF_MIDNIGHT = timedelta(hours=2)
"""A clock read a second wrong would move an edge at midnight into the day before."""
DELETED = (timedelta(days=2), timedelta(hours=3), timedelta(seconds=61), timedelta(seconds=60))


def plant_keeping_faults(draft: Draft) -> None:
    """A short demo cannot show what has to be seen again a week later."""
    for days_late in (None, 2, 1):
        _short_retention(draft, days_late)
    if draft.plan.days >= 14:
        for length in DELETED:
            _deletion(draft, length)
        _late_arrival(draft)
        _normal_overwriting(draft)


def _calm_camera(draft: Draft) -> Camera:
    """On a recorder that answers every night: first listing and asking again must both happen in time."""
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
    camera = _calm_camera(draft)
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
