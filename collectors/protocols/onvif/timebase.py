"""Whether the stamps of a device are UTC, as they must be, or its wall clock (fact sheet §6), and remembers it.

The recording being written ends about now; read in the wrong base it would end eight hours away. Until some recording
of the device has shown it, nothing is denied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.device import Device
from collectors.protocols.onvif.recordings import Recording, searched_if_told
from collectors.protocols.onvif.times import Stamp
from data.periods import LOCAL_OFFSET

BASE_KEY, PROBED_KEY = "time_base", "time_base_at"
PROBE_AGAIN = timedelta(days=7)
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TimeBase:
    """Device time = digits - `shift`. Unless `note` is empty, what is read with it denies nothing; it says why."""

    shift: timedelta
    note: str = ""

    def device_time(self, stamp: Stamp) -> datetime:
        return stamp.digits if stamp.is_absolute else stamp.digits - self.shift

    def written(self, device_time: datetime) -> str:
        return f"{device_time + self.shift:%Y-%m-%dT%H:%M:%SZ}"


_BASES = {"utc": TimeBase(timedelta(0)), "local": TimeBase(LOCAL_OFFSET)}


def find(device: Device, offset: timedelta, recording: Recording) -> TimeBase:
    """What is remembered, unless `recording` shows something else; then what all recordings together show."""
    device_now = device.now() + offset
    known = device.memory.get(BASE_KEY, "")
    if known not in _BASES or not _is_recent(device) or _shown([recording], device_now) not in ("", known):
        word = _shown([recording, *searched_if_told(device)], device_now)
        if word:
            device.memory[BASE_KEY], device.memory[PROBED_KEY] = word, device.now().isoformat()
            known = word
    if known in _BASES:
        return _BASES[known]
    return TimeBase(
        timedelta(0), "whether the device writes UTC is not proven while none of its recordings goes on; ask again then"
    )


def _shown(recordings: list[Recording], device_now: datetime) -> str:
    """An end eight hours ahead of now gives the wall clock away, whatever others show: one that stopped eight hours ago
    by the wall clock looks as if it went on in UTC."""
    ends = [
        (track.data_to, each.has_stopped) for each in recordings for track in each.tracks if track.data_to is not None
    ]
    if any(abs(end.digits - device_now - LOCAL_OFFSET) <= FRESH for end, _ in ends if not end.is_absolute):
        return "local"
    return "utc" if any(abs(end.digits - device_now) <= FRESH for end, has_stopped in ends if not has_stopped) else ""


def _is_recent(device: Device) -> bool:
    try:
        return device.now() - datetime.fromisoformat(device.memory.get(PROBED_KEY, "")) < PROBE_AGAIN
    except ValueError:
        return False
