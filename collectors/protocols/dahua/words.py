"""The text this interface writes: `key=value` lines, in UTF-8 or, from older firmware, in GBK."""

from __future__ import annotations

import re
from datetime import datetime

from collectors.answers import Malformed
from collectors.xml import quoted
from data.periods import LOCAL_OFFSET

YEARS = range(1970, 2101)
_STAMP = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) +(\d{1,2}):(\d{1,2}):(\d{1,2})", re.ASCII)
_PADDED = re.compile(r"\d{4}-\d\d-\d\d (?:[01]\d|2[0-3]):\d\d:\d\d", re.ASCII)
"""What nearly every device writes, and the standard library reads fast; newer ones of it also take 24 for an hour."""
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_SWITCHES = {"true": True, "false": False}


def decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def pairs(text: str, source: str) -> dict[str, str]:
    """All `key=value` lines; Malformed when a key comes twice with different values.

    Of several lines a last one without an end is dropped: it may have been cut off in the middle of a value.
    """
    lines = text.split("\n")
    found: dict[str, str] = {}
    for line in lines[:-1] or lines:
        key, equals, value = line.partition("=")
        if not equals:
            continue
        key, value = "".join(key.split()), value.strip()
        if found.setdefault(key, value) != value:
            raise Malformed(f"{source} gives '{quoted(key)}' twice with different values; nothing of it was used")
    return found


def number(text: str | None) -> int | None:
    """A whole number from 0 on, in digits of which there are not too many; None for anything else."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def switch(text: str | None) -> bool | None:
    return _SWITCHES.get((text or "").lower())


def device_time(text: str) -> datetime | None:
    """The wall clock of the device, read as Beijing time, as naive UTC; None when `text` is no time."""
    text = text.strip()
    try:
        at = datetime.fromisoformat(text) if _PADDED.fullmatch(text) else _unpadded(text)
    except ValueError:
        return None
    return at - LOCAL_OFFSET if at is not None and at.year in YEARS else None


def _unpadded(text: str) -> datetime | None:
    match = _STAMP.fullmatch(text)
    return datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]


def written(at: datetime) -> str:
    """Device time as the digits of the device's wall clock, whole seconds."""
    return (at + LOCAL_OFFSET).strftime("%Y-%m-%d %H:%M:%S")
