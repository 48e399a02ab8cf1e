"""One device on the network: bounded, polite HTTP that can only read.

Everything that can go wrong on the wire ends in one of the three failures of `collectors.answers`. Redirects are
not followed (a redirected POST silently becomes an empty GET), replies are read up to a limit of bytes and time and
never unpacked, and every exchange is kept for the evidence file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import requests
import urllib3
from requests.auth import AuthBase

from collectors.answers import Exchange, Malformed, Refused, Unreachable
from collectors.digest import Credentials
from collectors.wire import Deadline, DeadlineAdapter

MAX_REPLY_BYTES = 8 * 1024 * 1024
CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Secret:
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """`signed`: the request that got this reply carried credentials."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    body: bytes
    signed: bool = False


class Device:
    """An HTTP session with one device at `address` (scheme://host:port), used by one thread at a time.

    `now` gives true time as naive UTC. `deadline_s` bounds each reply as a whole, so that a device that drips one
    byte a second cannot hold a worker. `memory` is what was learned about this device and may be kept by the caller
    between sessions (working request form, time base); a protocol owns its keys. `Credentials` given as `auth` are
    used when the device asks for them and cost one more request once.
    """

    def __init__(
        self,
        address: str,
        *,
        now: Callable[[], datetime],
        auth: AuthBase | tuple[str, str] | None = None,
        secret: Secret | None = None,
        memory: dict[str, str] | None = None,
        deadline_s: float = 60.0,
    ) -> None:
        self.address = address.rstrip("/")
        self.now = now
        self.secret = secret
        self.memory: dict[str, str] = {} if memory is None else memory
        self.notes: dict[str, object] = {}
        """What a protocol keeps only as long as this device is open."""
        self.token: tuple[str, str] | None = None
        """Name and value of a query parameter that logs in. It is sent, and stands in no evidence and no message."""
        self.pause: Callable[[float], None] = time.sleep
        """Waits that many seconds where a protocol must not ask at once; with a simulated device it does nothing."""
        self.login_is_final = False
        """One refused login is enough: it is not tried again, in whatever form, as long as this device is open."""
        self._refused_at = ""
        self.exchanges: list[Exchange] = []
        self.request_count = 0
        self.deadline_s = deadline_s
        self._deadline = Deadline(READ_TIMEOUT_S)
        self._auth = auth
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.auth = auth
        self._http.headers["Accept-Encoding"] = "identity"
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, DeadlineAdapter(self._deadline))

    @property
    def http(self) -> requests.Session:
        return self._http

    def take_exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges since the last call; the caller keeps them as evidence."""
        taken, self.exchanges = tuple(self.exchanges), []
        return taken

    def get(self, path: str, *, params: dict[str, str] | None = None) -> Reply:
        return self._ask("GET", path, params=params)

    def search(self, path: str, body: str, *, content_type: str = "application/xml", kept: str | None = None) -> Reply:
        """A POST that reads: some protocols carry their query in a body. Never used for anything that writes.

        `kept` stands in the evidence instead of a `body` that carries a login.
        """
        return self._ask("POST", path, body=body, content_type=content_type, kept=kept)

    def log_in(self, path: str, body: str, *, content_type: str) -> Reply:
        """A POST that opens a session. Neither what it says nor what it answers is kept as evidence."""
        known = len(self.exchanges)
        try:
            return self._ask("POST", path, body=body, content_type=content_type)
        finally:
            self.exchanges[known:] = [Exchange(f"POST {path}", e.status, b"") for e in self.exchanges[known:]]

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        body: str | None = None,
        content_type: str | None = None,
        origin: str | None = None,
        kept: str | None = None,
    ) -> Reply:
        server = origin or self.address
        if self.login_is_final and self._refused_at:
            raise Refused(f"{self._refused_at} refused the login; it is not tried a second time", definitive=True)
        request = requests.Request(
            method,
            f"{server}{path}",
            params=params,
            data=None if body is None else body.encode(),
            headers={"Content-Type": content_type} if content_type else None,
        )
        self._deadline.start(self.deadline_s)
        reply, asked = self._send(request, server)
        if isinstance(self._auth, Credentials):
            if reply.status == 401 and self._can_sign_anew(self._auth, reply, server):
                reply, asked = self._send(request, server)
            if reply.signed and reply.status != 401:
                self._auth.accepted()
        if reply.signed and reply.status == 401:
            self._refused_at = f"{server}{path}"
        said = body if kept is None else kept
        self.exchanges.append(Exchange(f"{method} {asked}\n{said or ''}".strip(), reply.status, reply.body))
        if 300 <= reply.status < 400:
            raise Refused(f"{server}{path} redirects to another address; register the scheme and port it really uses")
        return reply

    def _can_sign_anew(self, auth: Credentials, refusal: Reply, server: str) -> bool:
        return auth.answers(
            refusal.headers.get("WWW-Authenticate", ""),
            refusal.body,
            encrypted=server.startswith("https://"),
            signed=refusal.signed,
        )

    def _send(self, request: requests.Request, server: str) -> tuple[Reply, str]:
        """One exchange: the reply, and the path with its query as it was sent."""
        self.request_count += 1
        prepared = self._http.prepare_request(request)
        asked = prepared.path_url
        where = f"{server}{asked}"
        if self.token is not None:
            prepared.prepare_url(prepared.url, dict([self.token]))
        try:
            with self._http.send(
                prepared, timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S), allow_redirects=False, stream=True
            ) as response:
                content = b"".join(_bounded(response, where))
                if self.token is not None:  # error pages repeat the address that was asked
                    content = content.replace(self.token[1].encode(), b"***")
                signed = "Authorization" in prepared.headers
                return Reply(response.status_code, response.headers, content, signed), asked
        except requests.exceptions.ConnectTimeout:
            raise Unreachable(f"{server} did not accept a connection within {CONNECT_TIMEOUT_S:g} s") from None
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
            raise Unreachable(f"{where} did not answer in time") from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(f"{server} cannot be reached: {self._without_token(_short(error))}") from None

    def _without_token(self, text: str) -> str:
        return text.replace(self.token[1], "***") if self.token else text


def _bounded(response: requests.Response, where: str) -> Iterator[bytes]:
    """The body as sent. Packed bodies are refused: we asked for none, and a small one can unpack to gigabytes."""
    if response.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise Malformed(f"{where} sent a packed answer though none was asked for; it was dropped unread")
    size = 0
    for chunk in response.raw.stream(CHUNK_BYTES, decode_content=False):
        size += len(chunk)
        if size > MAX_REPLY_BYTES:
            raise Malformed(f"{where} sent more than {MAX_REPLY_BYTES // 2**20} MiB; the answer was dropped unread")
        yield chunk


def _short(error: Exception) -> str:
    """The innermost cause, which is the one worth reading."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__  # type: ignore[assignment]
    return str(cause).strip() or type(cause).__name__
