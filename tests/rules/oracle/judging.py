"""One rule on one bundle, with exemptions as rules.md words them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.rules.oracle import footage, registry
from tests.rules.oracle.city import City, Rows, ms
from tests.rules.oracle.frame import Frame, Row

Judging = Callable[[City, Frame], Iterator[Row]]
RULES: dict[str, Judging] = {
    "far_24h": footage.far_24h,
    "retention_6_months": footage.retention_6_months,
    "early_deletion": footage.early_deletion,
    "far_camera_per_room": registry.far_camera_per_room,
    "clock_accurate": registry.clock_accurate,
    "recorder_answers": registry.recorder_answers,
    "live_viewable": registry.live_viewable,
    "pile_stage_clips": registry.pile_stage_clips,
}


def expected(judging: Judging, rows: Rows, *, month: str, now: str, as_of: str | None = None) -> list[Row]:
    """Every verdict that the rule must give of the bundle, ordered."""
    city = City(rows, ms(as_of or now))
    full = list(judging(city, Frame(month, ms(now), exempting=False)))
    reduced = {(r.subject_id, r.period): r for r in judging(city, Frame(month, ms(now), exempting=True))}
    return sorted(_excused(row, reduced[row.subject_id, row.period]) for row in full)


def _excused(full: Row, reduced: Row) -> Row:
    if full.outcome == "pass" and reduced.outcome in ("fail", "suspect"):
        return full
    if reduced.outcome == "pass" and full.outcome == "fail":
        return reduced._replace(outcome="excused")
    return reduced
