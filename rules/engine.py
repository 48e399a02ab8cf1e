"""Judges a month: prepares what was known, runs every check, and turns answers into verdicts.

A rule that breaks gives one `error` verdict and hides no other. Exemptions are applied by judging twice, with and
without them: what passes on the reduced requirement and fails on the full one is `excused`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import duckdb

from data.known import create_known_views
from data.periods import Month
from rules.catalogue import Rule
from rules.verdicts import Verdict, fingerprint, to_csv

VIEWS_SQL = files("rules").joinpath("views.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts of one month as judged at `now_at` from what was known at `as_of`."""

    month: Month
    now_at: datetime
    as_of: datetime
    verdicts: tuple[Verdict, ...]

    @property
    def machine_csv(self) -> str:
        return to_csv(self.verdicts)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.machine_csv)


def judge(
    cursor: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    month: Month,
    *,
    now_at: datetime,
    as_of: datetime | None = None,
) -> Judgement:
    """Judge `month` by the active ones of `rules`, at `now_at`, from what was known at `as_of` (default `now_at`).

    The cursor gets temporary tables and variables of this judgement; nothing is stored. It must not be inside a
    transaction: one broken check would abort that, and every rule after it.
    """
    known_at = now_at if as_of is None else as_of
    create_known_views(cursor, known_at)
    _set_variables(cursor, month, now_at)
    active = [rule for rule in rules if rule.status == "active"]
    reduced = _judge_pass(cursor, active, exempting=True)
    if _count(cursor, "SELECT count(*) FROM exempt"):
        reduced = _excuse(reduced, _judge_pass(cursor, active, exempting=False))
    return Judgement(month, now_at, known_at, tuple(sorted(reduced.values())))


Key = tuple[str, str, str]


def _judge_pass(cursor: duckdb.DuckDBPyConnection, rules: Iterable[Rule], *, exempting: bool) -> dict[Key, Verdict]:
    cursor.execute("SET VARIABLE exempting = CAST($exempting AS BOOLEAN)", {"exempting": exempting})
    cursor.execute(VIEWS_SQL)
    verdicts = (verdict for rule in rules for verdict in _run(cursor, rule))
    return {(v.rule_id, v.subject_id, v.period): v for v in verdicts}


def _excuse(reduced: Mapping[Key, Verdict], full: Mapping[Key, Verdict]) -> dict[Key, Verdict]:
    return {key: _excused(verdict, full.get(key)) for key, verdict in reduced.items()}


def _excused(reduced: Verdict, full: Verdict | None) -> Verdict:
    """An exemption may excuse, never accuse: a share can fall when good probes are taken out of it."""
    if full is not None and full.outcome == "pass" and reduced.outcome in ("fail", "suspect"):
        return full
    if full is None or reduced.outcome != "pass" or full.outcome != "fail":
        return reduced
    return reduced._replace(outcome="excused", reason="exempt", evidence=full.evidence)


def _run(cursor: duckdb.DuckDBPyConnection, rule: Rule) -> list[Verdict]:
    try:
        rows = cursor.execute(_publishing(rule), rule.check_parameters).fetchall()
    except duckdb.Error as error:
        return [_broken(cursor, rule, str(error).splitlines()[0])]
    if len({(row[0], row[2]) for row in rows}) < len(rows):
        return [_broken(cursor, rule, "the check gives two verdicts for one subject and period")]
    id_, subject, unit, clause = rule.id, rule.subject, rule.unit, rule.clause
    return [
        Verdict(
            id_, subject, subject_id, agency_id, period, outcome, measured, required, unit, reason, clause, evidence
        )
        for subject_id, agency_id, period, outcome, measured, required, reason, evidence in rows
    ]  # fmt: skip


def _broken(cursor: duckdb.DuckDBPyConnection, rule: Rule, reason: str) -> Verdict:
    month = _text(cursor, "SELECT strftime(getvariable('month_first'), '%Y-%m')")
    return Verdict(rule.id, rule.subject, "", "", month, "error", "", "", "", reason, rule.clause)


def _publishing(rule: Rule) -> str:
    """The check with every column as text; a period before the rule's first day in force gives no row."""
    first = str(rule.in_force_from)[: 10 if rule.period == "day" else 7]
    measured = _plain("measured") if rule.decimals is None else "CAST(measured AS VARCHAR)"
    return f"""
        SELECT subject_id, coalesce(agency_id, ''), period, outcome,
               coalesce({measured}, ''), coalesce({_plain("required")}, ''), reason,
               CASE WHEN len(evidence) > 0 THEN CAST(to_json(evidence) AS VARCHAR) ELSE '[]' END
        FROM ({rule.check}) WHERE period >= '{first}'"""


def _plain(column: str) -> str:
    """SQL of a number as plain text without idle zeros, for a rule that does not fix how many decimals it publishes."""
    text = f"CAST({column} AS VARCHAR)"
    return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"


def _set_variables(cursor: duckdb.DuckDBPyConnection, month: Month, now_at: datetime) -> None:
    cursor.execute("SET VARIABLE now_at = CAST($now_at AS TIMESTAMP)", {"now_at": now_at})
    cursor.execute("SET VARIABLE month_first = CAST($day AS DATE)", {"day": month.first_day})
    cursor.execute("SET VARIABLE month_next = CAST($day AS DATE)", {"day": month.next_first_day})


def _count(cursor: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(_text(cursor, sql))


def _text(cursor: duckdb.DuckDBPyConnection, sql: str) -> str:
    row = cursor.execute(sql).fetchone()
    assert row is not None
    return str(row[0])
