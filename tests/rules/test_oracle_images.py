"""The judge against the oracle on what must have been captured, reviewed, stored and kept, and on what was changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.histories import DAY_S, text
from tests.rules.judged import fresh, judged, put
from tests.rules.oracle import Row, expected
from tests.rules.oracle.city import City, Rows, ms
from tests.rules.oracle.frame import Frame
from tests.rules.oracle.images import IMAGE_RULES
from tests.rules.oracle.records import Giving, key_image_changed
from tests.rules.reports import report_scene
from tests.rules.scenes import Look
from tests.rules.test_oracle import UNSHRUNK, assert_agree, seeds

CITIES_PER_BUNDLE = 80
BUNDLES = 7
DEMANDED = ("pass", "fail", "excused")
REACHED = {
    "pile_stage_clips": (*DEMANDED, "suspect"),
    "key_clip_rebar": (*DEMANDED, "suspect"),
    "key_clip_cube": (*DEMANDED, "suspect"),
    "pile_unload_clip": (*DEMANDED, "suspect"),
    "pile_stack_photos": DEMANDED,
    "load_box_clip": DEMANDED,
    "load_box_photo": DEMANDED,
    "pile_core_photos": DEMANDED,
    "wall_core_photos": DEMANDED,
    "road_core_photos": DEMANDED,
    "key_images_reviewed": DEMANDED,
    "key_images_stored_in_time": (*DEMANDED, "unknown"),
    "key_image_term": (*DEMANDED, "suspect", "unknown"),
    "key_image_reused": ("pass", "suspect"),
}
ORIGIN = datetime(2026, 10, 30)
Arrivals = list[tuple[str, Rows]]


def test_every_rule_about_key_images_agrees_on_small_cities() -> None:
    outcomes: Counter[str] = Counter()

    @settings(max_examples=BUNDLES, deadline=None, phases=UNSHRUNK)
    @given(seeds(1 + CITIES_PER_BUNDLE))
    def agrees(drawn: list[int]) -> None:
        assert_agree(report_scene(drawn), IMAGE_RULES, outcomes)

    agrees()
    print(f"{BUNDLES * CITIES_PER_BUNDLE} cities: {dict(sorted(outcomes.items()))}")
    missed = [f"{rule} {o}" for rule, every in REACHED.items() for o in every if not outcomes[f"{rule} {o}"]]
    assert not missed, "random cities have drifted away from these outcomes"


def test_changed_images_agree_however_often_they_are_given() -> None:
    outcomes: Counter[str] = Counter()

    @settings(max_examples=12, deadline=None, phases=UNSHRUNK)
    @given(st.integers(0, 2**32))
    def agrees(seed: int) -> None:
        chance = Random(seed)
        arrivals = _arrivals(chance)
        with fresh() as store:
            for at, rows in arrivals:
                put(store, rows, at)
            for look in (_look(chance, arrivals) for _ in range(4)):
                verdicts = judged(store, look, ["key_image_changed"]).verdicts
                wanted = _expected(arrivals, look)
                got = sorted(
                    Row(*(getattr(v, name) for name in Row._fields))._replace(subject_type="") for v in verdicts
                )
                assert got == wanted, (look, arrivals)
                outcomes.update(row.outcome for row in wanted)

    agrees()
    print(dict(outcomes))
    assert all(outcomes[o] for o in DEMANDED), "random submissions have drifted into saying one thing"


def _arrivals(chance: Random) -> Arrivals:
    """Bundles about the midnights of a month's end, one of them now and then twice; each is known from its intake."""
    turns = [day * DAY_S + s for day in range(4) for s in (-0.001, 0, 0.001, 36_000)]
    arrivals: Arrivals = []
    for at in sorted(chance.sample(turns, chance.choice((2, 3, 4, 5)))):
        is_again = arrivals and chance.random() < 0.1
        rows = chance.choice(arrivals)[1] if is_again else _bundle(chance, len(arrivals))
        arrivals.append((text(ORIGIN, at), rows))
    exempt = sorted(chance.choice(turns) for _ in "ab")
    arrivals[0] = arrivals[0][0], arrivals[0][1] | {"exemptions": [_exemption(*exempt)]}
    return arrivals


def _exemption(start: float, end: float) -> dict[str, Any]:
    words = {"exemption_id": "X", "reason": "停电", "document_no": "示例1", "approved_by": "张示例"}
    scope = {"scope_type": "agency", "scope_id": "A", "entered_at": "2026-10-01T00:00:00"}
    return words | scope | {"from_at": text(ORIGIN, start), "to_at": text(ORIGIN, end)}


def _bundle(chance: Random, number: int) -> Rows:
    reports = [
        {"report_no": f"T{agency}", "agency_id": agency, "test_item": "SOIL", "issued_at": "2026-10-01T08:00:00"}
        for agency in "AB"
    ]
    return {
        "agencies": [{"agency_id": agency, "name": f"示例{number}"} for agency in "AB"],
        "reports": reports,
        "key_images": [_image(chance, f"K{n}") for n in range(12) if chance.random() < 0.7],
    }


def _image(chance: Random, image_id: str) -> dict[str, Any]:
    return {
        "image_id": image_id,
        "report_no": chance.choice(("TA",) * 9 + ("TB",)),
        "role": "core",
        "media": "photo",
        "started_at": "2026-09-30T08:00:00",
        "sha256": chance.choice(("a" * 64, "a" * 64, "A" * 64, "a" * 64, "b" * 64, None)),
    }


def _look(chance: Random, arrivals: Arrivals) -> Look:
    """When the day of an intake has just ended, a millisecond too early, or long after."""
    at = datetime.fromisoformat(chance.choice(arrivals)[0])
    midnight = (at - ORIGIN).days * DAY_S + DAY_S
    now = text(ORIGIN, chance.choice((midnight, midnight, midnight - 0.001, 40 * DAY_S)))
    known = (at + timedelta(milliseconds=chance.choice((-1, 0)))).isoformat(timespec="milliseconds")
    return Look(chance.choice(("2026-10", "2026-11")), now, chance.choice((None, None, known)))


def _expected(arrivals: Arrivals, look: Look) -> list[Row]:
    """A bundle that is on record is not given again."""
    as_of = ms(look.as_of or look.now)
    known = [(ms(at), rows) for n, (at, rows) in enumerate(arrivals) if rows not in [r for _, r in arrivals[:n]]]
    givings = [Giving(at, image) for at, rows in known if at <= as_of for image in rows["key_images"]]

    def judging(city: City, frame: Frame) -> Iterator[Row]:
        return key_image_changed(givings, city, frame)

    return expected(judging, arrivals[0][1], month=look.month, now=look.now, as_of=look.as_of)
