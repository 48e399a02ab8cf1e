"""Envelopes out, the answered element in (fact sheet §1 and §8). Names are matched without their prefixes."""

from __future__ import annotations

import hashlib
from base64 import b64encode

from lxml import etree

from collectors import xml
from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.chunks import DeviceBrokeError
from collectors.device import Reply

SCHEMA = "http://www.onvif.org/ver10/schema"
EVENTS = "http://docs.oasis-open.org/wsn/b-2"
TOPICS = "http://www.onvif.org/ver10/topics"
_ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
_SECURITY, _UTILITY = f"{_WSS}-wssecurity-secext-1.0.xsd", f"{_WSS}-wssecurity-utility-1.0.xsd"
_DIGEST, _BASE64 = f"{_WSS}-username-token-profile-1.0#PasswordDigest", f"{_WSS}-soap-message-security-1.0#Base64Binary"
_SERVICE_PREFIXES = {"tds": "device", "trc": "recording", "tse": "search", "trp": "replay", "trt": "media"}
SERVICES = {word: f"http://www.onvif.org/ver10/{word}/wsdl" for word in _SERVICE_PREFIXES.values()}
_PREFIXES = {
    "s": _ENVELOPE,
    "tt": SCHEMA,
    "wsnt": EVENTS,
    "tns1": TOPICS,
    "wsse": _SECURITY,
    "wsu": _UTILITY,
    **{prefix: SERVICES[word] for prefix, word in _SERVICE_PREFIXES.items()},
}
"""The customary prefixes: some devices look for them instead of the namespaces."""


class NotAuthorizedError(Refused):
    """The login was not taken. `by_fault`: SOAP refused it, so that HTTP digest or another clock may still do."""

    def __init__(self, message: str, *, by_fault: bool) -> None:
        super().__init__(message, definitive=True)
        self.by_fault = by_fault


class NotOfferedError(Refused):
    """This device has no such operation."""


class FilterRefusedError(Malformed):
    """The device does not take this spelling of the topics; another one may do."""


class SessionExpiredError(Malformed):
    """The device has forgotten the search."""


class NoFreeSessionError(Unreachable):
    """Too many searches are under way on the device."""


_MEANINGS: tuple[tuple[set[str], type[DeviceFailure], str], ...] = (
    ({"ActionNotSupported", "OptionalActionNotImplemented"}, NotOfferedError, "is not offered by this device"),
    ({"InvalidToken"}, SessionExpiredError, "failed because the device has forgotten the search; ask again"),
    ({"ResourceProblem"}, NoFreeSessionError, "failed because too many searches are under way; ask again later"),
    ({"NoRecording"}, Malformed, "failed because the device no longer has the recording; register its new token"),
    ({"Receiver", "Server", "Action"}, DeviceBrokeError, "made the device fail; ask again later"),
)


def node(namespace: str, name: str, *content: str | etree._Element, **attributes: str) -> etree._Element:
    element = etree.Element(f"{{{namespace}}}{name}", attributes, nsmap=_PREFIXES)
    for part in content:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def envelope(body: etree._Element, *header: etree._Element) -> str:
    whole = node(_ENVELOPE, "Envelope", node(_ENVELOPE, "Header", *header), node(_ENVELOPE, "Body", body))
    etree.cleanup_namespaces(whole, keep_ns_prefixes=["tns1"])  # the topics are text, so nothing seems to use it
    return etree.tostring(whole, encoding="unicode")


def password_digest(password: str, nonce: bytes, created: str) -> str:
    """Base64(SHA1(nonce + created + password)), WS-Security UsernameToken profile 1.0."""
    return b64encode(
        hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
    ).decode()


def security(user: str, digest: str, nonce: bytes, created: str) -> etree._Element:
    """The header that logs in; `created` is the device's own time."""
    return node(
        _SECURITY,
        "Security",
        node(
            _SECURITY,
            "UsernameToken",
            node(_SECURITY, "Username", user),
            node(_SECURITY, "Password", digest, Type=_DIGEST),
            node(_SECURITY, "Nonce", b64encode(nonce).decode(), EncodingType=_BASE64),
            node(_UTILITY, "Created", created),
        ),
    )


