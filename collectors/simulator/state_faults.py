"""What recorders tell of themselves beside footage, where something of it is wrong; and a gap for every other make.

Cameras of these recorders have no fault but those planted here, and none has two on one day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.intervals import Interval
from collectors.simulator.draft import Draft, Expectation, of_day
from collectors.simulator.footage_faults import missing_days
from collectors.simulator.plan import days_between, night
from collectors.simulator.recorder_faults import QUIRKS
from collectors.simulator.register import Camera, Recorder

SHORTEST_DAYS = 14
GAPS_AT = ("onvif", "zoneminder", "frigate", "zlmediakit", "wvp", "folder")
OFFLINE_HOURS = (23.2, 25.8)
"""Around midnight, so that the one look of the night falls amid them and is near both ends."""
PLAN_DAYS = 4


def plant_state_faults(draft: Draft) -> None:
    if draft.plan.days < SHORTEST_DAYS:
        return
    for protocol in GAPS_AT:
        _gap_of_hours(draft, protocol)
    plan_camera, offline_camera = _far_cameras(draft, "dahua")
    _set_to_event(draft, plan_camera)
    _offline(draft, offline_camera)
    _disk_failed(draft, [plan_camera, offline_camera])
    _unprovable(draft)
    _swapped(draft)
    spare, small = draft.rng.sample(_telling_disks(draft), 2)
    _spare_disk_failed(draft, spare)
    _small_disks(draft, small)


def _far_cameras(draft: Draft, protocol: str) -> list[Camera]:
    cameras = draft.register.cameras.values()
    return [c for c in cameras if c.view == "far" and c.recorder and c.recorder.protocol == protocol]


def _recorder(camera: Camera) -> Recorder:
    if camera.recorder is None:
        raise ValueError(f"{camera.camera_id} has no recorder")
    return camera.recorder


def _telling_disks(draft: Draft) -> list[Recorder]:
    """Those that answer to the end, and have not filled a disk before."""
    return [
        r
        for r in draft.register.recorders
        if r.protocol == "isapi"
        and not r.established
        and all(fault.kind in QUIRKS for fault in draft.device_faults[r.recorder_id])
    ]


def _not_recorded(draft: Draft, camera: Camera, gap: Interval) -> list[Expectation]:
    draft.gaps[camera.camera_id].append(gap)
    return [of_day("far_24h", "camera", camera.camera_id, day) for day in missing_days([gap])]


def _gap_of_hours(draft: Draft, protocol: str) -> None:
    """Of the first camera; wvp's others are recorded by the platform itself, whose lists prove presence only."""
    camera, rng = _far_cameras(draft, protocol)[0], draft.rng
    start = draft.plan.at(rng.randint(2, draft.plan.days - 6), rng.randint(1, 13))
    gap = (start, start + timedelta(seconds=rng.randint(2 * 3600, 9 * 3600)))
    expected = _not_recorded(draft, camera, gap)
    draft.plant(f"missing_hours_{protocol}", camera.camera_id, gap, "was not recorded", expected)


def _set_to_event(draft: Draft, camera: Camera) -> None:
    """For four nights its plan records on events only, and one day there were none for hours."""
    number = draft.rng.randint(1, draft.plan.days - SHORTEST_DAYS + 1)
    interval = (draft.plan.at(number, 9), draft.plan.at(number + PLAN_DAYS, 9))
    gap = (draft.plan.at(number + 2, 10.5), draft.plan.at(number + 2, 15.75))
    draft.plans[camera.camera_id] = (interval, "event")
    seen = [day for day in days_between(*interval) if interval[0] <= night(day) < interval[1]]
    expected = [of_day("recording_plan_continuous", "camera", camera.camera_id, day) for day in seen]
    expected += _not_recorded(draft, camera, gap)
    draft.plant("plan_on_event_at_recorder", camera.camera_id, interval, "its recorder is set to events", expected)


def _offline(draft: Draft, camera: Camera) -> None:
    number = draft.rng.randint(2, draft.plan.days - 8)
    gap = (draft.plan.at(number, OFFLINE_HOURS[0]), draft.plan.at(number, OFFLINE_HOURS[1]))
    draft.offline[camera.camera_id].append(gap)
    expected = _not_recorded(draft, camera, gap)
    draft.plant("camera_offline", camera.camera_id, gap, "its recorder did not reach it", expected)


def _disk_failed(draft: Draft, cameras: list[Camera]) -> None:
    """Nothing is recorded of any camera until the disk is replaced the next morning."""
    recorder_id = _recorder(cameras[0]).recorder_id
    gap = (draft.plan.at(draft.plan.days - 5, 20.25), draft.plan.at(draft.plan.days - 4, 11))
    draft.failed_disks[recorder_id] = ("1", gap)
    expected = [each for camera in cameras for each in _not_recorded(draft, camera, gap)]
    draft.plant("disk_failed", recorder_id, gap, "its disk failed, nothing was recorded", expected)


def _spare_disk_failed(draft: Draft, recorder: Recorder) -> None:
    interval = (draft.plan.at(draft.plan.days - 6, 15), draft.plan.recorded_until)
    draft.failed_disks[recorder.recorder_id] = ("2", interval)
    draft.plant("disk_failed_without_loss", recorder.recorder_id, interval, "one of its disks failed, no footage lacks")


def _small_disks(draft: Draft, recorder: Recorder) -> None:
    draft.small_disks.add(recorder.recorder_id)
    interval = (draft.plan.opened_at, draft.plan.recorded_until)
    draft.plant("disks_fall_short", recorder.recorder_id, interval, "its disks will not hold six months")


def _unprovable(draft: Draft) -> None:
    """A gap in what a GB/T 28181 platform recorded itself: its list lacks files for other reasons too."""
    camera = _far_cameras(draft, "wvp")[1]
    number = draft.rng.randint(2, draft.plan.days - 6)
    gap = (draft.plan.at(number, 8.5), draft.plan.at(number, 12))
    unprovable = tuple(_not_recorded(draft, camera, gap))
    draft.plant("missing_unprovable", camera.camera_id, gap, "was not recorded, which this platform cannot prove")
    draft.planted[-1] = replace(draft.planted[-1], unprovable=unprovable)


def _swapped(draft: Draft) -> None:
    """Two days before the end another device stands there: nobody has vouched for it, so it is not asked."""
    recorder_id = _recorder(_far_cameras(draft, "onvif")[0]).recorder_id
    interval = (draft.plan.at(draft.plan.days - 2, 13), draft.plan.recorded_until)
    draft.swaps[recorder_id] = interval[0]
    draft.plant("recorder_swapped", recorder_id, interval, "another recorder stands in its place")
