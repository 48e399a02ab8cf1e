"""Judges a month: prepares what was known, runs every check, and turns answers into verdicts.

A rule that breaks gives one `error` verdict and hides no other. Exemptions are applied by judging twice, with and
without them: what passes on the reduced requirement and fails on the full one is `excused`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from importlib.resources import files

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data.known import know
from data.periods import Month, months_before
from rules import verdicts
from rules.catalogue import Rule
from rules.prepared import MACROS_SQL, make, mentioned, needed_by, views
from rules.verdicts import Verdict
from rules.workbench import Task, Workbench, workbench

EXCUSE_SQL = files("rules").joinpath("excuse.sql").read_text(encoding="utf-8")
EXEMPT = "exempt"
"""The prepared table that tells the engine itself whether there is anything to excuse."""


@dataclass(frozen=True)
class Judgement:
    """The verdicts of one month as judged at `now_at` from what was known at `as_of`, in canonical order."""

    month: Month
    now_at: datetime
    as_of: datetime
    table: pa.Table

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return verdicts.rows_of(self.table)

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many verdicts by rule and outcome."""
        return verdicts.counts_of(self.table)

    @property
    def machine_csv(self) -> bytes:
        return verdicts.machine_csv(self.table)

    @cached_property
    def fingerprint(self) -> str:
        return verdicts.fingerprint(self.table)


def judge(
    cursor: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    month: Month,
    *,
    now_at: datetime,
    as_of: datetime | None = None,
    agencies: Collection[str] | None = None,
) -> Judgement:
    """Judge `month` by the active ones of `rules`, at `now_at`, from what was known at `as_of` (default `now_at`).

    With `agencies` only subjects of these are judged, with the verdicts they have in a judgement of all. Nothing is
    stored, and nothing is left on the cursor. It must not be inside a transaction: the work is done by other cursors,
    which would not see what is not committed yet.
    """
    known_at = now_at if as_of is None else as_of
    active = sorted((rule for rule in rules if rule.status == "active"), key=lambda rule: rule.id)
    with workbench(cursor) as bench:
        bench.everywhere(lambda c: stand(c, active, month, now_at=now_at, as_of=known_at))
        told = _judge_pass(bench, active, month, agencies, exempting=True)
        if exempted := _exempted_agencies(bench.cursors[0]):
            full = _judge_pass(bench, active, month, exempted, exempting=False)
            told = {rule_id: _excused(bench.cursors[0], told[rule_id], full[rule_id], exempted) for rule_id in told}
    return Judgement(month, now_at, known_at, pa.concat_tables([verdicts.SCHEMA.empty_table(), *told.values()]))


def stand(
    cursor: duckdb.DuckDBPyConnection, rules: Iterable[Rule], month: Month, *, now_at: datetime, as_of: datetime
) -> None:
    """Put a cursor where a judgement stands: when its facts were known, the macros and variables that checks read,
    everyone in scope and exemptions counted. `lookback_first` is the first day that any rule can look back to."""
    know(cursor, as_of)
    cursor.execute(MACROS_SQL)
    terms = [int(p.value) for rule in rules for p in rule.parameters.values() if p.unit == "months"]
    lookback = months_before(month.first_day, max(terms, default=0))
    days = {"month_first": month.first_day, "month_next": month.next_first_day, "lookback_first": lookback}
    cursor.execute("SET VARIABLE now_at = CAST($now_at AS TIMESTAMP)", {"now_at": now_at})
    for name, day in days.items():
        cursor.execute(f"SET VARIABLE {name} = CAST($day AS DATE)", {"day": day})
    narrow(cursor, None, exempting=True)


def narrow(cursor: duckdb.DuckDBPyConnection, agencies: Collection[str] | None, *, exempting: bool) -> None:
    """Whose subjects are judged (None: everyone's), and whether exempt time leaves the requirement."""
    scope = None if agencies is None else sorted(agencies)
    cursor.execute("SET VARIABLE exempting = CAST($exempting AS BOOLEAN)", {"exempting": exempting})
    cursor.execute("SET VARIABLE agencies = CAST($agencies AS VARCHAR[])", {"agencies": scope})


def _judge_pass(
    bench: Workbench, rules: Sequence[Rule], month: Month, agencies: Collection[str] | None, *, exempting: bool
) -> dict[str, pa.Table]:
    """What each rule says, by rule id in the order of `rules`."""
    bench.everywhere(partial(narrow, agencies=agencies, exempting=exempting))
    run = _Run(month, bench.schema)
    prepared = needed_by([EXEMPT, *(rule.check for rule in rules)])
    tasks = {name: Task(partial(run.make, name=name), _needs(views()[name])) for name in prepared}
    tasks |= {f"rule {rule.id}": Task(partial(run.ask, rule=rule), _needs(rule.check)) for rule in rules}
    bench.run(tasks)
    if EXEMPT in run.broken:
        raise duckdb.Error(f"exemptions cannot be read: {run.broken[EXEMPT]}")
    return {rule.id: run.told[rule.id] for rule in rules}


