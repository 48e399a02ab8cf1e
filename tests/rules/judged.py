"""The judge's side of a comparison, and how a difference is made small enough to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.rules.histories import Scene
from tests.rules.oracle import Row, expected

from data.bundle import take_in
from data.periods import Month, parse_instant
from data.store import Store
from rules.cases import write_bundle
from rules.catalogue import load
from rules.engine import judge

CATALOGUE = load()


def got(rule_id: str, scene: Scene) -> list[Row]:
    with TemporaryDirectory() as folder, Store.in_memory() as store:
        write_bundle(Path(folder), {table: rows for table, rows in scene.rows.items() if rows})
        take_in(store, Path(folder), taken_in_at=None)
        judgement = judge(
            store.cursor(),
            [CATALOGUE[rule_id]],
            Month.parse(scene.month),
            now_at=parse_instant(scene.now),
            as_of=parse_instant(scene.as_of) if scene.as_of else None,
        )
    return sorted(Row(*(getattr(v, name) for name in Row._fields)) for v in judgement.verdicts)


def difference(rule_id: str, oracle: object, scene: Scene) -> str:
    """Empty when both agree; otherwise the rows that only one of them gives."""
    wanted = expected(oracle, scene.rows, month=scene.month, now=scene.now, as_of=scene.as_of)
    found = got(rule_id, scene)
    return "\n".join(
        [f"expected {r}" for r in wanted if r not in found] + [f"got      {r}" for r in found if r not in wanted]
    )


def smallest(scene: Scene, differs: Callable[[Scene], bool]) -> Scene:
    """Rows are taken away as long as the difference stays: one by one, tables that nothing refers to first."""
    for table in ("footage", "exemptions", "live_probes", "key_images", "load_stages", "polls", "reports", "sessions", "cameras"):
        for row in list(scene.rows.get(table, [])):
            fewer = replace(scene, rows={**scene.rows, table: [r for r in scene.rows[table] if r is not row]})
            try:
                scene = fewer if differs(fewer) else scene
            except Exception:
                continue
    return scene
