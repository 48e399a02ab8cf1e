"""Serves a protocol end on a loopback port over real HTTP/1.1."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """`body` may be an iterable of chunks, sent with `Transfer-Encoding: chunked`. `dropped`: close without a reply."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    dropped: bool = False


End = Callable[[Request], Response]


class LoopbackServer:
    """`with LoopbackServer(end) as server: server.address` — `http://127.0.0.1:port`, served from threads."""

    def __init__(self, end: End, *, port: int = 0) -> None:
        self._server = _Server(("127.0.0.1", port), _handler_for(end))
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up half-way is normal here: the faults provoke it."""


class _Handler(BaseHTTPRequestHandler):
    end: ClassVar[End]
    protocol_version = "HTTP/1.1"
    server_version = "simulated"

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_: object) -> None:
        """Silent: the truth log is the record."""

    def do_any(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        response = type(self).end(
            Request(self.command, url.path, dict(parse_qsl(url.query)), dict(self.headers.items()), body)
        )
        time.sleep(response.delay_s)
        if response.dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(response)

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        given = {name.lower() for name in response.headers}
        if "server" not in given:
            self.send_header("Server", self.version_string())
        if "date" not in given:  # a device with a wrong clock says so here
            self.send_header("Date", self.date_time_string())
        for name, value in response.headers.items():
            self.send_header(name, value)
        if isinstance(response.body, bytes):
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in response.body:
            self.wfile.write(f"{len(chunk):X}\r\n".encode() + chunk + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = do_any  # noqa: N815


def _handler_for(end: End) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"end": staticmethod(end)})
