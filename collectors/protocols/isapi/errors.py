"""Turns a reply into the root element that was asked for, or into the failure it stands for (fact sheet §13).

Only the expected root with status 200 is an answer. Everything else says nothing about footage.
"""

from __future__ import annotations

from lxml import etree

from collectors import xml
from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.device import Reply

LOCK_MARGIN_S = 60
"""Waited beyond the device's own unlock time, so that a slow device clock does not cost the next attempt."""


class DeviceBrokeError(Unreachable):
    """An internal error of the device: it may still answer for a narrower window."""


class RequestRejectedError(Malformed):
    """The device does not accept this spelling of the request; another one may work."""


class UnknownResourceError(Malformed):
    """The device has no such resource: this firmware, or this kind of device, does not tell it."""


class PagingStalledError(Malformed):
    """The device promises more and never delivers it; a narrower window may fit on its first page."""


def root_of(reply: Reply, expected: tuple[str, ...], source: str) -> etree._Element:
    """The root element, called one of `expected`; `source` names the request in the failures."""
    if reply.status == 401:
        raise _refused_login(reply, source)
    if reply.status == 404:
        raise UnknownResourceError(
            f"{source} is not known to the device (404); switch ISAPI on, or register another protocol"
        )
    try:
        root = xml.parse(reply.body, source)
    except Malformed as unreadable:
        raise _by_status(reply.status, source) or unreadable from None
    name = xml.local_name(root)
    if name in expected and reply.status == 200:
        return _passed(root, reply, source)
    if name == "ResponseStatus":
        raise (
            _by_code(root, source)
            or _by_status(reply.status, source)
            or Malformed(f"{source} was acknowledged, but the {' or '.join(expected)} asked for was not sent")
        )
    raise _by_status(reply.status, source) or Malformed(
        f"{source} answered with <{xml.quoted(name)}> instead of <{' or '.join(expected)}>"
    )


def _passed(root: etree._Element, reply: Reply, source: str) -> etree._Element:
    """The check of a login may say no with status 200."""
    if xml.local_name(root) == "userCheck" and xml.text_of(root, "statusValue") == "401":
        raise _refused_login(reply, source)
    return root


def _by_status(status: int, source: str) -> DeviceFailure | None:
    if status == 200:
        return None
    if status == 403:
        return Refused(f"{source} is forbidden (403): the account lacks the right, or the device the function")
    if status == 400:
        return RequestRejectedError(f"{source} was rejected as a bad request (400)")
    if status == 503:
        return Unreachable(f"{source} is not available at the moment (503); ask again later")
    if status >= 500:
        return DeviceBrokeError(f"{source} made the device fail ({status})")
    return Malformed(f"{source} answered with the unexpected status {status}")


def _by_code(root: etree._Element, source: str) -> DeviceFailure | None:
    """`ResponseStatus` may come with any HTTP status; its own code decides."""
    code, word = xml.text_of(root, "statusCode"), xml.text_of(root, "subStatusCode")
    said = xml.quoted(f"{xml.text_of(root, 'statusString') or 'no text'}, {word or 'no further reason'}", 80)
    if code == "2" or word in ("deviceBusy", "noMemory"):
        return Unreachable(f"{source} found the device busy ({said}); ask again in 30 s")
    if code == "3" or word == "deviceError":
        return DeviceBrokeError(f"{source} made the device fail ({said})")
    if code == "4":
        return Refused(f"{source} is not supported or not permitted ({said})")
    if code in ("5", "6") or word in ("badXmlContent", "badXmlFormat", "badParameters"):
        return RequestRejectedError(f"{source} was rejected ({said})")
    if code == "7":
        return Unreachable(f"{source} must wait until the device has been restarted ({said})")
    return None


def _refused_login(reply: Reply, source: str) -> Refused:
    """What the 401 says about the account. Definitive: another try could lock it."""
    try:
        root = xml.parse(reply.body, source)
    except Malformed:
        return _by_signature(reply, source, "")
    wait_s = _seconds(xml.text_of(root, "unlockTime"))
    left = xml.text_of(root, "retryLoginTime")
    if xml.text_of(root, "lockStatus") == "lock":
        return Refused(
            f"{source}: the account is locked for {wait_s} s more; correct the password before it is asked again",
            wait_s=wait_s + LOCK_MARGIN_S,
            definitive=True,
        )
    return _by_signature(
        reply, source, f"; {xml.quoted(left)} attempts are left before the account is locked" if left else ""
    )


def is_locked(body: bytes) -> bool:
    """Whether the body of a 401 says that the account is locked."""
    try:
        return xml.text_of(xml.parse(body, "the refusal"), "lockStatus") == "lock"
    except Malformed:
        return False


def attempts_left(body: bytes) -> int | None:
    """How many wrong passwords the body of a 401 still allows; None when it does not say."""
    try:
        left = xml.text_of(xml.parse(body, "the refusal"), "retryLoginTime")
    except Malformed:
        return None
    return int(left) if left.isascii() and left.isdigit() and len(left) < 7 else None


def _by_signature(reply: Reply, source: str, attempts: str) -> Refused:
    if reply.signed:
        return Refused(f"{source}: user name or password is wrong{attempts}", definitive=True)
    offered = xml.quoted(reply.headers.get("WWW-Authenticate", "").partition(" ")[0]) or "nothing"
    return Refused(
        f"{source}: the device asks for a login we cannot give (it offers {offered}; "
        "digest is supported, basic only over https, and a password must be on file)",
        definitive=True,
    )


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
