"""A ZLMediaKit server that records: names by day, files with a movie header, the newest one hidden.

A channel of the simulated recorder is named `<app>/<stream>`. Faults it understands besides `dead`, `locked`, `html`,
`huge`, `slow`:

- `files_closed`: what is below /record/ is forbidden; `no_ranges`: it is sent whole
- `bad_window` (`from`, `to` as true time, optional `channel`): the files of that time have no movie header
- `stalled`: streams are listed though nothing comes in; `not_listed`: no stream is
- `strange_name`: a film without a time in its name lies in every directory
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import unquote

from collectors.simulator.http import End, Request, Response
from collectors.simulator.recorder import SimulatedRecorder
from collectors.simulator.shelf import File, Shelf
from collectors.simulator.zlmediakit_words import answered, failed, media_entry, movie_file, part_of
from data.periods import LOCAL_OFFSET

DRIPS, DRIP_S = 2400, 0.05
HUGE_CHUNKS = 160
"""Of 64 KiB: 10 MiB."""
NOT_FOUND = b"<html><head><title>404 Not Found</title></head></html>"
_EVER = (datetime(2000, 1, 1), datetime(2100, 1, 1))


@dataclass(frozen=True, slots=True)
class Manners:
    """How this build behaves. `names`: `dated` since 2025-03, `numbered` before, `plain` in 5.0-era builds.

    `old_spelling`: a build before December 2023, which knows the call by one spelling. `shortened`: the movie ends
    that long before the next file begins. `fast_start`: the header stands before the pictures.
    """

    names: str = "dated"
    zone: timedelta = LOCAL_OFFSET
    shortened: timedelta = timedelta(seconds=2)
    fast_start: bool = False
    old_spelling: bool = False
    knows_version: bool = True


def end(recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners | None = None) -> End:
    return _Server(recorder, now, manners or Manners())


class _Server:
    def __init__(self, recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners) -> None:
        self._recorder, self._now, self._manners = recorder, now, manners
        self._shelves = {name: Shelf(recorder, channel) for name, channel in recorder.channels.items()}

    def __call__(self, request: Request) -> Response:
        at = self._now()
        answer = self._answer(request, at)
        date = format_datetime(self._recorder.device_time(at).replace(tzinfo=UTC), usegmt=True)
        return Response(answer.status, answer.body, {"Date": date, **answer.headers}, dropped=answer.dropped)

    def _answer(self, request: Request, at: datetime) -> Response:
        if self._is("dead", at):
            return Response(dropped=True)
        if self._is("html", at):
            return Response(200, b"<html><body>nginx</body></html>", {"Content-Type": "text/html"})
        if request.path.startswith("/record/"):
            return self._file(request, at)
        return self._call(request, at) if request.path.startswith("/index/api/") else Response(404, NOT_FOUND)

    def _call(self, request: Request, at: datetime) -> Response:
        if self._is("slow", at):
            return Response(200, _drip())
        if self._is("huge", at):
            return Response(200, (b" " * 65536 for _ in range(HUGE_CHUNKS)))
        return self._known_call(request, at)

    def _known_call(self, request: Request, at: datetime) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        name = request.path.removeprefix("/index/api/")
        name = name if self._manners.old_spelling else name.lower()
        if name == "version" and self._manners.knows_version:
            return answered({"branchName": "master", "buildTime": "2026-08-21T10:00:00", "commitHash": "fdaec260"})
        if self._is("locked", at) or headers.get("secret") != self._recorder.secret.password:
            return failed(-100, "Please login first")
        if name in ("getmedialist", "getMediaList"):
            return self._media_list(request, at)
        if name == ("getMp4RecordFile" if self._manners.old_spelling else "getmp4recordfile"):
            return self._record_files(request, at)
        return failed(-500, "api not found")

    def _media_list(self, request: Request, at: datetime) -> Response:
        """No stream: the key `data` is absent."""
        wanted = (request.query.get("app"), request.query.get("stream"))
        entries = [
            entry
            for name, channel in self._recorder.channels.items()
            if wanted in ((None, None), tuple(name.split("/", 1)))
            and not self._is("not_listed", at)
            and any(a <= at < b for a, b in channel.recorded)
            for entry in media_entry(name, (at - _EVER[0]) // timedelta(seconds=1), stalled=self._is("stalled", at))
        ]
        return answered(entries) if entries else answered(None)

    def _record_files(self, request: Request, at: datetime) -> Response:
        query = request.query
        if not all(query.get(key) for key in ("vhost", "app", "stream", "period")):
            return failed(-300, "Required parameter missed")
        name, period = f"{query['app']}/{query['stream']}", query["period"]
        days = self._days(name, at)
        root = f"/opt/media/www/record/{name}/"
        if len(period) == 7:
            return answered({"paths": [day for day in days if day.startswith(period)][::-1], "rootPath": root})
        names = [self._name(file) for file in days.get(period, [])]
        names += ["holiday.mp4"] if self._is("strange_name", at) and names else []
        return answered({"paths": names[::-1], "rootPath": f"{root}{period}/"})

    def _days(self, name: str, at: datetime) -> dict[str, list[File]]:
        """Directories by date; that of the hidden file is there already, and may be empty."""
        days: dict[str, list[File]] = {}
        files = self._shelves[name].listed(*_EVER, at, timedelta(0)) if name in self._shelves else []
        for file in files:
            day = days.setdefault(f"{self._digits(file):%Y-%m-%d}", [])
            if not file.is_open:
                day.append(file)
        return days

    def _digits(self, file: File) -> datetime:
        return file.started_at + self._manners.zone

    def _name(self, file: File) -> str:
        digits, number = self._digits(file), file.number % 100
        if self._manners.names == "dated":
            return f"{digits:%Y-%m-%d-%H-%M-%S}-{number}.mp4"
        return f"{digits:%H-%M-%S}-{number}.mp4" if self._manners.names == "numbered" else f"{digits:%H-%M-%S}.mp4"

    def _file(self, request: Request, at: datetime) -> Response:
        if self._is("files_closed", at):
            return Response(403, b"forbidden")
        *_, day, file_name = unquote(request.path).split("/")
        name = unquote(request.path).removeprefix("/record/").removesuffix(f"/{day}/{file_name}")
        found = [file for file in self._days(name, at).get(day, []) if self._name(file) == file_name]
        if not found:
            return Response(404, NOT_FOUND)
        length = max(found[0].ended_at - found[0].started_at - self._manners.shortened, timedelta(seconds=1))
        damaged = self._is_damaged(name, found[0], at)
        content = movie_file(found[0].started_at, length, fast_start=self._manners.fast_start, damaged=damaged)
        return Response(200, content) if self._is("no_ranges", at) else part_of(content, request)

    def _is_damaged(self, name: str, file: File, at: datetime) -> bool:
        return any(
            fault.kind == "bad_window"
            and fault.from_at <= at < fault.to_at
            and fault.detail.get("channel", name) == name
            and datetime.fromisoformat(fault.detail["from"]) < file.true_to
            and file.true_from < datetime.fromisoformat(fault.detail["to"])
            for fault in self._recorder.faults
        )

    def _is(self, kind: str, at: datetime) -> bool:
        return self._recorder.active(kind, at) is not None


def _drip() -> Iterator[bytes]:
    for _ in range(DRIPS):
        time.sleep(DRIP_S)
        yield b" "
