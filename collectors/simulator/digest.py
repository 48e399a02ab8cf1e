"""The device's side of HTTP Digest: MD5, qop=auth, one nonce for good."""

from __future__ import annotations

import hashlib
import re

from collectors.device import Secret
from collectors.simulator.http import Request

_PARAMETER = re.compile(r'(\w+)="?([^",]*)"?')


class Guard:
    def __init__(self, name: str, secret: Secret) -> None:
        self._secret = secret
        self._realm = "SIM-DVR"
        self._nonce = hashlib.sha256(name.encode()).hexdigest()[:32]
        self.challenge = (
            f'Digest realm="{self._realm}", domain="::", qop="auth", nonce="{self._nonce}", opaque="", '
            'algorithm="MD5", stale="FALSE"'
        )

    def admits(self, request: Request) -> bool:
        header = request.headers.get("Authorization", "")
        if not header.startswith("Digest "):
            return False
        given = dict(_PARAMETER.findall(header[7:]))
        ha1 = _md5(f"{self._secret.user}:{self._realm}:{self._secret.password}")
        ha2 = _md5(f"{request.method}:{given.get('uri', '')}")
        expected = _md5(f"{ha1}:{self._nonce}:{given.get('nc')}:{given.get('cnonce')}:auth:{ha2}")
        return given.get("username") == self._secret.user and given.get("response") == expected


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
