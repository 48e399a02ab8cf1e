"""Carries a device's requests to a protocol end without a socket: the same code above the wire, but fast."""

from __future__ import annotations

import io
import time
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from collectors.device import Device
from collectors.simulator.http import End, Request


class InProcess(HTTPAdapter):
    def __init__(self, end: End) -> None:
        super().__init__()
        self._end = end
        self.asked: list[Request] = []

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        url = urlsplit(request.path_url)
        body = request.body or b""
        asked = Request(
            request.method or "",
            url.path,
            dict(parse_qsl(url.query)),
            {name: value if isinstance(value, str) else value.decode() for name, value in request.headers.items()},
            body.encode() if isinstance(body, str) else body,
        )
        self.asked.append(asked)
        answer = self._end(asked)
        if answer.dropped:
            raise requests.ConnectionError("the connection was closed without a reply")
        content = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
        raw = HTTPResponse(
            io.BytesIO(content), headers=dict(answer.headers), status=answer.status, preload_content=False
        )
        return self.build_response(request, raw)


def plug(device: Device, end: End) -> InProcess:
    """Sends everything `device` asks to `end` from now on, without pauses; the adapter returned remembers what."""
    if device.pause is time.sleep:
        device.pause = lambda _: None
    adapter = InProcess(end)
    device.http.mount("http://", adapter)
    device.http.mount("https://", adapter)
    return adapter