def _needs(query: str) -> frozenset[str]:
    return frozenset(mentioned(query) & views().keys())


@dataclass(frozen=True, slots=True)
class _Run:
    """One pass. What breaks costs the rules that need it, and no other: `broken` says why, by prepared table."""

    month: Month
    schema: str
    told: dict[str, pa.Table] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    def make(self, cursor: duckdb.DuckDBPyConnection, *, name: str) -> None:
        if cause := self._broken_below(_needs(views()[name])):
            self.broken[name] = cause
            return
        try:
            make(cursor, name, self.schema)
        except duckdb.Error as error:
            self.broken[name] = f"{name}: {_first_line(error)}"

    def ask(self, cursor: duckdb.DuckDBPyConnection, *, rule: Rule) -> None:
        self.told[rule.id] = self._answer(cursor, rule)

    def _answer(self, cursor: duckdb.DuckDBPyConnection, rule: Rule) -> pa.Table:
        if cause := self._broken_below(_needs(rule.check)):
            return _broken(rule, self.month, cause)
        try:
            table = _said(cursor, rule)
        except (duckdb.Error, pa.ArrowException) as error:
            return _broken(rule, self.month, _first_line(error))
        if verdicts.repeats(table):
            return _broken(rule, self.month, "the check gives two verdicts for one subject and period")
        return table

    def _broken_below(self, needs: frozenset[str]) -> str:
        return next((self.broken[name] for name in sorted(needs & self.broken.keys())), "")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _said(cursor: duckdb.DuckDBPyConnection, rule: Rule) -> pa.Table:
    table = cursor.execute(publishing(rule), rule.check_parameters).to_arrow_table()
    return verdicts.in_order(table, constants(rule))


def _excused(cursor: duckdb.DuckDBPyConnection, told: pa.Table, full: pa.Table, exempted: Sequence[str]) -> pa.Table:
    """A rule's verdicts, those of the `exempted` agencies compared with what it says of them without exemptions."""
    concerned = pc.is_in(told["agency_id"], pa.array([*exempted, ""], pa.large_string()))
    mine = told.filter(concerned)
    if mine.equals(full):
        return told
    cursor.register("verdicts", mine)
    cursor.register("full_verdicts", full)
    compared = cursor.execute(EXCUSE_SQL).to_arrow_table().cast(verdicts.SCHEMA)
    return verdicts.in_order(pa.concat_tables([compared, told.filter(pc.invert(concerned))]))


def _exempted_agencies(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Whose verdicts an exemption may have changed: the only ones to be judged a second time, without any."""
    rows = cursor.execute(f"SELECT DISTINCT agency_id FROM {EXEMPT} WHERE in_scope(agency_id) ORDER BY ALL").fetchall()
    return [row[0] for row in rows]


def _broken(rule: Rule, month: Month, reason: str) -> pa.Table:
    error = Verdict(rule.id, rule.subject[0], "", "", str(month), "error", "", "", "", reason, rule.clause)
    return verdicts.table_of([error])


def constants(rule: Rule) -> dict[str, str]:
    """What all verdicts of the rule say alike, and so does not go through its query."""
    alike = {"rule_id": rule.id, "unit": rule.unit, "clause": rule.clause}
    return alike | ({"subject_type": rule.subject[0]} if len(rule.subject) == 1 else {})


def publishing(rule: Rule) -> str:
    """The check with every other column as text; a period before the rule's first day in force gives no row."""
    first = str(rule.in_force_from)[: 10 if rule.period == "day" else 7]
    measured = _plain("measured") if rule.decimals is None else "CAST(measured AS VARCHAR)"
    subject_type = "" if len(rule.subject) == 1 else "subject_type, "
    return f"""
        SELECT {subject_type}subject_id, coalesce(agency_id, '') AS agency_id, period, outcome,
               coalesce({measured}, '') AS measured, coalesce({_plain("required")}, '') AS required, reason,
               CASE WHEN len(evidence) > 0 THEN CAST(to_json(evidence) AS VARCHAR) ELSE '[]' END AS evidence
        FROM ({rule.check}) WHERE period >= '{first}'"""


def _plain(column: str) -> str:
    """SQL of a number as plain text without idle zeros, for a rule that does not fix how many decimals it publishes."""
    text = f"CAST({column} AS VARCHAR)"
    trimmed = f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    return f"CASE WHEN {column} = 0 THEN '0' ELSE {trimmed} END"  # most figures are nought: no text to trim
