"""The tokens a simulated Frigate hands out: good for a day of its own clock."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from collectors.simulator.recorder import SimulatedRecorder

SESSION = timedelta(days=1)
EPOCH = datetime(1970, 1, 1)


def token(recorder: SimulatedRecorder, at: datetime) -> str:
    return _signed(recorder, int((recorder.device_time(at) + SESSION - EPOCH).total_seconds()))


def is_valid(recorder: SimulatedRecorder, at: datetime, headers: Mapping[str, str], cookie_name: str) -> bool:
    """Whether a bearer or a cookie of ours came along that has not run out."""
    given = {name.lower(): value for name, value in headers.items()}
    bearer = given.get("authorization", "").removeprefix("Bearer ")
    cookie = re.search(rf"{cookie_name}=([^;]+)", given.get("cookie", ""))
    shown = bearer or (cookie[1] if cookie else "")
    try:
        claims = shown.split(".")[1]
        expires_s = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]
    except (IndexError, ValueError, KeyError):
        return False
    return shown == _signed(recorder, expires_s) and EPOCH + timedelta(seconds=expires_s) > recorder.device_time(at)


def _signed(recorder: SimulatedRecorder, expires_s: int) -> str:
    head, claims = (_base64(json.dumps(each).encode()) for each in ({"alg": "HS256"}, {"exp": expires_s}))
    key = f"{recorder.recorder_id}{recorder.secret.password}".encode()
    return f"{head}.{claims}.{_base64(hmac.digest(key, f'{head}.{claims}'.encode(), hashlib.sha256))}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
