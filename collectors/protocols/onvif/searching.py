"""One search from its opening to its end (fact sheet §5): drained until the device says it is completed, else ended.

Only one search is open at a time. A part of a list is never returned.
"""

from __future__ import annotations

from datetime import timedelta

from lxml import etree

from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.chunks import TooMuchError
from collectors.device import Device
from collectors.protocols.onvif.calls import ask
from collectors.protocols.onvif.soap import SERVICES, NoFreeSessionError, SessionExpiredError, node
from collectors.xml import each, quoted, text_of

PAGE_ROWS, MAX_PAGES, MAX_EMPTY_PAGES = 100, 200, 60
DEADLINE = timedelta(seconds=60)
PAUSE_S, BUSY_PAUSE_S = 0.5, 30.0
KEEP_ALIVE, WAIT = "PT60S", "PT5S"
_STATES = {"queued", "searching", "completed", "unknown"}
_SEARCH = SERVICES["search"]


def results(device: Device, find: str, question: list[etree._Element], collect: str, item: str) -> list[etree._Element]:
    """All `item` elements that `collect` gives for the search opened with `find`; asked anew once if it expired."""
    try:
        return _whole_search(device, find, question, collect, item)
    except SessionExpiredError:
        return _whole_search(device, find, question, collect, item)


def limits(max_matches: int) -> list[etree._Element]:
    """The last children of every `Find…`."""
    return [node(_SEARCH, "MaxMatches", str(max_matches)), node(_SEARCH, "KeepAliveTime", KEEP_ALIVE)]


def _whole_search(
    device: Device, find: str, question: list[etree._Element], collect: str, item: str
) -> list[etree._Element]:
    token = _open(device, find, question)
    try:
        return _drain(device, token, collect, item)
    except SessionExpiredError:
        raise
    except BaseException as failure:
        if not (isinstance(failure, Refused) and failure.definitive):  # one more try could lock the account
            _end(device, token)
        raise


def _open(device: Device, find: str, question: list[etree._Element]) -> str:
    try:
        answer = ask(device, "search", find, *question)
    except NoFreeSessionError:
        device.pause(BUSY_PAUSE_S)
        answer = ask(device, "search", find, *question)
    token = text_of(answer, "SearchToken")
    if not token:
        raise Malformed(f"{device.address} opened a search ({find}) without a token, so its results cannot be had")
    return token


def _drain(device: Device, token: str, collect: str, item: str) -> list[etree._Element]:
    """Pages may be empty while the device is still searching; the state stands inside the list of results."""
    source = f"{device.address} ({collect})"
    question = [
        node(_SEARCH, name, text)
        for name, text in (
            ("SearchToken", token),
            ("MinResults", "1"),
            ("MaxResults", str(PAGE_ROWS)),
            ("WaitTime", WAIT),
        )
    ]
    found: list[etree._Element] = []
    give_up_at, empty_pages = device.now() + DEADLINE, 0
    for _ in range(MAX_PAGES):
        answer = ask(device, "search", collect, *question)
        page = list(each(answer, item))
        found += page
        state = text_of(answer, "SearchState").lower()
        if state == "completed":
            return found
        if state not in _STATES:
            raise Malformed(f"{source} gives '{quoted(state)}' as the state of a search; check the firmware")
        empty_pages += not page
        if device.now() > give_up_at or empty_pages > MAX_EMPTY_PAGES:
            break
        if not page:
            device.pause(PAUSE_S)
    raise TooMuchError(f"{source} did not come to an end within {DEADLINE.seconds} s; ask for less at a time")


def _end(device: Device, token: str) -> None:
    try:
        ask(device, "search", "EndSearch", node(_SEARCH, "SearchToken", token))
    except DeviceFailure:
        return  # ended already, or out of reach: then its keep-alive time ends it
