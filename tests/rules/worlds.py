"""The cases of a rule as worlds that a check can be run on again and again: facts and prepared tables made once.

The bundles of all cases are read in one step, without the validation that `test_cases` gives them, because that alone
would take longer than the hundred mutants that are run on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data.bundle import intake
from data.bundle.format import TABLES
from data.periods import Month, parse_instant
from data.store import Store
from rules import engine
from rules.cases import Case, CaseFile, Rows, differences, merged
from rules.catalogue import Rule
from rules.prepared import needed_by, views
from rules.verdicts import COLUMNS, Verdict

Told = list[tuple[str, ...]]
COLUMNS_SQL = ", ".join(f"{name} VARCHAR" for name in Verdict._fields)
FACTS = (*(name for name in TABLES if name != "footage"), "footage_days", "submissions")


@dataclass(frozen=True, slots=True)
class Handed:
    """One bundle of a case, with as much of `data.bundle.Bundle` as intake asks for."""

    submission_id: str
    tables: dict[str, pa.Table]
    name: str = "case"

    @property
    def row_counts(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in self.tables.items()}

    def rows(self, table: str) -> pa.Table:
        return self.tables[table]

    def release(self, table: str) -> None:
        """Nothing to give back: a case is small."""


@dataclass(frozen=True, slots=True)
class World:
    """A case with everything a check reads. `full` is the pass without exemptions, if there are any."""

    case: Case
    counted: duckdb.DuckDBPyConnection
    full: duckdb.DuckDBPyConnection | None
    told: dict[str, tuple[Told, Told]] = field(default_factory=dict)

    @property
    def cursors(self) -> list[duckdb.DuckDBPyConnection]:
        return [self.counted] if self.full is None else [self.counted, self.full]

    def settle(self, rule: Rule) -> None:
        """Keep what the rule as written says here; the case must hold."""
        self.told[rule.id] = self._told(rule)
        assert not self._contradicts(rule, *self.told[rule.id], hiding_required=False), f"{rule.id}: {self.case.name}"

    def notices(self, mutant: Rule, *, hiding_required: bool) -> bool:
        """Whether the case no longer holds; a check that breaks is noticed too."""
        try:
            told = self._told(mutant)
        except duckdb.Error:
            return True
        return told != self.told[mutant.id] and self._contradicts(mutant, *told, hiding_required=hiding_required)

    def _told(self, rule: Rule) -> tuple[Told, Told]:
        return _rows(self.counted, rule), _rows(self.full, rule) if self.full else []

    def _contradicts(self, rule: Rule, counted: Told, full: Told, *, hiding_required: bool) -> bool:
        for rows in (counted, full):
            if len({row[:3] + row[4:5] for row in rows}) < len(rows):
                return True
        expect = [{k: v for k, v in row.items() if k != "required" or not hiding_required} for row in self.case.expect]
        verdicts = [Verdict(*row) for row in (self._excused(counted, full) if self.full else counted)]
        return any(differences(rule, expect, verdicts))

    def _excused(self, counted: Told, full: Told) -> Told:
        for name, rows in (("verdicts", counted), ("full_verdicts", full)):
            self.counted.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS_SQL})")
            if rows:
                self.counted.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        return self.counted.execute(engine.EXCUSE_SQL).fetchall()


def _rows(cursor: duckdb.DuckDBPyConnection, rule: Rule) -> Told:
    """The verdicts without their evidence, which no case compares."""
    alike = engine.constants(rule)
    varying = [name for name in COLUMNS if name not in alike]
    found = cursor.execute(f"SELECT {', '.join(varying)} FROM ({engine.publishing(rule)})", rule.check_parameters)
    told = (alike | dict(zip(varying, row, strict=True)) for row in found.fetchall())
    return sorted((*(row[name] for name in COLUMNS), "[]") for row in told)


def worlds(rules: Sequence[Rule], cases: CaseFile) -> Iterator[World]:
    """Each case as a world prepared for all of `rules`, those that expect most first; it lives until the next one."""
    with Store.in_memory() as store:
        store.cursor().execute("SET threads = 1")
        paired = zip(cases.cases, _bundles(store, cases), strict=True)
        for case, bundles in sorted(paired, key=lambda pair: -len(pair[0].expect)):
            with store.write() as cursor:
                for table in FACTS:
                    cursor.execute(f"DELETE FROM {table}")
                for bundle, taken_in_at in bundles:
                    intake._append(cursor, bundle, taken_in_at)
            yield _world(store, rules, case)


def _world(store: Store, rules: Sequence[Rule], case: Case) -> World:
    counted = _pass(store, rules, case)
    if not (agencies := engine._exempted_agencies(counted)):
        return World(case, counted, None)
    return World(case, counted, _pass(store, rules, case, agencies))


def _pass(
    store: Store, rules: Sequence[Rule], case: Case, agencies: list[str] | None = None
) -> duckdb.DuckDBPyConnection:
    """One of the engine's two passes, up to where the checks run; with `agencies` the one without exemptions."""
    cursor = store.cursor()
    now_at = parse_instant(case.now)
    as_of = parse_instant(case.as_of) if case.as_of else now_at
    engine.stand(cursor, rules, Month.parse(case.month), now_at=now_at, as_of=as_of)
    engine.narrow(cursor, agencies, exempting=agencies is None)
    for name in needed_by([engine.EXEMPT, *(rule.check for rule in rules)]):
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {views()[name]}")
    return cursor


def _bundles(store: Store, cases: CaseFile) -> list[list[tuple[Handed, datetime | None]]]:
    """The bundles of every case, each with its instant of intake."""
    written: list[list[tuple[Rows, str | None]]] = [
        [(merged(cases.given, part.given), part.taken_in_at) for part in (case, *case.later)] for case in cases.cases
    ]
    flat = [rows for bundles in written for rows, _ in bundles]
    typed = {table: _typed(store, table, flat) for table in TABLES if any(rows.get(table) for rows in flat)}
    numbers = iter(range(len(flat)))
    return [[(_handed(typed, next(numbers)), at and parse_instant(at)) for _, at in bundles] for bundles in written]


def _handed(typed: dict[str, pa.Table], number: int) -> Handed:
    parts = {t: rows.filter(pc.equal(rows["number"], number)).drop_columns("number") for t, rows in typed.items()}
    return Handed(f"bundle {number:06}", {table: rows for table, rows in parts.items() if len(rows)})


def _typed(store: Store, table: str, bundles: Sequence[Rows]) -> pa.Table:
    """The rows of a table in all bundles, as intake would read them from CSV, with the number of their bundle."""
    columns = TABLES[table].columns
    rows = [(number, row) for number, bundle in enumerate(bundles) for row in bundle.get(table, [])]
    cells = {c.name: [_cell(row.get(c.name)) for _, row in rows] for c in columns}
    given = pa.table(
        {"number": [number for number, _ in rows]} | {n: pa.array(v, pa.string()) for n, v in cells.items()}
    )
    values = ", ".join(f"coalesce({c.kind.value(c.name)}, {c.default or 'NULL'}) AS {c.name}" for c in columns)
    digest = ", 'same' AS digest" if table == "polls" else ""
    with store.cursor() as cursor:
        cursor.register("given", given)
        return cursor.execute(f"SELECT number, {values}{digest} FROM given").to_arrow_table()


def _cell(value: object) -> str | None:
    return None if value is None or value == "" else str(value)
