"""Texts and figures in one given language, for what is written outside of a page: a file, a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard import texts
from data.periods import to_local_text
from rules.catalogue import Text


@dataclass(frozen=True, slots=True)
class Speech:
    """Instants are shown in Beijing time."""

    language: str

    def t(self, key: str, **fields: object) -> str:
        return texts.lookup(self.language, key, **fields)

    def word(self, family: str, value: str | None) -> str:
        """A word of the data; words we have no text for are shown as they are."""
        return texts.lookup_word(self.language, family, value)

    def of(self, text: Text) -> str:
        """A text that a rule brings along."""
        return str(getattr(text, self.language))

    def instant(self, at: datetime | None, *, seconds: bool = False) -> str:
        return to_local_text(at, seconds=seconds) if at else self.t("common.none")

    def duration(self, length_ms: int) -> str:
        """Exact to the second, in at most four units; less than a second is shown in milliseconds."""
        if 0 < length_ms < 1000:
            return self.t("duration.ms", ms=length_ms)
        seconds = length_ms // 1000
        days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
        parts = [
            self.t("duration.days", days=days) if days else "",
            self.t("duration.hours", hours=hours) if hours else "",
            self.t("duration.minutes", minutes=minutes) if minutes else "",
            self.t("duration.seconds", seconds=seconds % 60) if seconds % 60 or not seconds else "",
        ]
        return self.t("duration.joint").join(part for part in parts if part)

    def quantity(self, value: str, unit: str) -> str:
        """A measured or required value with its unit; an empty value is not known."""
        if not value:
            return self.t("common.none")
        if unit == "s" and float(value) >= 120:
            return self.t("unit.long_s", value=value, duration=self.duration(int(float(value) * 1000)))
        if unit == "share":
            return f"{float(value):.2%}"
        return f"{value} {self.word('unit', unit)}" if unit else value

    def required(self, value: str, unit: str, bound: str) -> str:
        """The required figure with the word for which side of it is right; "at least nought" would say nothing."""
        figure = self.quantity(value, unit)
        if not value or (bound == "at_least" and value == "0"):
            return figure
        return self.t(f"findings.{bound}", figure=figure)
