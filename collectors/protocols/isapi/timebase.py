"""Finds out what the `Z` of a device means, and remembers it (fact sheet §6.2).

The footage being written ends about now: read in the right base it does, in the wrong one it ends hours away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.device import Device
from collectors.protocols.isapi.errors import DeviceBrokeError
from collectors.protocols.isapi.identity import is_camera
from collectors.protocols.isapi.paging import list_rows
from collectors.protocols.isapi.search import Window
from collectors.protocols.isapi.times import LONG_AGO, DeviceClock, TimeBase

MEANS_KEY = "z_means"
PROBED_KEY = "z_probed_at"
SUSPECT_KEY = "z_utc_end"

PROBE_AGAIN = timedelta(days=7)
BACK, FORTH = timedelta(hours=2), timedelta(minutes=10)
FRESH, AHEAD = timedelta(minutes=10), timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """The base to read with. Unless `certain`, what is read with it denies nothing; `note` says why."""

    base: TimeBase
    note: str = ""
    certain: bool = True


def find(device: Device, clock: DeviceClock, track: str) -> Finding:
    """The remembered base, or a probe with `track`; a channel that records nothing now decides nothing."""
    means = device.memory.get(MEANS_KEY, "")
    if means and _is_recent(device):
        return Finding(_base(means, clock))
    if _newest_end(device, clock, TimeBase.local(), track) is not None:
        return _settled(device, clock, "local")
    newest = _newest_end(device, clock, TimeBase.utc(clock.declared), track)
    if newest is not None:
        return _seems_utc(device, clock, newest)
    if means:
        return Finding(_base(means, clock))
    usual = "utc" if _is_camera(device) else "local"
    return Finding(_base(usual, clock), f"time base not verified, taken as {usual}")


def _seems_utc(device: Device, clock: DeviceClock, newest: datetime) -> Finding:
    """A recorder that stopped eight hours ago looks the same: only an end that has moved on is proof."""
    suspected = device.memory.get(SUSPECT_KEY, "")
    if _is_camera(device) or (suspected and datetime.fromisoformat(suspected) < newest):
        return _settled(device, clock, "utc")
    device.memory[SUSPECT_KEY] = newest.isoformat()
    note = "time base not settled: the newest footage ends eight hours ago, or the recorder writes UTC; ask again"
    return Finding(TimeBase.local(), note, certain=False)


def _settled(device: Device, clock: DeviceClock, means: str) -> Finding:
    device.memory[MEANS_KEY] = means
    device.memory[PROBED_KEY] = device.now().isoformat()
    device.memory.pop(SUSPECT_KEY, None)
    return Finding(_base(means, clock))


def _newest_end(device: Device, clock: DeviceClock, base: TimeBase, track: str) -> datetime | None:
    """The newest end if it lies about now; None when it does not, or when the listing fails."""
    device_now = (device.now() + clock.offset).replace(microsecond=0)
    try:
        rows = list_rows(device, base, track, Window(device_now - BACK, device_now + FORTH))
    except (DeviceBrokeError, Malformed):
        return None
    newest = max((row.ended_at for row in rows if row.track == track), default=LONG_AGO)
    return newest if device_now - FRESH <= newest <= device_now + AHEAD else None


def _is_recent(device: Device) -> bool:
    try:
        return device.now() - datetime.fromisoformat(device.memory.get(PROBED_KEY, "")) < PROBE_AGAIN
    except ValueError:
        return False


def _is_camera(device: Device) -> bool:
    """A device that does not say what it is counts as a recorder."""
    try:
        return is_camera(device)
    except Refused as refusal:
        if refusal.definitive:
            raise
        return False
    except DeviceFailure:
        return False


def _base(means: str, clock: DeviceClock) -> TimeBase:
    return TimeBase.utc(clock.declared) if means == "utc" else TimeBase.local()
