"""Dahua recorders and cameras, and the brands built on them, over their HTTP CGI: read only, one request at a time.

The channel is the number shown in the recorder's own menu, from 1. Footage kept for evidence is on the main stream.
Searches are objects inside the recorder that must be given back, so every one is closed and destroyed. Requests are
half a second apart, because the web service of small recorders falls over otherwise. Answers about cameras hold their
passwords: only switch and address are ever kept of them.

Kept in the device's memory: `base_N` (`1`: channel N is asked as N, `0`: as N - 1; also proof that it exists),
`finder` (`ok`: a search was accepted once), `lacks:NAME` (an interface this model does not have), `firmware`. A
change of firmware, noticed by `describe`, clears it.
"""

from collectors.protocols.dahua.channels import channels
from collectors.protocols.dahua.disks import disks
from collectors.protocols.dahua.footage import footage
from collectors.protocols.dahua.identity import describe
from collectors.protocols.dahua.plans import plans
from collectors.protocols.dahua.recognition import answers_here
from collectors.protocols.dahua.server import open_device
from collectors.protocols.dahua.times import clock, playback_url

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

_SYSTEM = "System info"
RIGHTS = {
    "describe": _SYSTEM,
    "clock": _SYSTEM,
    "channels": _SYSTEM,
    "plans": _SYSTEM,
    "disks": "Storage",
    "footage": "Playback/Search",
}
