"""The HTTP interface of ZLMediaKit: its secret, its codes, and parts of its files (fact sheet, "API conventions")."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlencode

from collectors import json_reply
from collectors.answers import Malformed, Refused, Unreachable
from collectors.device import Device, Reply, Secret
from collectors.xml import quoted

VHOST = "__defaultVhost__"
ADVICE = "put the server's secret on file as the password and allow our address"
NOT_LOGGED_IN, NO_SUCH_CALL = -100, -500


class FileClosedError(Exception):
    """A file cannot be read; the message says why, in words fit for an answer's `reason`."""


class ZlmDevice(Device):
    """`pause` waits that many seconds between two looks at the same stream."""

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
        if secret is not None:
            self.http.headers["secret"] = secret.password

    def ask(self, name: str, *, keep: tuple[str, ...] | None = None, **query: str) -> dict[str, object]:
        """The content of a reply whose code is 0. `keep` names the only keys of each entry that may become evidence:
        addresses of streams hold the passwords of cameras."""
        path = f"/index/api/{name}"
        reply = self.get(f"{path}?{urlencode(query)}" if query else path)
        if keep is not None:
            self.exchanges[-1] = replace(self.exchanges[-1], body=_reduced(reply.body, keep))
        return _content_of(reply, f"{self.address}{path}")

    def read_file(self, path: str, from_byte: int, count: int) -> bytes:
        """That part of the file at `path`, less at its end; raises FileClosedError."""
        wanted = f"bytes={from_byte}-{from_byte + count - 1}"
        self.http.headers["Range"] = wanted
        try:
            reply = self.get(quote(path))
        except (Malformed, Refused) as failure:
            raise FileClosedError(str(failure)) from None
        finally:
            del self.http.headers["Range"]
        part = _part_of(reply, from_byte, count, f"{self.address}{path}")
        asked = f"{self.exchanges[-1].request}\nRange: {wanted}"
        self.exchanges[-1] = replace(self.exchanges[-1], request=asked, body=part)
        return part


def open_device(
    address: str,
    *,
    secret: Secret | None,
    now: Callable[[], datetime],
    memory: dict[str, str],
    pause: Callable[[float], None] = time.sleep,
) -> ZlmDevice:
    return ZlmDevice(address, now=now, secret=secret, memory=memory, pause=pause)


def ours(device: Device) -> ZlmDevice:
    if not isinstance(device, ZlmDevice):
        raise TypeError(f"a device of the zlmediakit protocol is needed, opened with its open_device, not {device!r}")
    return device


def words_of(channel: str) -> tuple[str, str]:
    app, _, stream = channel.strip().partition("/")
    if not app or not stream or ".." in channel:
        raise Malformed(f"'{channel}' is no channel; write <app>/<stream> as the server names them")
    return app, stream


def _content_of(reply: Reply, source: str) -> dict[str, object]:
    """API errors come with HTTP 200 and a code; other statuses are the word of a proxy in front."""
    if reply.status in (401, 403):
        raise Refused(f"{source} is forbidden ({reply.status}); {ADVICE}", definitive=True)
    if reply.status >= 500:
        raise Unreachable(f"{source} is not available at the moment ({reply.status}); ask again later")
    if reply.status != 200:
        raise Malformed(f"{source} answered with the status {reply.status}; check that this is a ZLMediaKit server")
    content = json_reply.object_in(reply.body, source)
    code, said = json_reply.whole(content.get("code")), quoted(json_reply.text(content.get("msg")), 80)
    if code == 0:
        return content
    if code == NOT_LOGGED_IN or "ip is not allowed" in said.lower():
        raise Refused(f"{source} is refused ({code}, '{said}'); {ADVICE}", definitive=True)
    if code == NO_SUCH_CALL:
        raise Malformed(f"{source} is not known to this build ({code}, '{said}'); update it, or check the address")
    raise Malformed(f"{source} was not answered ({code}, '{said}')")


def _part_of(reply: Reply, from_byte: int, count: int, source: str) -> bytes:
    if reply.status == 206:
        return reply.body[:count]
    if reply.status == 200:  # the range was ignored: the file is small, or it would have been dropped unread
        return reply.body[from_byte : from_byte + count]
    if reply.status == 416:
        return b""
    raise FileClosedError(f"{source} cannot be read ({reply.status}); allow our address GET of /record/ on this server")


def _reduced(body: bytes, keep: tuple[str, ...]) -> bytes:
    """What cannot be taken apart is not kept at all: a secret may stand in it."""
    try:
        content = json_reply.object_in(body, "the reply")
        entries = json_reply.objects(content.get("data", []), "the reply")
        kept = [{key: entry[key] for key in keep if key in entry} for entry in entries]
    except Malformed:
        return b""
    return json.dumps({"code": content.get("code"), "msg": content.get("msg"), "data": kept}).encode()
