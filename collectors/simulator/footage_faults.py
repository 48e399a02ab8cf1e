"""Footage that was never recorded, or only seems to be missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from collectors.intervals import Interval, common
from collectors.simulator.draft import Draft, of_day, of_month
from collectors.simulator.plan import Plan, day_of, days_between
from data.periods import Month, local_day

JOIN_TOLERANCE_S = 5
ALLOWED_S = 60
BUDGET_S = 900
"""Of a month in which no day breaks the duty; here even the shortest seam counts."""


@dataclass(frozen=True, slots=True)
class GapPattern:
    """`count` gaps of `length_s` (a range to draw from), `every_s` apart, the first `at_hours` after midnight.

    Exact lengths lie on both sides of the thresholds: a gap of up to 5 s does not count, more than 60 s of a day
    break the duty. Seams that add up to more than 900 s of a month are to be looked at.
    """

    kind: str
    length_s: tuple[int, int]
    at_hours: tuple[int, int]
    count: int = 1
    every_s: int = 0

    @property
    def lasts(self) -> timedelta:
        """From the first gap to the last one, not less than this."""
        return timedelta(seconds=self.count * self.every_s)

    @property
    def is_exact(self) -> bool:
        """So near a threshold that only a recorder that lists whole seconds will do."""
        return self.length_s[0] == self.length_s[1] <= 61


HOUR_S = 3600
DAY_S = 24 * HOUR_S
GAP_PATTERNS = (
    GapPattern("missing_hours", (2 * HOUR_S, 9 * HOUR_S), (1, 13)),
    GapPattern("missing_hours", (2 * HOUR_S, 9 * HOUR_S), (1, 13)),
    GapPattern("missing_minutes", (150, 900), (1, 20)),
    GapPattern("missing_61_s", (61, 61), (2, 20)),
    GapPattern("missing_twice_35_s", (35, 35), (2, 12), count=2, every_s=2 * HOUR_S),
    GapPattern("missing_11_times_6_s", (6, 6), (2, 12), count=11, every_s=1200),
    GapPattern("missing_day", (DAY_S, DAY_S), (0, 0)),
    GapPattern("missing_three_days", (3 * DAY_S, 3 * DAY_S), (0, 0)),
    GapPattern("missing_across_midnight", (2 * HOUR_S, 3 * HOUR_S), (23, 23)),
    GapPattern("gap_59_s", (59, 59), (2, 20)),
    GapPattern("gap_60_s", (60, 60), (2, 20)),
    GapPattern("gap_10_times_6_s", (6, 6), (2, 12), count=10, every_s=1200),
    GapPattern("seams_3_s", (3, 3), (0, 0), count=3 * 24, every_s=HOUR_S),
    GapPattern("seams_5_s", (5, 5), (1, 1), count=20, every_s=HOUR_S),
    GapPattern("seams_add_up", (5, 5), (1, 1), count=181, every_s=900),
    GapPattern("seams_900_s", (5, 5), (1, 1), count=180, every_s=900),
)


def plant_footage_faults(draft: Draft) -> None:
    """Those with the most conditions first."""
    if draft.plan.days >= 8:
        for pattern in sorted(GAP_PATTERNS, key=lambda pattern: not pattern.is_exact):
            _gap(draft, pattern)


def missing_s(gaps: Iterable[Interval]) -> float:
    """Without those that a switch of files explains."""
    lengths_s = ((end - start).total_seconds() for start, end in gaps)
    return sum(length_s for length_s in lengths_s if length_s > JOIN_TOLERANCE_S)


def missing_days(gaps: list[Interval]) -> list[date]:
    """The local days on which these gaps alone break the duty of 24 hours."""
    gaps_of_day: defaultdict[date, list[Interval]] = defaultdict(list)
    for gap in gaps:
        for day in days_between(*gap):
            gaps_of_day[day] += common([gap], [day_of(day)])
    return [day for day, parts in gaps_of_day.items() if missing_s(parts) > ALLOWED_S]


def _gap(draft: Draft, pattern: GapPattern) -> None:
    camera = draft.take_camera(lambda _, recorder, __: not pattern.is_exact or recorder.protocol == "isapi")
    start = draft.plan.at(
        draft.rng.choice(_first_days(draft.plan, pattern)),
        draft.rng.randint(*pattern.at_hours) + (draft.rng.randint(600, 1799) / HOUR_S if any(pattern.at_hours) else 0),
    )
    length = timedelta(seconds=draft.rng.randint(*pattern.length_s))
    starts = [start + timedelta(seconds=n * pattern.every_s) for n in range(pattern.count)]
    gaps = [(at, at + length) for at in starts]
    draft.gaps[camera.camera_id] += gaps
    expected = [of_day("far_24h", "camera", camera.camera_id, day) for day in missing_days(gaps)]
    if not expected and sum((b - a).total_seconds() for a, b in gaps) > BUDGET_S:
        month = Month.of(local_day(start))
        expected.append(of_month("far_gap_budget", "camera", camera.camera_id, month, "suspect"))
    draft.plant(
        pattern.kind,
        camera.camera_id,
        (gaps[0][0], gaps[-1][1]),
        f"{pattern.count} × {length.total_seconds():g} s were not recorded",
        expected,
    )


def _first_days(plan: Plan, pattern: GapPattern) -> list[int]:
    """On which the pattern can begin; what adds up over more than a day does so within one month."""
    numbers = range(2, plan.days - 4)
    if pattern.lasts < timedelta(days=1):
        return list(numbers)
    return [n for n in numbers if Month.of(plan.day(n)) == Month.of(plan.day(n + pattern.lasts.days))]
