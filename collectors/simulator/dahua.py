"""A simulated Dahua recorder: the CGI a collector reads, with the manners and lies of real ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from collectors.simulator import dahua_words as words
from collectors.simulator.dahua_finders import Finders, Listing
from collectors.simulator.digest import Guard
from collectors.simulator.http import End, Request, Response
from collectors.simulator.hurtful import HUGE_CHUNK, HUGE_CHUNKS, LOGIN_PAGE
from collectors.simulator.isapi_words import BOMB
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder

DRIP_S, DRIPS = 1.0, 600
_FINDER = "/cgi-bin/mediaFileFind.cgi"
_CONFIG = "/cgi-bin/configManager.cgi?getConfig&"


@dataclass(frozen=True, slots=True)
class Manners:
    """How this firmware behaves.

    `slot_count`: titles and record modes there are, used or not (0: as many as the highest channel). `lacks`: names of
    configurations and actions it does not have (501). `forbids`: the same, but the account may not (403).
    `renews_nonce`: every request needs a new challenge. `stale_status`: how an old signature is refused.
    """

    listing: Listing = field(default_factory=Listing)
    slot_count: int = 0
    lacks: frozenset[str] = frozenset({"RemoteChannel"})
    forbids: frozenset[str] = frozenset()
    has_old_remote_table: bool = False
    has_documented_disks: bool = False
    encoding: str = "utf-8"
    renews_nonce: bool = False
    stale_status: int = 401


def end(recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners | None = None) -> End:
    """Answers HTTP requests as `recorder` would at `now()` (true time, naive UTC)."""
    return Recorder(recorder, now, manners or Manners())


class Recorder:
    """`finders.opened` are the searches nobody has given back."""

    def __init__(self, recorder: SimulatedRecorder, now: Callable[[], datetime], manners: Manners) -> None:
        self._recorder, self._now, self._manners = recorder, now, manners
        self.finders = Finders(recorder, now, manners.listing)
        self._nonce_count = 0
        self._guard = Guard(recorder.recorder_id, recorder.secret)
        self._old_guard: Guard | None = None

    def __call__(self, request: Request) -> Response:
        at = self._now()
        return self._trouble(at) or self._refusal(request) or self._answer(request, at)

    def _trouble(self, at: datetime) -> Response | None:
        if self._recorder.active("dead", at):
            return Response(dropped=True)
        if self._recorder.active("locked", at):
            return Response(403, words.LOCKED.encode())
        if self._recorder.active("html", at):
            return Response(200, LOGIN_PAGE, {"Content-Type": "text/html"})
        return None

    def _answer(self, request: Request, at: datetime) -> Response:
        if request.method != "GET":
            return Response(405, b"")
        if request.path == _FINDER:
            return self._lie(request, at) or self.finders.answer(dict(request.query))
        return self._resource(request, at)

    def expire_nonce(self) -> None:
        """From now on the signature given so far is an old one."""
        self._old_guard = self._guard
        self._nonce_count += 1
        self._guard = Guard(f"{self._recorder.recorder_id} {self._nonce_count}", self._recorder.secret)

    def _refusal(self, request: Request) -> Response | None:
        if self._guard.admits(request):
            if self._manners.renews_nonce:
                self.expire_nonce()
            return None
        if self._old_guard is not None and self._old_guard.admits(request) and self._manners.stale_status != 401:
            return Response(self._manners.stale_status, words.FORBIDDEN.encode())
        return Response(401, words.UNAUTHORIZED.encode(), {"WWW-Authenticate": self._guard.challenge})

    def _lie(self, request: Request, at: datetime) -> Response | None:
        """The answers that are meant to hurt, in place of a page."""
        if request.query.get("action") != "findNextFile":
            return None
        if self._recorder.active("huge", at):
            return Response(200, (HUGE_CHUNK for _ in range(HUGE_CHUNKS)))
        if self._recorder.active("xml_bomb", at):
            return Response(200, BOMB.encode())
        return Response(200, _drip()) if self._recorder.active("slow", at) else None

    def _resource(self, request: Request, at: datetime) -> Response:
        action, name = request.query.get("action", ""), request.query.get("name", "")
        asked = name or request.query.get("code") or action
        if asked in self._manners.forbids:
            return Response(403, words.FORBIDDEN.encode())
        if asked in self._manners.lacks:
            return Response(501, b"")
        found = self._texts(at).get(f"{request.path}?{action}&{name}")
        if found is None:
            rejection = f"Error: Error -1 getting param in name={name}" if name else "\r\n".join(words.WRONG_ACTION)
            return Response(400, f"{rejection}\r\n".encode())
        return Response(200, words.lines(found()).decode().encode(self._manners.encoding, "replace"))

    def _texts(self, at: datetime) -> dict[str, Callable[[], list[str]]]:
        recorder, used = self._recorder, self._used()
        slots = [(place, used.get(place)) for place in range(max(self._manners.slot_count, max(used, default=-1) + 1))]
        old = self._manners.has_old_remote_table
        documented = self._manners.has_documented_disks
        magic, logic = "/cgi-bin/magicBox.cgi?", "/cgi-bin/LogicDeviceManager.cgi?"
        return {
            "/cgi-bin/global.cgi?getCurrentTime&": lambda: [f"result={words.stamp(recorder.device_time(at))}"],
            f"{magic}getSystemInfo&": lambda: words.system(recorder),
            f"{magic}getSoftwareVersion&": lambda: [f"version={recorder.firmware}"],
            f"{logic}getCameraState&": lambda: words.states(used.items(), at),
            "/cgi-bin/eventManager.cgi?getEventIndexes&": lambda: words.losses(used.items(), at),
            "/cgi-bin/storageDevice.cgi?getDeviceAllInfo&": lambda: words.disks(
                recorder.disks, at, is_documented_shape=documented
            ),
            f"{_CONFIG}ChannelTitle": lambda: words.titles((n, c.name if c and c.name else "IPC") for n, c in slots),
            f"{_CONFIG}RemoteDevice": lambda: words.remote_devices(slots, is_old=old),
            f"{_CONFIG}VideoWidget": lambda: words.widgets(used.items()),
            f"{_CONFIG}RecordMode": lambda: words.record_modes(used.items()),
            f"{_CONFIG}Record": lambda: words.records(used.items()),
        }

    def _used(self) -> dict[int, SimulatedChannel]:
        channels = self._recorder.channels
        return {int(name) - 1: channels[name] for name in sorted(channels, key=int)}


def _drip() -> Iterator[bytes]:
    yield b"found=1\r\n"
    for _ in range(DRIPS):
        time.sleep(DRIP_S)
        yield b" "
