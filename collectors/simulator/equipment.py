"""The recorders of the city as they stand when everything is planted: what they hold, and what they tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collectors.device import Secret
from collectors.intervals import common, without
from collectors.simulator.changing import Change
from collectors.simulator.draft import Draft
from collectors.simulator.recorder import SimulatedChannel, SimulatedDisk, SimulatedRecorder
from collectors.simulator.register import Camera, Recorder
from data.periods import day_starts_at

BYTES_A_DAY = 24 * 3600 * 250_000
"""Of one camera, at 2 Mbit/s."""
DISK_BYTES = 8 * 10**12
DISKS_HOLD_DAYS = 240
DISKS_HOLD_ESTABLISHED_DAYS = 420
"""Those have run for 230 days, and overwrite nothing within the longest demo."""
NAMES_DISKS = frozenset({"isapi", "dahua"})
"""All others keep footage on one volume of their machine."""
SMALL_DISKS_HOLD_DAYS = 95


def recorder_of(draft: Draft, recorder: Recorder, secret: Secret) -> SimulatedRecorder:
    cameras = [c for c in draft.register.cameras.values() if c.recorder == recorder]
    return SimulatedRecorder(
        recorder_id=recorder.recorder_id,
        protocol=recorder.protocol,
        secret=secret,
        channels={c.channel: _channel(draft, recorder, c, number) for number, c in enumerate(cameras, 1)},
        clock_steps=tuple(sorted(draft.clock_steps[recorder.recorder_id])),
        faults=tuple(draft.device_faults[recorder.recorder_id]),
        serial_number=_serial_number(draft),
        disks=tuple(_disks(draft, recorder, len(cameras))),
    )


def changes_of(draft: Draft, recorder: Recorder, simulated: SimulatedRecorder) -> tuple[Change, ...]:
    """What it is from some instant on; a recorder has changes of one kind at most."""
    swapped_at = draft.swaps.get(recorder.recorder_id)
    if swapped_at is not None:
        return (Change(swapped_at, _successor(draft, simulated, swapped_at)),)
    for camera in draft.register.cameras.values():
        if camera.recorder == recorder and camera.camera_id in draft.plans:
            (from_at, to_at), mode = draft.plans[camera.camera_id]
            set_so = {**simulated.channels, camera.channel: replace(simulated.channels[camera.channel], plan=mode)}
            return Change(from_at, replace(simulated, channels=set_so)), Change(to_at, simulated)
    return ()


def _successor(draft: Draft, simulated: SimulatedRecorder, at: datetime) -> SimulatedRecorder:
    """Another device at the same cameras; it holds what was recorded since."""
    since = [(at, draft.plan.recorded_until)]
    channels = {n: replace(c, recorded=tuple(common(c.recorded, since))) for n, c in simulated.channels.items()}
    return replace(simulated, serial_number=_serial_number(draft), channels=channels)


def _serial_number(draft: Draft) -> str:
    return f"SIM{draft.rng.getrandbits(24):08d}"


def _channel(draft: Draft, recorder: Recorder, camera: Camera, number: int) -> SimulatedChannel:
    """Recorded from the first to the last moment of its duty, except for what was planted."""
    until = min(camera.duty_to or draft.plan.recorded_until, draft.plan.recorded_until)
    on_duty, whole = (camera.duty_from, until), (day_starts_at(draft.plan.history_day), draft.plan.recorded_until)
    view = "远视角" if camera.view == "far" else "近视角"
    return SimulatedChannel(
        channel=camera.channel,
        recorded=tuple(without([on_duty], draft.gaps[camera.camera_id])),
        deletions=tuple(draft.deletions[camera.camera_id]),
        file_length=recorder.file_length,
        late=tuple(draft.late[camera.camera_id]),
        name=f"{camera.room.name if camera.room else ''}{view}",
        address=f"192.0.2.{100 + number}",
        offline=tuple(without([whole], [on_duty])) + tuple(draft.offline[camera.camera_id]),
    )


def _disks(draft: Draft, recorder: Recorder, camera_count: int) -> list[SimulatedDisk]:
    """Empty when the first camera went on duty, and written to alike."""
    plan, recorder_id = draft.plan, recorder.recorder_id
    opened_at = day_starts_at(plan.history_day) if recorder.established else plan.opened_at
    hold_days = DISKS_HOLD_ESTABLISHED_DAYS if recorder.established else DISKS_HOLD_DAYS
    if recorder_id in draft.small_disks:
        hold_days = SMALL_DISKS_HOLD_DAYS
    written = camera_count * BYTES_A_DAY
    count = -(-written * hold_days // DISK_BYTES)
    if recorder.protocol not in NAMES_DISKS:
        return [SimulatedDisk("1", count * DISK_BYTES, count * DISK_BYTES, (), written, opened_at)]
    failed = draft.failed_disks.get(recorder_id)
    return [
        SimulatedDisk(
            disk_id=str(number),
            capacity_bytes=DISK_BYTES,
            free_bytes=DISK_BYTES,
            failed=(failed[1],) if failed and failed[0] == str(number) else (),
            bytes_a_day=written // count,
            measured_at=opened_at,
        )
        for number in range(1, count + 1)
    ]
