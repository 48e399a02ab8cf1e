"""The acceptance of the whole path: everything planted is found, nobody is accused, over real HTTP and WebRTC.

That something is planted for every rule is held by `tests/collectors/test_city.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


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
    assert int(str(result["fault_kinds"])) >= 70
    assert {"unknown", "verdicts", "fingerprint", "seconds"} <= result.keys()
