"""What the times of the database mean: they are written in local time, without a zone.

PHP tells its zone; that of the database can be another one. An event that is being written ends about now, so it shows
by how many hours they differ. *Device time* is what the device takes for UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors import json_reply
from collectors.answers import Malformed
from collectors.protocols.zoneminder.events import Event
from collectors.protocols.zoneminder.server import ZoneminderDevice
from collectors.xml import quoted

TIMEZONE = "/api/host/getTimeZone.json"
ZONE_KEY, SHIFT_KEY, SUSPECT_KEY = "zone", "shift_s", "suspected"
STEP = timedelta(minutes=30)
"""Zones differ by whole half hours."""
NEAR = timedelta(minutes=5)
FURTHEST = timedelta(hours=26)
TEXT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class TimeBase:
    """The zone of PHP, and how much later the digits of the database are. `is_certain`: an event has shown that."""

    zone: ZoneInfo
    shift: timedelta = timedelta(0)
    is_certain: bool = False

    def device_time(self, digits: datetime) -> datetime:
        local = (digits - self.shift).replace(tzinfo=self.zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    def digits(self, device_time: datetime) -> datetime:
        return device_time.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None) + self.shift

    def written(self, device_time: datetime) -> str:
        return self.digits(device_time).strftime(TEXT)

    def is_ambiguous(self, start: datetime, end: datetime, now: datetime) -> bool:
        """Whether local time changes in that stretch of device time: an hour then stands twice or not at all. A
        database in another zone need not change with PHP's, so its shift is only good for the offset of today."""
        day = timedelta(days=1)
        instants = (start - day, start, end, end + day, *((now,) if self.shift else ()))
        offsets = {self.digits(at) - at for at in instants}
        return len(offsets) > 1


def zone_of(server: ZoneminderDevice) -> ZoneInfo:
    name = json_reply.text(server.ask_object(TIMEZONE).get("tz"))
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Malformed(
            f"{server.address}{TIMEZONE} gives '{quoted(name)}' as its zone; set the time zone of PHP"
        ) from None


def remembered(server: ZoneminderDevice, zone: ZoneInfo) -> TimeBase:
    """What an earlier session has found for the same zone."""
    shift_s = json_reply.whole(server.memory.get(SHIFT_KEY))
    if server.memory.get(ZONE_KEY) != zone.key or shift_s is None:
        return TimeBase(zone)
    return TimeBase(zone, timedelta(seconds=shift_s), is_certain=True)


def verified(server: ZoneminderDevice, base: TimeBase, newest: Event, device_now: datetime) -> TimeBase:
    """The base that the newest event settles: an open one that ends at a whole number of half hours from now. One that
    ends hours away may be torn: it must have moved on, by the next look, as time has. A closed one settles nothing,
    because in a database an hour ahead a camera that stopped an hour ago seems to have stopped just now."""
    apart = newest.reached - TimeBase(base.zone).digits(device_now)
    shift = STEP * round(apart / STEP)
    if newest.ended is not None or abs(apart - shift) > NEAR or abs(shift) > FURTHEST:
        return base
    found = TimeBase(base.zone, shift, is_certain=True)
    if shift == base.shift:
        return settled(server, found)
    suspected, _, reached = server.memory.get(SUSPECT_KEY, "").partition(" ")
    if reached == newest.reached.isoformat():
        return base
    if suspected != str(int(shift.total_seconds())):
        server.memory[SUSPECT_KEY] = f"{int(shift.total_seconds())} {newest.reached.isoformat()}"
    elif reached < (newest.reached - 2 * NEAR).isoformat():
        return settled(server, found)
    return TimeBase(base.zone, base.shift)


def settled(server: ZoneminderDevice, base: TimeBase) -> TimeBase:
    server.memory[ZONE_KEY] = base.zone.key
    server.memory[SHIFT_KEY] = str(int(base.shift.total_seconds()))
    server.memory.pop(SUSPECT_KEY, None)
    return base
