"""The judge against an oracle written from the rule catalogue's page alone, on random cities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.rules.judged import differences, smallest
from tests.rules.oracle import RULES, Judging
from tests.rules.oracle.footage import far_24h_by_seconds
from tests.rules.scenes import Scene, far_scene, mixed_scene

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # `smallest` shrinks rows, which says more than a seed
HISTORIES_PER_BUNDLE = 160  # most of a comparison's time goes into the bundle as such, not into its rows
CITIES_PER_BUNDLE = 42
BUNDLES = 7
REACHED = {
    "far_24h": ("pass", "fail", "unknown", "excused"),
    "retention_6_months": ("pass", "fail", "unknown", "maturing"),
    "early_deletion": ("pass", "fail", "unknown"),
    "far_camera_per_room": ("pass", "fail", "excused"),
    "clock_accurate": ("pass", "fail", "suspect", "unknown"),
    "recorder_answers": ("pass", "suspect"),
    "live_viewable": ("pass", "fail", "unknown"),
    "pile_stage_clips": ("pass", "fail", "suspect"),
}


def seeds(number: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 2**32), min_size=number, max_size=number, unique=True)


def assert_agree(scene: Scene, oracles: Mapping[str, Judging], outcomes: Counter[str]) -> None:
    if found := differences(scene, oracles, outcomes):
        (rule_id, look), _ = found.popitem()
        raise AssertionError(told(replace(scene, looks=(look,)), {rule_id: oracles[rule_id]}))


def told(scene: Scene, oracles: Mapping[str, Judging]) -> str:
    """A difference in the fewest rows that still show it."""
    small = smallest(scene, lambda s: differences(s, oracles, Counter()))
    verdicts = [line for lines in differences(small, oracles, Counter()).values() for line in lines]
    rows = [f"{table}: {row}" for table, lines in small.rows.items() for row in lines]
    return "\n".join([str(small.looks), *verdicts, *rows])


def test_far_24h_agrees_second_by_second_on_a_thousand_histories() -> None:
    outcomes: Counter[str] = Counter()
    histories = 0

    @settings(max_examples=BUNDLES, deadline=None, phases=UNSHRUNK)
    @given(seeds(1 + HISTORIES_PER_BUNDLE))
    def agrees(drawn: list[int]) -> None:
        nonlocal histories
        assert_agree(far_scene(drawn), {"far_24h": far_24h_by_seconds}, outcomes)
        histories += HISTORIES_PER_BUNDLE

    agrees()
    print(f"{histories} histories: {dict(outcomes)}")
    assert histories >= 1_000
    for outcome in ("pass", "fail", "unknown"):
        assert outcomes[f"far_24h {outcome}"] >= 100, "random histories have drifted into saying one thing"


def test_every_rule_agrees_to_the_millisecond_on_small_cities() -> None:
    outcomes: Counter[str] = Counter()

    @settings(max_examples=BUNDLES, deadline=None, phases=UNSHRUNK)
    @given(seeds(1 + CITIES_PER_BUNDLE))
    def agrees(drawn: list[int]) -> None:
        assert_agree(mixed_scene(drawn), RULES, outcomes)

    agrees()
    print(f"{BUNDLES * CITIES_PER_BUNDLE} cities: {dict(sorted(outcomes.items()))}")
    missed = [f"{rule} {o}" for rule, every in REACHED.items() for o in every if not outcomes[f"{rule} {o}"]]
    assert not missed, "random cities have drifted away from these outcomes"
