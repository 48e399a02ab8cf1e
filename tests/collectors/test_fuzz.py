"""Damaged answers to every protocol: an outcome and a sentence, never a crash, never a hang, never invented footage.

`FUZZ=20000 pytest tests/collectors/test_fuzz.py -k isapi` damages so many answers; `FUZZ_FROM=1234` begins with that
case, so that one which went wrong can be looked at alone.
"""

from __future__ import annotations

import logging
import os

import pytest

from collectors import protocols
from tests.collectors.fuzz.reads import READS
from tests.collectors.fuzz.session import fuzz
from tests.collectors.fuzz.specs import SPECS

DAMAGED = int(os.environ.get("FUZZ", "250"))
FIRST = int(os.environ.get("FUZZ_FROM", "0"))


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.mark.parametrize("name", protocols.names())
def test_damaged_answers(name: str) -> None:
    assert name in SPECS, (
        f"nothing is known about the simulated end of '{name}': add its channels and what its requests are about to "
        "SPECS in tests/collectors/fuzz/specs.py, and its reading requests to READS in tests/collectors/fuzz/reads.py"
    )
    tally = fuzz(name, DAMAGED, first=FIRST)
    outcomes = ", ".join(f"{outcome} {count}" for outcome, count in sorted(tally.outcomes.items()))
    counted = f"{tally.damaged_count} answers damaged in {tally.case_count} cases, most requests {tally.most_requests}"
    print(f"{name}: {counted}")
    print(outcomes)
    assert not tally.wrong, "\n".join(tally.wrong)


def test_what_is_described_here_exists() -> None:
    assert SPECS.keys() == READS.keys() == set(protocols.names())
