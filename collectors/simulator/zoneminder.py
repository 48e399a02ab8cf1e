"""A simulated ZoneMinder: login by token, monitors, and the paged list of events with the manners of its versions.

Beside the faults of `recorder.py` it knows `expired` (every token is refused, a new login works), `zmc_killed` (the
capturing process is gone, the status of the monitor stays as it was), `no_secret` (AUTH_HASH_SECRET
is empty), `database_down` (every reply is empty and says 200) and `no_right` (the user may view nothing).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, unquote

from collectors.intervals import Interval
from collectors.simulator.http import End, Request, Response
from collectors.simulator.hurtful import http_date, hurtful, json_response
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from collectors.simulator.zoneminder_events import EventTable
from collectors.simulator.zoneminder_listing import Listing, is_since_1_36_36
from collectors.simulator.zoneminder_words import as_text, failure, monitor_item, storage_item

BASE = "/zm/api"
UNKNOWN_PAGE = (
    b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n'
    b"<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n</body></html>\n"
)
TOKEN_S = 7200
NOT_COUNTABLE = "count(): Argument #1 ($value) must be of type Countable|array, null given"
WARNING = (
    b"<br />\n<b>Warning</b>:  Undefined array key in <b>/usr/share/zoneminder/www/api</b> on line <b>1</b><br />\n"
)


@dataclass(frozen=True, slots=True)
class Manners:
    """How this version and its server behave. `refresh`: how often the length of an open event is written.
    `torn_at`: when the capturing process was killed, so that the event then open was never closed (true time).
    `late_start`: the first event after a start is dated that much later than the footage in its file begins.
    `rewrites`: without it the interface is below index.php only, as after a plain `a2enconf` on Debian.
    `database_down`: while it was, no event was closed, and those that began then have no row (true time).
    `lost_status`: of a monitor that does not reach its camera; 1.36 says it is priming, and never that it fails.
    `zone`, `database_shift`: what PHP calls its zone, and how much later the digits of the database are."""

    version: str = "1.36.33"
    has_auth: bool = True
    api_on: bool = True
    texts_only: bool = False
    has_seconds: bool = False
    warns: bool = False
    groups: int = 1
    zone: str = "Asia/Shanghai"
    database_shift: timedelta = timedelta(0)
    refresh: timedelta = timedelta(seconds=5)
    late_start: timedelta = timedelta(0)
    rewrites: bool = True
    lost_status: str = "Running"
    torn_at: tuple[datetime, ...] = ()
    database_down: tuple[Interval, ...] = ()
    listed_too: tuple[dict[str, object], ...] = field(default=())


def end(recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners | None = None) -> End:
    """Answers HTTP requests as `recorder` would at `now()` (true time, naive UTC)."""
    told = manners or Manners()
    tables = {name: EventTable(recorder, channel, told) for name, channel in recorder.channels.items()}

    def answer(request: Request) -> Response:
        at = now()
        response = _Session(recorder, at, told, tables).answer(request)
        body = response.body
        if told.warns and isinstance(body, bytes) and response.status == 200:
            body = WARNING + body
        headers = {"Server": "Apache", "Date": http_date(recorder.device_time(at)), **response.headers}
        return Response(response.status, body, headers, response.delay_s, response.dropped)

    return answer


@dataclass(frozen=True, slots=True)
class _Session:
    recorder: SimulatedRecorder
    at: datetime
    manners: Manners
    tables: dict[str, EventTable]

    def answer(self, request: Request) -> Response:
        return hurtful(self.recorder, self.at) or self._reached(request)

    def _reached(self, request: Request) -> Response:
        """The page itself, when it is there and its database is up."""
        is_plain = request.path.startswith(f"{BASE}/index.php/")
        if not request.path.startswith(BASE) or not (is_plain or self.manners.rewrites):
            return Response(404, UNKNOWN_PAGE, {"Content-Type": "text/html; charset=iso-8859-1"})
        if self.recorder.active("database_down", self.at):
            return Response(200, b"", {"Content-Type": "text/html; charset=UTF-8"})
        if not self.manners.api_on:
            return self._failure(401, "API Disabled", request)
        return self._admitted(unquote(request.path.removeprefix(BASE).removeprefix("/index.php")), request)

    def _admitted(self, page: str, request: Request) -> Response:
        path = page.removesuffix(".json")
        if path == "/host/login":
            return self._login(request)
        if request.method != "GET":
            return self._failure(405, "Method Not Allowed", request)
        is_let_in = not self.manners.has_auth or self._is_let_in(request)
        if is_let_in and (path == "/host/getVersion" or not self.recorder.active("no_right", self.at)):
            return self._resource(path, request)
        return self._failure(401, "Insufficient Privileges" if is_let_in else "Not Authenticated", request)

    def _login(self, request: Request) -> Response:
        given, secret = dict(parse_qsl(request.body.decode("utf-8", "replace"))), self.recorder.secret
        told = {"version": self.manners.version, "apiversion": "2.0"}
        if not self.manners.has_auth:
            return json_response({"access_token": None, "access_token_expires": None, **told})
        if self.recorder.active("no_secret", self.at):
            return self._failure(403, "Please create a valid AUTH_HASH_SECRET in ZoneMinder", request)
        is_right = given == {"user": secret.user, "pass": secret.password}
        if self.recorder.active("locked", self.at) or not is_right or request.method != "POST":
            return self._failure(401, "Login denied for user", request)
        until_s = int((self.recorder.device_time(self.at) - datetime(1970, 1, 1)).total_seconds()) + TOKEN_S
        tokens = {"access_token": self._token(until_s), "access_token_expires": TOKEN_S}
        return json_response({**tokens, "refresh_token": "eyJ.refresh.x", "refresh_token_expires": 86400, **told})

    def _token(self, until_s: int) -> str:
        digest = sha256(f"{self.recorder.recorder_id}{self.recorder.secret.password}{until_s}".encode())
        return f"eyJ0.{until_s}.{digest.hexdigest()}"

    def _is_let_in(self, request: Request) -> bool:
        given = request.query.get("token", "")
        until = re.fullmatch(r"eyJ0\.(\d+)\.[0-9a-f]+", given)
        if until is None or given != self._token(int(until[1])) or self.recorder.active("expired", self.at):
            return False
        return self.recorder.device_time(self.at) < datetime(1970, 1, 1) + timedelta(seconds=int(until[1]))

    def _resource(self, path: str, request: Request) -> Response:
        resources: dict[str, dict[str, object]] = {
            "/host/getVersion": {"version": self.manners.version, "apiversion": "2.0"},
            "/host/getTimeZone": {"tz": self.manners.zone},
            "/storage": {"storage": [storage_item(disk, self.at) for disk in self.recorder.disks]},
            "/monitors": {"monitors": [self._monitor(c) for c in self._channels() for _ in range(self.manners.groups)]},
        }
        if path in resources:
            return self._json(resources[path])
        daemon = re.fullmatch(r"/monitors/daemonStatus/id:(\d+)/daemon:zmc", path)
        if daemon:
            return self._json({"status": not self.recorder.active("zmc_killed", self.at), "statustext": "zmc"})
        if path.startswith("/events/index/"):
            listing = Listing(self.recorder, self.at, self.manners, self.tables)
            return self._listed(listing, path.removeprefix("/events/index/").split("/"), request)
        return self._failure(404, "Not Found", request)

    def _listed(self, listing: Listing, filters: list[str], request: Request) -> Response:
        if not self.manners.has_auth and is_since_1_36_36(self.manners.version):
            return self._failure(500, NOT_COUNTABLE, request)
        found = listing.filtered(filters)
        if found is None or listing.breaks(filters):
            return self._failure(500, "An Internal Error Has Occurred.", request)
        page = listing.page(found, request.query)
        return self._failure(404, "Not Found", request) if page is None else self._json(page)

    def _channels(self) -> list[SimulatedChannel]:
        return list(self.recorder.channels.values())

    def _monitor(self, channel: SimulatedChannel) -> dict[str, object]:
        status = "Connected" if channel.is_online(self.at) else self.manners.lost_status
        return monitor_item(channel, status, is_new=self.manners.version >= "1.37")

    def _json(self, content: object) -> Response:
        return json_response(as_text(content) if self.manners.texts_only else content)

    def _failure(self, status: int, message: str, request: Request) -> Response:
        """Errors repeat the address with its query, token included."""
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        return json_response(failure(status, message, f"{request.path}?{query}"), status)
