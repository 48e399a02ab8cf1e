"""One search: create a finder, define what it looks for, read its pages, and give it back whatever happened (§3)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.chunks import DeviceBrokeError
from collectors.intervals import Interval
from collectors.protocols.dahua.errors import RejectedError, text_of
from collectors.protocols.dahua.rows import Page, Row, page_of
from collectors.protocols.dahua.server import DahuaDevice
from collectors.protocols.dahua.words import number, pairs, written
from collectors.xml import quoted

log = logging.getLogger(__name__)

PAGE_ROWS = 100
"""The most a device gives at once."""
MAX_PAGES = 200
FINDER_KEY = "finder"
RETURNED_NOTE = "search given back"
SECOND = timedelta(seconds=1)
_PATH = "/cgi-bin/mediaFileFind.cgi?action="
_WRONG_ACTION = "ErrorID="


@dataclass(frozen=True, slots=True)
class Found:
    """All rows of one search. A `doubt` says why there may be more: then only what is listed counts."""

    rows: tuple[Row, ...] = ()
    doubt: str = ""


def find(device: DahuaDevice, asked: int, window: Interval) -> Found | None:
    """What is listed under the channel number `asked` in `window` (device time), or a failure.

    None: the device answered `Error`, which means that it found nothing or that it has no such channel.
    """
    with _finder(device) as handle:
        if _defined(device, handle, asked, window):
            device.memory[FINDER_KEY] = "ok"
            return _all_pages(device, handle)
    if not device.notes.get(RETURNED_NOTE):  # it says `Error` to the number of a search that it does not have as well
        raise Malformed(f"{device.address} knows no search {handle} though it gave that number; ask again")
    return None


@contextmanager
def _finder(device: DahuaDevice) -> Iterator[int]:
    path = f"{_PATH}factory.create"
    given = pairs(device.text(path), device.source(path)).get("result", "")
    handle = number(given)
    if handle is None:
        raise Malformed(f"{device.source(path)} gives '{quoted(given)}' where the number of a search is expected")
    if handle == 0:
        raise Unreachable(f"{device.source(path)} has no search left; ask again later")
    is_locked_out = False
    try:
        yield handle
    except Refused as refusal:
        is_locked_out = refusal.definitive
        raise
    finally:
        if not is_locked_out:  # each further request would be one more failed login
            _give_back(device, handle)


def _give_back(device: DahuaDevice, handle: int) -> None:
    device.notes[RETURNED_NOTE] = False
    for action in ("close", "destroy"):
        try:
            device.text(f"{_PATH}{action}&object={handle}")
            device.notes[RETURNED_NOTE] = True
        except DeviceFailure as failure:
            log.warning("search %d may be left open: %s", handle, failure)
            if isinstance(failure, Refused) and failure.definitive:
                return


def _defined(device: DahuaDevice, handle: int, asked: int, window: Interval) -> bool:
    path = (
        f"{_PATH}findFile&object={handle}&condition.Channel={asked}"
        f"&condition.StartTime={quote(written(window[0]))}&condition.EndTime={quote(written(_ceiling(window[1])))}"
        "&condition.Types[0]=dav"
    )
    source = f"{device.source(path)} (channel {asked})"
    try:
        said = text_of(device.ask(path), source)
    except RejectedError as rejected:
        if _WRONG_ACTION in rejected.said:
            raise
        return False
    if said.strip().lower() not in ("ok", "true"):
        raise Malformed(f"{source} answered '{quoted(said)}' where OK is expected")
    return True


def _ceiling(at: datetime) -> datetime:
    return at if not at.microsecond else at.replace(microsecond=0) + SECOND


def _all_pages(device: DahuaDevice, handle: int) -> Found:
    """Until the device says that nothing is left; its counts are no promise, neither of more nor of an end."""
    rows: list[Row] = []
    doubts: list[str] = []
    last: Page | None = None
    for _ in range(MAX_PAGES):
        try:
            page = _next_page(device, handle)
        except (RejectedError, DeviceBrokeError) as failure:
            if last is None:
                raise
            if last.found >= PAGE_ROWS:
                doubts.append(f"a full page was followed by a failure: {failure}")
            break
        if page.found == 0 and not page.rows:
            break
        doubts += [page.doubt] if page.doubt else []
        if not page.rows or (last is not None and page.rows == last.rows):
            doubts.append("the device repeats its pages or announces rows it does not list")
            break
        rows += page.rows
        last = page
    else:
        doubts.append(f"the device lists more than {MAX_PAGES} pages")
    return Found(tuple(rows), doubts[0] if doubts else "")


def _next_page(device: DahuaDevice, handle: int) -> Page:
    path = f"{_PATH}findNextFile&object={handle}&count={PAGE_ROWS}"
    return page_of(device.text(path), device.source(path))
