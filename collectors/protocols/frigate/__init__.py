"""Frigate: the index of its ten-second recording segments is the footage list, its configuration says what a hole in
it is worth.

`address` is `https://host:8971` (with login) or, inside a container network, `http://host:5000` (without).
`channel` is the name of the camera in Frigate's configuration. A user with the role viewer, or one bound to the
cameras in question, is enough. Kept in the device's memory: `version`.

A camera that Frigate does not know gets an empty list and no error, so names are looked up first. A camera that is set
to record on motion has gaps by design: what is listed is held, what is not is left open. Rows can outlive their files
(files deleted by hand, a disk mounted anew), which no list shows. What is younger than two minutes is not spoken about.

Only GET is used, and the one POST that logs in.
"""

from collectors.protocols.frigate.cameras import channels, plans
from collectors.protocols.frigate.footage import days_held, footage, playback_url
from collectors.protocols.frigate.server import open_device
from collectors.protocols.frigate.state import answers_here, clock, describe, disks

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

_VIEWER = "viewer"
RIGHTS = {"channels": _VIEWER, "plans": _VIEWER, "disks": _VIEWER, "days": _VIEWER, "footage": _VIEWER}
