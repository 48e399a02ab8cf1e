"""Texts and figures in the visitor's language, said by `Speech`. Instants are shown in Beijing time."""

from __future__ import annotations

from datetime import date, datetime

from dashboard import address
from dashboard.speech import Speech
from rules.catalogue import Text


def _speech() -> Speech:
    return Speech(address.language())


def t(key: str, **fields: object) -> str:
    return _speech().t(key, **fields)


def word(family: str, value: str | None) -> str:
    return _speech().word(family, value)


def of(text: Text) -> str:
    return _speech().of(text)


def instant(at: datetime | None, *, seconds: bool = False) -> str:
    return _speech().instant(at, seconds=seconds)


def weekday(day: date) -> str:
    return word("weekday", str(day.isoweekday()))


def duration(length_ms: int) -> str:
    return _speech().duration(length_ms)


def hours(length_ms: int) -> str:
    return t("duration.decimal_hours", hours=f"{length_ms / 3_600_000:,.1f}")


def quantity(value: str, unit: str) -> str:
    return _speech().quantity(value, unit)


def required(value: str, unit: str, bound: str) -> str:
    return _speech().required(value, unit, bound)


def clock_ms(ms_of_day: int, *, full: bool = True) -> str:
    """A moment of a local day; the day's end is 24:00."""
    seconds = ms_of_day // 1000
    shown = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    shown += f":{seconds % 60:02d}" if full else ""
    return shown + (f".{ms_of_day % 1000:03d}" if full and ms_of_day % 1000 else "")
