"""A WVP platform with recorders behind it: login, envelope, pages, the record query and its habits.

A channel of the simulated recorder is named `<device code>/<channel code>`, or `<app>/<stream>` for what the platform
itself records. Faults it understands besides `dead`, `locked`, `html`, `huge`, `slow`:

- `wide_500` (`max_hours`): of a wider query a message is lost, so it times out
- `bad_window` (`from`, `to` as true time, optional `channel`): every query that touches it times out
- `offline`: the platform does not see the devices; `busy`: they answer nothing
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import unquote

from collectors.simulator.http import End, Request, Response
from collectors.simulator.recorder import SimulatedRecorder
from collectors.simulator.shelf import File, Shelf
from collectors.simulator.wvp_words import (
    asked_window,
    cloud_row,
    envelope,
    failure,
    is_behind,
    record_list,
    refusal,
    rows_page,
)

VERSION = "2.7.4"
DRIPS, DRIP_S = 2400, 0.05
HUGE_CHUNKS = 160  # of 64 KiB: 10 MiB


@dataclass(frozen=True, slots=True)
class Manners:
    """How the devices and the platform behave. `item_limit`: a device lists no more files than that and says nothing.

    `digits_shift`: the device's digits against Beijing time. `token_requests`: a login is good for so many requests.
    `repeats_last_page`: PageHelper's `reasonable` option. `stamps_in_s`: before March 2024.
    """

    item_limit: int | None = None
    finished_only: bool = False
    digits_shift: timedelta = timedelta(0)
    token_requests: int = 10**9
    repeats_last_page: bool = False
    page_rows: int = 100
    stamps_in_s: bool = False
    trail: timedelta = timedelta(seconds=4)


def end(recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners | None = None) -> End:
    return _Platform(recorder, now, manners or Manners())


class _Platform:
    def __init__(self, recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners) -> None:
        self._recorder, self._now, self._manners = recorder, now, manners
        self._shelves = {name: Shelf(recorder, channel) for name, channel in recorder.channels.items()}
        self._logins = 0
        self._left = 0

    def __call__(self, request: Request) -> Response:
        at = self._now()
        answer = self._answer(request, at)
        date = format_datetime(self._recorder.device_time(at).replace(tzinfo=UTC), usegmt=True)
        return Response(answer.status, answer.body, {"Date": date, **answer.headers}, dropped=answer.dropped)

    def _answer(self, request: Request, at: datetime) -> Response:
        active = self._recorder.active
        if active("dead", at):
            return Response(dropped=True)
        if active("html", at):
            return Response(200, b"<!DOCTYPE html><html><body>WVP</body></html>", {"Content-Type": "text/html"})
        if request.method != "GET":
            return failure(500, f"Request method '{request.method}' not supported", status=405)
        if request.path == "/api/user/login":
            return self._login(request, at)
        return self._admitted(request, at) if self._admits(request) else refusal()

    def _admitted(self, request: Request, at: datetime) -> Response:
        if self._recorder.active("slow", at):
            return Response(200, _drip())
        if self._recorder.active("huge", at):
            return Response(200, (b" " * 65536 for _ in range(HUGE_CHUNKS)))
        return self._resource(request, at)

    def _login(self, request: Request, at: datetime) -> Response:
        secret = self._recorder.secret
        hashed = hashlib.md5(secret.password.encode(), usedforsecurity=False).hexdigest()
        given = (request.query.get("username"), request.query.get("password"))
        if self._recorder.active("locked", at) or given != (secret.user, hashed):
            return failure(100, "用户名或密码错误")
        self._logins += 1
        self._left = self._manners.token_requests
        return envelope({"username": secret.user, "accessToken": self._token})

    @property
    def _token(self) -> str:
        return f"token-{self._recorder.recorder_id}-{self._logins}"

    def _admits(self, request: Request) -> bool:
        secret, headers = self._recorder.secret, {name.lower(): value for name, value in request.headers.items()}
        if secret.user == "api-key":
            return headers.get("api-key") == secret.password
        self._left -= 1
        return self._left >= 0 and headers.get("access-token") == self._token

    def _resource(self, request: Request, at: datetime) -> Response:
        path = unquote(request.path)
        if path == "/api/server/version":
            return envelope({"version": VERSION, "project": "wvp-pro"})
        if path.startswith("/api/device/query/"):
            return self._listed(path.removeprefix("/api/device/query/"), request, at)
        if path.startswith("/api/gb_record/query/"):
            return self._records(path.removeprefix("/api/gb_record/query/"), request, at)
        if path == "/api/cloud/record/list":
            return self._cloud(request, at)
        return failure(404, "No static resource", status=404)

    def _listed(self, what: str, request: Request, at: datetime) -> Response:
        names = [name for name in self._recorder.channels if is_behind(name)]
        if what == "devices":
            online = self._recorder.active("offline", at) is None
            codes = sorted({name.split("/")[0] for name in names if request.query.get("query", "") in name})
            rows: list[dict[str, object]] = [
                {"deviceId": code, "name": f"NVR {code}", "onLine": online} for code in codes
            ]
        elif what == "streams":
            rows = [{"streamId": name.replace("/", "_")} for name in names if self._is_recording(name, at)]
        else:
            device_id = what.removeprefix("devices/").removesuffix("/channels")
            rows = [self._channel(name, at) for name in names if name.startswith(f"{device_id}/")]
        return rows_page(rows, request, self._manners.page_rows, self._manners.repeats_last_page)

    def _channel(self, name: str, at: datetime) -> dict[str, object]:
        channel = self._recorder.channels[name]
        device_id, code = name.split("/")
        status = "ON" if channel.is_online(at) else "OFF"
        return {"deviceId": code, "parentId": device_id, "name": channel.name or "Camera 01", "status": status}

    def _is_recording(self, name: str, at: datetime) -> bool:
        return any(a <= at < b for a, b in self._recorder.channels[name].recorded)

    def _records(self, name: str, request: Request, at: datetime) -> Response:
        if name not in self._shelves or not is_behind(name):
            return failure(100, f"设备：{name.partition('/')[0]} 不存在")
        try:
            from_at, to_at = asked_window(request)
        except ValueError:
            return failure(100, "startTime格式为yyyy-MM-dd HH:mm:ss")
        if self._is_silent(name, from_at, to_at, at):
            return failure(100, "timeout")
        shift = self._manners.digits_shift
        files = self._files(name, from_at - shift, to_at - shift, at)
        return record_list(name, files[: self._manners.item_limit], shift)

    def _is_silent(self, name: str, from_at: datetime, to_at: datetime, at: datetime) -> bool:
        wide = self._recorder.active("wide_500", at)
        if wide and to_at - from_at > timedelta(hours=float(wide.detail.get("max_hours", "1"))):
            return True
        if self._recorder.active("busy", at) or self._recorder.active("offline", at):
            return True
        offset = self._recorder.clock_offset(at)
        return any(
            fault.kind == "bad_window"
            and fault.from_at <= at < fault.to_at
            and fault.detail.get("channel", name) == name
            and datetime.fromisoformat(fault.detail["from"]) + offset < to_at
            and from_at < datetime.fromisoformat(fault.detail["to"]) + offset
            for fault in self._recorder.faults
        )

    def _files(self, name: str, from_at: datetime, to_at: datetime, at: datetime) -> list[File]:
        files = self._shelves[name].listed(from_at, to_at, at, self._manners.trail)
        return [file for file in files if not (self._manners.finished_only and file.is_open)]

    def _cloud(self, request: Request, at: datetime) -> Response:
        name = f"{request.query.get('app')}/{request.query.get('stream')}"
        rows: list[dict[str, object]] = []
        if name in self._shelves and not is_behind(name):
            from_at, to_at = asked_window(request)
            files = self._shelves[name].listed(from_at, to_at, at, self._manners.trail)
            rows = [cloud_row(name, file, self._manners.stamps_in_s) for file in files if not file.is_open]
        return rows_page(rows, request, self._manners.page_rows, self._manners.repeats_last_page)


def _drip() -> Iterator[bytes]:
    for _ in range(DRIPS):
        time.sleep(DRIP_S)
        yield b" "
