"""Judges the store and remembers what changed: a verdict is written when it is new, different, or no longer given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from data.periods import Month, to_iso
from data.store import Store
from rules import catalogue
from rules.catalogue import Rule
from rules.engine import Judgement, judge
from rules.verdicts import COLUMNS

CURRENT_SQL = """
SELECT * FROM verdict_changes WHERE month = $month
QUALIFY row_number() OVER (PARTITION BY rule_id, subject_id, period ORDER BY known_from DESC, judgement_id DESC) = 1
"""
PLACE_SQL = """
SELECT count(*), CAST(greatest($now, max(known_from) FILTER (WHERE month = $month)) AS TIMESTAMP) FROM judgements
"""
CHANGES_SQL = f"""
INSERT INTO verdict_changes BY NAME
WITH stored AS ({CURRENT_SQL})
SELECT $judgement_id AS judgement_id, $month AS month, rule_id,
       coalesce(n.subject_type, s.subject_type) AS subject_type, subject_id, n.agency_id, period, n.outcome, n.measured,
       n.required, n.unit, n.reason, n.clause, n.evidence, CAST($known_from AS TIMESTAMP) AS known_from
FROM new_verdicts n FULL JOIN stored s USING (rule_id, subject_id, period)
WHERE (n.outcome, n.measured, n.required, n.unit, n.reason, n.clause, n.evidence, n.agency_id)
      IS DISTINCT FROM (s.outcome, s.measured, s.required, s.unit, s.reason, s.clause, s.evidence, s.agency_id)
"""


def judge_and_remember(store: Store, rules: Sequence[Rule], month: Month, *, now_at: datetime) -> Judgement:
    """Judge `month` with everything known at `now_at` and append the changes to the store.

    The judgement made last is the one that stands, also after one at the same instant or when the clock was set back:
    its id begins with its number, and it is known no earlier than the one before.
    """
    with store.cursor() as cursor:
        judgement = judge(cursor, rules, month, now_at=now_at)
    ruleset = catalogue.digest({rule.id: rule for rule in rules})
    identity = f"{month} {to_iso(now_at)} {ruleset} {judgement.fingerprint}"
    digest = hashlib.sha256(identity.encode()).hexdigest()[:20]
    names = (*COLUMNS, "evidence")
    columns = {name: pa.array([getattr(v, name) for v in judgement.verdicts], pa.string()) for name in names}
    with store.write() as cursor:
        cursor.register("new_verdicts", pa.table(columns))
        [(number, known_from)] = cursor.execute(PLACE_SQL, {"month": str(month), "now": now_at}).fetchall()
        judgement_id = f"{number:08d}-{digest}"
        values = {"judgement_id": judgement_id, "month": str(month), "known_from": known_from}
        cursor.execute(CHANGES_SQL, values)
        cursor.execute(
            "INSERT INTO judgements BY NAME SELECT ? AS judgement_id, ? AS month, CAST(? AS TIMESTAMP) AS now_at,"
            " CAST(? AS TIMESTAMP) AS as_of, ? AS ruleset, ? AS fingerprint, ? AS verdict_count,"
            " CAST(? AS TIMESTAMP) AS known_from",
            [judgement_id, str(month), now_at, judgement.as_of, ruleset, judgement.fingerprint,
             len(judgement.verdicts), known_from],
        )  # fmt: skip
    return judgement
