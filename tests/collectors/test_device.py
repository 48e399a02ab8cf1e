"""The wire against real sockets: whatever a device sends costs bounded bytes, bounded time and one failure."""

from __future__ import annotations

import gzip
import hashlib
import re
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from collectors import device as wire
from collectors.answers import Malformed, Refused, Unreachable
from collectors.device import Device
from collectors.digest import Credentials
from collectors.simulator.http import LoopbackServer, Request, Response

NOW = datetime(2026, 10, 1, 4)
DEADLINE_S = 0.6


def _device(address: str, *, auth: Credentials | None = None) -> Device:
    return Device(address, now=lambda: NOW, auth=auth, deadline_s=DEADLINE_S)


@contextmanager
def raw_server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server below HTTP, for what no HTTP library would send."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def run() -> None:
        try:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                serve(connection)
                stop.wait(5)
        except OSError:
            return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.close()
        thread.join()


def _drip(connection: socket.socket, start: bytes) -> None:
    connection.sendall(start)
    give_up_at = time.monotonic() + 20 * DEADLINE_S
    while time.monotonic() < give_up_at:
        connection.sendall(b"a")
        time.sleep(DEADLINE_S / 20)


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="x", nonce="y"\r\nContent-Length: 9000\r\n\r\n',
        b"",
    ],
)
def test_a_drip_of_bytes_ends_at_the_deadline(start: bytes) -> None:
    sent: list[bool] = []

    def serve(connection: socket.socket) -> None:
        _drip(connection, start)
        sent.append(True)

    with raw_server(serve) as address, pytest.raises(Unreachable):
        _device(address, auth=Credentials("u", "p")).get("/")
    assert not sent, "the device was listened to until it had nothing left to send"


def test_silence_ends_at_the_deadline() -> None:
    with raw_server(lambda _: None) as address, pytest.raises(Unreachable, match="did not answer in time"):
        _device(address).get("/")


def test_an_endless_answer_is_dropped_without_filling_the_memory() -> None:
    served: list[int] = []

    def endless() -> Iterator[bytes]:
        for count in range(3200):
            served.append(count)
            yield b" " * 65536

    with LoopbackServer(lambda _: Response(body=endless())) as server:
        device = Device(server.address, now=lambda: NOW)
        tracemalloc.start()
        with pytest.raises(Malformed, match="more than 8 MiB"):
            device.get("/")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert len(served) < 1000
    assert peak < 5 * wire.MAX_REPLY_BYTES
    assert device.exchanges == []


def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 20_000_000)
    with (
        LoopbackServer(lambda _: Response(200, bomb, {"Content-Encoding": "gzip"})) as server,
        pytest.raises(Malformed, match="packed"),
    ):
        _device(server.address).get("/")


def test_no_packed_answer_is_asked_for() -> None:
    seen: list[str] = []
    with LoopbackServer(lambda request: seen.append(request.headers["Accept-Encoding"]) or Response()) as server:
        _device(server.address).get("/")
    assert seen == ["identity"]


