"""Random lives of a camera whose edges sit where rules turn: midnights, tolerances, clock offsets, terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor
from random import Random
from typing import Any

SEAMS_S = (0, 1, 2, 3, 4, 5, 6, 7, 25, 30, 31, 49, 54, 55, 56, 58, 59, 60, 61, 62, -90)
OFFSETS_S = (0, 0, 0, -7, 40, 5, -6, 30, 31, 28_800, -86_400)
NEAR_S = (0, 0, 0, 1, -1, 4, 5, 6, -5, -6, 59, 60, 61, -60, -61)
BESIDE_S = (0, 0, 0, 0, 0.001, -0.001, 5, 5, -5, -5, 5.001, -5.001, 4.999, -4.999, 6, -6, 60, -60, 3600, -3600)
Shape = Callable[[float, float], list[tuple[float, float]]]
DAY_S = 86_400
SPAN_DAYS = 3


def text(origin: datetime, at_s: float) -> str:
    """Local time without an offset, to the millisecond where there is one."""
    at = origin + timedelta(milliseconds=round(at_s * 1000))
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


@dataclass
class Chronicle:
    """Draws rows; instants are seconds since local midnight of the origin, those of files whole seconds.

    Edges fall about the midnights and the `hours` of `days`, or anywhere in `reach`. `fine` moves what is no
    edge of a file by milliseconds, and seams by one to either side. `asked`, `turns`, `listed` and `edges` remember
    what was drawn: when facts were learned, when load stages began, the files of the last poll, and every instant
    at which something may begin or end.
    """

    chance: Random
    origin: datetime
    fine: bool = False
    days: tuple[int, ...] = tuple(range(SPAN_DAYS + 1))
    hours: tuple[int, ...] = tuple(range(24))
    reach: tuple[int, int] = (-DAY_S, SPAN_DAYS * DAY_S)
    seams_s: tuple[int, ...] = SEAMS_S
    asked: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    listed: list[tuple[float, float]] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)

    def text(self, at_s: float) -> str:
        return text(self.origin, at_s)

    def instant(self) -> int:
        chance = self.chance
        turn = chance.choice(self.days) * DAY_S + chance.choice((0, 0, chance.choice(self.hours) * 3600))
        return chance.choice((turn + chance.choice(NEAR_S), turn, chance.randint(*self.reach)))

    def span(self) -> tuple[int, int]:
        one, other = self.instant(), self.instant()
        return min(one, other), max(one, other)

    def jitter(self) -> float:
        return self.chance.choice((0, 0, 0.001, 0.5, 0.999)) if self.fine else 0

    def window(self) -> tuple[float, float]:
        """A span that may be finer than a file's: only seams between files vanish below a second."""
        start, end = self.span()
        jitter = self.jitter()
        return start + jitter, end + jitter

    def duty(self) -> dict[str, str | None]:
        start, end = self.chance.choice((self.reach, self.reach, self.reach, (0, DAY_S), self.window()))
        stays = self.chance.random() < 0.03
        return {"duty_from": self.text(start), "duty_to": None if stays else self.text(end)}

    def poll(
        self, camera_id: str, poll_id: str, shape: Shape | None = None, is_whole: bool = False
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """With files of that shape, or of any; if whole, a good answer about everything."""
        chance = self.chance
        covers = self.window() if not is_whole and chance.random() < 0.35 else self.reach
        asked = chance.choice((covers[1], covers[1] + 1, covers[1] + 7200, self.instant(), self.reach[1] + 60))
        asked = self.reach[1] if is_whole else asked
        offset = chance.choice(OFFSETS_S) if chance.random() < 0.9 else None
        self.asked.append(asked)
        row = {
            "poll_id": poll_id,
            "camera_id": camera_id,
            "asked_at": self.text(asked),
            "covers_from": self.text(covers[0]),
            "covers_to": self.text(covers[1]),
            "outcome": "ok" if is_whole else chance.choice(("ok",) * 10 + ("unreachable", "malformed")),
            "complete": "yes" if is_whole else chance.choice(("yes",) * 10 + ("no",)),
            "clock_offset_ms": None if offset is None else offset * 1000,
        }
        key = {"poll_id": poll_id, "camera_id": camera_id}
        ahead = offset or 0
        shapes = (self.chain, self.chain, self.scattered, self.punched, self.punched)
        spans = (shape or chance.choice(shapes))(*covers)
        self.listed = spans
        self.edges += [*covers, *(edge for span in spans for edge in span)]
        return row, [key | {"started_at": self.text(s + ahead), "ended_at": self.text(e + ahead)} for s, e in spans]

    def chain(self, start: float, end: float) -> list[tuple[float, float]]:
        """Files one after the other over the window, with seams about the tolerances, in any order."""
        chance = self.chance
        cuts = sorted(self.instant() for _ in range(chance.randint(0, 5)))
        at: float = chance.choice((floor(start), floor(start) - 3, floor(start) - 600, self.instant()))
        spans: list[tuple[float, float]] = []
        for cut in (c for c in cuts if max(at, start) < c < end):
            spans.append((at, max(at, cut)))
            at = cut + self._seam()
        spans.append((at, max(at, floor(end) + chance.choice((0, 0, 1, -3, -61, 600)))))
        chance.shuffle(spans)
        return spans

    def _seam(self) -> float:
        """Never one of less than a second: those vanish by design."""
        seam = self.chance.choice(self.seams_s)
        return seam + self.chance.choice((0, 0.001, -0.001)) if self.fine and seam > 1 else seam

    def scattered(self, start: float, _end: float) -> list[tuple[float, float]]:
        spans: list[tuple[float, float]] = [self.span() for _ in range(self.chance.randint(0, 4))]
        return [*spans, (floor(start), floor(start))] if self.chance.random() < 0.3 else spans

    def punched(self, _start: float, _end: float) -> list[tuple[float, float]]:
        """The files of the last poll, from which a piece has vanished."""
        gone = self.instant()
        back = gone + max(0, self.chance.choice((60, 60, self._seam(), self._seam())))
        pieces = [piece for s, e in self.listed for piece in ((s, min(e, gone)), (max(s, back), e))]
        return [(s, e) for s, e in pieces if s < e]

    def beside(self) -> float:
        """About something that begins or ends, by as much as is just forgiven or just not."""
        return self.chance.choice(self.edges) + self.chance.choice(BESIDE_S)

    def nothing(self, _start: float, _end: float) -> list[tuple[float, float]]:
        """All of it denied."""
        return []

    def late(self, start: float, end: float) -> list[tuple[float, float]]:
        """A file that begins shortly after what was asked about does."""
        first = floor(start) + self.chance.choice((1, 3, 5, 6))
        self.edges += [start] * 6
        return [(first, max(first, floor(end)))]

    def combed(self, start: float, end: float) -> list[tuple[float, float]]:
        """Files so soon after one another that each gap is forgiven, while 180 of them add up to 15 minutes."""
        at = float(self.chance.randrange(SPAN_DAYS) * DAY_S + self.chance.choice((0, 600, 28_800)))
        teeth = [(at + 305 * n, at + 305 * n + 300) for n in range(self.chance.choice((180, 181, 181, 181, 182, 182)))]
        teeth[0] = at, at + 300 + self.chance.choice((0, 0, 0.001, -0.001, 1))
        return [(min(floor(start), at), at), *teeth, (teeth[-1][1], max(teeth[-1][1], floor(end)))]

    def probes(self, camera_id: str) -> list[dict[str, Any]]:
        """Shares about 0.95 of a few days, first frames about the limit."""
        chance, rows = self.chance, dict[float, dict[str, Any]]()
        for day in chance.sample(range(SPAN_DAYS), 2):
            number, bad = chance.choice(((0, 0), (1, 0), (3, 1), (19, 1), (20, 1), (21, 1), (32, 3), (40, 2), (40, 3)))
            ours = chance.choice((0, 0, 0.1))
            for n in range(number):
                at = day * DAY_S + chance.choice((n * 1800, n, DAY_S - 1 - n)) + self.jitter()
                outcome = chance.choice(("no_media", "refused", "unreachable", "ok") if n < bad else ("ok",))
                rows[at] = {
                    "camera_id": camera_id,
                    "probed_at": self.text(at),
                    "outcome": "not_probed" if chance.random() < ours else outcome,
                    "first_frame_ms": chance.choice((10_001, None) if n < bad else (0, 9_999, 10_000)),
                }
        return list(rows.values())
