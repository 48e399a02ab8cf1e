"""Turns a reply into its text, or into the failure it stands for (fact sheet §8).

A 403 can mean a missing right, an unknown name, an old signature or a locked account: only its body tells the last.
"""

from __future__ import annotations

import json

from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.chunks import DeviceBrokeError
from collectors.device import Reply
from collectors.protocols.dahua.words import decoded
from collectors.xml import quoted

LOCK_MARGIN_S = 60
"""Waited beyond the device's own time, so that a slow device clock does not cost the next attempt."""
LOCKED_CODE = 268632081
LONGEST_LOCK_S = 7 * 86_400
LARGEST_REFUSAL_BYTES = 4096
_WEB_PAGE = ("<!doctype html", "<html")


class RejectedError(Malformed):
    """The device answered `Error`: it does not know the name or the channel, or a search found nothing."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


class MissingError(Malformed):
    """This model has no such interface."""


def text_of(reply: Reply, source: str) -> str:
    """The body of a good answer; `source` names the request in the failures."""
    said = decoded(reply.body).strip()
    failure = refused_login(reply, source) or _by_body(said, reply.status, source) or _by_status(reply.status, source)
    if failure is not None:
        raise failure
    return decoded(reply.body)


def refused_login(reply: Reply, source: str) -> Refused | None:
    """What the reply says about the account. Definitive: another try could lock it."""
    counted = _counted(reply.body)
    lock_s, left = counted.get("RmLock", 0), counted.get("RmLogin")
    if lock_s or counted.get("ErrorCode") == LOCKED_CODE:
        wait_s = min(lock_s, LONGEST_LOCK_S) + LOCK_MARGIN_S if lock_s else None
        return Refused(
            f"{source}: the account is locked for {lock_s} s; correct the password before it is asked again",
            wait_s=wait_s,
            definitive=True,
        )
    if left is not None and reply.status in (401, 403):
        return Refused(
            f"{source}: user name or password is wrong; {left} attempts are left before the account is locked",
            definitive=True,
        )
    if reply.status != 401:
        return None
    if reply.signed:
        return Refused(f"{source}: user name or password is wrong, or too many users are logged in", definitive=True)
    offered = quoted(reply.headers.get("WWW-Authenticate", "").partition(" ")[0]) or "nothing"
    return Refused(
        f"{source}: the device asks for a login we cannot give (it offers {offered}; digest is supported, basic only "
        "over https, and a password must be on file)",
        definitive=True,
    )


def tells_attempts(body: bytes) -> bool:
    """Whether a refusal counts login attempts: then it is the account, and asking again costs one of them."""
    return bool(_counted(body))


def _counted(body: bytes) -> dict[str, int]:
    if len(body) > LARGEST_REFUSAL_BYTES or not body.lstrip().startswith(b"{"):
        return {}
    try:
        said = json.loads(decoded(body))
    except (ValueError, RecursionError):
        return {}
    names = ("ErrorCode", "RmLock", "RmLogin")
    numbers = {name: said.get(name) for name in names} if isinstance(said, dict) else {}
    return {name: n for name, n in numbers.items() if isinstance(n, int) and not isinstance(n, bool) and n >= 0}


def _by_body(said: str, status: int, source: str) -> DeviceFailure | None:
    """What the text of a 200 or 400 says; other statuses speak for themselves."""
    if status not in (200, 400):
        return None
    if said.lower().startswith(_WEB_PAGE):
        return Malformed(
            f"{source} answered with a web page instead of data; check the port and that the interface is on"
        )
    if said.startswith("Error") or (status == 400 and not said):
        return RejectedError(f"{source} was rejected ('{quoted(said, 80)}'); check the channel and the firmware", said)
    if said.startswith("{"):
        return Malformed(f"{source} answered with '{quoted(said, 80)}' instead of lines of key=value")
    return None if said else Malformed(f"{source} answered with an empty body")


def _by_status(status: int, source: str) -> DeviceFailure | None:
    if status == 200:
        return None
    if status == 403:
        return Refused(f"{source} is forbidden (403): the account lacks the right, or the device the function")
    if status in (404, 501):
        return MissingError(f"{source} is not known to the device ({status}); this model may not have it")
    if status == 503:
        return Unreachable(f"{source} is not available at the moment (503); ask again later")
    if status >= 500:
        return DeviceBrokeError(f"{source} made the device fail ({status})")
    return Malformed(f"{source} answered with the unexpected status {status}")
