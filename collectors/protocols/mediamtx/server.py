"""The two servers of one MediaMTX process behind one device: playback (the address) and control API."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.device import Device, Reply, Secret

API_PORT = 9997


class ApiClosedError(Exception):
    """The control API gives no usable answer; the message says why, in words fit for an answer's `reason`."""


class MediamtxDevice(Device):
    """`window` is the widest listing worth asking this server for; it shrinks when one is not answered in time."""

    def __init__(
        self, address: str, *, now: Callable[[], datetime], secret: Secret | None, memory: dict[str, str]
    ) -> None:
        playback, self.api_address = addresses(address)
        auth = (secret.user, secret.password) if secret else None
        super().__init__(playback, now=now, auth=auth, secret=secret, memory=memory)
        self.window = timedelta(days=1)
        self._api_closed = ""

    def ask_api(self, path: str, *, keep: tuple[str, ...] | None = None) -> dict[str, object] | None:
        """The object at `path`, None where the API says it does not exist; raises ApiClosedError.

        An API that is silent or refuses us is asked once per session: a wrong password makes it pause each
        time. `keep` names the only keys that may reach the evidence: configurations can hold passwords.
        """
        if self._api_closed:
            raise ApiClosedError(self._api_closed)
        playback, self.address = self.address, self.api_address
        try:
            reply = self.get(path)
        except DeviceFailure as failure:
            self._api_closed = f"the control API gave no answer ({failure})"
            raise ApiClosedError(self._api_closed) from None
        finally:
            self.address = playback
        if keep is not None:
            self._redact_last(keep)
        if reply.status == 200:
            return self._object_in(reply)
        if reply.status == 404 and _is_json(reply) and error_text(reply).endswith("not found"):
            return None
        reason = f"the control API at {self.api_address} answered {reply.status}"
        if reply.status in (401, 403):
            self._api_closed = reason = f"{reason}; give the collector's user the action api"
        raise ApiClosedError(reason)

    def _object_in(self, reply: Reply) -> dict[str, object]:
        try:
            content = json.loads(reply.body)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise ApiClosedError(f"what answers at {self.api_address} is not a MediaMTX control API")
        return content

    def _redact_last(self, keep: tuple[str, ...]) -> None:
        last = self.exchanges[-1]
        try:
            content = json.loads(last.body)
        except (ValueError, RecursionError):
            content = None  # cut off, perhaps in the middle of a password
        if last.status == 200:
            self.exchanges[-1] = replace(last, body=json.dumps(_only(content, keep)).encode())


def _only(content: object, keep: tuple[str, ...]) -> object:
    """An object reduced to the keys of `keep`; a page of objects (`items`) likewise, item by item."""
    if not isinstance(content, dict):
        return {}
    if isinstance(content.get("items"), list):
        return {"items": [_only(item, keep) for item in content["items"]]}
    return {key: content[key] for key in keep if key in content}


def open_device(
    address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]
) -> MediamtxDevice:
    return MediamtxDevice(address, now=now, secret=secret, memory=memory)


def ours(device: Device) -> MediamtxDevice:
    if not isinstance(device, MediamtxDevice):
        raise TypeError(f"a device of the mediamtx protocol is needed, opened with its open_device, not {device!r}")
    return device


def addresses(address: str) -> tuple[str, str]:
    """Playback and API origin of one registered address; raises Malformed for a word it does not know."""
    try:
        url = urlsplit(address)
        settings = dict(parse_qsl(url.query, keep_blank_values=True))
        api_port = int(settings.pop("api_port", API_PORT))
        api = settings.pop("api", "")
        if settings or url.scheme not in ("http", "https") or not url.hostname or not 0 < api_port < 65536:
            raise ValueError
    except ValueError:
        raise Malformed(
            f"'{address}' is not an address of a MediaMTX playback server; write http://host:9996, "
            "with ?api_port=N or ?api=URL where the control API is not on port 9997"
        ) from None
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    playback = urlunsplit((url.scheme, url.netloc, url.path.rstrip("/"), "", ""))
    return playback, api.rstrip("/") or f"{url.scheme}://{host}:{api_port}"


def check_allowed(reply: Reply, server: str) -> None:
    """Raise Refused for 401 and 403. The pause before a 401 is the server's brake, not a fault."""
    if reply.status in (401, 403):
        raise Refused(
            f"{server} refuses this user ({reply.status}); give it the action playback for this path",
            definitive=True,
        )


def _is_json(reply: Reply) -> bool:
    return "json" in reply.headers.get("Content-Type", "").lower()


def error_text(reply: Reply) -> str:
    """`{"status":"error","error":"..."}` since v1.15.6, plain text before."""
    text = reply.body[:2000].decode("utf-8", "replace").strip()
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return str(content.get("error", text)) if isinstance(content, dict) else text
