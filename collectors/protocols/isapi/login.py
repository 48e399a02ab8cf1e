"""A password that was refused once is tried again only after the device has said that the account is not near its lock.

Five to seven wrong passwords lock the account for half an hour, for the laboratory's own people too (fact sheet §1.2).
`userCheck` tells how near that is before anything is signed: its first, unsigned 401 costs no attempt.
"""

from __future__ import annotations

from collectors.answers import Malformed, Refused
from collectors.device import Device, Reply, Secret
from collectors.digest import Credentials
from collectors.protocols.isapi.errors import attempts_left, is_locked, root_of

REFUSED_KEY = "login_refused_at"
FEW_ATTEMPTS = 2
"""With so few left the next wrong password may lock the account: a person must look."""
_REFUSED_NOW = "login_refused"
_MINDED = "login_minded"


def credentials(secret: Secret, memory: dict[str, str]) -> Credentials:
    return Credentials(
        secret.user,
        secret.password,
        hopeless=lambda body: is_locked(body) or (REFUSED_KEY in memory and _are_few(attempts_left(body))),
    )


def mind(device: Device, path: str) -> None:
    """Called before every request: after a refused login `path` (userCheck) is asked first.

    A password refused since the device was opened is not tried again at all.
    """
    if _REFUSED_NOW in device.notes:
        raise Refused(
            f"{device.address}: the password was refused a moment ago; it is not tried again until it was corrected",
            definitive=True,
        )
    if REFUSED_KEY not in device.memory or _MINDED in device.notes:
        return
    _ask_state(device, path)
    device.notes[_MINDED] = True


def _ask_state(device: Device, path: str) -> None:
    source = f"{device.address}{path}"
    reply = device.get(path)
    note(device, reply)
    left = attempts_left(reply.body) if reply.status == 401 else None
    if not reply.signed and not is_locked(reply.body) and _are_few(left):
        raise Refused(
            f"{source}: only {left} attempts are left before the account is locked, so the password refused before "
            "was not tried again; correct it, and log in once at the recorder itself",
            definitive=True,
        )
    try:
        root_of(reply, ("userCheck",), source)
    except Malformed:
        pass  # this firmware has no such question; the request to come is one attempt
    except Refused as refusal:
        if refusal.definitive:
            raise


def note(device: Device, reply: Reply) -> None:
    """Remembers beyond this session that the login was refused, and forgets it when one was accepted."""
    if reply.status == 401:
        if reply.signed:
            device.notes[_REFUSED_NOW] = True
        if reply.signed or is_locked(reply.body):
            device.memory[REFUSED_KEY] = device.now().isoformat()
    elif reply.signed:
        device.memory.pop(REFUSED_KEY, None)


def _are_few(left: int | None) -> bool:
    return left is not None and left <= FEW_ATTEMPTS
