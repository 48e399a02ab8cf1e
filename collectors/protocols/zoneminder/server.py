"""The login of one ZoneMinder, and its replies as objects or as the failure they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from collectors import json_reply
from collectors.answers import DeviceFailure, Malformed, Refused, Unreachable
from collectors.chunks import DeviceBrokeError
from collectors.device import Device, Reply, Secret
from collectors.xml import quoted

API, PLAIN_ENTRY, ENTRY_KEY = "/api", "/index.php", "entry"
LOGIN = "/api/host/login.json"
FORM = "application/x-www-form-urlencoded"
USUAL_PATH = "/zm"
MISSING_RIGHT = b"Insufficient Privileges"
NEVER = datetime(9999, 1, 1)
USUAL_EXPIRY_S, RENEW_AT = 3600, 0.8
BROKEN_WITHOUT_LOGIN = b"count(): Argument #1"
"""ZoneMinder issue 4465: from 1.36.36 events cannot be listed while authentication is off."""


class NoSuchPageError(Malformed):
    """404: the resource is not there, or the page lies past the end."""


class ZoneminderDevice(Device):
    """Logs in before the first question, anew at 80 % of a token's life, and once when it is refused earlier."""

    def __init__(
        self, address: str, *, now: Callable[[], datetime], secret: Secret | None, memory: dict[str, str]
    ) -> None:
        address = address.rstrip("/")
        super().__init__(
            address if urlsplit(address).path else f"{address}{USUAL_PATH}", now=now, secret=secret, memory=memory
        )
        self._renew_at: datetime | None = None
        self._refused: Refused | None = None

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """A reply with status 200, or the failure."""
        is_fresh = self.ready()
        reply = self._reach(path, lambda at: self.get(at, params=dict(params or {})))
        if reply.status == 401 and not is_fresh and self.token is not None and not _lacks_right(reply):
            self._log_in()
            reply = self._reach(path, lambda at: self.get(at, params=dict(params or {})))
        if reply.status != 200:
            raise _failure(reply, f"{self.address}{path}", self)
        return reply

    def knock(self, path: str) -> Reply:
        """The reply to somebody who is not logged in, whatever it is."""
        return self._reach(path, self.get)

    def ready(self) -> bool:
        """Logs in if that is due; whether it was."""
        is_due = self._renew_at is None or self._renew_at <= self.now()
        if is_due:
            self._log_in()
        return is_due

    def ask_object(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]:
        return _object_in(self.ask(path, params), f"{self.address}{path}")

    def _reach(self, path: str, send: Callable[[str], Reply]) -> Reply:
        """Where the web server rewrites nothing, as after a plain `a2enconf zoneminder` on Debian, every resource is
        an unknown page, and is there below index.php."""
        entry = self.memory.get(ENTRY_KEY, "")
        reply = send(path.replace(API, f"{API}{entry}", 1))
        if entry or reply.status != 404 or not json_reply.is_web_page(reply.body):
            return reply
        other = send(path.replace(API, f"{API}{PLAIN_ENTRY}", 1))
        if other.status == 404 and json_reply.is_web_page(other.body):
            return reply
        self.memory[ENTRY_KEY] = PLAIN_ENTRY
        return other

    def _log_in(self) -> None:
        """Authentication that is off answers with empty tokens, and is then not asked for again."""
        if self._refused is not None:
            raise self._refused
        self.token = None
        if self.secret is None:
            self._renew_at = NEVER
            return
        self.http.cookies.clear()
        body = urlencode({"user": self.secret.user, "pass": self.secret.password})
        reply = self._reach(LOGIN, lambda at: self.log_in(at, body, content_type=FORM))
        source = f"{self.address}{LOGIN}"
        if reply.status in (401, 403):
            self._refused = Refused(
                f"{source}: {_words(reply)}; correct that before it is asked again", definitive=True
            )
            raise self._refused
        if reply.status != 200:
            raise _failure(reply, source, self)
        tokens = _object_in(reply, source)
        if "access_token" not in tokens:
            raise Malformed(f"{source} answered without a token; only ZoneMinder 1.34 and later have them")
        access = json_reply.text(tokens["access_token"])
        self._renew_at = NEVER
        if access:
            expiry_s = json_reply.number(tokens.get("access_token_expires")) or USUAL_EXPIRY_S
            self.token = ("token", access)
            self._renew_at = self.now() + timedelta(seconds=RENEW_AT * min(max(expiry_s, 60.0), 86_400.0))


def open_device(
    address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]
) -> ZoneminderDevice:
    return ZoneminderDevice(address, now=now, secret=secret, memory=memory)


def ours(device: Device) -> ZoneminderDevice:
    if not isinstance(device, ZoneminderDevice):
        raise TypeError(f"a device of the zoneminder protocol is needed, opened with its open_device, not {device!r}")
    return device


def _object_in(reply: Reply, source: str) -> dict[str, object]:
    """Badly configured servers print warnings of PHP before the object."""
    body = reply.body
    if not body.strip():
        raise Unreachable(f"{source} answered nothing at all, as when the database behind it is down; ask again later")
    if not json_reply.is_web_page(body):
        body = body[max(body.find(b"{"), 0) :]
    return json_reply.object_in(body, source)


def _failure(reply: Reply, source: str, device: Device) -> DeviceFailure:
    if reply.status == 403 or _lacks_right(reply):
        return Refused(f"{source} is forbidden to this user ({_words(reply)}); let it view events, monitors and system")
    if reply.status == 401:
        login = "does not accept its own login" if device.token else "wants a login that is not on file"
        return Refused(f"{source} {login} ({_words(reply)}); check the user and its API access", definitive=True)
    if reply.status == 404:
        return NoSuchPageError(f"{source} is not there (404, {_words(reply)}); check the address and OPT_USE_API")
    if reply.status >= 500:
        return _trouble(reply, source)
    return Malformed(f"{source} answered with the unexpected status {reply.status}")


def _lacks_right(reply: Reply) -> bool:
    """A right that the user lacks is a 401 like a wrong token; only the words differ."""
    return reply.status == 401 and MISSING_RIGHT in reply.body


def _trouble(reply: Reply, source: str) -> DeviceFailure:
    if reply.status > 500:
        return Unreachable(f"{source} is not available ({reply.status}); PHP or the database behind it is down")
    if BROKEN_WITHOUT_LOGIN in reply.body:
        return Malformed(
            f"{source}: this version of ZoneMinder cannot list events while authentication is off; switch it on"
        )
    return DeviceBrokeError(f"{source} made ZoneMinder fail (500, {_words(reply)})")


def _words(reply: Reply) -> str:
    try:
        error = _object_in(reply, "")
    except Malformed:
        return "no words"
    said = json_reply.inner(error, "data")
    return quoted(json_reply.text(said.get("message")) or json_reply.text(error.get("message")) or "no words", 80)
