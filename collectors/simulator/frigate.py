"""A simulated Frigate behind its web server: login, configuration, figures and the index of segments.

Beside the faults of `recorder.py` it knows `expired` (every token is refused, a new login works).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import unquote

from collectors.simulator import frigate_login as login
from collectors.simulator.frigate_segments import EPOCH, Segment, hourly, segments
from collectors.simulator.http import End, Request, Response
from collectors.simulator.hurtful import http_date, hurtful, json_response
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder

HEATMAP = {str(number): 3 for number in range(200)}
PAGE = b"<!DOCTYPE html><html><head><title>Frigate</title></head><body></body></html>"


@dataclass(frozen=True, slots=True)
class Manners:
    """`cameras`: those the role of our user is bound to (None: all). `retain_mode`: settings as before 0.17, where one
    mode held for all. `lag`: how long a segment waits to be indexed. `listed_too`: rows sent beside the right ones."""

    version: str = "0.17.2-3a3d4e1"
    has_auth: bool = True
    cookie: str = "frigate_token"
    cameras: frozenset[str] | None = None
    retain_mode: str = ""
    heatmaps: bool = False
    lag: timedelta = timedelta(seconds=40)
    uptime_s: int = 864_000
    listed_too: tuple[dict[str, object], ...] = ()


def end(recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners | None = None) -> End:
    """Answers HTTP requests as `recorder` would at `now()` (true time, naive UTC)."""

    def answer(request: Request) -> Response:
        at = now()
        response = _Session(recorder, at, manners or Manners()).answer(request)
        headers = {"Server": "nginx", "Date": http_date(recorder.device_time(at)), **response.headers}
        return Response(response.status, response.body, headers, response.delay_s, response.dropped)

    return answer


@dataclass(frozen=True, slots=True)
class _Session:
    recorder: SimulatedRecorder
    at: datetime
    manners: Manners

    def answer(self, request: Request) -> Response:
        hurt = hurtful(self.recorder, self.at)
        if hurt is not None:
            return hurt
        if request.path == "/api/login":
            return self._login(request)
        if request.method != "GET":
            return _message(405, "Method Not Allowed")
        if request.path == "/":
            return Response(200, PAGE, {"Content-Type": "text/html"})
        if self.manners.has_auth and not self._is_let_in(request):
            return Response(401, b"", {"Content-Type": "text/html"})
        return self._resource(request)

    def _login(self, request: Request) -> Response:
        if not self.manners.has_auth:
            return _message(404, "Authentication is disabled")
        if self.recorder.active("locked", self.at):
            return _message(429, "Rate limit exceeded")
        secret = self.recorder.secret
        try:
            asked = json.loads(request.body)
        except ValueError:
            asked = {}
        if request.method != "POST" or asked != {"user": secret.user, "password": secret.password}:
            return _message(401, "Login failed")
        token = login.token(self.recorder, self.at)
        return Response(200, b"{}", {"Set-Cookie": f"{self.manners.cookie}={token}; HttpOnly; Path=/; SameSite=lax"})

    def _is_let_in(self, request: Request) -> bool:
        is_expired = self.recorder.active("expired", self.at)
        return not is_expired and login.is_valid(self.recorder, self.at, request.headers, self.manners.cookie)

    def _resource(self, request: Request) -> Response:
        path = unquote(request.path)
        found = re.fullmatch(r"/api/([^/]+)/recordings(/summary)?", path)
        if not found:
            return self._about_itself(path)
        name, bound_to = found[1], self.manners.cameras
        if bound_to is not None and name not in bound_to:
            return _message(403, f"Access denied to camera '{name}'. Allowed cameras: []")
        channel = self.recorder.channels.get(name)
        if channel is None:
            return json_response([])
        return self._summary(channel) if found[2] else self._recordings(channel, request)

    def _about_itself(self, path: str) -> Response:
        if path == "/api/version":
            return Response(200, self.manners.version.encode(), {"Content-Type": "text/plain; charset=utf-8"})
        if path == "/api/config":
            return json_response({"mqtt": {"password": "secret"}, "cameras": self._config()})
        return json_response(self._stats()) if path == "/api/stats" else _message(404, "Not Found")

    def _recordings(self, channel: SimulatedChannel, request: Request) -> Response:
        """Without bounds it answers about the hour before the process started, as the real one does."""
        started = self.recorder.device_time(self.at) - timedelta(seconds=self.manners.uptime_s)
        try:
            after = _instant(request.query.get("after"), started - timedelta(hours=1))
            before = _instant(request.query.get("before"), started)
        except (ValueError, OverflowError):
            return json_response({"detail": [{"msg": "Input should be a valid number"}]}, 422)
        if self._breaks(after, before):
            return Response(500, b"Internal Server Error", {"Content-Type": "text/plain"})
        rows = [
            self._row(each) for each in segments(self.recorder, channel, (self.at, self.manners.lag), (after, before))
        ]
        return json_response([*rows, *self.manners.listed_too])

    def _breaks(self, after: datetime, before: datetime) -> bool:
        wide, bad = self.recorder.active("wide_500", self.at), self.recorder.active("bad_window", self.at)
        if wide and before - after > timedelta(hours=float(wide.detail.get("max_hours", "1"))):
            return True
        return bool(
            bad
            and all(
                (after < datetime.fromisoformat(bad.detail["to"]), datetime.fromisoformat(bad.detail["from"]) < before)
            )
        )

    def _row(self, segment: Segment) -> dict[str, object]:
        start_s = (segment.started_at - EPOCH).total_seconds()
        row: dict[str, object] = {
            "id": f"{start_s}-{segment.number:x}",
            "start_time": start_s,
            "end_time": round(start_s + segment.length.total_seconds(), 3),
            "segment_size": 2.31,
            "motion": 12,
            "objects": 0,
            "duration": round(segment.length.total_seconds(), 3),
        }
        return row | ({"motion_heatmap": HEATMAP} if self.manners.heatmaps else {})

    def _summary(self, channel: SimulatedChannel) -> Response:
        hours: dict[date, dict[int, float]] = {}
        for hour, length in hourly(self.recorder, channel, self.at, self.manners.lag).items():
            hours.setdefault(hour.date(), {})[hour.hour] = length.total_seconds()
        return json_response(
            [
                {
                    "day": day.isoformat(),
                    "events": 0,
                    "hours": [
                        {"hour": f"{hour:02d}", "events": 0, "duration": round(held)} for hour, held in each.items()
                    ],
                }
                for day, each in sorted(hours.items(), reverse=True)
            ]
        )

    def _config(self) -> dict[str, object]:
        return {name: self._camera(channel) for name, channel in self.recorder.channels.items()}

    def _camera(self, channel: SimulatedChannel) -> dict[str, object]:
        source = f"rtsp://admin:pass@{channel.address or '127.0.0.1'}:554/stream1"
        record: dict[str, object] = {"enabled": channel.plan != "off"}
        if self.manners.retain_mode:
            record["retain"] = {"days": 30 if channel.plan == "continuous" else 0, "mode": self.manners.retain_mode}
        elif channel.plan != "unknown":
            record |= {"continuous": {"days": 30 if channel.plan == "continuous" else 0}, "motion": {"days": 7}}
        return {
            "enabled": True,
            "friendly_name": channel.name or None,
            "ffmpeg": {"inputs": [{"path": source, "roles": ["record", "detect"]}]},
            "record": record,
        }

    def _stats(self) -> dict[str, object]:
        device_now_s = (self.recorder.device_time(self.at) - EPOCH).total_seconds()
        disk = self.recorder.disks[0] if self.recorder.disks else None
        total, free = (disk.capacity_bytes, disk.free(self.at)) if disk else (0, 0)
        volume = {"total": total / 2**20, "used": (total - free) / 2**20, "free": free / 2**20, "mount_type": "ext4"}
        cameras = {
            name: {"camera_fps": 5.0 if channel.is_online(self.at) else 0.0, "pid": 34}
            for name, channel in self.recorder.channels.items()
        }
        storage = {"/media/frigate/recordings": volume, "/media/frigate/clips": volume} if disk else {}
        service = {"uptime": self.manners.uptime_s, "version": self.manners.version, "storage": storage}
        return {"cameras": cameras, "service": service | {"last_updated": int(device_now_s)}}


def _instant(text: str | None, default: datetime) -> datetime:
    return default if text is None else EPOCH + timedelta(seconds=float(text))


def _message(status: int, text: str) -> Response:
    return json_response({"message": text}, status)
