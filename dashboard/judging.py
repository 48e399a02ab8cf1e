"""Judges the store and remembers what changed: a verdict is written when it is new, different, or no longer given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from data.periods import Month, to_iso
from data.store import Store
from rules import catalogue
from rules.catalogue import Rule
from rules.engine import Judgement, judge
from rules.touched import Instant, Touched, touched

CURRENT_SQL = """
SELECT * FROM verdict_changes WHERE month = $month
QUALIFY row_number() OVER (PARTITION BY rule_id, subject_type, subject_id, period
                           ORDER BY known_from DESC, judgement_id DESC) = 1
"""
STANDING_SQL = """
CREATE OR REPLACE TEMP TABLE standing AS
WITH mine AS MATERIALIZED (
    FROM verdict_changes
    WHERE month = $month AND agency_id IN ({agencies}) AND list_contains($rules, rule_id)
), newest AS (
    FROM mine
    QUALIFY row_number() OVER (PARTITION BY rule_id, subject_type, subject_id, period
                               ORDER BY known_from DESC, judgement_id DESC) = 1
), moved AS (
    SELECT rule_id, subject_type, subject_id, period, judgement_id FROM verdict_changes
    WHERE month = $month AND judgement_id > (SELECT min(judgement_id) FROM mine)
      AND subject_id IN (SELECT subject_id FROM mine) AND agency_id NOT IN ({agencies})
)
FROM newest n ANTI JOIN moved m
  ON m.rule_id = n.rule_id AND m.subject_type = n.subject_type AND m.subject_id = n.subject_id AND m.period = n.period
     AND m.judgement_id > n.judgement_id
WHERE n.outcome IS NOT NULL
"""
"""The verdicts that stand of some rules and agencies, but for those that another agency's verdict took the place of
since. All that is remembered of the month is not read: the first judgement wrote most of it, and only later ones can
have moved a verdict."""
CHANGES_SQL = """
CREATE OR REPLACE TEMP TABLE changes AS
SELECT $judgement_id AS judgement_id, $month AS month, rule_id, subject_type, subject_id,
       coalesce(n.agency_id, s.agency_id) AS agency_id, period, n.outcome, n.measured, n.required, n.unit, n.reason,
       n.clause, n.evidence, CAST($known_from AS TIMESTAMP) AS known_from, s.rule_id IS NULL AS is_new
FROM new_verdicts n FULL JOIN standing s USING (rule_id, subject_type, subject_id, period)
WHERE (n.outcome, n.measured, n.required, n.unit, n.reason, n.clause, n.evidence, n.agency_id)
      IS DISTINCT FROM (s.outcome, s.measured, s.required, s.unit, s.reason, s.clause, s.evidence, s.agency_id)
"""
LAST_SQL = """
SELECT now_at, as_of, verdict_count, ruleset FROM judgements WHERE month = $month ORDER BY judgement_id DESC LIMIT 1
"""
ERROR_SQL = "SELECT 1 FROM verdict_changes WHERE month = $month AND outcome = 'error' LIMIT 1"
"""Whether any rule was ever broken in the month: seldom, and then it is judged in full to its end."""
PLACE_SQL = """
SELECT count(*), CAST(greatest($now, max(known_from) FILTER (WHERE month = $month)) AS TIMESTAMP) FROM judgements
"""
COUNT_SQL = "SELECT count(*) FILTER (WHERE is_new) - count(*) FILTER (WHERE outcome IS NULL) FROM changes"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a judgement stands among the others of its month."""

    month: Month
    number: int
    known_from: datetime
    ruleset: str


def judge_and_remember(store: Store, rules: Sequence[Rule], month: Month, *, now_at: datetime) -> Judgement:
    """Judge all of `month` with everything known at `now_at` and append the changes to the store.

    The judgement made last is the one that stands, also after one at the same instant or when the clock was set back:
    its id begins with its number, and it is known no earlier than the one before.
    """
    with store.cursor() as cursor:
        judgement = judge(cursor, rules, month, now_at=now_at)
    everything = Touched(tuple(rules), None)
    with store.write() as cursor:
        _remember(cursor, judgement, everything, _place(cursor, month, now_at, rules), judgement.fingerprint)
    return judgement


