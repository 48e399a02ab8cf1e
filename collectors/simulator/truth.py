"""The worst that may truthfully be said of a recorder, camera, room or session, computed from what was recorded.

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
from collectors.simulator.footage_faults import ALLOWED_S, BUDGET_S, JOIN_TOLERANCE_S, missing_s
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
    handed_in: Mapping[str, SimulatedChannel]
    outages: tuple[LiveOutage, ...]
    work: Work

    def worst(self, rule_id: str, subject_id: str, period: str) -> str:
        """`pass`, `suspect` or `fail`; KeyError: a rule this truth knows nothing about."""
        if len(period) == 7:
            return MONTH_RULES[rule_id](self, subject_id, Month.parse(period))
        return DAY_RULES[rule_id](self, subject_id, date.fromisoformat(period))

    def channel(self, camera: Camera) -> SimulatedChannel | None:
        if camera.recorder:
            return self.recorders[camera.recorder.recorder_id].channels[camera.channel]
        return self.handed_in.get(camera.camera_id)

    def held(self, camera: Camera, within: Interval) -> list[Interval]:
        """What of its duty a camera recorded; of one that nobody can ask, all of it may be there."""
        duty, channel = camera.duty(*within), self.channel(camera)
        if not duty:
            return []
        return common(channel.held(self.plan.judged_at), [duty]) if channel else [duty]


def _far_24h(truth: Truth, camera_id: str, day: date) -> str:
    camera = truth.register.cameras[camera_id]
    duty, channel = camera.duty_of_day(day), truth.channel(camera)
    if not duty or not channel:
        return "pass"
    missing = without([duty], channel.held(truth.plan.judged_at))
    return _broken(missing_s(missing) > ALLOWED_S)


def _far_gap_budget(truth: Truth, camera_id: str, month: Month) -> str:
    """Every seam counts, but only in a month without a day that breaks the duty."""
    camera, days = truth.register.cameras[camera_id], truth.plan.ended_days(month)
    if any(_far_24h(truth, camera_id, day) == "fail" for day in days):
        return "pass"
    duties = [duty for day in days if (duty := camera.duty_of_day(day))]
    missing = [gap for duty in duties for gap in without([duty], truth.held(camera, duty))]
    return "suspect" if sum((end - start).total_seconds() for start, end in missing) > BUDGET_S else "pass"


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
    """Before the first night nobody asked; the rule wants an answer all the same, and its page says so."""
    recorder = truth.recorders[recorder_id]

    def silent(at: datetime) -> bool:
        return at < night(truth.plan.first_day) or any(recorder.active(kind, at) for kind in SILENT_KINDS)

    return "suspect" if silent(night(day)) and silent(night(day - DAY)) else "pass"


def _live_viewable(truth: Truth, camera_id: str, day: date) -> str:
    start, end = day_of(day)
    return _broken(
        any(
            o.camera_id == camera_id and o.mode not in VIEWABLE and o.from_at < end and start < o.to_at
            for o in truth.outages
        )
    )


def _near_during_session(truth: Truth, session_id: str, _: date) -> str:
    session, span = _session(truth, session_id)
    return _broken(_lacks(truth, _near(truth, session, span), span, [span])) if span else "pass"


def _far_near_sync(truth: Truth, session_id: str, _: date) -> str:
    session, span = _session(truth, session_id)
    if not span:
        return "pass"
    far = [c for c in _on_duty(truth, span) if c.view == "far" and _is_in(c, session)]
    shown = [part for c in _near(truth, session, span) for part in truth.held(c, span)]
    return _broken(bool(far) and _lacks(truth, far, span, shown))


def _onsite_whole(truth: Truth, session_id: str, _: date) -> str:
    session, span = _session(truth, session_id)
    named = session.get("camera_ids", "").split()
    cameras = [c for c in _on_duty(truth, span) if c.camera_id in named] if span else []
    return _broken(_lacks(truth, cameras, span, [span])) if span else "pass"


def _session(truth: Truth, session_id: str) -> tuple[Row, Interval | None]:
    """The time of one whose end nobody recorded is not known."""
    session = next(s for s in truth.work.sessions if s["session_id"] == session_id)
    if not session["ended_at"]:
        return session, None
    return session, (parse_instant(session["started_at"]), parse_instant(session["ended_at"]))


def _on_duty(truth: Truth, span: Interval) -> list[Camera]:
    return [camera for camera in truth.register.cameras.values() if camera.duty(*span)]


def _is_in(camera: Camera, session: Row) -> bool:
    return camera.room is not None and camera.room.room_id == session.get("room_id")


def _near(truth: Truth, session: Row, span: Interval) -> list[Camera]:
    device_id, named = session.get("device_id", ""), session.get("camera_ids", "").split()
    return [
        c
        for c in _on_duty(truth, span)
        if c.view == "near"
        and (c.camera_id in named or (_is_in(c, session) and (not device_id or device_id in c.covers)))
    ]


def _lacks(truth: Truth, cameras: list[Camera], span: Interval, required: list[Interval]) -> bool:
    held = [part for camera in cameras for part in truth.held(camera, span)]
    return missing_s(without(required, held)) > JOIN_TOLERANCE_S


def _broken(is_broken: bool) -> str:
    return "fail" if is_broken else "pass"


MONTH_RULES: dict[str, Callable[[Truth, str, Month], str]] = {
    "far_camera_per_room": _far_camera_per_room,
    "early_deletion": _early_deletion,
    "far_gap_budget": _far_gap_budget,
}
DAY_RULES: dict[str, Callable[[Truth, str, date], str]] = {
    "far_24h": _far_24h,
    "retention_6_months": _retention,
    "clock_accurate": _clock_accurate,
    "recorder_answers": _recorder_answers,
    "live_viewable": _live_viewable,
    "near_during_session": _near_during_session,
    "far_near_sync": _far_near_sync,
    "onsite_whole": _onsite_whole,
}
COMPUTED_RULES = MONTH_RULES.keys() | DAY_RULES.keys()
"""Whether one of these is broken follows from what was recorded, by many faults at once."""
