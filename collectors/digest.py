"""HTTP Digest (RFC 7616, RFC 2069) as recorders speak it, and Basic where it is encrypted.

`requests` has a digest of its own, but it reads the body of a 401 without any limit, sends nothing at all when a
device spells `algorithm=SHA256`, and retries where that costs an attempt before the account is locked.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

_SCHEME = re.compile(r"(?:^|,)\s*(Digest|Basic)\b\s*", re.IGNORECASE)
_PARAMETER = re.compile(r'(?<![\w-])([A-Za-z][\w-]{0,40})\s*=\s*(?:"([^"]*)"|([^\s,"]+))')
"""Names are bounded and begin where a word begins: else a header of one long word is read again at each letter."""
_HASHES: dict[str, Callable[[bytes], hashlib._Hash]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False),
    "SHA256": hashlib.sha256,
}


class Credentials(AuthBase):
    """Signs the requests of one session, once the device has said how. Used by one thread at a time."""

    def __init__(self, user: str, password: str, *, hopeless: Callable[[bytes], bool] = lambda _: False) -> None:
        """`hopeless`: whether the body of a 401 says that no signature will be taken, such as a locked account."""
        self._user = user
        self._password = password
        self._hopeless = hopeless
        self._challenge: dict[str, str] = {}
        self._basic = False
        self._accepted = False
        self._count = 0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._basic:
            request.headers["Authorization"] = f"Basic {b64encode(self._both().encode()).decode()}"
        elif self._challenge:
            path = urlsplit(request.url or "")
            uri = (path.path or "/") + (f"?{path.query}" if path.query else "")
            request.headers["Authorization"] = self._digest(request.method or "GET", uri)
        return request

    def accepted(self) -> None:
        """The device took the last signature: if it later refuses the same one, its nonce has only grown old."""
        self._accepted = True

    def answers(self, challenge: str, body: bytes, *, encrypted: bool, signed: bool) -> bool:
        """Whether asking once more, signed anew, can succeed without spending a login attempt.

        `challenge` and `body` are those of the 401. `signed`: the refused request carried a signature already; then
        only a stale nonce justifies a second try.
        """
        if self._hopeless(body):
            return False
        digest, basic = _read(challenge)
        stale = digest.get("stale", "").lower() == "true" or self._accepted
        if signed and not (stale and digest and digest.get("nonce") != self._challenge.get("nonce")):
            return False
        self._challenge, self._basic = digest, basic and encrypted and not digest
        self._accepted, self._count = False, 0
        return bool(self._challenge) or self._basic

    def _both(self) -> str:
        return f"{self._user}:{self._password}"

    def _digest(self, method: str, uri: str) -> str:
        challenge, algorithm = self._challenge, self._challenge.get("algorithm", "MD5")
        base = _base(algorithm)
        realm, nonce = challenge.get("realm", ""), challenge["nonce"]
        self._count += 1
        count, own = f"{self._count:08x}", secrets.token_hex(8)
        ha1 = _hex(base, f"{self._user}:".encode() + realm.encode("latin-1") + f":{self._password}".encode())
        if algorithm.upper().endswith("-SESS"):
            ha1 = _hex(base, f"{ha1}:{nonce}:{own}".encode())
        ha2 = _hex(base, f"{method}:{uri}".encode())
        with_qop = "auth" in _qops(challenge)
        middle = f"{nonce}:{count}:{own}:auth" if with_qop else nonce
        user = self._user.replace("\\", "\\\\").replace('"', '\\"').encode().decode("latin-1")
        parts = [f'username="{user}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{uri}"']
        parts.append(f'response="{_hex(base, f"{ha1}:{middle}:{ha2}".encode())}"')
        if "algorithm" in challenge:
            parts.append(f'algorithm="{algorithm}"')
        if "opaque" in challenge:
            parts.append(f'opaque="{challenge["opaque"]}"')
        if with_qop:
            parts.append(f'qop="auth", nc={count}, cnonce="{own}"')
        return "Digest " + ", ".join(parts)


def _read(header: str) -> tuple[dict[str, str], bool]:
    """The best digest challenge we can answer (SHA-256 before MD5, else empty) and whether Basic is offered."""
    pieces = _SCHEME.split(header)[1:]
    offers = [
        {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(text)}
        for scheme, text in zip(pieces[::2], pieces[1::2], strict=True)
        if scheme.lower() == "digest"
    ]
    usable = [offer for offer in offers if offer.get("nonce") and _can_answer(offer)]
    usable.sort(key=lambda offer: _base(offer.get("algorithm", "MD5")) == "MD5")
    return (usable[0] if usable else {}), any(scheme.lower() == "basic" for scheme in pieces[::2])


def _can_answer(offer: dict[str, str]) -> bool:
    return _base(offer.get("algorithm", "MD5")) in _HASHES and ("qop" not in offer or "auth" in _qops(offer))


def _qops(challenge: dict[str, str]) -> list[str]:
    return [word.strip().lower() for word in challenge.get("qop", "").split(",")]


def _base(algorithm: str) -> str:
    """`SHA-256-sess`, `SHA256` and `SHA-256` are one hash."""
    return algorithm.upper().removesuffix("-SESS").replace("-", "")


def _hex(base: str, data: bytes) -> str:
    return _HASHES[base](data).hexdigest()
