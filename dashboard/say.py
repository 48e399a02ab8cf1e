"""Texts and figures in the visitor's language. Instants are shown in Beijing time."""

from __future__ import annotations

from datetime import date, datetime

from dashboard import address, texts
from data.periods import to_local_text
from rules.catalogue import Text


def t(key: str, **fields: object) -> str:
    return texts.lookup(address.language(), key, **fields)


def word(family: str, value: str | None) -> str:
    """A word of the data; words we have no text for are shown as they are."""
    return texts.lookup_word(address.language(), family, value)


def of(text: Text) -> str:
    """A text that a rule brings along."""
    return str(getattr(text, address.language()))


def instant(at: datetime | None, *, seconds: bool = False) -> str:
    return to_local_text(at, seconds=seconds) if at else t("common.none")


def weekday(day: date) -> str:
    return word("weekday", str(day.isoweekday()))


def duration(length_ms: int) -> str:
    """Exact to the second, in at most three units; less than a second is shown in milliseconds."""
    if 0 < length_ms < 1000:
        return t("duration.ms", ms=length_ms)
    seconds = length_ms // 1000
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    parts = [
        t("duration.days", days=days) if days else "",
        t("duration.hours", hours=hours) if hours else "",
        t("duration.minutes", minutes=minutes) if minutes else "",
        t("duration.seconds", seconds=seconds % 60) if seconds % 60 or not seconds else "",
    ]
    return t("duration.joint").join(part for part in parts if part)


def hours(length_ms: int) -> str:
    return t("duration.decimal_hours", hours=f"{length_ms / 3_600_000:,.1f}")


def quantity(value: str, unit: str) -> str:
    """A measured or required value with its unit; an empty value is not known."""
    if not value:
        return t("common.none")
    if unit == "s" and float(value) >= 120:
        return t("unit.long_s", value=value, duration=duration(int(float(value) * 1000)))
    if unit == "share":
        return f"{float(value):.2%}"
    return f"{value} {word('unit', unit)}" if unit else value


def clock_ms(ms_of_day: int, *, full: bool = True) -> str:
    """A moment of a local day; the day's end is 24:00."""
    seconds = ms_of_day // 1000
    shown = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    shown += f":{seconds % 60:02d}" if full else ""
    return shown + (f".{ms_of_day % 1000:03d}" if full and ms_of_day % 1000 else "")
