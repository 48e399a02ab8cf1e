"""The worst that may truthfully be said of a subject, computed from what the city really is.

Plain arithmetic on the simulated recordings, clocks and outages, after the rule catalogue's words but without its
engine, its SQL or the planted faults' own expectations: whatever is accused beyond this is a wrong accusation.
It does not ask whether the collecting could see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collectors.intervals import Interval, common, without
from collectors.simulator.draft import LiveOutage, Work
from collectors.simulator.footage_faults import ALLOWED_S, missing_s
from collectors.simulator.plan import REASK_AFTER_DAYS, Plan, day_of, days_between, night
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from collectors.simulator.recorder_faults import SILENT_KINDS, clock_outcome
from collectors.simulator.register import Camera, Register, Row
from collectors.simulator.room_faults import VIEWABLE
from data.periods import Month, local_day, months_before, parse_instant

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Truth:
    plan: Plan
    register: Register
    recorders: Mapping[str, SimulatedRecorder]
    outages: tuple[LiveOutage, ...]
    work: Work

    def worst(self, rule_id: str, subject_id: str, period: str) -> str:
        """`pass`, `suspect` or `fail`; KeyError: a rule this truth knows nothing about."""
        if len(period) == 7:
            return MONTH_RULES[rule_id](self, subject_id, Month.parse(period))
        return DAY_RULES[rule_id](self, subject_id, date.fromisoformat(period))

    def channel(self, camera: Camera) -> SimulatedChannel | None:
        return self.recorders[camera.recorder.recorder_id].channels[camera.channel] if camera.recorder else None


def _far_24h(truth: Truth, camera_id: str, day: date) -> str:
    camera = truth.register.cameras[camera_id]
    duty, channel = camera.duty_of_day(day), truth.channel(camera)
    if not duty or not channel:
        return "pass"
    missing = without([duty], channel.held(truth.plan.judged_at))
    return _broken(missing_s(missing) > ALLOWED_S)


def _far_camera_per_room(truth: Truth, room_id: str, month: Month) -> str:
    room = next(r for r in truth.register.rooms if r.room_id == room_id)
    cameras = [
        c
        for c in truth.register.far_cameras(room)
        if room.kind != "curing_room" or c.position == "corridor_facing_door"
    ]
    used = [day for day in truth.plan.ended_days(month) if day >= room.in_use_from]
    return _broken(any(without([day_of(day)], _duties(cameras, day)) for day in used))


def _duties(cameras: list[Camera], day: date) -> list[Interval]:
    return [duty for camera in cameras if (duty := camera.duty_of_day(day))]


def _retention(truth: Truth, camera_id: str, last_day: date) -> str:
    """Two days of grace: the oldest day with footage may be the first one owed or the next."""
    camera = truth.register.cameras[camera_id]
    channel, judged_on = truth.channel(camera), last_day + DAY
    first = max(months_before(judged_on, 6), local_day(camera.duty_from))
    if not channel or not camera.duty_of_day(last_day):
        return "pass"
    held = channel.held(truth.plan.judged_at)
    return _broken(not common(held, [day_of(first), day_of(first + DAY)]))


def _early_deletion(truth: Truth, camera_id: str, month: Month) -> str:
    """Counted in the month of the answer that first denies it, a week after the footage."""
    channel = truth.channel(truth.register.cameras[camera_id])
    gone_s = 0.0
    for deletion in channel.deletions if channel else ():
        for day in days_between(deletion.from_at, deletion.to_at):
            denied_on = max(day + REASK_AFTER_DAYS * DAY, local_day(deletion.deleted_at) + DAY)
            if Month.of(denied_on) == month and day >= months_before(denied_on, 6):
                gone_s += missing_s(common([(deletion.from_at, deletion.to_at)], [day_of(day)]))
    return _broken(gone_s > ALLOWED_S)


def _clock_accurate(truth: Truth, recorder_id: str, day: date) -> str:
    recorder, (start, end) = truth.recorders[recorder_id], day_of(day)
    instants = [start, *(at for at, _ in recorder.clock_steps if start <= at < end)]
    worst = max(abs(recorder.clock_offset(at)) for at in instants)
    return clock_outcome(worst // timedelta(milliseconds=1))


def _recorder_answers(truth: Truth, recorder_id: str, day: date) -> str:
    recorder = truth.recorders[recorder_id]

    def silent(at: datetime) -> bool:
        return any(recorder.active(kind, at) for kind in SILENT_KINDS)

    return "suspect" if silent(night(day)) and silent(night(day - DAY)) else "pass"


def _live_viewable(truth: Truth, camera_id: str, day: date) -> str:
    start, end = day_of(day)
    return _broken(
        any(
            o.camera_id == camera_id and o.mode not in VIEWABLE and o.from_at < end and start < o.to_at
            for o in truth.outages
        )
    )


def _pile_stage_clips(truth: Truth, report_no: str, _: date) -> str:
    work = truth.work
    session_ids = {s["session_id"] for s in work.sessions if s["report_no"] == report_no}
    stages = [s for s in work.load_stages if s["session_id"] in session_ids and s["direction"] == "load"]
    clips = [i for i in work.key_images if i["report_no"] == report_no and i["role"] == "load_stage"]
    served = all(any(_serves(clip, stage) for clip in clips) for stage in stages)
    if stages and served:
        return "pass"
    return "fail" if stages else "suspect"


def _serves(clip: Row, stage: Row) -> bool:
    start, end, loading, complete = (
        parse_instant(text)
        for text in (clip["started_at"], clip["ended_at"], stage["started_at"], stage["completed_at"])
    )
    return (
        clip["stage_no"] == stage["stage_no"]
        and bool(clip["pile_no"])
        and clip["session_id"] in ("", stage["session_id"])
        and end - start >= timedelta(seconds=60)
        and start <= loading - timedelta(seconds=30)
        and end >= complete + timedelta(seconds=30)
    )


def _broken(is_broken: bool) -> str:
    return "fail" if is_broken else "pass"


MONTH_RULES: dict[str, Callable[[Truth, str, Month], str]] = {
    "far_camera_per_room": _far_camera_per_room,
    "early_deletion": _early_deletion,
}
DAY_RULES: dict[str, Callable[[Truth, str, date], str]] = {
    "far_24h": _far_24h,
    "retention_6_months": _retention,
    "clock_accurate": _clock_accurate,
    "recorder_answers": _recorder_answers,
    "live_viewable": _live_viewable,
    "pile_stage_clips": _pile_stage_clips,
}
