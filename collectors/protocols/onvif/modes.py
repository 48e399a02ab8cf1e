"""What a device is set to record, by its recording jobs; recorders that record on their own may show none."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.answers import PlanMode, PlanReading
from collectors.device import Device
from collectors.protocols.onvif import jobs, recordings
from collectors.protocols.onvif.jobs import Job
from collectors.protocols.onvif.recordings import Recording


def read_plans(device: Device) -> tuple[PlanReading, ...]:
    listed, found = recordings.listed(device), jobs.listed(device)
    return tuple(
        PlanReading(each.token, _mode(device, each, [job for job in found if job.recording == each.token]))
        for each in listed
        if each.token
    )


def _mode(device: Device, recording: Recording, own: Iterable[Job]) -> PlanMode:
    """`Active` records all the time. `Idle` is off only where the device also says that it has stopped."""
    own = list(own)
    if any(job.mode == "active" and not job.is_conditional for job in own):
        return "continuous"
    if not own or any(job.mode != "idle" for job in own):
        return "unknown"
    return "off" if recordings.with_times(device, recording).status.lower() == "stopped" else "unknown"
