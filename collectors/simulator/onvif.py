"""A simulated ONVIF Profile G recorder with the manners of real ones; the quirks are switches of `Manners`.

Faults it understands besides `dead`, `locked`, `html`, `huge`, `xml_bomb`, `slow` and `wide_500` (`max_hours`):
`bad_window` (`from`, `to` in true time: a search of events that touches it fails) and `stuck_paging` (a search never
comes to its end). There is no counter that could lie.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from lxml import etree

from collectors import xml
from collectors.answers import Malformed
from collectors.simulator import onvif_words as words
from collectors.simulator.http import Request, Response
from collectors.simulator.onvif_archive import Archive, NoAnswer
from collectors.simulator.onvif_login import Login
from collectors.simulator.onvif_manners import Manners, fault, soap
from collectors.simulator.onvif_searches import Searches
from collectors.simulator.recorder import SimulatedRecorder
from data.periods import LOCAL_OFFSET

HUGE_CHUNKS, HUGE_CHUNK = 3200, b" " * 65536
DRIP_S = 1.0


def end(recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners | None = None) -> OnvifEnd:
    """Answers HTTP requests as `recorder` would at `now()` (true time, naive UTC)."""
    return OnvifEnd(recorder, now, manners or Manners())


class OnvifEnd:
    def __init__(self, recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners) -> None:
        self._recorder, self._now, self._manners = recorder, now, manners
        self._login = Login(recorder.recorder_id, recorder.secret, manners.login, manners.token_window)
        self._archive = Archive(recorder, manners)
        self.searches = Searches(manners)

    def __call__(self, request: Request) -> Response:
        at = self._now()
        lie = self._lie(at)
        if lie is not None:
            return lie
        if request.method != "POST" or not request.path.startswith("/onvif/"):
            return Response(404, b"not found", {"Content-Type": "text/plain"})
        try:
            envelope = xml.parse(request.body, "the request")
            asked = next(xml.each(envelope, "Body"))[0]
        except (Malformed, StopIteration, IndexError):
            return fault(400, "Sender", "WellFormed")
        operation = xml.local_name(asked)
        if operation != "GetSystemDateAndTime":
            refusal = self._refusal(request, envelope, at)
            if refusal is not None:
                return refusal
        return self._answer(operation, asked, at)

    def _lie(self, at: datetime) -> Response | None:
        active = self._recorder.active
        if active("dead", at):
            return Response(dropped=True)
        if active("locked", at):
            return fault(400, "Sender", "NotAuthorized", text="The account is locked")
        if active("html", at):
            return Response(200, words.LOGIN_PAGE.encode(), {"Content-Type": "text/html"})
        if active("huge", at):
            return Response(200, (HUGE_CHUNK for _ in range(HUGE_CHUNKS)))
        if active("xml_bomb", at):
            return soap(words.BOMB)
        return Response(200, _drip()) if active("slow", at) else None

    def _refusal(self, request: Request, envelope: etree._Element, at: datetime) -> Response | None:
        if self._login.wants_http(request):
            return Response(401, b"", {"WWW-Authenticate": self._login.challenge})
        written = self._recorder.device_time(at) + (LOCAL_OFFSET if self._manners.utc_field_is_local else timedelta(0))
        if self._login.takes(envelope, written):
            return None
        return fault(400, "Sender", "NotAuthorized", text="Wsse authorized time check failed")

    def _answer(self, operation: str, asked: etree._Element, at: datetime) -> Response:
        if operation in self._manners.not_offered:
            return fault(500, "Receiver", "ActionNotSupported")
        if operation.startswith("Find"):
            return self._find(operation, asked, at)
        if operation.endswith("SearchResults") or operation == "EndSearch":
            return self.searches.answer(operation, asked, is_stuck=bool(self._recorder.active("stuck_paging", at)))
        own = {
            "GetSystemDateAndTime": self._clock(at),
            "GetDeviceInformation": words.device_information(self._recorder, self._manners.maker),
            "GetServices": words.services(self._manners.host),
        }
        if operation in own:
            return soap(words.response("device", operation, own[operation]))
        return self._archive.answer(operation, asked, at)

    def _clock(self, at: datetime) -> str:
        utc = self._recorder.device_time(at)
        local = utc + LOCAL_OFFSET
        return words.clock(local if self._manners.utc_field_is_local else utc, local, self._manners.zone)

    def _find(self, operation: str, asked: etree._Element, at: datetime) -> Response:
        if self.searches.is_full:
            return fault(500, "Receiver", "Action", "ResourceProblem")
        try:
            items = self._archive.events(asked, at) if operation == "FindEvents" else self._archive.informations(at)
        except NoAnswer as none:
            return none.response
        return self.searches.open(operation, items)


def _drip() -> Iterator[bytes]:
    while True:
        time.sleep(DRIP_S)
        yield b" "
