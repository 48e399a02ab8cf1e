"""One device on the network: bounded, polite HTTP that can only read.

Everything that can go wrong on the wire ends in one of the three failures of `collectors.answers`. Redirects are
not followed (a redirected POST silently becomes an empty GET), replies are read up to a limit, and every exchange is
kept for the evidence file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import requests
from requests.auth import AuthBase

from collectors.answers import Exchange, Malformed, Refused, Unreachable

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
    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    body: bytes


class Device:
    """An HTTP session with one device at `address` (scheme://host:port), used by one thread at a time.

    `now` gives true time as naive UTC. `deadline_s` bounds each reply as a whole, so that a device that drips one
    byte a second cannot hold a worker. `memory` is what was learned about this device and may be kept by the caller
    between sessions (working request form, time base); a protocol owns its keys.
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
        self.exchanges: list[Exchange] = []
        self.request_count = 0
        self._deadline_s = deadline_s
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.auth = auth

    @property
    def http(self) -> requests.Session:
        return self._http

    def take_exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges since the last call; the caller keeps them as evidence."""
        taken, self.exchanges = tuple(self.exchanges), []
        return taken

    def get(self, path: str, *, params: dict[str, str] | None = None, origin: str | None = None) -> Reply:
        """`origin`: another server of the same device, for those that answer on several ports."""
        return self._ask("GET", path, params=params, origin=origin)

    def search(self, path: str, body: str, *, content_type: str = "application/xml") -> Reply:
        """A POST that reads: some protocols carry their query in a body. Never used for anything that writes."""
        return self._ask("POST", path, body=body, content_type=content_type)

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
    ) -> Reply:
        origin = origin or self.address
        url = f"{origin}{path}"
        self.request_count += 1
        give_up_at = time.monotonic() + self._deadline_s
        try:
            with self._http.request(
                method,
                url,
                params=params,
                data=None if body is None else body.encode(),
                headers={"Content-Type": content_type} if content_type else None,
                timeout=(CONNECT_TIMEOUT_S, min(READ_TIMEOUT_S, self._deadline_s)),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = b"".join(_bounded(response, url, give_up_at))
                reply = Reply(response.status_code, response.headers, content)
        except requests.exceptions.ConnectTimeout:
            raise Unreachable(f"{origin} did not accept a connection within {CONNECT_TIMEOUT_S:g} s") from None
        except requests.exceptions.Timeout:
            raise Unreachable(f"{origin}{path} did not answer in time") from None
        except requests.exceptions.RequestException as error:
            raise Unreachable(f"{origin} cannot be reached: {_short(error)}") from None
        self.exchanges.append(Exchange(f"{method} {path}\n{body or ''}".strip(), reply.status, reply.body))
        if 300 <= reply.status < 400:
            raise Refused(
                f"{origin}{path} redirects to another address; register the scheme and port it really uses"
            )
        return reply


def _bounded(response: requests.Response, url: str, give_up_at: float) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_content(CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_REPLY_BYTES:
            raise Malformed(f"{url} sent more than {MAX_REPLY_BYTES // 2**20} MiB; the answer was dropped unread")
        if time.monotonic() > give_up_at:
            raise Unreachable(f"{url} sends too slowly; the answer was not complete in time")
        yield chunk


def _short(error: Exception) -> str:
    """The innermost cause, which is the one worth reading."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__  # type: ignore[assignment]
    return str(cause).strip() or type(cause).__name__
