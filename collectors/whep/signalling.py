"""The HTTP half of WHEP: one offer out, one answer in, one DELETE at the end.

httpx and not requests: a relay that drips one header byte a second would hold a `requests` thread for good,
while a cancelled httpx call closes its socket. Each probe has its own client (no cookies, no connection
shared between relays); only the TLS context, which is expensive, is shared.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpx

from collectors.whep.failure import ProbeFailure, connection_failure, status_failure
from collectors.whep.target import Limits, Target

MAX_ANSWER_BYTES = 128 * 1024
MAX_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class RelayAnswer:
    """`address`: the IP address that answered."""

    sdp: str
    address: str


class Session:
    """`async with Session(target, limits) as session`; leaving it ends the session at the relay."""

    def __init__(self, target: Target, limits: Limits) -> None:
        self._target = target
        self._limits = limits
        self._resource: str | None = None
        self._client = httpx.AsyncClient(
            verify=_tls(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(limits.answer_s, connect=limits.http_connect_s),
            headers={"Accept": "application/sdp", "Accept-Encoding": "identity", **_authorization(target)},
        )

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._resource:
                async with asyncio.timeout(self._limits.delete_s):
                    await self._client.delete(self._resource)
        except (TimeoutError, httpx.HTTPError):
            pass  # the relay ends the session on its own when DTLS closes; the DELETE is a courtesy
        finally:
            await self._client.aclose()

    async def exchange(self, offer: str) -> RelayAnswer:
        try:
            async with asyncio.timeout(self._limits.http_connect_s + self._limits.answer_s):
                return await self._post(self._target.url, offer, MAX_REDIRECTS)
        except TimeoutError:
            waited_s = self._limits.http_connect_s + self._limits.answer_s
            raise ProbeFailure(
                "unreachable", f"{self._target.place} gave no answer to the offer within {waited_s:g} s"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise connection_failure(error, self._target) from None

    async def _post(self, url: str, offer: str, redirects_left: int) -> RelayAnswer:
        request = self._client.stream("POST", url, content=offer.encode(), headers={"Content-Type": "application/sdp"})
        async with request as response:
            status, content_type = response.status_code, response.headers.get("Content-Type", "")
            body = await self._read(response)
            stream = response.extensions["network_stream"]
            address = str(stream.get_extra_info("server_addr")[0])
            location = response.headers.get("Location")
        if status in (307, 308) and redirects_left and location:
            return await self._post(self._same_host(urljoin(url, location)), offer, redirects_left - 1)
        if status not in (200, 201):
            raise status_failure(status, content_type, body, self._target)
        if location:
            self._resource = _on_origin_of(url, urljoin(url, location))
        return RelayAnswer(_sdp(body, content_type, self._target), address)

    async def _read(self, response: httpx.Response) -> bytes:
        body = b""
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise ProbeFailure(
                    "unreachable",
                    f"{self._target.place} answered with more than {MAX_ANSWER_BYTES // 1024} KiB",
                )
        return body

    def _same_host(self, url: str) -> str:
        """A redirect may change path, scheme or port of the relay, never lead our credentials elsewhere."""
        if urlsplit(url).scheme not in ("http", "https") or urlsplit(url).hostname != self._target.host:
            raise ProbeFailure(
                "unreachable",
                f"{self._target.place} redirects to another host; register the address it really uses",
            )
        return url


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _authorization(target: Target) -> dict[str, str]:
    if target.user:
        pair = b64encode(f"{target.user}:{target.password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    return {"Authorization": f"Bearer {target.password}"} if target.password else {}


def _on_origin_of(url: str, location: str) -> str:
    """The session's address on the host we talk to.

    Relays behind a proxy build `Location` from a wrong Host header or scheme; and credentials must not follow
    it to a host of the relay's choosing.
    """
    origin, target = urlsplit(url), urlsplit(location)
    return target._replace(scheme=origin.scheme, netloc=origin.netloc).geturl()


def _sdp(body: bytes, content_type: str, target: Target) -> str:
    text = body.decode("utf-8", "replace").strip()
    if "json" in content_type or text.startswith("{"):
        try:
            text = str(json.loads(text)["sdp"]).strip()
        except (ValueError, KeyError, TypeError):
            text = ""
    if not text.startswith("v=0"):
        kind = content_type.split(";", maxsplit=1)[0] or "an unnamed content type"
        raise ProbeFailure(
            "unreachable",
            f"{target.place} answered with {kind} instead of SDP: a login page or a wrong address",
        )
    return text
