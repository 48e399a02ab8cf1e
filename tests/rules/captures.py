"""Random key images of one report: what its test item asks for, with edges about every limit, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.rules.histories import DAY_S, Chronicle

Image = dict[str, Any]
SIDES = ("东", "南", "西", "北")
LABELS = {"project": "示例工程", "building": "3", "floor": "2", "axis": "A-1", "road_section": "K1", "position": "左"}
FLAWS: tuple[Image, ...] = (
    {"role": "self_declared"}, {"media": "photo"}, {"media": "clip"}, {"ended_at": None}, {"pile_no": None},
    {"pile_no": None}, {"pile_no": "2#"}, {"side": None}, {"side": "东"}, {"sha256": None}, {"sha256": "0" * 64},
    {"session_id": None},
    *({label: None} for label in LABELS),
)  # fmt: skip


@dataclass(frozen=True)
class Session:
    """A drawn session; instants in seconds as Chronicle counts, `stages` as (direction, start, end)."""

    row: dict[str, Any]
    start: float
    end: float | None
    peak: float | None
    stages: list[tuple[str, float, float]] = field(default_factory=list)

    def ends_of(self, direction: str) -> list[float]:
        return [end for way, _, end in self.stages if way == direction]


@dataclass(frozen=True)
class Work:
    """A report whose images are drawn. Careful work falls on the side of every limit that suffices."""

    life: Chronicle
    report: dict[str, Any]
    issued: float
    sessions: list[Session]
    is_careful: bool

    def at_least(self, limit: float) -> float:
        beyond = (0, 0, 0.001, 1) if self.is_careful else (0, 0, 0.001, -0.001, -1, 5)
        return limit + self.life.chance.choice(beyond)

    @property
    def often(self) -> bool:
        return self.is_careful or self.life.chance.random() < 0.85

    @property
    def any_session(self) -> Session | None:
        return self.life.chance.choice(self.sessions) if self.sessions else None

    def images(self) -> list[Image]:
        drawn = [image for image in CAPTURES[self.report["test_item"]](self) if self.often]
        drawn += [self._stray() for _ in range(self.life.chance.choice((0, 0, 0, 1)))]
        return [self._kept(self._flawed(image)) for image in drawn]

    def clip(self, role: str, start: float, end: float, session: Session | None = None, **labels: Any) -> Image:
        image = self.photo(role, start, session, **labels)
        return image | {"media": "clip", "ended_at": self.life.text(max(start, end))}

    def photo(self, role: str, at: float, session: Session | None = None, **labels: Any) -> Image:
        chance = self.life.chance
        return {
            "report_no": self.report["report_no"],
            "session_id": session.row["session_id"] if session and chance.random() < 0.5 else None,
            "role": role,
            "media": "photo",
            "started_at": self.life.text(at),
            "ended_at": None,
            "pile_no": "1#",
            "sha256": f"{chance.getrandbits(256):064x}",
            **LABELS,
            **labels,
        }

    def _stray(self) -> Image:
        """Of any role, captured about the issue or before; a photo that says when it ended, now and then."""
        chance = self.life.chance
        role = chance.choice(("failure", "unload", "load_box_insertion", "load_stage", "core", "self_declared"))
        at = self.issued - chance.choice((0, 0.001, DAY_S, DAY_S) if self.is_careful else (0, 0.001, -0.001, DAY_S))
        clip = self.clip(role, at - chance.choice((0, 59.999, 60)), at)
        return clip | chance.choice(({}, {}, {"media": "photo"}, {"ended_at": None}))

    def _flawed(self, image: Image) -> Image:
        return image if self.is_careful or self.life.chance.random() < 0.7 else image | self.life.chance.choice(FLAWS)

    def _kept(self, image: Image) -> Image:
        """Stored about the issue, and until about the end of a term."""
        chance = self.life.chance
        unknown = not self.is_careful and chance.random() < 0.1
        stored = self.issued - (self.at_least(0) if chance.random() < 0.3 else DAY_S)
        years, days = chance.choice((20, 20, 21)), chance.choice((0, 0, 1))
        if not self.is_careful:
            years, days = chance.choice((5, 5, 20, 20, 20)), chance.choice((0, 0, 0, 0, 1, -1))
        until = _years_later(date.fromisoformat(self.report["issued_at"][:10]), years) + timedelta(days)
        return image | {
            "stored_at": None if unknown and chance.random() < 0.6 else self.life.text(stored),
            "keep_until": None if unknown and chance.random() < 0.6 else str(until),
        }


def _years_later(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day)


def failures(work: Work) -> Iterator[Image]:
    """Clips that begin or end at the peak, or at an end of the session, and last about 20 s."""
    chance = work.life.chance
    for session in work.sessions:
        for _ in range(chance.choice((1, 1, 2, 2))):
            length = chance.choice((work.at_least(20), work.at_least(20), 20, 19.999, 0.001, 45))
            first, last = session.peak, session.peak
            if session.peak is None:
                first, last = session.end or session.start + DAY_S, session.start
                first -= 0.001
            assert first is not None and last is not None
            ends, starts = last + work.at_least(0.001), first - work.at_least(0)
            start, end = chance.choice(((ends - length, ends), (starts, starts + length)))
            yield work.clip("failure", start, end, session)


def static_load(work: Work) -> Iterator[Image]:
    for session in work.sessions:
        if done := session.ends_of("unload"):
            yield work.clip("unload", max(done) - work.at_least(60), max(done) + work.at_least(0), session)
        for number, (way, start, end) in enumerate(session.stages):
            if way == "load":
                span = start - work.at_least(30), end + work.at_least(30)
                yield work.clip("load_stage", *span, session, stage_no=number + 1)
    if work.report["method"] != "self_balanced":
        yield from _stack(work)
    if work.report["method"] != "kentledge":
        start, shown = work.issued - 9 * DAY_S, work.any_session
        yield work.clip("load_box_insertion", start, start + work.at_least(60), shown)
        yield work.photo("nameplate", start, shown)


def _stack(work: Work) -> Iterator[Image]:
    """All four sides just before the first stage of all, or of the session whose pile they show."""
    chance = work.life.chance
    shown = None if work.is_careful else work.any_session
    pile_no = shown.row["pile_no"] if shown else "1#"
    begun = [s for s in work.sessions if shown is None or s.row["pile_no"] in (None, pile_no)]
    first = min((start for s in begun for way, start, _ in s.stages if way == "load"), default=work.issued)
    for side in (*SIDES, *chance.choice(((), SIDES[:1]))):
        yield work.photo("stack_side", first - work.at_least(0.001), shown, side=side, pile_no=pile_no)


def cores(work: Work) -> Iterator[Image]:
    piles = {s.row["pile_no"] for s in work.sessions} - {None} or {work.life.chance.choice(("1#", "1#", None))}
    for pile_no in sorted(piles):
        for role in ("core", "core_dimension"):
            yield work.photo(role, work.issued - work.at_least(DAY_S), work.any_session, pile_no=pile_no)


def undemanded(work: Work) -> Iterator[Image]:
    """A test item without key-image duty may be photographed all the same."""
    yield work.photo("self_declared", work.issued - DAY_S)


CAPTURES: dict[str, Callable[[Work], Iterator[Image]]] = {
    "REBAR_TENSILE": failures,
    "CUBE_COMP": failures,
    "PILE_COMP": static_load,
    "PILE_UPLIFT": static_load,
    "PILE_LATERAL": static_load,
    "PILE_CORE": cores,
    "WALL_CORE": cores,
    "ROAD_CORE": cores,
    "SOIL": undemanded,
}
