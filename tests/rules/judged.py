"""The judge's side of a comparison, and how a difference is made small enough to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data.bundle import take_in
from data.bundle.format import TABLES
from data.bundle.kinds import LIST
from data.periods import Month, parse_instant
from data.store import Store
from rules.cases import write_bundle
from rules.catalogue import load
from rules.engine import Judgement, judge
from rules.verdicts import Verdict
from tests.rules.oracle import Judging, Row, expected
from tests.rules.oracle.city import Rows
from tests.rules.scenes import Look, Scene

CATALOGUE = load()


@contextmanager
def fresh() -> Iterator[Store]:
    """An empty store on one thread: bundles of a few hundred rows only wait for more."""
    with Store.in_memory() as store:
        store.cursor().execute("SET threads = 1")
        yield store


def put(store: Store, rows: Rows, taken_in_at: str | None = None) -> None:
    """Take the rows in as a bundle; a table without rows is no file."""
    with TemporaryDirectory() as folder:
        write_bundle(Path(folder), {table: lines for table, lines in rows.items() if lines})
        take_in(store, Path(folder), taken_in_at=parse_instant(taken_in_at) if taken_in_at else None)


def judged(store: Store, look: Look, rule_ids: list[str]) -> Judgement:
    return judge(
        store.cursor(),
        [CATALOGUE[rule_id] for rule_id in rule_ids],
        Month.parse(look.month),
        now_at=parse_instant(look.now),
        as_of=parse_instant(look.as_of) if look.as_of else None,
    )


def differences(
    scene: Scene, oracles: Mapping[str, Judging], outcomes: Counter[str]
) -> dict[tuple[str, Look], list[str]]:
    """By rule and look the verdicts that only one of the two gives; `outcomes` counts what the oracle expects."""
    found: dict[tuple[str, Look], list[str]] = {}
    with fresh() as store:
        put(store, scene.rows)
        for look in scene.looks:
            verdicts = judged(store, look, list(oracles)).verdicts
            for rule_id, oracle in oracles.items():
                wanted = expected(oracle, scene.rows, month=look.month, now=look.now, as_of=look.as_of)
                is_typed = any(row.subject_type for row in wanted)
                got = [_row(v, is_typed) for v in verdicts if v.rule_id == rule_id]
                outcomes.update(f"{rule_id} {row.outcome}" for row in wanted)
                if set(wanted) != set(got) or len(wanted) != len(got):
                    found[rule_id, look] = [f"expected {tuple(r)}" for r in wanted if r not in got]
                    found[rule_id, look] += [f"got      {tuple(r)}" for r in got if r not in wanted]
    return found


def _row(verdict: Verdict, is_typed: bool) -> Row:
    row = Row(*(getattr(verdict, name) for name in Row._fields))
    return row if is_typed else row._replace(subject_type="")


def smallest(scene: Scene, differs: Callable[[Scene], object]) -> Scene:
    """Rows are taken away, many at once first and with all that refers to them, as long as the difference stays."""
    for table in scene.rows:
        if table == "agencies":  # no bundle is one without
            continue
        size = len(scene.rows[table])
        while size:
            start = 0
            while start < len(scene.rows[table]):
                fewer = Scene(_without(scene.rows, table, scene.rows[table][start : start + size]), scene.looks)
                if differs(fewer):
                    scene = fewer
                else:
                    start += size
            size //= 2
    return scene


def _without(rows: Rows, table: str, going: list[dict[str, Any]]) -> Rows:
    key = TABLES[table].key
    gone = {tuple(row[name] for name in key) for row in going} if key else set()
    rows = rows | {table: [row for row in rows[table] if row not in going]}
    for other in rows:
        referring = [
            row
            for row in rows[other]
            if other != table and (tuple(row.get(name) for name in key) in gone or (row.get("scope_id"),) in gone)
        ]
        rows = _without(rows, other, referring) if referring else rows
    return {other: [_unlisted(other, row, table, gone) for row in lines] for other, lines in rows.items()}


def _unlisted(other: str, row: dict[str, Any], table: str, gone: set[tuple[Any, ...]]) -> dict[str, Any]:
    """The row without the ids that are gone in its lists of ids."""
    lists = [c.name for c in TABLES[other].columns if c.kind is LIST and c.refers_to == table and row.get(c.name)]
    return row | {name: " ".join(word for word in row[name].split() if (word,) not in gone) for name in lists}
