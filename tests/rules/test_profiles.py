"""A city's profile is enough to judge by other numbers: Guangxi's five photos of a static load test."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import catalogue
from rules.cases import Case, run_case
from rules.catalogue import RuleError, load

GIVEN = {
    "agencies": [{"agency_id": "A", "name": "示例检测"}],
    "reports": [
        {"report_no": "X", "agency_id": "A", "test_item": "PILE_COMP", "method": "anchor_pile",
         "issued_at": "2026-10-20T10:00"}
    ],
    "sessions": [
        {"session_id": "S", "agency_id": "A", "kind": "onsite", "report_no": "X", "pile_no": "7",
         "started_at": "2026-10-10T08:00", "ended_at": "2026-10-10T18:00"}
    ],
    "load_stages": [
        {"session_id": "S", "stage_no": 1, "direction": "load", "started_at": "2026-10-10T09:00",
         "completed_at": "2026-10-10T09:10"}
    ],
}  # fmt: skip


def photos(number: int) -> list[dict[str, object]]:
    """The last of five is taken at the last stage, after loading has begun."""
    return [
        {"image_id": f"i{n}", "report_no": "X", "role": "stack_side", "media": "photo", "pile_no": "7", "side": f"{n}",
         "sha256": f"{n}" * 64, "started_at": "2026-10-10T10:00" if n == 5 else "2026-10-10T08:30"}
        for n in range(1, number + 1)
    ]  # fmt: skip


def judged(profile: str, rule_id: str, number: int) -> list[tuple[str, str, str]]:
    case = Case(name="", month="2026-10", now="2026-11-02T00:00", given={"key_images": photos(number)}, expect=[])
    return [(v.outcome, v.measured, v.required) for v in run_case(load(profile=profile)[rule_id], GIVEN, case)]


def test_guangxi_asks_five_photos_of_every_static_load_test_and_no_stage_clips() -> None:
    assert judged("guangxi", "pile_stack_photos", 5) == [("pass", "5", "5")]
    assert judged("guangxi", "pile_stack_photos", 4) == [("fail", "4", "5")]
    assert judged("guangxi", "pile_stage_clips", 5) == []


def test_nanchang_asks_clips_of_it_and_no_photos_without_a_stack() -> None:
    assert judged("nanchang", "pile_stack_photos", 5) == []
    assert judged("nanchang", "pile_stage_clips", 5) == [("fail", "0", "1")]


def test_an_unknown_city_is_refused_with_those_at_hand() -> None:
    with pytest.raises(RuleError, match="no profile atlantis; known: guangxi, nanchang"):
        load(profile="atlantis")


def test_a_profile_that_names_no_rule_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere.yaml").write_text("name: {zh: 某市, en: Elsewhere}\nrules: {far_25h: {status: draft}}\n")
    monkeypatch.setattr(catalogue.city, "PROFILES_DIR", tmp_path)
    with pytest.raises(RuleError, match=r"elsewhere\.yaml: no rule far_25h"):
        load(profile="elsewhere")