def judge_what_changed(store: Store, rules: Sequence[Rule], month: Month, *, now_at: datetime) -> Judgement:
    """Judge only what the facts since the last judgement of `month`, or the hour, can have changed.

    What then stands in the store is what judging everything would leave there. A judgement of a part has no
    fingerprint: that is the digest of all verdicts, and belongs to a judgement of all. While a rule is broken
    everything is judged, because its one error stands for all agencies.
    """
    with store.cursor() as cursor:
        last = cursor.execute(LAST_SQL, {"month": str(month)}).fetchone()
        if last is None or last[3] != _ruleset(rules) or cursor.execute(ERROR_SQL, {"month": str(month)}).fetchone():
            return judge_and_remember(store, rules, month, now_at=now_at)
        part = touched(cursor, rules, month, since=Instant(*last[:2]), until=Instant(now_at, now_at))
        if part.agencies is None:
            return judge_and_remember(store, rules, month, now_at=now_at)
        judgement = judge(cursor, part.rules, month, now_at=now_at, agencies=part.agencies)
    if any(outcome == "error" for _, outcome in judgement.counts):
        return judge_and_remember(store, rules, month, now_at=now_at)
    with store.write() as cursor:
        _remember(cursor, judgement, part, _place(cursor, month, now_at, rules), None)
    return judgement


def _place(cursor: duckdb.DuckDBPyConnection, month: Month, now_at: datetime, rules: Sequence[Rule]) -> _Place:
    [(number, known_from)] = cursor.execute(PLACE_SQL, {"month": str(month), "now": now_at}).fetchall()
    return _Place(month, number, known_from, _ruleset(rules))


def _ruleset(rules: Sequence[Rule]) -> str:
    return catalogue.digest({rule.id: rule for rule in rules})


def _remember(
    cursor: duckdb.DuckDBPyConnection, judgement: Judgement, part: Touched, place: _Place, fingerprint: str | None
) -> None:
    identity = f"{place.month} {to_iso(judgement.now_at)} {place.ruleset} {fingerprint}"
    judgement_id = f"{place.number:08d}-{hashlib.sha256(identity.encode()).hexdigest()[:20]}"
    month = str(place.month)
    last = cursor.execute(LAST_SQL, {"month": month}).fetchone()
    _standing(cursor, month, part)
    cursor.register("new_verdicts", judgement.table)
    cursor.execute(CHANGES_SQL, {"judgement_id": judgement_id, "month": month, "known_from": place.known_from})
    cursor.execute("INSERT INTO verdict_changes BY NAME SELECT * EXCLUDE is_new FROM changes")
    [(difference,)] = cursor.execute(COUNT_SQL).fetchall()
    row = {
        "judgement_id": judgement_id, "month": month, "now_at": judgement.now_at, "as_of": judgement.as_of,
        "ruleset": place.ruleset, "fingerprint": fingerprint, "known_from": place.known_from,
        "verdict_count": difference + (last[2] if last else 0),
    }  # fmt: skip
    cursor.register("new_judgement", pa.Table.from_pylist([row]))
    cursor.execute("INSERT INTO judgements BY NAME FROM new_judgement")


def _standing(cursor: duckdb.DuckDBPyConnection, month: str, part: Touched) -> None:
    """The verdicts that stand of the part that was judged; what else stands is left alone."""
    if part.agencies is None:
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE standing AS SELECT * FROM ({CURRENT_SQL}) WHERE outcome IS NOT NULL",
            {"month": month},
        )
        return
    agencies = {f"agency_{number}": agency for number, agency in enumerate([*part.agencies, ""])}
    values = {"month": month, "rules": [rule.id for rule in part.rules], **agencies}
    cursor.execute(STANDING_SQL.format(agencies=", ".join(f"${name}" for name in agencies)), values)
