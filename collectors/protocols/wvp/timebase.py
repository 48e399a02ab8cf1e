"""Whether the digits of a device are Beijing time: nothing on the way tells what its clock shows.

A device that records has a file that ends about now. In another zone, or with a clock set wrong, the newest file ends
somewhere else within a day; a device that lists nothing at all for longer than that has stopped.
"""

from __future__ import annotations

from datetime import timedelta

from collectors.answers import DeviceFailure, Refused
from collectors.protocols.wvp.records import Asker, written
from collectors.protocols.wvp.server import WvpDevice

FRESH_KEY = "fresh {}"
LAG = timedelta(minutes=70)
"""Some devices list only finished files, of up to an hour."""
AHEAD = timedelta(minutes=2)
ANY_ZONE = timedelta(hours=26)
"""No two places on earth differ by more."""


def doubt(server: WvpDevice, asker: Asker) -> str:
    """Why nothing may be concluded from the digits of this device now; empty when they are to be trusted."""
    key = f"time base {asker.device_id} {asker.channel_id}"
    if key not in server.notes:
        server.notes[key] = _doubt(server, asker)
    return str(server.notes[key])


def _doubt(server: WvpDevice, asker: Asker) -> str:
    if _is_fresh(server, asker):
        server.memory[FRESH_KEY.format(asker.device_id)] = asker.channel_id
        return ""
    sibling = server.memory.get(FRESH_KEY.format(asker.device_id), asker.channel_id)
    if sibling != asker.channel_id and _is_fresh(server, Asker(server, asker.device_id, sibling)):
        return ""
    now = server.now()
    try:
        rows = asker.rows((now - ANY_ZONE, now + ANY_ZONE))
    except Refused:
        raise
    except DeviceFailure as failure:
        return f"whether the digits of {asker.device_id} are Beijing time could not be found out: {failure}"
    if not rows:
        return ""
    newest = max(row.ended_at for row in rows)
    return (
        f"the newest footage of {asker.channel_id} ends at {written(newest)} and not about now: it stopped within the "
        f"last day, or the clock of {asker.device_id} is wrong, which no answer tells; asked again later"
    )


def _is_fresh(server: WvpDevice, asker: Asker) -> bool:
    """Some file ends about now and none in the future; a list that fails is no proof of that."""
    now = server.now()
    try:
        recent = asker.rows((now - LAG, now + AHEAD))
        if not any(now - LAG <= row.ended_at <= now + AHEAD for row in recent):
            return False
        return not any(row.ended_at > now + AHEAD for row in [*recent, *asker.rows((now + AHEAD, now + ANY_ZONE))])
    except Refused:
        raise
    except DeviceFailure:
        return False
