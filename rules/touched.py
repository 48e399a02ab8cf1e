"""What may be judged otherwise than last time: after a poll nobody has to judge the whole city again.

A verdict follows from the facts its check reads, from its agency's things and from the hour. So facts that became known
since the last judgement touch the rules that read their table, for the agencies they belong to; and the hour touches
everything when a day ends or its grace runs out, and an agency when the grace of one of its reports does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import duckdb

from data.named import named_queries
from data.periods import Month, day_ends_at
from rules.catalogue import Rule
from rules.prepared import FACT_TABLES, facts_read_by

ARRIVED_SQL = " UNION ALL ".join(
    f"(SELECT '{table}' FROM {table} WHERE is_new(known_from) LIMIT 1)" for table in sorted(FACT_TABLES)
)
ABOUT_CAMERAS = frozenset({"cameras", "footage_days", "live_probes", "polls", "recording_plans"})
"""Tables of which each row is about one camera, and so touches whoever that belongs or ever belonged to."""


@dataclass(frozen=True, slots=True)
class Instant:
    """When somebody judged, and from what was known when (naive UTC)."""

    now_at: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Touched:
    """Rules and agencies whose verdicts may differ; `agencies` None is everyone."""

    rules: tuple[Rule, ...]
    agencies: tuple[str, ...] | None

    def __bool__(self) -> bool:
        return bool(self.rules) and self.agencies != ()


@cache
def _queries() -> dict[str, str]:
    return named_queries(files("rules").joinpath("touched.sql").read_text(encoding="utf-8"))


def touched(
    cursor: duckdb.DuckDBPyConnection, rules: Sequence[Rule], month: Month, *, since: Instant, until: Instant
) -> Touched:
    """What of a judgement made at `since` may differ at `until`; never too little, seldom much too much."""
    active = tuple(rule for rule in rules if rule.status == "active")
    if until.now_at < since.now_at or until.as_of < since.as_of or _a_day_turned(active, month, since, until):
        return Touched(active, None)
    _set_variables(cursor, month, since, until)
    changed = _changed(cursor)
    graces_h = sorted({rule.grace_h for rule in active if "reports" in facts_read_by(rule.check)})
    due = _agencies(cursor, _queries()["due"], {"graces_h": graces_h})
    tables = {table for table, agencies in changed.items() if agencies} | ({"reports"} if due else set())
    agencies = due.union(*changed.values())
    if agencies:
        agencies |= _agencies(cursor, _queries()["guests"], {"agencies": sorted(agencies)})
    return Touched(tuple(rule for rule in active if facts_read_by(rule.check) & tables), tuple(sorted(agencies)))


def _a_day_turned(rules: Iterable[Rule], month: Month, since: Instant, until: Instant) -> bool:
    """Whether a day of the month ended in between, or the grace of one ran out."""
    graces = {timedelta(hours=rule.grace_h) for rule in rules} | {timedelta()}
    return any(since.now_at < day_ends_at(day) + grace <= until.now_at for day in month.days for grace in graces)


def _changed(cursor: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The tables in which facts arrived, and whose verdicts these can change."""
    cursor.execute(_queries()["words"])
    arrived = {row[0] for row in cursor.execute(ARRIVED_SQL).fetchall()}
    changed: dict[str, set[str]] = {}
    if about_cameras := sorted(arrived & ABOUT_CAMERAS):
        seen = " UNION ALL ".join(f"SELECT camera_id FROM {table} WHERE is_new(known_from)" for table in about_cameras)
        changed = dict.fromkeys(about_cameras, _agencies(cursor, _queries()["seen"].format(seen=seen)))
    if others := sorted(arrived - ABOUT_CAMERAS):
        cursor.execute(_queries()["owners"])
        changed |= {table: _agencies(cursor, _queries()[table]) for table in others}
    return changed


def _agencies(cursor: duckdb.DuckDBPyConnection, query: str, values: dict[str, object] | None = None) -> set[str]:
    return {row[0] for row in cursor.execute(query, values).fetchall() if row[0] is not None}


def _set_variables(cursor: duckdb.DuckDBPyConnection, month: Month, since: Instant, until: Instant) -> None:
    instants = {
        "since_as_of": since.as_of, "as_of": until.as_of, "since_now_at": since.now_at, "now_at": until.now_at,
    }  # fmt: skip
    for name, instant in instants.items():
        cursor.execute(f"SET VARIABLE {name} = CAST($at AS TIMESTAMP)", {"at": instant})
    for name, day in {"month_first": month.first_day, "month_next": month.next_first_day}.items():
        cursor.execute(f"SET VARIABLE {name} = CAST($day AS DATE)", {"day": day})
