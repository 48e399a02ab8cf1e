"""Runs ways in processes of their own and reads off what they cost."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Cost:
    """`median_s` and `cpu_s` are those of an answer once warm: the first is left out where there are more."""

    load_s: float
    first_s: float
    median_s: float
    cpu_s: float
    peak_mb: float
    load_average: float
    answer: dict[str, Any]


def measured(way: str, folder: Path, repeats: int) -> Cost:
    """`way` is `module.function` of bench.ways."""
    load_average = os.getloadavg()[0]
    command = [sys.executable, "-m", "bench.child", way, str(folder), str(repeats)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{way} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout)
    walls, cpus = told.pop("answer_s") or [0.0], told.pop("cpu_s") or [0.0]
    return Cost(told.pop("load_s"), walls[0], median(walls[1:] or walls), median(cpus[1:] or cpus), told.pop("peak_mb"),
                load_average, told)  # fmt: skip


def installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
