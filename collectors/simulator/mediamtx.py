"""A MediaMTX server: playback and control API on one port, both behind the recorder's one user (HTTP Basic).

Faults it understands besides `dead`, `locked`, `html`, `huge`, `slow` and `wide_500` (`max_hours`):

- `bad_window` (`from`, `to`, optional `channel`): the files of that true time cannot be read; where there are
  none, an empty file lies at `from`
- `api_closed`: the API refuses this user; `api_gone`: it is switched off
- `record_off`, `always_available`, `mpegts`: the configuration of every path says so
- `pattern`: no path is configured by name, only `all_others`
- `ignores_window`: a version before v1.11; `before_v1_16`: paths do not say `online`

A channel whose plan is `unknown` is read on demand.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import unquote

from collectors.answers import Span
from collectors.simulator.http import End, Request, Response
from collectors.simulator.mediamtx_api import Api, error, reply
from collectors.simulator.mediamtx_files import Damaged, listing, local_text
from collectors.simulator.recorder import SimulatedRecorder

DRIPS = 2400
DRIP_S = 0.05
HUGE_CHUNKS = 160
"""Of 64 KiB: 10 MiB."""


def end(recorder: SimulatedRecorder, now: Callable[[], datetime]) -> End:
    def answer(request: Request) -> Response:
        at = now()
        response = _Session(recorder, at).answer(request)
        date = format_datetime(recorder.device_time(at).replace(tzinfo=UTC), usegmt=True)
        return Response(
            response.status,
            response.body,
            {"Server": "mediamtx", "Date": date, **response.headers},
            dropped=response.dropped,
        )

    return answer


@dataclass(frozen=True, slots=True)
class _Session:
    recorder: SimulatedRecorder
    at: datetime

    def answer(self, request: Request) -> Response:
        if self._is("dead"):
            return Response(dropped=True)
        if self._is("html"):
            return Response(200, b"<html><body>Login</body></html>", {"Content-Type": "text/html"})
        if request.method != "GET":
            return Response(405, b"405 method not allowed", {"Content-Type": "text/plain"})
        if request.path in ("/list", "/get"):
            return self._list(request)
        if request.path.startswith("/v3/") and not self._is("api_gone"):
            return self._api(request)
        return Response(404, b"404 page not found", {"Content-Type": "text/plain"})

    def _list(self, request: Request) -> Response:
        name = request.query.get("path", "")
        refusal = self._refusal(name, request)
        if refusal:
            return refusal
        if self._is("slow"):
            return Response(200, _drip())
        if self._is("huge"):
            return Response(200, (b" " * 65536 for _ in range(HUGE_CHUNKS)))
        return self._listing(name, request) if request.path == "/list" else self._clip(name, request)

    def _refusal(self, name: str, request: Request) -> Response | None:
        if not re.fullmatch(r"[0-9A-Za-z_.~/:-]+", name):
            return error(400, f"invalid path name: ({name})")
        if not self._allowed(request):
            return _unauthorized()
        channel = self.recorder.channels.get(name)
        if channel is None and not self._is("pattern"):
            return error(400, f"path '{name}' is not configured")
        if channel is None or not any(started_at < self.at for started_at, _ in channel.recorded):
            return error(400, f"lstat /recordings/{name}: no such file or directory")
        return None

    def _listing(self, name: str, request: Request) -> Response:
        try:
            start, stop = (_instant(request.query.get(key)) for key in ("start", "end"))
        except ValueError as unread:
            return error(400, f"invalid start: {unread}")
        wide = self.recorder.active("wide_500", self.at)
        if wide and (start is None or stop is None or stop - start > timedelta(hours=float(wide.detail["max_hours"]))):
            return error(500, "open /recordings/file.mp4: too many open files")
        if self._is("ignores_window"):
            start = stop = None
        try:
            spans = listing(self.recorder, name, self.at, start, stop)
        except Damaged as damage:
            return error(500, str(damage))
        if not spans:
            return error(404, "no recording segments found")
        if self._is("mpegts"):
            return error(500, "MPEG-TS format is not supported yet")
        return reply([_entry(span, name) for span in spans])

    def _clip(self, name: str, request: Request) -> Response:
        """A clip begins inside a file: a hair before it there is nothing (issue 4276)."""
        start = _instant(request.query.get("start"))
        files = self.recorder.files(name, self.at)
        if start is None or not any(file.started_at <= start < file.ended_at for file in files):
            return error(404, "recording not found")
        return Response(200, b"\x00\x00\x00\x18ftypisom", {"Content-Type": "video/mp4"})

    def _api(self, request: Request) -> Response:
        if self._is("api_closed") or not self._allowed(request):
            return _unauthorized()
        return Api(self.recorder, self.at).answer(unquote(request.path), dict(request.query))

    def _is(self, kind: str) -> bool:
        return self.recorder.active(kind, self.at) is not None

    def _allowed(self, request: Request) -> bool:
        secret = self.recorder.secret
        wanted = base64.b64encode(f"{secret.user}:{secret.password}".encode()).decode()
        return not self._is("locked") and request.headers.get("Authorization") == f"Basic {wanted}"


def _entry(span: Span, name: str) -> dict[str, object]:
    duration_s = (span.ended_at - span.started_at).total_seconds()
    url = f"http://host/get?duration={duration_s:g}&path={name}&start={local_text(span.started_at)}"
    return {"start": local_text(span.started_at), "duration": duration_s, "url": url}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None


def _drip() -> Iterator[bytes]:
    for _ in range(DRIPS):
        time.sleep(DRIP_S)
        yield b" "


def _unauthorized() -> Response:
    response = error(401, "authentication error")
    return Response(401, response.body, {**response.headers, "WWW-Authenticate": 'Basic realm="mediamtx"'})
