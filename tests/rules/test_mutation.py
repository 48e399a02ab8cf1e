"""Plants small faults into every check, one at a time: the cases beside the rule must notice.

The cases are tried together, as few cities in which all of them hold, because that takes a third of the time. A fault
that no case can notice, because it changes no verdict, is explained in `survivors.yaml`; `-rP` shows counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from rules.cases import load_cases
from rules.catalogue import CHECKS_DIR, Rule, load
from rules.prepared import views
from tests.rules.cities import together
from tests.rules.mutation import Mutant, mutants_of_numbers, mutants_of_sql
from tests.rules.worlds import World, worlds

RULES = load()
NOTICED_SHARE = 0.8
"""What does not die has to be explained; where that is much, the check does too much or its cases say too little."""


def _explained() -> dict[str, set[str]]:
    groups = yaml.safe_load(Path(__file__).with_name("survivors.yaml").read_text(encoding="utf-8"))
    return {name: {fault for group in given for fault in group["faults"]} for name, given in groups.items()}


SURVIVORS = _explained()
"""By check or prepared table the faults, as told by `Mutant.text`, that change no verdict."""


def _checks() -> dict[str, list[Rule]]:
    """The rules by the check that judges them; some share one."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(CHECKS_DIR.glob("*.sql"))}
    return {name: [rule for rule in RULES.values() if rule.check == text] for name, text in texts.items()}


CHECKS = _checks()


@pytest.mark.parametrize("check", CHECKS)
def test_cases_notice_faults_in_the_check(check: str) -> None:
    rules = CHECKS[check]
    shared = mutants_of_sql(rules[0].check)
    numbers = {rule.id: list(mutants_of_numbers(rule)) for rule in rules}
    total = len(shared) + sum(map(len, numbers.values()))
    left = surviving(rules, [mutant for mutant in shared if mutant.text not in SURVIVORS.get(check, set())], numbers)
    explained = [mutant for mutant in shared if mutant.text in SURVIVORS.get(check, set())]
    noticed = total - len(left) - len(explained)
    print(f"{check}: {noticed}/{total} noticed, {len(explained)} explained")
    assert not left, "\n".join([f"{check}: no case notices", *left])
    assert noticed >= NOTICED_SHARE * total


@pytest.mark.parametrize("check", SURVIVORS)
def test_every_explained_survivor_can_still_be_planted(check: str) -> None:
    sql = views()[check] if check in views() else CHECKS[check][0].check
    assert not SURVIVORS[check] - {mutant.text for mutant in mutants_of_sql(sql)}


def surviving(rules: Sequence[Rule], shared: Sequence[Mutant], numbers: dict[str, list[Mutant]]) -> list[str]:
    """The faults that no case of any of the rules notices; a number is the rule's own, the text is everyone's."""
    left = list(shared)
    own: list[str] = []
    for rule in rules:
        moved = numbers[rule.id]
        for world in _settled(rule):
            left = [m for m in left if not world.notices(m.of(rule), hiding_required=False)]
            moved = [m for m in moved if not world.notices(m.of(rule), hiding_required=True)]
            if not left and not moved:
                break
        own += [f"{rule.id}: {mutant.text}" for mutant in moved]
    return [mutant.text for mutant in left] + own


def _settled(rule: Rule) -> Iterator[World]:
    for world in worlds([rule], together(load_cases(rule.id))):
        world.settle(rule)
        yield world
