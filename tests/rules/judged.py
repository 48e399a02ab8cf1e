"""The judge's side of a comparison, and how a difference is made small enough to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.rules.oracle import Row, expected
from tests.rules.oracle.judging import Judging
from tests.rules.scenes import Look, Scene

from data.bundle import BundleErrors, take_in
from data.periods import Month, parse_instant
from data.store import Store
from rules.cases import write_bundle
from rules.catalogue import load
from rules.engine import Judgement, judge

CATALOGUE = load()


def put(store: Store, rows: Mapping[str, list[dict[str, object]]], taken_in_at: str | None = None) -> None:
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


def differences(scene: Scene, oracles: Mapping[str, Judging], outcomes: Counter[str]) -> list[str]:
    """The verdicts that only one of the two gives, as text; `outcomes` counts what the oracle expects."""
    lines = []
    with Store.in_memory() as store:
        put(store, scene.rows)
        for look in scene.looks:
            verdicts = judged(store, look, list(oracles)).verdicts
            for rule_id, oracle in oracles.items():
                wanted = expected(oracle, scene.rows, month=look.month, now=look.now, as_of=look.as_of)
                found = [
                    Row(*(getattr(v, name) for name in Row._fields)) for v in verdicts if v.rule_id == rule_id
                ]
                outcomes.update(f"{rule_id} {row.outcome}" for row in wanted)
                lines += [f"{rule_id} {look} expected {tuple(r)}" for r in wanted if r not in found]
                lines += [f"{rule_id} {look} got      {tuple(r)}" for r in found if r not in wanted]
    return lines


def smallest(scene: Scene, differs: Callable[[Scene], object]) -> Scene:
    """Rows are taken away, many at once first, as long as the difference stays."""
    for table in reversed(list(scene.rows)):
        size = len(scene.rows[table])
        while size:
            start = 0
            while start < len(lines := scene.rows[table]):
                fewer = Scene(scene.rows | {table: lines[:start] + lines[start + size :]}, scene.looks)
                if _still(fewer, differs):
                    scene = fewer
                else:
                    start += size
            size //= 2
    return scene


def _still(scene: Scene, differs: Callable[[Scene], object]) -> bool:
    try:
        return bool(differs(scene))
    except BundleErrors:  # something else refers to what was taken away
        return False
