"""How far the footage of a track reaches (fact sheet §4.3.6, §4.3.9): the log says when it was written, not what of it
has been overwritten since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.chunks import Flaw
from collectors.intervals import Interval, common, without
from collectors.protocols.onvif.recordings import Recording, plausible
from collectors.protocols.onvif.states import Track
from collectors.protocols.onvif.timebase import TimeBase
from collectors.protocols.onvif.times import Stamp

INDEX_LAG = timedelta(minutes=5)
"""What is being written is told late: nothing so recent is denied."""
NOT_YET_OVERWRITTEN = timedelta(days=7)
"""No disk is so small; older footage counts as kept only where the device says how far back it reaches."""
LONG_AGO, FAR_AHEAD = datetime(1970, 1, 1), datetime(2101, 1, 1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Device time; None where the device does not say or writes what cannot be, such as 1970."""

    token: str
    oldest: datetime | None
    newest: datetime | None


def of_tracks(recording: Recording, base: TimeBase, device_now: datetime) -> list[Bounds]:
    found = []
    for track in recording.video:
        oldest, newest = (_at(stamp, base, device_now) for stamp in (track.data_from, track.data_to))
        if oldest is not None and (oldest > device_now or (newest is not None and oldest > newest)):
            oldest = None
        found.append(Bounds(track.token, oldest, newest))
    return found


def _at(stamp: Stamp | None, base: TimeBase, device_now: datetime) -> datetime | None:
    at = None if stamp is None else base.device_time(stamp)
    return at if at is not None and plausible(at, device_now) else None


def oldest(bounds: list[Bounds]) -> datetime:
    """Before this no track has anything."""
    return min((each.oldest or LONG_AGO for each in bounds), default=LONG_AGO)


def settled_to(bounds: list[Bounds], device_now: datetime) -> datetime:
    newest = max((each.newest for each in bounds if each.newest is not None), default=LONG_AGO)
    return min(device_now, max(newest, device_now - INDEX_LAG))


def bounded(track: Track, bounds: Bounds, device_now: datetime) -> tuple[list[Interval], list[Flaw]]:
    """What of the track is held, and what remains doubtful; before its oldest data it has none, doubtful or not."""
    since = (bounds.oldest or LONG_AGO, FAR_AHEAD)
    held, doubts = common(track.held, [since]), list(track.doubts)
    for part, reason in _unsure(bounds, device_now):
        doubts += [Flaw(found, reason) for found in common(held, [part])]
        held = without(held, [part])
    return held, [Flaw(part, d.reason, d.outcome) for d in doubts for part in common([d.part], [since])]


def _unsure(bounds: Bounds, device_now: datetime) -> Iterator[tuple[Interval, str]]:
    """Where the log alone does not prove that the footage is still there."""
    if bounds.newest is None:
        yield (LONG_AGO, FAR_AHEAD), "the device does not date its footage, so it may hold none of what it recorded"
        return
    yield (bounds.newest, FAR_AHEAD), f"the newest footage it dates ends at {bounds.newest:%Y-%m-%d %H:%M:%S}Z"
    if bounds.oldest is None:
        before = (LONG_AGO, device_now - NOT_YET_OVERWRITTEN)
        yield before, "the device does not say how far back its footage reaches, so it may be overwritten"
