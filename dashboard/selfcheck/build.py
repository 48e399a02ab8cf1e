"""Builds a self-check from a judgement, from one without grace, and from what the bundle tells of its subjects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import duckdb

from dashboard import evidence
from dashboard.evidence import Evidence
from dashboard.selfcheck import terms
from dashboard.selfcheck.model import Finding, Period, SelfCheck, Subject, Unseen
from data.known import create_known_views
from data.named import named_queries
from data.periods import Month, local_day
from rules import catalogue
from rules.catalogue import SEVERITIES, Rule
from rules.engine import Judgement

_STATEMENTS = named_queries(files("dashboard.selfcheck").joinpath("queries.sql").read_text(encoding="utf-8"))
_FINDINGS_SQL = files("dashboard").joinpath("findings.sql").read_text(encoding="utf-8").replace("{bad}", "bad")

EVER = datetime(1, 1, 1)
"""Before every piece that has an edge."""


def default_month(now_at: datetime) -> Month:
    """The local month of the newest day that has ended: on the first of a month nothing of that month has."""
    return Month.of(local_day(now_at) - timedelta(days=1))


def without_grace(rules: Mapping[str, Rule]) -> list[Rule]:
    """Those rules that grant a grace, as if it were over."""
    return [rule.model_copy(update={"grace_h": 0}) for rule in rules.values() if rule.grace_h]


def build(
    cursor: duckdb.DuckDBPyConnection,
    judgement: Judgement,
    ahead: Judgement,
    rules: Mapping[str, Rule],
    warnings: Iterable[str] = (),
) -> SelfCheck:
    """`ahead` is the judgement of `without_grace(rules)` at the same instant; the cursor reads what both came from.

    The cursor gets temporary views of what was known then; nothing is stored.
    """
    create_known_views(cursor, judgement.as_of)
    cursor.register("judged", judgement.table)
    cursor.register("ahead", ahead.table)
    cursor.execute(_STATEMENTS["subjects"])
    counts = Counter(dict(cursor.execute(_STATEMENTS["outcomes"]).fetchall()))
    broken = cursor.execute(_STATEMENTS["broken"]).fetchall()
    return SelfCheck(
        agencies=dict(cursor.execute(_STATEMENTS["agencies"]).fetchall()),
        month=judgement.month,
        now_at=judgement.now_at,
        fingerprint=judgement.fingerprint,
        ruleset=catalogue.digest(dict(rules)),
        counts=counts,
        warnings=tuple(warnings),
        broken=tuple((rules[rule_id], reason) for rule_id, reason in broken),
        findings=_findings(cursor, "listed", rules, None),
        pending=_findings(cursor, "pending", rules, judgement.now_at),
        unseen=tuple(_unseen(row, rules) for row in _rows(cursor, _STATEMENTS["unseen"])),
    )


def _findings(
    cursor: duckdb.DuckDBPyConnection, bad: str, rules: Mapping[str, Rule], pending_at: datetime | None
) -> tuple[Finding, ...]:
    """Worst first; what is pending at an instant, soonest first."""
    sql = _STATEMENTS["findings"].replace("{findings}", _FINDINGS_SQL).replace("{bad}", f"({_STATEMENTS[bad]})")
    found = (_finding(row, rules, pending_at) for row in _rows(cursor, sql))
    return tuple(sorted(found, key=_worst_first if pending_at is None else _soonest_first))


def _finding(row: Mapping[str, Any], rules: Mapping[str, Rule], pending_at: datetime | None) -> Finding:
    rule = rules[row["rule_id"]]
    periods = tuple(
        Period(**{name: text for name, text in period.items() if name != "evidence"},
               evidence=tuple(evidence.read(period["evidence"])))
        for period in row["periods"]
    )  # fmt: skip
    first_until, last_until = terms.kept_until(rule, periods, terms.months(rules))
    listed_from_at = pending_at and terms.grace_ends_at(rule, periods, row["issued_at"], pending_at)
    same = ("finding_id", "outcome", "agency_id", "measured", "required", "unit", "reason", "clause")
    return Finding(
        **{name: row[name] for name in same}, rule=rule, severity=rule.severity_of(row["reason"]),
        subject=_subject(row), periods=periods, evidence=_joined(piece for p in periods for piece in p.evidence),
        first_until=first_until, last_until=last_until,
        listed_from_at=listed_from_at,
    )  # fmt: skip


def _worst_first(finding: Finding) -> tuple[object, ...]:
    return (
        -SEVERITIES.index(finding.severity), finding.outcome != "fail", finding.rule.id, finding.agency_id,
        finding.subject.id, finding.first_period,
    )  # fmt: skip


def _soonest_first(finding: Finding) -> tuple[object, ...]:
    return (finding.listed_from_at, *_worst_first(finding))


def _unseen(row: Mapping[str, Any], rules: Mapping[str, Rule]) -> Unseen:
    pieces = (piece for stored in row["evidence"] for piece in evidence.read(stored))
    same = ("agency_id", "reason", "first_period", "last_period", "period_count")
    return Unseen(
        **{name: row[name] for name in same}, rule=rules[row["rule_id"]], subject=_subject(row),
        evidence=_joined(pieces),
    )  # fmt: skip


def _subject(row: Mapping[str, Any]) -> Subject:
    return Subject(row["subject_type"], row["subject_id"], row["place"], row["site"])


def _joined(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Pieces of one kind and reference that touch, as those of neighbouring days do at midnight, become one."""
    joined: list[Evidence] = []
    for piece in sorted(pieces, key=lambda p: (p.kind, p.ref, p.from_at or EVER, p.to_at or EVER)):
        last = joined[-1] if joined else None
        if last and (last.kind, last.ref, last.to_at) == (piece.kind, piece.ref, piece.from_at):
            joined[-1] = Evidence(last.kind, last.from_at, piece.to_at, last.ref)
        else:
            joined.append(piece)
    return tuple(joined)


def _rows(cursor: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = cursor.execute(sql)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
