"""The platform's HTTP interface: login, envelope, errors, pages (fact sheet, "Login and envelope")."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from collectors import json_reply
from collectors.answers import Malformed, Refused, Unreachable
from collectors.chunks import DeviceBrokeError
from collectors.device import Device, Reply, Secret
from collectors.xml import quoted

LOGIN = "/api/user/login"
API_KEY_USER = "api-key"
PAGE_ROWS = 100
MAX_PAGES = 200
UNANSWERED = (100, -1, 408, 486, 500)
"""Failure, its name until 2022, no answer, busy, internal error: the platform speaks, the device behind it does not."""
NOT_KNOWN = "不存在"


class WvpDevice(Device):
    """`pause` waits that many seconds between two questions that load a device behind the platform."""

    def __init__(
        self,
        address: str,
        *,
        now: Callable[[], datetime],
        secret: Secret | None,
        memory: dict[str, str],
        pause: Callable[[float], None],
    ) -> None:
        super().__init__(address, now=now, secret=secret, memory=memory)
        self.pause = pause
        self._logged_in = False
        if secret is not None and secret.user == API_KEY_USER:
            self.http.headers["api-key"] = secret.password
            self._logged_in = True

    def ask(self, path: str, **query: object) -> object:
        """The `data` of the reply. The query is part of the path, so that it stands in the evidence."""
        asked = f"{path}?{urlencode(query)}" if query else path
        reply = self._ask_signed(asked)
        return _data_of(reply, f"{self.address}{path}")

    def ask_pages(self, path: str, **query: object) -> Iterator[dict[str, object]]:
        """The rows of all pages. Past the end some sites repeat the last page for ever, so counters end it as well."""
        for number in range(1, MAX_PAGES + 1):
            source = f"{self.address}{path}"
            page = json_reply.as_object(self.ask(path, page=number, count=PAGE_ROWS, **query), source)
            rows = list(json_reply.objects(page.get("list"), source))
            if json_reply.whole(page.get("pageNum", number)) != number:
                return
            yield from rows
            if not rows or _is_last(page, number):
                return
        raise Malformed(f"{self.address}{path} has more than {MAX_PAGES} pages; its counters cannot be right")

    def _ask_signed(self, path: str) -> Reply:
        was_logged_in = self._logged_in
        if not was_logged_in and self.secret is not None:
            self._log_in(self.secret)
        reply = self._take_token(self.get(path))
        can_log_in = self.secret is not None and self.secret.user != API_KEY_USER
        if _is_unauthorised(reply) and was_logged_in and can_log_in and self.secret is not None:
            self._log_in(self.secret)
            reply = self._take_token(self.get(path))
        if _is_unauthorised(reply):
            raise Refused(
                f"{self.address} wants a login (401); put a user of the platform, or an API key under the user name "
                f"{API_KEY_USER}, on file for it",
                definitive=True,
            )
        return reply

    def _log_in(self, secret: Secret) -> None:
        """GET is the only form that takes effect. The hash is as good as the password and goes where a token goes."""
        self.http.headers.pop("access-token", None)
        known = len(self.exchanges)
        hashed = hashlib.md5(secret.password.encode(), usedforsecurity=False).hexdigest()
        self.token = ("password", hashed)
        try:
            reply = self.get(LOGIN, params={"username": secret.user})
        finally:
            self.token = None
            self.exchanges[known:] = [replace(each, body=b"") for each in self.exchanges[known:]]
        self._accept(reply)

    def _accept(self, reply: Reply) -> None:
        source = f"{self.address}{LOGIN}"
        envelope = _envelope(reply, source)
        data = envelope.data if isinstance(envelope.data, dict) else {}
        token = json_reply.text(data.get("accessToken")) or reply.headers.get("access-token", "")
        if envelope.code == 0 and _is_header_text(token):
            self.http.headers["access-token"] = token
            self._logged_in = True
            return
        raise Refused(
            f"{source} refuses this user ({envelope.code}, '{quoted(envelope.message)}'); correct name and password",
            definitive=True,
        )

    def _take_token(self, reply: Reply) -> Reply:
        """An answer may carry a renewed token."""
        renewed = reply.headers.get("access-token", "")
        if renewed and _is_header_text(renewed):
            self.http.headers["access-token"] = renewed
        return reply


@dataclass(frozen=True, slots=True)
class _Envelope:
    code: int | None
    message: str
    data: object


def open_device(
    address: str,
    *,
    secret: Secret | None,
    now: Callable[[], datetime],
    memory: dict[str, str],
    pause: Callable[[float], None] = time.sleep,
) -> WvpDevice:
    return WvpDevice(address, now=now, secret=secret, memory=memory, pause=pause)


def ours(device: Device) -> WvpDevice:
    if not isinstance(device, WvpDevice):
        raise TypeError(f"a device of the wvp protocol is needed, opened with its open_device, not {device!r}")
    return device


def _data_of(reply: Reply, source: str) -> object:
    envelope = _envelope(reply, source)
    said = f"{envelope.code}, '{quoted(envelope.message, 80)}'"
    if envelope.code == 0:
        return envelope.data
    if envelope.code == 403:
        raise Refused(f"{source} is forbidden to this user ({said}); give it the right to query devices and records")
    if envelope.code == 404 or NOT_KNOWN in envelope.message:
        raise Malformed(f"{source} names something the platform does not know ({said}); check the channel")
    if envelope.code in UNANSWERED:
        raise DeviceBrokeError(f"{source} got no usable answer from the device behind the platform ({said})")
    raise Malformed(f"{source} was not accepted ({said}); check the address, the channel and the platform's version")


def _envelope(reply: Reply, source: str) -> _Envelope:
    """Business errors come as HTTP 200 with a code; before 2022 there was no envelope at all."""
    if reply.status in (502, 503, 504):
        raise Unreachable(f"{source} is not available at the moment ({reply.status}); ask again later")
    if reply.status == 404:
        raise Malformed(f"{source} is not known there (404); check that this is the address of a WVP platform")
    if reply.status not in (200, 400, 401, 403, 500):
        raise Malformed(f"{source} answered with the unexpected status {reply.status}")
    try:
        content = json_reply.object_in(reply.body, source)
    except Malformed:
        if reply.status == 200:
            raise
        content = {"code": reply.status}
    if "code" not in content and reply.status == 200:
        return _Envelope(0, "", content)
    code = json_reply.whole(content.get("code"))
    return _Envelope(reply.status if reply.status != 200 and code == 0 else code, *_said(content))


def _said(content: dict[str, object]) -> tuple[str, object]:
    return json_reply.text(content.get("msg")), content.get("data")


def _is_unauthorised(reply: Reply) -> bool:
    if reply.status == 200 and b"401" in reply.body[:200]:
        try:
            return json_reply.whole(json_reply.object_in(reply.body, "the reply").get("code")) == 401
        except Malformed:
            return False
    return reply.status == 401


def _is_last(page: dict[str, object], number: int) -> bool:
    pages = json_reply.whole(page.get("pages"))
    return page.get("hasNextPage") is False or page.get("isLastPage") is True or (pages is not None and number >= pages)


def _is_header_text(text: str) -> bool:
    return text.isascii() and text.isprintable() and 0 < len(text) <= 8192