def test_an_answer_cut_short_is_no_answer() -> None:
    def serve(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n<CMSearchResult>")
        connection.shutdown(socket.SHUT_RDWR)

    with raw_server(serve) as address, pytest.raises(Unreachable):
        _device(address).get("/")


@pytest.mark.parametrize("noise", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"\x16\x03\x01\x00\x00", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_not_http_is_unreachable(noise: bytes) -> None:
    def serve(connection: socket.socket) -> None:
        connection.sendall(noise)
        connection.shutdown(socket.SHUT_RDWR)

    with raw_server(serve) as address, pytest.raises(Unreachable):
        _device(address).get("/")


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match="cannot be reached"):
        _device(address).get("/")


def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    def end(request: Request) -> Response:
        asked.append(request.path)
        return Response(302, b"", {"Location": "/elsewhere"})

    with LoopbackServer(end) as server, pytest.raises(Refused, match="redirects"):
        _device(server.address).search("/from", "<q/>")
    assert asked == ["/from"]


def test_exchanges_are_kept_once_and_without_credentials() -> None:
    with LoopbackServer(_guarded(Guard())) as server:
        device = _device(server.address, auth=Credentials("collector", "correct horse"))
        device.get("/list", params={"path": "a b"})
        (kept,) = device.take_exchanges()
    assert kept.request == "GET /list?path=a+b"
    assert (kept.status, kept.body) == (200, b"in")
    assert device.take_exchanges() == ()
    assert device.request_count == 2


def test_one_connection_and_one_nonce_serve_a_session() -> None:
    guard, connections = Guard(), set()

    def end(request: Request) -> Response:
        connections.add(threading.get_ident())
        return _guarded(guard)(request)

    with LoopbackServer(end) as server:
        device = _device(server.address, auth=Credentials("collector", "correct horse"))
        for _ in range(5):
            assert device.search("/x", "<q/>").status == 200
    assert device.request_count == 6
    assert len(connections) == 1, "every connection is served by a thread of its own"


class Guard:
    """The other side of digest, written from RFC 7616 and not from the client."""

    def __init__(self, challenge: str = 'realm="r", nonce="{nonce}", qop="auth", algorithm="MD5"') -> None:
        self.nonce = "first"
        self.attempts = 0
        self.hash = hashlib.sha256 if "SHA" in challenge else hashlib.md5
        self.challenge = challenge
        self.sess = "sess" in challenge

    def admits(self, request: Request) -> bool:
        header = request.headers.get("Authorization", "")
        if not header.startswith("Digest "):
            return False
        self.attempts += 1
        given = {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', header)}
        ha1 = self._hex("collector:r:correct horse")
        if self.sess:
            ha1 = self._hex(f"{ha1}:{given['nonce']}:{given['cnonce']}")
        ha2 = self._hex(f"{request.method}:{given['uri']}")
        middle = ":".join(given[key] for key in ("nonce", "nc", "cnonce", "qop") if key in given)
        return given["nonce"] == self.nonce and given["response"] == self._hex(f"{ha1}:{middle}:{ha2}")

    def _hex(self, text: str) -> str:
        return self.hash(text.encode()).hexdigest()


def _guarded(guard: Guard) -> Callable[[Request], Response]:
    def end(request: Request) -> Response:
        if guard.admits(request):
            return Response(200, b"in")
        challenge = "Digest " + guard.challenge.replace("{nonce}", guard.nonce)
        return Response(401, b"out", {"WWW-Authenticate": challenge})

    return end


@pytest.mark.parametrize(
    "challenge",
    [
        'realm="r", domain="::", qop="auth", nonce="{nonce}", opaque="", algorithm="MD5", stale="FALSE"',
        'realm="r", nonce="{nonce}"',
        'realm="r", nonce="{nonce}", qop="auth,auth-int"',
        'qop="auth", realm="r", nonce="{nonce}", algorithm=SHA256',
        'realm="r", nonce="{nonce}", qop="auth", algorithm=SHA-256',
        'realm="r", nonce="{nonce}", qop="auth", algorithm=SHA-256-sess',
        'realm="r", nonce="{nonce}", qop="auth", algorithm=MD5-sess',
        'realm="r", nonce="o", qop="auth", algorithm=MD5, Digest realm="r", nonce="{nonce}", algorithm=SHA-256',
        'realm="r", nonce="{nonce}", qop="auth", algorithm=MD5, Basic realm="r"',
    ],
)
def test_challenges_that_recorders_send_are_answered(challenge: str) -> None:
    guard = Guard(challenge)
    with LoopbackServer(_guarded(guard)) as server:
        device = _device(server.address, auth=Credentials("collector", "correct horse"))
        assert [device.get("/a?b=c").status, device.search("/a", "<q/>").status] == [200, 200]
    assert guard.attempts == 2


@pytest.mark.parametrize("challenge", ['realm="r", nonce="{nonce}", qop="auth-int"', 'realm="r", algorithm=TOKEN'])
def test_a_challenge_we_cannot_answer_leaves_the_reply_unsigned(challenge: str) -> None:
    with LoopbackServer(_guarded(Guard(challenge))) as server:
        reply = _device(server.address, auth=Credentials("collector", "correct horse")).get("/")
    assert (reply.status, reply.signed) == (401, False)


def test_basic_is_not_answered_in_clear_text() -> None:
    asked: list[Request] = []

    def end(request: Request) -> Response:
        asked.append(request)
        return Response(401, b"", {"WWW-Authenticate": 'Basic realm="r"'})

    with LoopbackServer(end) as server:
        assert not _device(server.address, auth=Credentials("collector", "p")).get("/").signed
    assert len(asked) == 1


def test_a_stale_nonce_costs_one_more_request_and_a_wrong_password_none() -> None:
    guard = Guard()
    with LoopbackServer(_guarded(guard)) as server:
        device = _device(server.address, auth=Credentials("collector", "correct horse"))
        assert device.get("/").status == 200
        guard.nonce = "second"
        assert device.get("/").status == 200
        assert (device.request_count, guard.attempts) == (4, 3)
        wrong = _device(server.address, auth=Credentials("collector", "wrong"))
        guard.attempts = 0
        assert wrong.get("/").status == 401
        assert (wrong.request_count, guard.attempts) == (2, 1)
        guard.nonce = "third"
        assert wrong.get("/").status == 401
        assert (wrong.request_count, guard.attempts) == (3, 2)
