"""The judge's interval rules against PostgreSQL, which works them out from raw polls and files with its multiranges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.rules.judged import fresh, judged, put, smallest
from tests.rules.oracle.city import Rows
from tests.rules.postgres import oracle
from tests.rules.postgres.cities import session_scene
from tests.rules.postgres.oracle import Finding
from tests.rules.postgres.server import server
from tests.rules.scenes import Look, Scene, mixed_scene

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # `smallest` shrinks rows, which says more than a seed
CITIES_PER_BUNDLE = 56
BUNDLES = 5
LEAST = 3
REACHED = {
    "far_24h": ("pass", "fail", "unknown", "excused"),
    "far_gap_budget": ("pass", "suspect", "unknown"),
    "retention_6_months": ("pass", "fail", "unknown", "maturing", "excused"),
    "early_deletion": ("pass", "fail", "unknown", "excused"),
    "far_camera_per_room": ("pass", "fail", "excused"),
    "far_covers_devices": ("pass", "fail", "excused"),
    "near_camera_present": ("pass", "fail", "excused"),
    "near_during_session": ("pass", "fail", "unknown", "excused"),
    "far_near_sync": ("pass", "fail", "unknown", "excused"),
    "onsite_whole": ("pass", "fail", "unknown", "excused"),
}


def kept_scene(seeds: list[int]) -> Scene:
    """Without what no interval rule reads, and some agencies exempt for good: else few are excused of six months."""
    scene = mixed_scene(seeds)
    exemptions = scene.rows["exemptions"] + [_for_good(row["agency_id"]) for row in scene.rows["agencies"][::8]]
    unread: Rows = {"live_probes": [], "key_images": [], "load_stages": [], "reports": []}
    return replace(scene, rows=scene.rows | unread | {"exemptions": exemptions})


def _for_good(agency_id: str) -> dict[str, Any]:
    return {
        "exemption_id": f"for-good-{agency_id}",
        "scope_type": "agency",
        "scope_id": agency_id,
        "from_at": "2020-01-01T00:00:00",
        "to_at": "2040-01-01T00:00:00",
        "reason": "停电",
        "document_no": "示例1",
        "approved_by": "张示例",
        "entered_at": "2020-01-01T00:00:00",
    }


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection]:
    with server() as connection:
        oracle.prepare(connection)
        yield connection


def differences(postgres: psycopg.Connection, scene: Scene, told: Counter[str]) -> dict[Look, list[str]]:
    """By look the verdicts that only one of the two gives; `told` counts what the oracle says."""
    found: dict[Look, list[str]] = {}
    oracle.load(postgres, scene.rows)
    with fresh() as store:
        put(store, scene.rows)
        for look in scene.looks:
            wanted = oracle.findings(postgres, look)
            verdicts = judged(store, look, list(oracle.RULE_IDS)).verdicts
            got = [Finding(*(getattr(verdict, name) for name in Finding._fields)) for verdict in verdicts]
            told.update(f"{finding.rule_id} {finding.outcome}" for finding in wanted)
            if sorted(wanted) != sorted(got):
                only = [f"expected {tuple(f)}" for f in wanted if f not in set(got)]
                found[look] = only + [f"got      {tuple(f)}" for f in got if f not in set(wanted)]
    return found


def assert_agree(postgres: psycopg.Connection, scene: Scene, told: Counter[str]) -> None:
    for look in differences(postgres, scene, told):
        small = smallest(replace(scene, looks=(look,)), lambda s: differences(postgres, s, Counter()))
        rows = [f"{table}: {row}" for table, lines in small.rows.items() for row in lines]
        raise AssertionError("\n".join([str(look), *differences(postgres, small, Counter())[look], *rows]))


def test_the_judge_agrees_with_multiranges_of_raw_footage(postgres: psycopg.Connection) -> None:
    told, histories = Counter[str](), 0

    @settings(max_examples=BUNDLES, deadline=None, phases=UNSHRUNK)
    @given(st.lists(st.integers(0, 2**32), min_size=1 + CITIES_PER_BUNDLE, max_size=1 + CITIES_PER_BUNDLE, unique=True))
    def agrees(seeds: list[int]) -> None:
        nonlocal histories
        for scene in (kept_scene(seeds), session_scene(seeds)):
            assert_agree(postgres, scene, told)
            histories += len(scene.rows["cameras"]) + len(scene.rows["sessions"])

    agrees()
    print(f"{histories} cameras and sessions: {dict(sorted(told.items()))}")
    assert histories >= 2_500
    rare = [f"{rule} {o}" for rule, every in REACHED.items() for o in every if told[f"{rule} {o}"] < LEAST]
    assert not rare, "random cities have drifted away from these outcomes"
