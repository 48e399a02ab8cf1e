"""Device time that a clock set back has run through twice: the log mixes the changes of both, and none can be placed.

Only a step between two of our readings can be seen; the log itself does not show one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from collectors.intervals import Interval

SEEN_KEY, MIXED_KEY = "clock_seen", "clock_set_back"
STEP = timedelta(seconds=5)
KEPT = 8
_MILLISECOND = timedelta(milliseconds=1)


def note(memory: dict[str, str], at: datetime, offset: timedelta) -> None:
    """Remembers a reading, and what a step back since the one before it has mixed up."""
    before = _read(memory.get(SEEN_KEY, ""))
    if before is not None and before[1] - offset > STEP:
        mixed = f"{(before[0] + offset).isoformat()}/{(at + before[1]).isoformat()}"
        memory[MIXED_KEY] = " ".join([*memory.get(MIXED_KEY, "").split(), mixed][-KEPT:])
    memory[SEEN_KEY] = f"{at.isoformat()}/{offset // _MILLISECOND}"


def mixed(memory: dict[str, str]) -> list[Interval]:
    """Device time in which nothing listed can be placed."""
    found = []
    for word in memory.get(MIXED_KEY, "").split():
        try:
            start, end = (datetime.fromisoformat(text) for text in word.split("/"))
        except ValueError:
            continue
        found.append((start, end))
    return found


def _read(text: str) -> tuple[datetime, timedelta] | None:
    at, _, offset_ms = text.partition("/")
    try:
        return datetime.fromisoformat(at), int(offset_ms) * _MILLISECOND
    except (ValueError, OverflowError):
        return None
