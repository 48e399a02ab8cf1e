"""The footage index that is handed in of cameras without a recorder, which nobody can ask."""

from __future__ import annotations

from datetime import date, timedelta

from collectors.intervals import Interval, common, without
from collectors.simulator.draft import Draft
from collectors.simulator.plan import local_text, night
from collectors.simulator.recorder import SimulatedChannel
from collectors.simulator.register import Camera
from collectors.simulator.work import EXEMPT_AGENCY


def give_indexes(draft: Draft) -> dict[str, SimulatedChannel]:
    """Adds an answer per camera and day of the period; returns what the cameras really recorded, by camera_id."""
    channels = {}
    for camera in draft.register.cameras.values():
        if not camera.recorder and _gives_index(draft, camera):
            duty = camera.duty(camera.duty_from, draft.plan.recorded_until)
            recorded = without([duty] if duty else [], draft.gaps[camera.camera_id])
            channels[camera.camera_id] = SimulatedChannel("", tuple(recorded))
            for number in range(draft.plan.days):
                _give(draft, camera, draft.plan.day(number), recorded)
    return channels


def _gives_index(draft: Draft, camera: Camera) -> bool:
    if camera.view == "onsite":
        return camera.agency_id != EXEMPT_AGENCY
    return camera.room in draft.register.workshop()


def _give(draft: Draft, camera: Camera, day: date, recorded: list[Interval]) -> None:
    """Read out in the night after, by a device that runs true."""
    duty = camera.duty_of_day(day)
    if not duty or (camera.camera_id, day) in draft.not_handed_in:
        return
    key = {"poll_id": f"IX-{day}", "camera_id": camera.camera_id}
    draft.work.polls.append(
        {
            **key,
            "asked_at": local_text(night(day + timedelta(days=1))),
            "covers_from": local_text(duty[0]),
            "covers_to": local_text(duty[1]),
            "outcome": "ok",
            "complete": "yes",
            "clock_offset_ms": "0",
        }
    )
    draft.work.footage += [
        {**key, "started_at": local_text(a), "ended_at": local_text(b)} for a, b in common(recorded, [duty])
    ]
