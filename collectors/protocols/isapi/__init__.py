"""Hikvision recorders and cameras over ISAPI: read only, one request at a time.

The channel is the number shown in the recorder's own menu: `3` is asked as track 301, its main stream. A number from
101 on is taken as a track id (`302`: sub stream), a text that is no number likewise, as some hybrid recorders use
`I-1`. Footage kept for evidence is on the main stream, and only main streams are read for plans.

Kept in the device's memory: `interface` (`/ISAPI`, or `/PSIA` on the oldest), `search_form` and `position_word`
(spelling of the search it accepts), `paging` (`cursor`: it ignores positions), `z_means` (`local` or `utc`),
`z_probed_at`, `z_utc_end` (why it may be UTC), `playback_stamp` and `playback_port` (how it writes addresses),
`overlays_untold` (channels whose overlays it does not tell), `login_refused_at`, `firmware`, `device_type`. A change of
firmware, noticed by `describe`, clears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from collectors.answers import ChannelReading, ClockReading, Description, DiskReading, FootageAnswer, PlanReading
from collectors.device import Device, Secret
from collectors.protocols.isapi import calendar, identity, inputs, login, playback, storage, tracklist
from collectors.protocols.isapi.recognition import answers_here
from collectors.protocols.isapi.session import Session
from collectors.protocols.isapi.times import opening_clock, read_clock
from collectors.protocols.isapi.tracks import track_of

__all__ = [
    "RIGHTS",
    "answers_here",
    "channels",
    "clock",
    "days_held",
    "describe",
    "disks",
    "footage",
    "open_device",
    "plans",
    "playback_url",
]

_SETTINGS = "Remote: Parameters Settings"
RIGHTS = {
    "describe": _SETTINGS,
    "clock": _SETTINGS,
    "channels": _SETTINGS,
    "plans": _SETTINGS,
    "disks": "Remote: Log Search / Interrogate Working Status",
    "days": "Remote: Playback",
    "footage": "Remote: Playback",
}


def open_device(address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]) -> Device:
    auth = login.credentials(secret, memory) if secret else None
    return Device(address, now=now, auth=auth, secret=secret, memory=memory)


def describe(device: Device) -> Description:
    return identity.read(device)


def clock(device: Device) -> ClockReading:
    return read_clock(device).reading


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that together cover the window up to now; nothing for a window that lies in the future.

    The last piece ends where footage was indexed to, at most five minutes ago; the rest is left to the next poll. Each
    piece carries the clock offset it was read with. A device that answered nothing at all raises its failure.
    """
    track = track_of(channel)
    session = Session(device, track, opening_clock(device))
    yield from session.answers(covers_from, covers_to)


def channels(device: Device) -> tuple[ChannelReading, ...]:
    return inputs.read(device)


def plans(device: Device) -> tuple[PlanReading, ...]:
    """Main tracks only. A plan that is continuous for part of the week and off for the rest is unknown."""
    return tracklist.read(device)


def disks(device: Device) -> tuple[DiskReading, ...]:
    """Disks and network volumes; empty bays are left out."""
    return storage.read(device)


def days_held(device: Device, channel: str, first_day: date, last_day: date) -> frozenset[date]:
    """By the device's own calendar and clock; Malformed when it leaves one of the days out."""
    return calendar.days_held(device, track_of(channel), first_day, last_day)


def playback_url(device: Device, channel: str, at: datetime) -> str:
    """RTSP, ten seconds from `at`, without credentials; the times in it are in the device's own digits."""
    return playback.address(device, track_of(channel), at)
