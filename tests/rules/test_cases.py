"""Every case beside a rule holds, alone and among the others, and the cases together say all that the rule can say.

That they stand on either side of each of its numbers is shown by the faults of `test_mutation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from data.bundle import take_in
from data.periods import Month, parse_instant
from data.store import Store
from rules.cases import Case, CaseFile, load_cases, run_case, run_cases, write_bundle
from rules.catalogue import Rule, load
from rules.engine import judge
from rules.verdicts import OUTCOMES, Verdict
from tests.rules.cities import together
from tests.rules.sql import named_items, tokens_of

RULES = load()
CASES = {rule_id: load_cases(rule_id) for rule_id in RULES}
EVERY_CASE = [
    pytest.param(RULES[rule_id], cases.given, case, id=f"{rule_id}: {case.name}")
    for rule_id, cases in CASES.items()
    for case in cases.cases
]
STAGES, UNLOAD = "pile_stage_clips", "pile_unload_clip"
NOT_IN_BUNDLES = {rule_id: {"unknown", "completion_not_recorded"} for rule_id in (STAGES, UNLOAD)}
"""A bundle must give completed_at, so no case can leave it out; tested below on a store without it."""


@pytest.mark.parametrize(("rule", "shared", "case"), EVERY_CASE)
def test_case(rule: Rule, shared: dict[str, list[dict[str, object]]], case: Case) -> None:
    [outcome] = run_cases(rule, CaseFile(given=shared, cases=[case]))
    assert not outcome.failures, "\n".join(outcome.failures)


@pytest.mark.parametrize("rule_id", CASES)
def test_cases_hold_together_in_one_city(rule_id: str) -> None:
    outcomes = run_cases(RULES[rule_id], together(CASES[rule_id]))
    assert not [failure for outcome in outcomes for failure in outcome.failures]


@pytest.mark.parametrize("rule_id", CASES)
def test_case_names_are_told_apart(rule_id: str) -> None:
    names = [case.name for case in CASES[rule_id].cases]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule_id", CASES)
def test_every_outcome_the_check_can_give_has_a_case(rule_id: str) -> None:
    can_give = _words_given(RULES[rule_id].check, "outcome")
    assert can_give <= set(OUTCOMES)
    if "fail" in can_give:
        can_give.add("excused")
    assert can_give - NOT_IN_BUNDLES.get(rule_id, set()) == set(_expected(rule_id, "outcome"))


@pytest.mark.parametrize("rule_id", CASES)
def test_every_reason_is_described_and_has_a_case(rule_id: str) -> None:
    rule = RULES[rule_id]
    alike = [other for other in RULES.values() if other.check == rule.check]
    shown = set(_expected(rule_id, "reason")) - {"", "exempt"}
    assert _words_given(rule.check, "reason") == {reason for other in alike for reason in other.reasons}
    assert shown == set(rule.reasons) - NOT_IN_BUNDLES.get(rule_id, set())


def _words_given(check: str, column: str) -> set[str]:
    """The words that some CASE of a column of this name gives."""
    items = named_items(tokens_of(check), column)
    return {word for item in items for word in re.findall(r"(?:THEN|ELSE) '(\w+)'", check[item.start : item.end])}


def _expected(rule_id: str, column: str) -> Iterator[str]:
    return (row[column] for case in CASES[rule_id].cases for row in case.expect if column in row)


def _verdicts(rule_id: str, name: str) -> list[Verdict]:
    case = next(case for case in CASES[rule_id].cases if case.name == name)
    return run_case(RULES[rule_id], CASES[rule_id].given, case)


def _proof(kind: str, from_at: str, to_at: str, ref: str) -> str:
    return f'{{"kind":"{kind}","from_at":"{from_at}","to_at":"{to_at}","ref":"{ref}"}}'


@pytest.mark.parametrize(
    ("rule_id", "name", "evidence"),
    [
        ("far_24h", "a day recorded whole passes", []),
        (
            "far_24h",
            "denied and not asked are never added up, and a proven gap outweighs what is unknown",
            [
                _proof("missing", "2026-10-05 15:58:00", "2026-10-05 15:59:00", ""),
                _proof("not_asked", "2026-10-05 15:59:00", "2026-10-05 16:00:00", ""),
            ],
        ),
        (
            "far_camera_per_room",
            "a millisecond between the old and the new camera is a day lacking",
            [_proof("no_camera", "2026-10-06 04:00:00", "2026-10-06 04:00:00.001", "")],
        ),
        (
            "clock_accurate",
            "a poll of a camera that is off duty measures the same clock",
            [_proof("clock_offset", "2026-10-05 04:00:00", "2026-10-05 04:00:00", "p1")],
        ),
        ("clock_accurate", "up to five seconds pass, fast or slow", []),
        ("recorder_answers", "no poll at all is suspected", []),
        (
            "recorder_answers",
            "only a complete answer keeps a recorder from being silent",
            [
                _proof(kind, "2026-10-05 04:00:00", "2026-10-05 04:00:00", ref)
                for kind, ref in (("ok", "p1"), ("unreachable", "p2"), ("refused", "p3"), ("malformed", "p4"))
            ],
        ),
        (
            "live_viewable",
            "a millisecond later it is not",
            [_proof("slow_first_frame", "2026-10-05 04:00:00", "2026-10-05 04:00:00", "C")],
        ),
        (
            "pile_stage_clips",
            "a clip that begins a millisecond late serves nothing",
            [_proof("stage_without_clip", "2026-10-10 01:00:00", "2026-10-10 01:10:00", "S 1")],
        ),
        (
            "retention_6_months",
            "the second day may not",
            [
                _proof("not_kept", "2026-02-27 16:00:00", "2026-02-28 16:00:00", ""),
                _proof("not_kept", "2026-02-28 16:00:00", "2026-03-01 16:00:00", ""),
            ],
        ),
        (
            "early_deletion",
            "a millisecond more fails",
            [_proof("deleted_early", "2026-10-05 04:00:00", "2026-10-05 04:01:00.001", "p2")],
        ),
    ],
)
def test_evidence_shows_what_was_found_and_nothing_else(rule_id: str, name: str, evidence: list[str]) -> None:
    assert _verdicts(rule_id, name)[0].evidence == f"[{','.join(evidence)}]"


STAGE_CLIPS = "clips from 30 s before until 30 s after serve their stages"
LATE_STAGE_CLIP = "a clip that begins a millisecond late serves nothing"


@pytest.mark.parametrize(
    ("rule_id", "name", "without", "outcome", "reason"),
    [
        (STAGES, STAGE_CLIPS, 2, "unknown", "completion_not_recorded"),
        (STAGES, LATE_STAGE_CLIP, 2, "fail", "stage_clip_missing"),
        (STAGES, LATE_STAGE_CLIP, 1, "fail", "stage_clip_missing"),
        (UNLOAD, "one that begins a millisecond late does not", 1, "unknown", "completion_not_recorded"),
        (UNLOAD, "half a clip before and half a clip after do not add up", 2, "unknown", "completion_not_recorded"),
        (UNLOAD, "a clip a millisecond too short serves nothing, wherever it lies", 2, "fail", "clip_missing"),
    ],
)
def test_a_stage_without_completion_time_is_unknown_only_if_its_clip_may_still_fit(
    rule_id: str, name: str, without: int, outcome: str, reason: str
) -> None:
    cases = CASES[rule_id]
    case = next(case for case in cases.cases if case.name == name)
    with TemporaryDirectory() as folder, Store.in_memory() as store:
        write_bundle(Path(folder), cases.given | case.given)
        take_in(store, Path(folder), taken_in_at=None)
        with store.write() as cursor:
            cursor.execute("UPDATE load_stages SET completed_at = NULL WHERE stage_no = $no", {"no": without})
        judgement = judge(store.cursor(), [RULES[rule_id]], Month.parse(case.month), now_at=parse_instant(case.now))
    assert [(v.outcome, v.reason) for v in judgement.verdicts] == [(outcome, reason)]
