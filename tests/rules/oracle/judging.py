"""One rule on one bundle, with exemptions as rules.md words them."""

from __future__ import annotations

from tests.rules.oracle import footage, registry
from tests.rules.oracle.city import City, Rows, ms
from tests.rules.oracle.frame import Frame, Judging, Row
from tests.rules.oracle.images import IMAGE_RULES
from tests.rules.oracle.picture import PICTURE_RULES
from tests.rules.oracle.rooms import ROOM_RULES
from tests.rules.oracle.sessions import SESSION_RULES

RULES: dict[str, Judging] = {
    "far_24h": footage.far_24h,
    "far_gap_budget": footage.far_gap_budget,
    "retention_6_months": footage.retention_6_months,
    "early_deletion": footage.early_deletion,
    "clock_accurate": registry.clock_accurate,
    "recorder_answers": registry.recorder_answers,
    "live_viewable": registry.live_viewable,
    **ROOM_RULES,
    **SESSION_RULES,
    **PICTURE_RULES,
    **IMAGE_RULES,
}


def expected(judging: Judging, rows: Rows, *, month: str, now: str, as_of: str | None = None) -> list[Row]:
    """Every verdict that the rule must give of the bundle, ordered."""
    city = City(rows, ms(as_of or now))
    full, reduced = (
        {row.key: row for row in judging(city, Frame(month, ms(now), exempting))} for exempting in (False, True)
    )
    return sorted(row for key in full | reduced if (row := _settled(full.get(key), reduced.get(key))))


def _settled(full: Row | None, reduced: Row | None) -> Row | None:
    """What is published of the verdicts on the full and on the reduced requirement, where there are such."""
    if full is None:
        return reduced
    if reduced is None:
        return full._replace(outcome="excused", measured="") if full.outcome == "fail" else None
    if full.outcome == "pass" and reduced.outcome in ("fail", "suspect"):
        return full
    if reduced.outcome == "pass" and full.outcome == "fail":
        return reduced._replace(outcome="excused")
    return reduced
