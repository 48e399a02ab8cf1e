"""WVP, a GB/T 28181 platform: it passes questions on to the recorders and cameras registered with it.

`address` is the platform (`https://host:18080`). The secret is a user of it, or an API key of its administrator: then
the user name in the secret is `api-key` and the key its password. `channel` is one of

    34020000001320000001/34020000001310000001   device and channel code: what that device itself has recorded
    rtp/34020000001320000001_34020000001310000001   app and stream: what the platform's media server has recorded

A device answers in digits of its own clock, taken as Beijing time, and nothing on the way tells how wrong that clock
is: its answers carry no clock offset, and they deny nothing until some channel of the device was seen to record about
now, or had recorded nothing for longer than any time zone explains. The platform passes a list on only when every
message of it arrived; windows are therefore short, halved when they fail, and asked one at a time with a pause. Some
devices cut long lists: a gap is believed when a question about it alone lists nothing. The newest 75 minutes are not
spoken about.

Rows of the media server's records prove presence only: a row is lost when the platform is down as its file closes.

A device that is silent or offline gives answers that are not ok, and no failure: the others on the platform go on.

Kept in the device's memory: `firmware`, and `fresh <device code>`, the channel of that device last seen recording. Only
GET is used.
"""

from collectors.protocols.wvp.channels import channels
from collectors.protocols.wvp.footage import footage
from collectors.protocols.wvp.identity import answers_here, clock, describe
from collectors.protocols.wvp.server import open_device

__all__ = ["answers_here", "channels", "clock", "describe", "footage", "open_device"]
