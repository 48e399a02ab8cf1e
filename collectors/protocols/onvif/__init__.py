"""ONVIF Profile G recorders: SOAP by hand, read only, one search at a time.

`channel` is the recording token; a source id or source name does as well where no other recording has the same. When
footage exists is known only from the log of the event search on `RecordingHistory/Track/State`; a list of recordings
gives no more than the oldest and the newest. An empty list, a fault and a log without start states prove nothing.

Kept in the device's memory: `login` (`digest`: it takes HTTP digest instead of the token), `event_filter` (spelling of
the choice of events that works), `time_base` (`utc` or `local`, what its stamps mean) and `time_base_at`,
`utc_field_is_local` (its clock tells the wall clock as UTC), `clock_seen` (last reading) and `clock_set_back` (device
time that was run through twice), `firmware`. A change of firmware, noticed by `describe`, clears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from collectors.answers import ChannelReading, ClockReading, Description, FootageAnswer, PlanReading
from collectors.device import Device, Secret
from collectors.digest import Credentials
from collectors.protocols.onvif import identity, playback, sources
from collectors.protocols.onvif.identity import answers_here, native_protocol
from collectors.protocols.onvif.modes import read_plans
from collectors.protocols.onvif.reading import Reading
from collectors.protocols.onvif.soap import is_locked
from collectors.protocols.onvif.times import read_clock

__all__ = [
    "answers_here",
    "channels",
    "clock",
    "describe",
    "footage",
    "native_protocol",
    "open_device",
    "plans",
    "playback_url",
]


def open_device(address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]) -> Device:
    auth = Credentials(secret.user, secret.password, hopeless=is_locked) if secret else None
    return Device(address, now=now, auth=auth, secret=secret, memory=memory)


def describe(device: Device) -> Description:
    return identity.read(device)


def clock(device: Device) -> ClockReading:
    return read_clock(device)


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that together cover the window up to now; nothing for a window that lies in the future.

    The last piece ends where the log is settled, at most five minutes ago; the rest is left to the next poll. A device
    that answered nothing at all raises its failure.
    """
    if covers_from < min(covers_to, device.now()):
        yield from Reading(device, channel).answers(covers_from, covers_to)


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """One per recording, with what is overlaid on its source where the device leads from one to the other."""
    return sources.read(device)


def plans(device: Device) -> tuple[PlanReading, ...]:
    """By the mode of the recording jobs; what contradicts itself or hangs on a schedule or event is unknown."""
    return read_plans(device)


def playback_url(device: Device, channel: str, at: datetime) -> str:
    """RTSP replay address. The fragment `#clock=…Z` is the device's time for the `Range` header of PLAY; a player that
    does not know it must fail rather than show the oldest picture."""
    return playback.url(device, channel, at)
