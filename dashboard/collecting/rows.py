"""What a visit becomes in the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from collectors.answers import Description, DeviceFailure
from dashboard.collecting.asking import Visit
from dashboard.collecting.known import Known
from data.facts import ChannelSeen, DayClaimed, DiskSeen, PlannedPoll, PlanSeen, RawAnswer, RecorderLook, RecorderMemory

KEPT_QUESTIONS = {"plans", "disks"}
"""Asked seldom, and what may be held against somebody: the answers of a look that asked them are kept as they came."""


def look_row(visit: Visit) -> RecorderLook | None:
    seen = visit.look
    if seen is None:
        return None
    is_, clock = seen.description or Description(), seen.clock
    return RecorderLook(
        recorder_id=visit.entry.recorder_id,
        address=visit.entry.address,
        observed_at=seen.observed_at,
        told=(*seen.told, *(("days",) if visit.calendar and visit.calendar.held else ())),
        failures=tuple((question, failure.outcome, str(failure)) for question, failure in _failures(visit)),
        model=is_.model,
        firmware=is_.firmware,
        serial_number=is_.serial_number,
        clock_offset_ms=clock.offset_ms if clock else None,
        round_trip_ms=clock.round_trip_ms if clock else None,
        channels=None if seen.channels is None else tuple(ChannelSeen(**asdict(c)) for c in seen.channels),
        disks=None if seen.disks is None else tuple(DiskSeen(**asdict(d)) for d in seen.disks),
    )


def _failures(visit: Visit) -> Iterator[tuple[str, DeviceFailure]]:
    if visit.look is not None:
        yield from visit.look.failures
    if visit.calendar is not None and visit.calendar.failure is not None:
        yield "days", visit.calendar.failure


def plan_rows(visit: Visit, known: Known) -> Iterator[PlanSeen]:
    """Plans of channels that a registered camera is on."""
    if visit.look is None or visit.look.plans is None:
        return
    for plan in visit.look.plans:
        for camera_id in known.cameras.get((visit.entry.recorder_id, plan.channel), ()):
            yield PlanSeen(camera_id, visit.look.observed_at, plan.mode)


def day_rows(visit: Visit) -> Iterator[DayClaimed]:
    if visit.calendar is None or visit.look is None:
        return
    days = visit.calendar.days
    every = [days.first + timedelta(days=n) for n in range((days.last - days.first).days + 1)]
    for camera_id, held in visit.calendar.held.items():
        yield from (DayClaimed(camera_id, day, visit.look.observed_at, day in held) for day in every)


def raw_rows(visit: Visit) -> Iterator[RawAnswer]:
    yield from visit.done.raw_answers
    if visit.look is None or not KEPT_QUESTIONS.intersection(visit.look.told):
        return
    look_id = _look_id(visit.entry.recorder_id, visit.look.observed_at)
    for ordinal, exchange in enumerate(visit.look_exchanges):
        yield RawAnswer(look_id, ordinal, exchange.request, exchange.status, exchange.body)


def planned_row(visit: Visit, planned_at: datetime, finished_at: datetime) -> PlannedPoll:
    """Sums a round up. The reason is the first thing that went wrong; each poll keeps its own."""
    done = visit.done
    wrong = [poll for poll in done.polls if not (poll.outcome == "ok" and poll.complete)]
    reasons = [poll.reason for poll in wrong] + [reason for _, reason in done.skipped]
    if not done.polls:
        status, outcome = "skipped", None
    elif not wrong and not done.skipped:
        status, outcome = "run", "ok"
    elif len(wrong) < len(done.polls):
        status, outcome = "run", "partial"
    else:
        status, outcome = "run", wrong[0].outcome
    return PlannedPoll(
        planned_at, visit.entry.recorder_id, "footage", status, outcome, next(iter(reasons), ""), finished_at,
        visit.request_count, len(visit.windows), len(done.skipped),
    )  # fmt: skip


def changed_memories(visits: Sequence[Visit], known: Known) -> list[RecorderMemory]:
    return [visit.memory for visit in visits if visit.memory != known.memory(visit.entry.recorder_id)]


def _look_id(recorder_id: str, observed_at: datetime) -> str:
    """What the raw answers of a look are kept under, as those of a poll are under its id."""
    return hashlib.sha256(f"look {recorder_id} {observed_at}".encode()).hexdigest()[:20]
