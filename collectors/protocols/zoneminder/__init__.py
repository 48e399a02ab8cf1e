"""ZoneMinder 1.36 and later: its events are the footage list, the settings of a monitor say what a hole is worth.

`address` is `https://host` where ZoneMinder is at `/zm`, else with its path: `https://host/cameras/zm`. `channel` is
the Id of the monitor. A user who may view events, monitors and (for the storage) system, with the API enabled, is
enough; with authentication switched off no password is needed. The token goes out in the query and is kept out of
evidence and messages.

Only a monitor set to record always is graded; on motion, gaps are by design. An event that was never closed (it is
being written, or a crash tore it) reaches to its start plus its length, which is written every hundred frames; what
follows is left open until the next event or the end of its section. The first event after a start is dated up to some
seconds after the footage in its file begins, so a gap looks that much longer than it is.

A clock that is set back inside an event shortens it and leaves no trace; put right at the very cut of two others, it
leaves a gap that only the clock's own history can explain.

Times are local time of the database without a zone: `Secs` fields are used where there are any, else the zone of PHP,
once an event that is being written has shown that the database uses the same one.

Kept in the device's memory: `version`, `entry` (`/index.php` where the web server rewrites nothing), `zone` (that of
PHP when last looked up), `shift_s` (how much later the digits of the database are), `suspected` (another such shift,
and the open event that hints at it).

Only GET is used, and the one POST that logs in.
"""

from collectors.protocols.zoneminder.footage import footage, playback_url
from collectors.protocols.zoneminder.monitors import channels, plans
from collectors.protocols.zoneminder.server import open_device
from collectors.protocols.zoneminder.state import answers_here, clock, describe, disks

__all__ = [
    "RIGHTS",
    "answers_here",
    "channels",
    "clock",
    "describe",
    "disks",
    "footage",
    "open_device",
    "plans",
    "playback_url",
]

RIGHTS = {"channels": "Monitors: View", "plans": "Monitors: View", "footage": "Events: View", "disks": "System: View"}
