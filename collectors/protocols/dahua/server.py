"""The device as this protocol asks it: paced, with the second chance that its ambiguous refusals deserve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from collectors.answers import DeviceFailure, Malformed, Refused
from collectors.device import Device, Reply, Secret
from collectors.digest import Credentials
from collectors.protocols.dahua.errors import MissingError, tells_attempts, text_of
from collectors.protocols.dahua.redaction import without_secrets
from collectors.protocols.dahua.words import pairs

PACE_S = 0.5
"""Between two requests: web services were seen to collapse under a dozen quick ones (fact sheet §9)."""
BUSY_PAUSE_S = 30.0
"""Before a 401 is believed, which also means that too many users are logged in."""
_CONFIG = "/cgi-bin/configManager.cgi?action=getConfig&name="
_HOLDS_PASSWORDS = "RemoteDevice"


class DahuaDevice(Device):
    """Asked at its own pace."""

    def ask(self, path: str, *, holds_passwords: bool = False) -> Reply:
        """The reply to one GET; of one that `holds_passwords` only harmless lines, here and in the evidence."""
        reply = self._paced(path, holds_passwords)
        if tells_attempts(reply.body) or (self.login_is_final and reply.status == 401):
            return reply
        if reply.status == 401 and reply.signed:
            self.pause(BUSY_PAUSE_S)
        elif reply.status != 403:
            return reply
        self._log_in_anew()
        return self._paced(path, holds_passwords)

    def text(self, path: str, *, holds_passwords: bool = False) -> str:
        """The text of the answer, or the failure the reply stands for."""
        return text_of(self.ask(path, holds_passwords=holds_passwords), self.source(path))

    def source(self, path: str) -> str:
        return f"{self.address}{path.partition('&object')[0]}"

    def _paced(self, path: str, holds_passwords: bool) -> Reply:
        if self.request_count:
            self.pause(PACE_S)
        known = len(self.exchanges)
        try:
            reply = self.get(path)
        finally:
            if holds_passwords:
                self.exchanges[known:] = [replace(e, body=without_secrets(e.body)) for e in self.exchanges[known:]]
        return replace(reply, body=without_secrets(reply.body)) if holds_passwords else reply

    def _log_in_anew(self) -> None:
        """A 403 was seen for an old signature, a 401 for a session too many: neither is kept."""
        self.http.close()
        self._auth = self.http.auth = _credentials(self.secret)


def open_device(
    address: str, *, secret: Secret | None, now: Callable[[], datetime], memory: dict[str, str]
) -> DahuaDevice:
    return DahuaDevice(address, now=now, auth=_credentials(secret), secret=secret, memory=memory)


def _credentials(secret: Secret | None) -> Credentials | None:
    return Credentials(secret.user, secret.password, hopeless=tells_attempts) if secret else None


def ours(device: Device) -> DahuaDevice:
    if not isinstance(device, DahuaDevice):
        raise TypeError(f"a device of the dahua protocol is needed, opened with its open_device, not {device!r}")
    return device


def number_of(channel: str) -> int:
    text = channel.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text)):
        raise Malformed(f"'{channel}' is no channel; register the number shown in the recorder's menu, from 1")
    return int(text)


def config(device: DahuaDevice, name: str) -> dict[str, str]:
    """The lines of one configuration table, their keys without `table.`; Malformed when there is none of them."""
    path = f"{_CONFIG}{name}"
    text = device.text(path, holds_passwords=name == _HOLDS_PASSWORDS)
    prefix = f"table.{name}"
    found = {k.removeprefix("table."): v for k, v in pairs(text, device.source(path)).items() if k.startswith(prefix)}
    if not found:
        raise Malformed(f"{device.source(path)} answered without any line of {prefix}")
    return found


def told(device: DahuaDevice, name: str, ask: Callable[[], dict[str, str]]) -> dict[str, str] | None:
    """What `ask` brings, None where the device does not tell. A model that lacks the interface is not asked again."""
    if f"lacks:{name}" in device.memory:
        return None
    try:
        return ask()
    except MissingError:
        device.memory[f"lacks:{name}"] = "yes"
        return None
    except DeviceFailure as failure:
        if isinstance(failure, Malformed) or (isinstance(failure, Refused) and not failure.definitive):
            return None
        raise


def told_config(device: DahuaDevice, name: str) -> dict[str, str] | None:
    return told(device, name, lambda: config(device, name))
