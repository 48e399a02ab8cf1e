"""The same facts give the same verdicts, however they arrived, wherever the judge runs, and for good."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data.periods import parse_instant
from tests.rules.judged import fresh, judged, put
from tests.rules.oracle import RULES
from tests.rules.oracle.city import Rows
from tests.rules.scenes import Look, Scene, mixed_scene

CHECKOUT = Path(__file__).parents[2]
SPLIT = ("load_stages", "key_images", "polls", "live_probes", "exemptions")
"""Tables whose rows may arrive apart; what they refer to comes with every bundle."""
seeds = st.lists(st.integers(0, 2**32), min_size=9, max_size=9, unique=True)


def fingerprints(scene: Scene, arrivals: list[tuple[Rows, str | None]]) -> list[str]:
    with fresh() as store:
        for rows, taken_in_at in arrivals:
            put(store, rows, taken_in_at)
        return [judged(store, look, list(RULES)).fingerprint for look in scene.looks]


def parts(scene: Scene, chance: Random) -> list[Rows]:
    """The facts in three bundles, some of them in two; footage goes with its poll."""
    bundles: list[Rows] = [{t: lines for t, lines in scene.rows.items() if t not in (*SPLIT, "footage")} for _ in "abc"]
    for table in SPLIT:
        for bundle in bundles:
            bundle[table] = []
        for row in scene.rows[table]:
            copies = chance.choice((1, 1, 2))
            for bundle in chance.sample(bundles, copies):
                bundle[table].append(row)
    for bundle in bundles:
        polls = {(p["poll_id"], p["camera_id"]) for p in bundle["polls"]}
        bundle["footage"] = [f for f in scene.rows["footage"] if (f["poll_id"], f["camera_id"]) in polls]
    return bundles


def instants_of_intake(scene: Scene) -> list[str]:
    """Three, an hour apart, the last of them early enough for every look."""
    last = min(parse_instant(look.now) for look in scene.looks)
    return [f"{(last - timedelta(hours=n)).isoformat()}+00:00" for n in (2, 1, 0)]


@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seeds, st.randoms(use_true_random=False))
def test_several_bundles_in_any_order_give_the_fingerprint_of_one(drawn: list[int], chance: Random) -> None:
    drawn_scene = mixed_scene(drawn)
    scene = replace(drawn_scene, looks=tuple(look._replace(as_of=None) for look in drawn_scene.looks))
    bundles = parts(scene, chance)
    chance.shuffle(bundles)
    together = fingerprints(scene, [(scene.rows, None)])
    assert fingerprints(scene, list(zip(bundles, instants_of_intake(scene), strict=True))) == together


@settings(max_examples=2, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seeds, st.randoms(use_true_random=False))
def test_what_was_judged_is_judged_the_same_after_more_has_arrived(drawn: list[int], chance: Random) -> None:
    scene = mixed_scene(drawn)
    then: dict[Look, str] = {}
    with fresh() as store:
        for rows, taken_in_at in zip(parts(scene, chance), instants_of_intake(scene), strict=True):
            put(store, rows, taken_in_at)
            look = scene.looks[1]._replace(as_of=taken_in_at)
            then[look] = judged(store, look, list(RULES)).fingerprint
        assert {look: judged(store, look, list(RULES)).fingerprint for look in then} == then


def test_a_probe_handed_in_twice_counts_once() -> None:
    rows = live_camera([("2026-10-05T08:00:00", "ok"), ("2026-10-05T09:00:00", "no_media")])
    again = rows | {"live_probes": rows["live_probes"][:1], "agencies": [{"agency_id": "A", "name": "示例二"}]}
    look = Look("2026-10", "2026-11-02T00:00:00", None)
    with fresh() as store:
        put(store, rows, "2026-10-20T00:00:00")
        put(store, again, "2026-10-21T00:00:00")
        found = {v.period: v.measured for v in judged(store, look, ["live_viewable"]).verdicts}
    assert found["2026-10-05"] == "0.5000"


def live_camera(probes: list[tuple[str, str]]) -> Rows:
    place = {"premises_id": "P", "agency_id": "A", "name": "示例", "kind": "main"}
    room = {"room_id": "R", "premises_id": "P", "name": "示例", "kind": "sample_reception", "in_use_from": "2026-01-01"}
    camera = {"camera_id": "C", "room_id": "R", "view": "far", "mount": "fixed", "live_url": "x"}
    return {
        "agencies": [{"agency_id": "A", "name": "示例"}],
        "premises": [place],
        "rooms": [room],
        "cameras": [camera | {"duty_from": "2026-01-01T00:00:00"}],
        "live_probes": [
            {"camera_id": "C", "probed_at": at, "outcome": outcome, "first_frame_ms": 900} for at, outcome in probes
        ],
    }


def test_a_machine_in_new_york_gives_the_same_fingerprints() -> None:
    scene = f"mixed_scene({list(range(9))})"
    program = (
        "from tests.rules.scenes import mixed_scene; from tests.rules.test_arrival import fingerprints; "
        f"print(*fingerprints({scene}, [({scene}.rows, None)]))"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=os.environ | {"TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = mixed_scene(list(range(9)))
    assert there.stdout.split() == fingerprints(here, [(here.rows, None)])
