"""Cases: what a rule must say of a small bundle, as data beside the rule (`catalogue/<id>.test.yaml`).

    given:                      rows every case starts from, by bundle file
      agencies: [{agency_id: A, name: 示例}]
    cases:
      - name: a gap of exactly the tolerance passes
        month: 2026-10
        now: 2026-11-02T00:00:00+08:00
        given: {…}              rows added to the shared ones; a row with the key of a shared one replaces it
        expect:                 every verdict of the rule, in any order; only the fields named are compared
          - {subject_id: C1, period: 2026-10-05, outcome: pass, measured: 60}
      - name: what is handed in later counts from then on
        taken_in_at: 2026-10-05T12:00     the intake of the first bundle; without it everything counts as known
        given: {…}
        later:                            more bundles, each with the shared rows too, in the order of intake
          - taken_in_at: 2026-10-06T12:00
            given: {…}
        …

A case writes real bundles and takes them in, so that it tests what an agency's bundle would get.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from pydantic import Field, ValidationError, model_validator

from data.bundle import take_in
from data.bundle.format import TABLES
from data.periods import Month, parse_instant
from data.store import Store
from rules.catalogue import CATALOGUE_DIR, Rule, RuleError, Strict
from rules.engine import judge
from rules.verdicts import COLUMNS, Verdict

Rows = dict[str, list[dict[str, Any]]]


class Later(Strict):
    taken_in_at: str
    given: Rows


class Case(Strict):
    name: str
    month: str
    now: str
    as_of: str | None = None
    taken_in_at: str | None = None
    given: Rows = Field(default_factory=dict)
    later: list[Later] = Field(default_factory=list)
    expect: list[dict[str, Any]]

    @model_validator(mode="after")
    def _every_intake_has_its_instant(self) -> Case:
        if self.later and self.taken_in_at is None:
            raise ValueError("taken_in_at: needed when there are later bundles, for example 2026-10-05T12:00")
        return self


class CaseFile(Strict):
    given: Rows = Field(default_factory=dict)
    cases: list[Case] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case run. `failures` says in sentences what differs; empty means it holds."""

    rule_id: str
    name: str
    failures: tuple[str, ...]


def load_cases(rule_id: str, folder: Path = CATALOGUE_DIR) -> CaseFile:
    """Read `<rule_id>.test.yaml`; RuleError names file and field."""
    path = folder / f"{rule_id}.test.yaml"
    if not path.is_file():
        raise RuleError(f"{path.name} is missing: every rule has its cases beside it")
    try:
        return CaseFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise RuleError(f"{path.name}: {' '.join(str(error).split())}") from None


def run_cases(rule: Rule, cases: CaseFile) -> Iterator[Outcome]:
    for case in cases.cases:
        verdicts = run_case(rule, cases.given, case)
        yield Outcome(rule.id, case.name, tuple(differences(rule, case.expect, verdicts)))


def run_case(rule: Rule, shared: Rows, case: Case) -> list[Verdict]:
    with Store.in_memory() as store:
        _hand_in(store, merged(shared, case.given), case.taken_in_at)
        for bundle in case.later:
            _hand_in(store, merged(shared, bundle.given), bundle.taken_in_at)
        judgement = judge(
            store.cursor(),
            [rule],
            Month.parse(case.month),
            now_at=parse_instant(case.now),
            as_of=parse_instant(case.as_of) if case.as_of else None,
        )
        return list(judgement.verdicts)


def _hand_in(store: Store, rows: Rows, taken_in_at: str | None) -> None:
    with TemporaryDirectory() as folder:
        write_bundle(Path(folder), rows)
        take_in(store, Path(folder), taken_in_at=parse_instant(taken_in_at) if taken_in_at else None)


def write_bundle(folder: Path, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write rows as the CSV files of a bundle; a missing or None value is an empty cell."""
    for table, lines in rows.items():
        if not lines:  # a file that says nothing is left out
            continue
        columns = list(dict.fromkeys(name for line in lines for name in line))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, restval="")
            writer.writeheader()
            writer.writerows(lines)


def merged(shared: Rows, added: Rows) -> Rows:
    """The shared rows and the case's own; a row with the key of a shared one replaces it."""
    merged = {}
    for table in {**shared, **added}:
        key = TABLES[table].key
        replaced = {tuple(row.get(k) for k in key) for row in added.get(table, [])} if key else set()
        kept = [row for row in shared.get(table, []) if tuple(row.get(k) for k in key) not in replaced]
        merged[table] = kept + added.get(table, [])
    return merged


def differences(rule: Rule, expected: list[dict[str, Any]], verdicts: list[Verdict]) -> Iterator[str]:
    """What the verdicts have otherwise than expected, a sentence each; only the columns named are compared."""
    found = {(v.subject_type, v.subject_id, v.period): v for v in verdicts}
    wanted = {
        (row.get("subject_type", rule.subject[0]), str(row["subject_id"]), str(row["period"])): row for row in expected
    }
    for key in sorted(found.keys() - wanted.keys()):
        yield f"unexpected verdict for {key}: {found[key].outcome} {found[key].reason}"
    for key, row in wanted.items():
        if key not in found:
            yield f"no verdict for {key}"
            continue
        for name, value in row.items():
            if name not in COLUMNS:
                yield f"{name} is no verdict column; accepted: {', '.join(COLUMNS)}"
            elif getattr(found[key], name) != str(value):
                yield f"{key} {name}: expected {value}, got {getattr(found[key], name)}"
