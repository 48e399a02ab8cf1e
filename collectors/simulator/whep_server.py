"""The simulated relay's process: `python -m collectors.simulator.whep_server`, steered by JSON lines on
stdin.

First line: paths, user, password, port; reply: the port. Then `{path, mode}` or `{count}`, one reply each. It
ends with its input. Frames are encoded and packetised once; a session only numbers, encrypts and sends them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from base64 import b64encode
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import uvloop

from collectors.simulator.whep_session import Sessions, Stream, prepare_aiortc

MAX_BODY_BYTES = 128 * 1024
SLOW_S = 60.0
JSON = {"Content-Type": "application/json"}
LOGIN_PAGE = b"<!DOCTYPE html><title>login</title><form><input name=user></form>"

Reply = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""


class RelayServer:
    def __init__(self, paths: list[str], user: str, password: str) -> None:
        self.streams = {path: Stream() for path in paths}
        self.sessions = Sessions()
        self.closing = asyncio.Event()
        self._authorization = "Basic " + b64encode(f"{user}:{password}".encode()).decode()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Many requests on one connection, until either side has enough."""
        try:
            while (request := await _read_request(reader)) is not None:
                method, path, headers, body = request
                reply = await self._reply(method, path, headers, body)
                if reply is None:
                    break
                _write(writer, *reply)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass  # a client that hangs up or babbles; the next one is served all the same
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _reply(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply | None:
        """None: hang up without a reply."""
        name, _, session_id = unquote(path.partition("?")[0]).strip("/").partition("/whep")
        stream = self.streams.get(name)
        mode = stream.mode if stream else "absent"
        if mode == "slow_http":
            with suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), SLOW_S)
        if mode in ("closed", "slow_http"):
            return None
        if mode == "html":
            return 200, {"Content-Type": "text/html"}, LOGIN_PAGE
        if mode == "refused" or headers.get("authorization") != self._authorization:
            return 401, {"WWW-Authenticate": 'Basic realm="relay"', **JSON}, _error("authentication error")
        if method == "DELETE":
            return (200 if await self.sessions.end(session_id.strip("/")) else 404), {}, b""
        return await self._open(name, stream, body) if method == "POST" else (405, {}, b"")

    async def _open(self, name: str, stream: Stream | None, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if stream is None or stream.mode == "absent":
            return 404, JSON, _error(f"no one is publishing to path '{name}'")
        if stream.mode == "error500":
            return 500, {"Content-Type": "text/plain"}, b"streams: dial tcp: i/o timeout"
        if stream.mode == "bad_codec":
            return 400, JSON, _error("codecs not supported by client")
        session_id, answer = await self.sessions.open(stream, body.decode())
        return 201, {"Content-Type": "application/sdp", "Location": f"whep/{session_id}"}, answer.encode()


def _error(text: str) -> bytes:
    return json.dumps({"status": "error", "error": text}).encode()


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str], bytes] | None:
    line = await reader.readline()
    if not line:
        return None
    method, path, _ = line.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while (line := await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.strip().lower()] = value.strip()
    size = int(headers.get("content-length", "0"))
    if size > MAX_BODY_BYTES:
        raise ValueError(f"a body of {size} bytes")
    return method, path, headers, await reader.readexactly(size)


def _write(writer: asyncio.StreamWriter, status: int, headers: dict[str, str], body: bytes) -> None:
    head = {**headers, "Content-Length": str(len(body))}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{k}: {v}" for k, v in head.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)


async def serve() -> None:
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    settings = json.loads(await orders.readline())
    relay = RelayServer(settings["paths"], settings["user"], settings["password"])
    server = await asyncio.start_server(relay.handle, "127.0.0.1", settings["port"], backlog=256)
    _say({"port": server.sockets[0].getsockname()[1]})
    while line := await orders.readline():
        order = json.loads(line)
        if "mode" in order:
            relay.streams[order["path"]].mode = order["mode"]
        _say({"sessions": len(relay.sessions)})
    relay.closing.set()
    server.close()
    await relay.sessions.end_all()


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    prepare_aiortc()
    uvloop.run(serve())


if __name__ == "__main__":
    main()
