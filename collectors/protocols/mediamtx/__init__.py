"""MediaMTX as a recorder: the `/list` of its playback server is the footage index, its control API says what
an empty list is worth.

`address` in `recorders.csv` is the playback server. The control API is taken to be on port 9997 of the same
host, unless the address says otherwise:

    http://host:9996                            API at http://host:9997
    http://host:9996?api_port=19997             API on another port of that host (the same port is allowed)
    https://gate/playback?api=https://gate/api  API anywhere else, for instance behind a gateway

`channel` is the path name. One user with the actions `playback` and `api`, limited to our address, is enough;
the default configuration keeps the API for loopback. While the API is closed to us, a list is still an answer
and an empty one is none: it cannot be told from a path that never was configured. A path that is
`alwaysAvailable` records a slate while its camera is gone, so its list proves neither presence nor absence.
A closed file is listed with the length its header claims, so one that was cut off later still counts in full.

Kept in the device's memory: `version`; nothing else is learned, so nothing is forgotten with another one.

Only GET is used: every other method of this server changes the configuration or destroys recordings.
"""

from collectors.protocols.mediamtx.footage import footage
from collectors.protocols.mediamtx.identity import answers_here, clock, describe
from collectors.protocols.mediamtx.playback import days_held, playback_url
from collectors.protocols.mediamtx.server import open_device
from collectors.protocols.mediamtx.settings import channels, plans

__all__ = [
    "RIGHTS",
    "answers_here",
    "channels",
    "clock",
    "days_held",
    "describe",
    "footage",
    "open_device",
    "plans",
    "playback_url",
]

RIGHTS = {"describe": "api", "channels": "api", "plans": "api", "days": "playback", "footage": "playback"}
