"""What recorders answered, and what of a time that is owed they hold, deny, or were never asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.rules.oracle.city import City, Span, cells, inside, joined, length, ms

JOIN_MS = 5_000


@dataclass(frozen=True)
class Answer:
    """A poll with outcome `ok` and complete `yes`: what it speaks about and what it lists, in true time."""

    asked_at: int
    poll_id: str
    about: Span
    listed: tuple[Span, ...]

    def says(self, at: int) -> bool | None:
        """Whether it lists the instant; None when it does not speak about it."""
        return inside(self.listed, at) if inside([self.about], at) else None

    @property
    def edges(self) -> list[int]:
        return [edge for span in (self.about, *self.listed) for edge in span]


@lru_cache(maxsize=2_000)
def answers_of(city: City, camera_id: str) -> tuple[Answer, ...]:
    """Oldest first: by asked_at, then poll_id."""
    found = [_answer(city, p) for p in city.polls(camera_id) if (p["outcome"], p["complete"]) == ("ok", "yes")]
    return tuple(sorted(found, key=lambda a: (a.asked_at, a.poll_id)))


def _answer(city: City, poll: dict[str, Any]) -> Answer:
    asked_at, offset = ms(poll["asked_at"]), int(poll.get("clock_offset_ms") or 0)
    about = ms(poll["covers_from"]), min(ms(poll["covers_to"]), asked_at)
    listed = tuple((ms(f["started_at"]) - offset, ms(f["ended_at"]) - offset) for f in city.footage_of(poll))
    return Answer(asked_at, poll["poll_id"], about, listed)


def held(answers: Iterable[Answer], at: int) -> bool:
    """Whether the newest answer that speaks about the instant lists it; the answers come oldest first."""
    said = [a.says(at) for a in answers]
    return next((s for s in reversed(said) if s is not None), False)


def asked(answers: Iterable[Answer], at: int) -> bool:
    return any(a.says(at) is not None for a in answers)


@dataclass(frozen=True)
class Watch:
    """A camera as one of several that may hold an instant."""

    duty: Span
    answers: tuple[Answer, ...]

    def holds(self, at: int) -> bool:
        return inside([self.duty], at) and held(self.answers, at)

    def has_nothing_to_add(self, at: int) -> bool:
        """It was asked about the instant or was off duty then."""
        return not inside([self.duty], at) or asked(self.answers, at)

    @property
    def edges(self) -> list[int]:
        return [*self.duty, *(e for a in self.answers for e in a.edges)]


def watch(city: City, camera: dict[str, Any]) -> Watch:
    return Watch(city.duty(camera), answers_of(city, camera["camera_id"]))


def holding(watches: list[Watch], span: Span) -> list[Span]:
    """The cells of the span that one of them holds."""
    edges = [e for w in watches for e in w.edges]
    return [c for c in cells(span, edges) if any(w.holds(c[0]) for w in watches)]


def missing(watches: list[Watch], required: list[Span]) -> tuple[list[Span], list[Span]]:
    """The cells of the required spans that none of them holds: the known missing ones, and those not asked about."""
    edges = [e for w in watches for e in w.edges]
    known, unknown = list[Span](), list[Span]()
    for cell in (c for span in required for c in cells(span, edges)):
        if not any(w.holds(cell[0]) for w in watches):
            (known if all(w.has_nothing_to_add(cell[0]) for w in watches) else unknown).append(cell)
    return known, unknown


def missing_ms(watches: list[Watch], required: list[Span]) -> tuple[int, int]:
    """Known missing and unknown, without intervals that the join tolerance forgives."""
    known, unknown = missing(watches, required)
    gaps = [gap for gap in joined(sorted([*known, *unknown])) if length([gap]) > JOIN_MS]
    known_ms, unknown_ms = (length(c for c in part if inside(gaps, c[0])) for part in (known, unknown))
    return known_ms, unknown_ms
