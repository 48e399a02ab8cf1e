"""Evidence of a verdict as it was stored: a JSON list of {kind, from_at, to_at, ref}."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from data.periods import local_day


@dataclass(frozen=True, slots=True)
class Evidence:
    """Times are naive UTC; None is a piece without that edge. `ref` names the poll, image or other record."""

    kind: str
    from_at: datetime | None
    to_at: datetime | None
    ref: str

    @property
    def day(self) -> date | None:
        return local_day(self.from_at) if self.from_at else None

    @property
    def length_ms(self) -> int | None:
        if self.from_at is None or self.to_at is None:
            return None
        return round((self.to_at - self.from_at).total_seconds() * 1000)


def read(stored: str) -> list[Evidence]:
    return [
        Evidence(piece["kind"], _instant(piece.get("from_at")), _instant(piece.get("to_at")), piece.get("ref") or "")
        for piece in json.loads(stored or "[]")
    ]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