def answer_of(reply: Reply, operation: str, source: str) -> etree._Element:
    """The element `operation`Response; everything else is the failure it stands for."""
    try:
        root = xml.parse(reply.body, source)
    except Malformed as unreadable:
        raise _by_status(reply, source) or unreadable from None
    answer = _inside_body(root)
    if answer is not None and xml.local_name(answer) == "Fault":
        raise _by_fault(answer, reply, source)
    if answer is not None and xml.local_name(answer) == f"{operation}Response" and reply.status == 200:
        return answer
    name = xml.local_name(root if answer is None else answer)
    raise _by_status(reply, source) or Malformed(f"{source} was answered with <{xml.quoted(name)}>")


def _inside_body(root: etree._Element) -> etree._Element | None:
    if xml.local_name(root) != "Envelope":
        return None
    body = next((child for child in root if xml.local_name(child) == "Body"), None)
    return None if body is None or len(body) == 0 else body[0]


def _by_status(reply: Reply, source: str) -> DeviceFailure | None:
    status = reply.status
    if status == 200:
        return None
    if status == 401:
        return _bare_refusal(reply, source)
    failures: dict[int, DeviceFailure] = {
        403: Refused(f"{source} is forbidden (403); give the ONVIF user the right to search recordings"),
        404: Malformed(f"{source} is not known to the device (404); switch ONVIF on, or check the port"),
        405: Malformed(f"{source} is not known to the device (405); switch ONVIF on, or check the port"),
        503: Unreachable(f"{source} is not available at the moment (503); ask again later"),
    }
    broken = DeviceBrokeError(f"{source} made the device fail ({status}); ask again later")
    other = broken if status >= 500 else Malformed(f"{source} was answered with the unexpected status {status}")
    return failures.get(status, other)


def _bare_refusal(reply: Reply, source: str) -> NotAuthorizedError:
    """A 401 without SOAP. What can be signed has been: `Device` answers a digest challenge by itself."""
    if is_locked(reply.body):
        return NotAuthorizedError(f"{source}: the account is locked; wait, then correct the password", by_fault=False)
    if reply.signed:
        return NotAuthorizedError(f"{source}: user name or password is wrong; check the ONVIF user", by_fault=False)
    return NotAuthorizedError(
        f"{source}: the device asks for a login that cannot be given; put an ONVIF user with password on file",
        by_fault=False,
    )


def is_locked(body: bytes) -> bool:
    """Whether the refusal says that the account is locked, where every further try prolongs it."""
    return b"locked" in body[:4096].lower().replace(b"unlocked", b"")


def _by_fault(fault: etree._Element, reply: Reply, source: str) -> DeviceFailure:
    """Codes come with any prefix and any HTTP status, subcodes nested two deep."""
    values = [element for name in ("Value", "faultcode") for element in xml.each(fault, name)]
    codes = [(element.text or "").strip().rpartition(":")[2] for element in values]
    said = xml.quoted(xml.text_of(fault, "Text") or xml.text_of(fault, "faultstring") or "no text", 80)
    said = f"{xml.quoted(', '.join(codes) or 'no code', 60)}: {said}"
    if {"NotAuthorized", "FailedAuthentication"} & set(codes) or reply.status == 401:
        if is_locked(reply.body):
            return NotAuthorizedError(f"{source}: the account is locked ({said})", by_fault=False)
        return NotAuthorizedError(f"{source} refused the login ({said}); check the ONVIF user", by_fault=True)
    return _by_code(set(codes), f"({said})", source)


def _by_code(codes: set[str], said: str, source: str) -> DeviceFailure:
    if any("Filter" in code or "Topic" in code for code in codes):
        return FilterRefusedError(f"{source}: the device does not take this choice of events {said}")
    for known, failure, meaning in _MEANINGS:
        if codes & known:
            return failure(f"{source} {meaning} {said}")
    return Malformed(f"{source} was rejected {said}; check the firmware and the channel")
