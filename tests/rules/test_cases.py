"""Every case beside a rule holds, and the cases together say all that the rule can say, at its boundaries too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from data.bundle import take_in
from data.periods import Month, parse_instant
from data.store import Store
from rules.cases import Case, CaseFile, load_cases, run_case, run_cases, write_bundle
from rules.catalogue import Parameter, Rule, load
from rules.engine import judge
from rules.verdicts import OUTCOMES, Verdict

RULES = load()
CASES = {rule_id: load_cases(rule_id) for rule_id in RULES}
EVERY_CASE = [
    pytest.param(RULES[rule_id], cases.given, case, id=f"{rule_id}: {case.name}")
    for rule_id, cases in CASES.items()
    for case in cases.cases
]
SMALLEST_STEP = {
    "s": Decimal("0.001"),
    "ms": Decimal(1),
    "h": Decimal(1),
    "months": Decimal(1),
    "share": Decimal("0.003"),
}
"""How far a number is moved to prove that some case stands on its boundary; by unit."""
NOT_IN_BUNDLES = {"pile_stage_clips": {"unknown", "completion_not_recorded"}}
"""A bundle must give completed_at, so no case can leave it out; tested below on a store without it."""


@pytest.mark.parametrize(("rule", "shared", "case"), EVERY_CASE)
def test_case(rule: Rule, shared: dict[str, list[dict[str, object]]], case: Case) -> None:
    [outcome] = run_cases(rule, CaseFile(given=shared, cases=[case]))
    assert not outcome.failures, "\n".join(outcome.failures)


@pytest.mark.parametrize("rule_id", CASES)
def test_case_names_are_told_apart(rule_id: str) -> None:
    names = [case.name for case in CASES[rule_id].cases]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule_id", CASES)
def test_every_outcome_the_check_can_give_has_a_case(rule_id: str) -> None:
    can_give = set(re.findall(r"'(\w+)'", RULES[rule_id].check)) & set(OUTCOMES)
    if "fail" in can_give:
        can_give.add("excused")
    assert can_give - NOT_IN_BUNDLES.get(rule_id, set()) == set(_expected(rule_id, "outcome"))


@pytest.mark.parametrize("rule_id", CASES)
def test_every_reason_is_described_and_has_a_case(rule_id: str) -> None:
    rule = RULES[rule_id]
    given = re.findall(r"(?:THEN|ELSE) '(\w+)'", rule.check.split("AS required")[-1].split("AS reason")[0])
    shown = set(_expected(rule_id, "reason")) - {"", "exempt"}
    assert set(given) == set(rule.reasons)
    assert shown == set(rule.reasons) - NOT_IN_BUNDLES.get(rule_id, set())


def _expected(rule_id: str, column: str) -> Iterator[str]:
    return (row[column] for case in CASES[rule_id].cases for row in case.expect if column in row)


def _nudged(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule with one of its numbers moved by the smallest step, up and down."""
    if "$grace_h" in rule.check:
        for step in (-1, 1):
            yield f"grace_h {step:+}", rule.model_copy(update={"grace_h": rule.grace_h + step})
    for name, given in rule.parameters.items():
        if given.unit not in SMALLEST_STEP:
            continue
        for sign in (-1, 1):
            value = Decimal(given.value) + sign * SMALLEST_STEP[given.unit]
            moved = Parameter(**dict(given) | {"value": value})
            yield f"{name} {sign:+}", rule.model_copy(update={"parameters": rule.parameters | {name: moved}})


@pytest.mark.parametrize(
    ("rule_id", "nudged"),
    [
        pytest.param(rule_id, nudged, id=f"{rule_id}: {what}")
        for rule_id, rule in RULES.items()
        for what, nudged in _nudged(rule)
    ],
)
def test_every_number_has_a_case_on_either_side(rule_id: str, nudged: Rule) -> None:
    cases = CASES[rule_id]
    likely_first = sorted(cases.cases, key=lambda case: not re.search("exact|millisecond|hours|serve", case.name))
    one_by_one = (CaseFile(given=cases.given, cases=[_without_required(case)]) for case in likely_first)
    assert any(outcome.failures for case in one_by_one for outcome in run_cases(nudged, case))


def _without_required(case: Case) -> Case:
    """`required` repeats the rule's own number, so it would differ whatever the check made of it."""
    expect = [{name: value for name, value in row.items() if name != "required"} for row in case.expect]
    return case.model_copy(update={"expect": expect})


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


@pytest.mark.parametrize(
    ("name", "without", "outcome", "reason"),
    [
        ("clips from 30 s before until 30 s after serve their stages", 2, "unknown", "completion_not_recorded"),
        ("a clip that begins a millisecond late serves nothing", 2, "fail", "stage_clip_missing"),
        ("a clip that begins a millisecond late serves nothing", 1, "fail", "stage_clip_missing"),
    ],
)
def test_a_stage_without_completion_time_is_unknown_only_if_its_clip_may_still_fit(
    name: str, without: int, outcome: str, reason: str
) -> None:
    cases = CASES["pile_stage_clips"]
    case = next(case for case in cases.cases if case.name == name)
    with TemporaryDirectory() as folder, Store.in_memory() as store:
        write_bundle(Path(folder), cases.given | case.given)
        take_in(store, Path(folder), taken_in_at=None)
        with store.write() as cursor:
            cursor.execute("UPDATE load_stages SET completed_at = NULL WHERE stage_no = $no", {"no": without})
        rule = RULES["pile_stage_clips"]
        judgement = judge(store.cursor(), [rule], Month.parse(case.month), now_at=parse_instant(case.now))
    assert [(v.outcome, v.reason) for v in judgement.verdicts] == [(outcome, reason)]
