"""The login of one Frigate, and its replies as values or as the failure they stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from collectors import json_reply
from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.chunks import DeviceBrokeError
from collectors.device import Device, Reply, Secret
from collectors.evidence import reduced_evidence
from collectors.xml import quoted

LOGIN = "/api/login"
RATE_LIMIT_WAIT_S = 60
_JWT_COOKIE = re.compile(r"=([\w-]+\.[\w-]+\.[\w-]+)\s*(?:[;,]|$)", re.ASCII)


class FrigateDevice(Device):
    """Logs in before the first question, and once more when the login has run out."""

    def __init__(
        self, address: str, *, now: Callable[[], datetime], secret: Secret | None, memory: dict[str, str]
    ) -> None:
        super().__init__(address, now=now, secret=secret, memory=memory)
        self.http.headers["X-Cache-Bypass"] = "1"  # else nginx answers from a cache of five seconds
        self._asked_in = False
        self._refused: DeviceFailure | None = None

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """A reply with status 200, or the failure."""
        is_fresh = self.ready()
        reply = self.get(path, params=dict(params or {}))
        if reply.status == 401 and not is_fresh and self.secret is not None:
            self._log_in()
            reply = self.get(path, params=dict(params or {}))
        if reply.status != 200:
            raise _failure(reply, f"{self.address}{path}", may_retry=self.secret is not None)
        return reply

    def ready(self) -> bool:
        """Logs in before the first question; whether that was now."""
        is_first = not self._asked_in
        if is_first:
            self._log_in()
        return is_first

    def ask_json(self, path: str, params: Mapping[str, str] | None = None) -> object:
        return json_reply.loaded(self.ask(path, params).body, f"{self.address}{path}")

    def ask_reduced(self, path: str, reduce: Callable[[dict[str, object]], dict[str, object]]) -> dict[str, object]:
        """What `reduce` leaves of the object at `path`; nothing else of it reaches the evidence."""
        with reduced_evidence(self, path) as kept:
            reduced = reduce(json_reply.as_object(self.ask_json(path), f"{self.address}{path}"))
            kept.content = reduced
        return reduced

    def _log_in(self) -> None:
        """The token of the login cookie goes out as a bearer, since only that works under every name of the cookie."""
        if self._refused is not None:
            raise self._refused
        self._asked_in = True
        if self.secret is None:
            return
        self.http.headers.pop("Authorization", None)
        self.http.cookies.clear()
        body = json.dumps({"user": self.secret.user, "password": self.secret.password})
        reply = self.log_in(LOGIN, body, content_type="application/json")
        if reply.status == 404 and b"disabled" in reply.body:
            return
        if reply.status != 200:
            self._refused = _refused_login(reply, f"{self.address}{LOGIN}")
            raise self._refused
        token = _JWT_COOKIE.search(reply.headers.get("Set-Cookie", ""))
        if token is None:
            raise Malformed(
                f"{self.address}{LOGIN} set no login cookie; this is not a Frigate, or a proxy took it away"
            )
        self.http.headers["Authorization"] = f"Bearer {token[1]}"


def open_device(
    address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]
) -> FrigateDevice:
    return FrigateDevice(address, now=now, secret=secret, memory=memory)


def ours(device: Device) -> FrigateDevice:
    if not isinstance(device, FrigateDevice):
        raise TypeError(f"a device of the frigate protocol is needed, opened with its open_device, not {device!r}")
    return device


def _refused_login(reply: Reply, source: str) -> DeviceFailure:
    if reply.status in (400, 401, 403):
        return Refused(f"{source}: user name or password is wrong ({reply.status}); correct it here", definitive=True)
    if reply.status == 429:
        return Refused(
            f"{source} has had too many logins (429); the next one waits {RATE_LIMIT_WAIT_S} s",
            wait_s=RATE_LIMIT_WAIT_S,
            definitive=True,
        )
    return _failure(reply, source, may_retry=True)


def _failure(reply: Reply, source: str, *, may_retry: bool) -> DeviceFailure:
    if reply.status == 401:
        why = "does not accept its own login" if may_retry else "wants a login, and no password is on file"
        return Refused(f"{source} {why} (401); give the collector a user with the role viewer", definitive=True)
    if reply.status == 403:
        return Refused(f"{source} is forbidden to this user ({quoted(_message(reply), 80)}); give it that camera")
    if reply.status == 404:
        return Malformed(f"{source} does not exist there (404); check that the address is that of a Frigate")
    if reply.status == 500:
        return DeviceBrokeError(f"{source} made Frigate fail (500)")
    if reply.status > 500:
        return Unreachable(f"{source} is not available ({reply.status}); Frigate behind its web server is down")
    return Malformed(f"{source} answered with the unexpected status {reply.status}")


def _message(reply: Reply) -> str:
    try:
        return json_reply.text(json_reply.object_in(reply.body, "").get("message")) or "403"
    except Malformed:
        return "403"
