"""Tries a rule out before it counts: which verdicts would change if a parameter had another value.

Nothing is stored: both judgements are made from the same facts at the same instant, in temporary tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data.periods import Month
from rules.catalogue import Rule
from rules.drafts import STATUSES, Status, Value, draft, followers, following, listed
from rules.engine import judge

__all__ = [
    "NO_VERDICT",
    "STATUSES",
    "Change",
    "History",
    "Point",
    "Preview",
    "Status",
    "Value",
    "draft",
    "followers",
    "listed",
    "point",
    "preview",
    "previews",
    "sweep",
]

NO_VERDICT = ""
"""Stands for the outcome where no verdict is given."""
CHANGES_SQL = """
SELECT rule_id, subject_type, subject_id, coalesce(a.agency_id, b.agency_id) AS agency_id, period,
       coalesce(b.outcome, '') AS outcome_before, coalesce(a.outcome, '') AS outcome_after,
       coalesce(b.measured, '') AS measured_before, coalesce(a.measured, '') AS measured_after,
       coalesce(b.required, '') AS required_before, coalesce(a.required, '') AS required_after,
       coalesce(b.reason, '') AS reason_before, coalesce(a.reason, '') AS reason_after
FROM verdicts_before b FULL JOIN verdicts_after a USING (rule_id, subject_type, subject_id, period)
"""
CHANGED = """(outcome_before, measured_before, required_before, reason_before)
             IS DISTINCT FROM (outcome_after, measured_after, required_after, reason_after)"""


class Change(NamedTuple):
    """One verdict before and after; an outcome of NO_VERDICT means that none is given."""

    rule_id: str
    subject_type: str
    subject_id: str
    agency_id: str
    period: str
    outcome_before: str
    outcome_after: str
    measured_before: str
    measured_after: str
    required_before: str
    required_after: str
    reason_before: str
    reason_after: str


@dataclass(frozen=True, slots=True)
class History:
    """What is judged: facts behind a cursor, a month, the instants, and whose subjects (None: everyone's)."""

    cursor: duckdb.DuckDBPyConnection
    month: Month
    now_at: datetime
    as_of: datetime | None = None
    agencies: Collection[str] | None = None

    def judged(self, rules: Sequence[Rule]) -> pa.Table:
        judgement = judge(self.cursor, rules, self.month, now_at=self.now_at, as_of=self.as_of, agencies=self.agencies)
        return judgement.table


@dataclass(frozen=True, slots=True)
class Preview:
    """What a drafted rule changes. `affected` are the rules that take a changed parameter over (`same_as`).

    `transitions` counts every verdict by rule, outcome before and outcome after, also where nothing changes; `changes`
    has the columns of Change, only those that differ in anything, in the order of the columns.
    """

    drafted: Rule
    affected: tuple[str, ...]
    transitions: Counter[tuple[str, str, str]]
    changes: pa.Table

    def of(self, rule_id: str) -> Counter[tuple[str, str]]:
        """Outcome before and after → how many verdicts of this rule."""
        return Counter({(a, b): count for (of, a, b), count in self.transitions.items() if of == rule_id})

    def moved(self, limit: int | None = None) -> list[Change]:
        """The changes of an outcome; the others differ only in figures or reason."""
        differs = pc.not_equal(self.changes["outcome_before"], self.changes["outcome_after"])
        rows = self.changes.filter(differs)
        return [Change(**row) for row in (rows if limit is None else rows.slice(0, limit)).to_pylist()]

    @property
    def moved_count(self) -> int:
        return sum(count for (_, before, after), count in self.transitions.items() if before != after)


@dataclass(frozen=True, slots=True)
class Point:
    """One value that was tried, and what became of every verdict of the rule as it is."""

    value: Decimal | str
    transitions: Counter[tuple[str, str]]

    @property
    def counts(self) -> Counter[str]:
        """Outcome → how many verdicts this value gives."""
        counts: Counter[str] = Counter()
        for (_, after), count in self.transitions.items():
            if after != NO_VERDICT:
                counts[after] += count
        return counts


def preview(history: History, rules: Mapping[str, Rule], drafted: Rule) -> Preview:
    """The verdicts of `rules` as they are against those with `drafted` in its place."""
    return previews(history, rules, [drafted])[0]


def previews(history: History, rules: Mapping[str, Rule], drafts: Sequence[Rule]) -> list[Preview]:
    """Several drafts, each against the rules as they are, which are judged only once."""
    affected = {id(drafted): following(rules, drafted) for drafted in drafts}
    involved = dict.fromkeys(rule.id for drafted in drafts for rule in (drafted, *affected[id(drafted)]))
    before = history.judged([rules[rule_id] for rule_id in involved])
    return [_compared(history, drafted, affected[id(drafted)], before) for drafted in drafts]


def sweep(history: History, rules: Mapping[str, Rule], rule_id: str, name: str, values: Sequence[Value]) -> list[Point]:
    """What the rule alone gives for each value of one parameter, against what it gives as it is."""
    drafts = [draft(rules[rule_id], {name: value}) for value in values]
    before = history.judged([rules[rule_id]])
    return [point(_compared(history, drafted, (), before), name) for drafted in drafts]


def point(seen: Preview, name: str) -> Point:
    """The drafted rule's own part of a preview, as a point of a sweep over `name`."""
    return Point(seen.drafted.parameters[name].value, seen.of(seen.drafted.id))


def _compared(history: History, drafted: Rule, affected: Sequence[Rule], before: pa.Table) -> Preview:
    after = history.judged([drafted, *affected])
    involved = pa.array([drafted.id, *(rule.id for rule in affected)], pa.large_string())
    cursor = history.cursor
    cursor.register("verdicts_before", before.filter(pc.is_in(before["rule_id"], involved)))
    cursor.register("verdicts_after", after)
    try:
        changes = cursor.execute(f"FROM ({CHANGES_SQL}) WHERE {CHANGED} ORDER BY ALL").to_arrow_table()
        counted = cursor.execute(
            f"SELECT rule_id, outcome_before, outcome_after, count(*) FROM ({CHANGES_SQL}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    finally:
        cursor.unregister("verdicts_before")
        cursor.unregister("verdicts_after")
    transitions = Counter({(rule_id, was, becomes): count for rule_id, was, becomes, count in counted})
    return Preview(drafted, tuple(rule.id for rule in affected), transitions, changes)
