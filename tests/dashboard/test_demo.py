"""The acceptance of the whole path: everything planted is found, nobody is accused, over real HTTP and WebRTC.

That something is planted for every rule is held by `tests/collectors/test_city.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from collectors.simulator.city import City, build_city
from dashboard.demo import ENDED_AT, LAST_DAY
from dashboard.queries import Reader
from dashboard.recorders import Recorders
from dashboard.rows import WHOLE_CITY
from data.settings import STORE_NAME
from data.store import Store


def demo(folder: Path, seed: int) -> dict[str, object]:
    """The command as a user runs it, in a process of its own."""
    command = [sys.executable, "-m", "dashboard.cli", "demo", "--no-serve", "--json", "--seed", str(seed)]
    done = subprocess.run([*command, "--dir", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("seed", [7, 12])
def test_every_planted_fault_is_found_and_nobody_is_accused(seed: int, tmp_path: Path) -> None:
    result = demo(tmp_path / "demo", seed)
    assert result["missed"] == []
    assert result["falsely_accused"] == []
    assert (result["found"], result["false_accusations"]) == (result["planted"], 0)
    assert (result["agencies"], result["cameras"], result["days"]) >= (6, 60, 30)
    assert int(str(result["fault_kinds"])) >= 80
    assert {"unknown", "verdicts", "fingerprint", "seconds"} <= result.keys()
    city = build_city(seed, LAST_DAY - timedelta(days=29), 30)
    with (
        Store.open(str(tmp_path / "demo" / STORE_NAME)) as store,
        closing(Reader(store, WHOLE_CITY, ENDED_AT)) as reader,
    ):
        _told_by_recorders(city, reader)


def _told_by_recorders(city: City, reader: Reader) -> None:
    """What no verdict shows: causes of gaps, disks, doubts; and what nobody could prove is unknown."""
    planted = {fault.kind: fault for fault in city.truth()}
    for kind, cause in (("camera_offline", "camera_offline"), ("plan_on_event_at_recorder", "plan")):
        days = [e.period for e in planted[kind].expected if e.rule_id == "far_24h"]
        found = [gap for day in days for gap in reader.causes(planted[kind].subject, date.fromisoformat(day))]
        assert found and {gap.cause for gap in found} == {cause}
    for e in planted["disk_failed"].expected:
        assert [gap.cause for gap in reader.causes(e.subject_id, date.fromisoformat(e.period))] == ["disk"]
    for e in planted["missing_unprovable"].unprovable:
        gaps = reader.causes(e.subject_id, date.fromisoformat(e.period))
        assert gaps and {gap.kind for gap in gaps} == {"unobserved"}
    recorders = Recorders(reader)
    assert [doubt.kind for doubt in reader.doubts(planted["recorder_swapped"].subject)] == ["serial_number"]
    assert recorders.forecast(planted["disks_fall_short"].subject).state == "falls_short"
    states = [disk.state for disk in recorders.disks(planted["disk_failed_without_loss"].subject)]
    assert states.count("failed") == 1 and states[1] == "failed"
