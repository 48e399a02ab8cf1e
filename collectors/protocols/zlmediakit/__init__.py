"""ZLMediaKit as a recorder: a directory of MP4 files whose names say when each begins, and nothing else.

`address` is its HTTP server; the password of the secret is the server's `secret`, sent as a header so that it stands in
no log, and its user name is not used. There is no read-only key: a proxy that lets our address do no more than `GET` of
`/index/api/getMp4RecordFile`, `getMediaList`, `version` and of `/record/` is the safe way. `channel` is
`<app>/<stream>`.

How long a file is stands in the file: two small parts of it are read for its length and for the instant it was made,
which tells what zone the names are in. Files that follow each other in a rhythm seen twice are not opened. Where files
cannot be opened nothing is claimed and nothing denied. The file being written is hidden, for an hour as shipped: while
a stream records, nothing after its newest file is spoken about. A name nobody recorded under lists nothing either, so
an empty list counts once the name is known from other days or as a live stream. Recordings as HLS are never listed.

Kept in the device's memory: `firmware`, `zone_min` (minutes by which names run ahead of UTC), `idle <channel>` (since
when it was seen not to record). Only GET is used.
"""

from collectors.protocols.zlmediakit.channels import channels
from collectors.protocols.zlmediakit.footage import days_held, footage, playback_url
from collectors.protocols.zlmediakit.identity import answers_here, clock, describe
from collectors.protocols.zlmediakit.server import open_device

__all__ = [
    "CLIPS_TELL_START",
    "answers_here",
    "channels",
    "clock",
    "days_held",
    "describe",
    "footage",
    "open_device",
    "playback_url",
]

CLIPS_TELL_START = True
