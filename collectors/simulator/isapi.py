"""A simulated Hikvision recorder: the part of ISAPI a listing needs, with the manners and lies of real ones.

Built for thousands of requests: files are cut once per channel, found by bisection and written as text.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.simulator import isapi_words as words
from collectors.simulator.digest import Guard
from collectors.simulator.http import End, Request, Response
from collectors.simulator.isapi_manners import Manners
from collectors.simulator.isapi_resources import resource
from collectors.simulator.recorder import SimulatedRecorder
from collectors.simulator.shelf import File, Shelf
from data.periods import LOCAL_OFFSET, parse_instant

__all__ = ["Manners", "end"]
HUGE_CHUNKS, HUGE_CHUNK = 3200, b" " * 65536
DRIP_S = 1.0


def end(recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners | None = None) -> End:
    """Answers HTTP requests as `recorder` would at `now()` (true time, naive UTC)."""
    return _Recorder(recorder, now, manners or Manners())


class _Recorder:
    def __init__(self, recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners) -> None:
        self._recorder, self._now, self._manners = recorder, now, manners
        self._guard = Guard(recorder.recorder_id, recorder.secret)
        self._shelves = {name: Shelf(recorder, channel) for name, channel in recorder.channels.items()}

    def __call__(self, request: Request) -> Response:
        at = self._now()
        return self._outage(request, at) or self._answer(request, at)

    def _outage(self, request: Request, at: datetime) -> Response | None:
        """What is said to everybody who may not, or when nobody may."""
        active = self._recorder.active
        if active("dead", at):
            return Response(dropped=True)
        if active("locked", at):
            return self._refusal(words.user_check(locked=True, attempts_left=0))
        if active("html", at):
            return Response(200, words.LOGIN_PAGE.encode(), {"Content-Type": "text/html"})
        if not self._guard.admits(request):
            return self._refusal(words.user_check(locked=False, attempts_left=self._manners.attempts_left))
        return None

    def _answer(self, request: Request, at: datetime) -> Response:
        name, path = self._manners.interface, request.path
        if not path.startswith(f"{name}/"):
            return Response(404, b"")
        if any(word in path for word in self._manners.forbidden):
            return words.status(403, 4, "Invalid Operation", "lowPrivilege")
        if (request.method, path) == ("POST", f"{name}/ContentMgmt/search"):
            return self._search(request.body.decode("utf-8", "replace"), at)
        return resource(self._recorder, self._shelves, self._manners, request, at)

    def _refusal(self, body: str) -> Response:
        response = words.reply(body, 401)
        return Response(401, response.body, {**response.headers, "WWW-Authenticate": self._guard.challenge})

    def _search(self, body: str, at: datetime) -> Response:
        lie = _lie(self._recorder, at)
        if lie is not None:
            return lie
        try:
            asked = self._asked(body)
        except (ValueError, TypeError):
            return words.status(400, 6, "Invalid XML Content", "badXmlContent")
        wide = self._recorder.active("wide_500", at)
        if wide and asked.to_at - asked.from_at > timedelta(hours=float(wide.detail.get("max_hours", "6"))):
            return words.status(500, 3, "Device Error", "deviceError")
        channel = str(int(asked.track) // 100)
        if channel not in self._shelves or not asked.track.endswith("01"):
            return words.status(400, 6, "Invalid XML Content", "Invalid track id.")
        files = self._shelves[channel].listed(asked.from_at, asked.to_at, at, self._manners.trail)
        if self._is_damaged(channel, files, at):
            return words.status(500, 3, "Device Error", "deviceError")
        return words.reply(self._page(asked, files, at))

    def _is_damaged(self, channel: str, files: list[File], at: datetime) -> bool:
        """Whether a file that cannot be read is among them (`from`, `to`, optional `channel`)."""
        for fault in self._recorder.faults:
            hit = fault.kind == "bad_window" and fault.from_at <= at < fault.to_at
            if hit and fault.detail.get("channel", channel) == channel:
                from_at, to_at = (parse_instant(fault.detail[name]) for name in ("from", "to"))
                return any(file.true_from < to_at and file.true_to > from_at for file in files)
        return False

    def _asked(self, body: str) -> _Asked:
        """ValueError or TypeError when the request is not spelled the way this firmware wants it."""
        track = re.search(rf"<{self._manners.track_list}>\s*<trackID>(\d+)</trackID>", body)
        position = re.search(rf"<{self._manners.position}>(\d+)<", body)
        if position is None and self._manners.ignores_position:
            position = re.search(r"<searchResult\w+>()", body)
        search_id = re.search(r"<searchID>\{?([0-9A-Fa-f-]{36})\}?<", body)
        times = re.search(r"<startTime>([^<]+)</startTime>\s*<endTime>([^<]+)</endTime>", body)
        rows = re.search(r"<maxResults>(\d+)<", body)
        if not (track and position and search_id and times and rows):
            raise ValueError("a field is missing or misspelled")
        if any(text not in body for text in self._manners.needs) or any(text in body for text in self._manners.refuses):
            raise ValueError("this firmware wants it otherwise")
        shift = timedelta(0) if self._manners.z_means_utc else LOCAL_OFFSET
        from_at, to_at = (datetime.fromisoformat(text.removesuffix("Z")) - shift for text in times.groups())
        return _Asked(track[1], search_id[1], from_at, to_at, int(position[1] or 0), int(rows[1]))

    def _page(self, asked: _Asked, files: list[File], at: datetime) -> str:
        position = 0 if self._recorder.active("stuck_paging", at) else asked.position
        rows = files[position : position + min(asked.rows, self._manners.page_rows)]
        status = "MORE" if position + len(rows) < len(files) else "OK"
        liar = self._recorder.active("lying_counter", at)
        count = int(liar.detail.get("count", len(files) + 1)) if liar else len(rows)
        if not rows:
            return words.result(asked.search_id, "NO MATCHES", 0, "")
        shift = timedelta(0) if self._manners.z_means_utc else LOCAL_OFFSET
        items = "".join(words.item(asked.track, file, shift, self._manners.overlap) for file in rows)
        return words.result(asked.search_id, status, count, items)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Times as device time."""

    track: str
    search_id: str
    from_at: datetime
    to_at: datetime
    position: int
    rows: int


def _lie(recorder: SimulatedRecorder, at: datetime) -> Response | None:
    """The answers that are meant to hurt, for the time their fault is active."""
    if recorder.active("huge", at):
        return Response(200, (HUGE_CHUNK for _ in range(HUGE_CHUNKS)), {"Content-Type": "application/xml"})
    if recorder.active("xml_bomb", at):
        return words.reply(words.BOMB)
    if recorder.active("slow", at):
        return Response(200, _drip(), {"Content-Type": "application/xml"})
    return None


def _drip() -> Iterator[bytes]:
    yield b"<CMSearchResult>"
    while True:
        time.sleep(DRIP_S)
        yield b" "
