"""The device's side of an ONVIF login: WS-Security UsernameToken in its own clock, HTTP digest, or both."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from datetime import datetime, timedelta

from lxml import etree

from collectors import xml
from collectors.device import Secret
from collectors.simulator.digest import Guard
from collectors.simulator.http import Request


class Login:
    """`way`: `token`, `digest` or `both`. Tokens are taken once, and only within `window` of the device's clock."""

    def __init__(self, name: str, secret: Secret, way: str, window: timedelta) -> None:
        self._secret, self._way, self._window = secret, way, window
        self._guard = Guard(name, secret)
        self._nonces: set[bytes] = set()

    @property
    def challenge(self) -> str:
        return self._guard.challenge

    def wants_http(self, request: Request) -> bool:
        """Whether HTTP itself must refuse the request."""
        return self._way in ("digest", "both") and not self._guard.admits(request)

    def takes(self, envelope: etree._Element, device_now: datetime) -> bool:
        """A token that is there must be right, even where HTTP digest would do."""
        if next(xml.each(envelope, "UsernameToken"), None) is None:
            return self._way == "digest"
        user, digest, nonce, created = (
            xml.text_of(envelope, name) for name in ("Username", "Password", "Nonce", "Created")
        )
        raw = b64decode(nonce)
        wanted = hashlib.sha1(raw + created.encode() + self._secret.password.encode(), usedforsecurity=False).digest()
        is_fresh = raw not in self._nonces
        self._nonces.add(raw)
        late = abs(datetime.fromisoformat(created.removesuffix("Z")) - device_now)
        return user == self._secret.user and digest == b64encode(wanted).decode() and is_fresh and late <= self._window
