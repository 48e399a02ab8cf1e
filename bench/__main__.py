"""`python -m bench [--cameras N] [--days N] [--repeats N]`: prints what everything costs, side by side."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.city import Size, write_city

ROOT = Path(__file__).parents[1]
WEEK = 7
RIVALS = {
    "pandas": "pandas: sort, cummax, diff",
    "polars": "Polars, lazy",
    "duckdb_window": "DuckDB: window over raw files",
    "sqlite_window": "SQLite: window over raw files",
}


def main() -> None:
    arguments = _arguments()
    size = Size(arguments.cameras, arguments.days)
    with TemporaryDirectory(prefix="liuhen-bench-") as scratch:
        folder, week = Path(scratch) / "month" / "city", Path(scratch) / "week" / "city"
        files = write_city(folder, size)
        write_city(week, Size(size.cameras, min(WEEK, size.days)))
        print(f"{size.cameras} cameras, {size.days} days, {files} files listed; {os.cpu_count()} cores,"
              f" load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}\n")  # fmt: skip
        _compare(folder, arguments.repeats)
        _append(folder, week, arguments.repeats)
        if arguments.whole:
            _whole_city(Path(scratch) / "whole", arguments.repeats)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--cameras", type=int, default=Size.cameras)
    parser.add_argument("--days", type=int, default=Size.days)
    parser.add_argument("--repeats", type=int, default=7, help="answers of each way; the first is warm-up")
    parser.add_argument("--whole", action="store_true", help="also all rules on the whole and on the stress city")
    return parser.parse_args()


def _compare(folder: Path, repeats: int) -> None:
    """The others answer with the missing seconds alone, Liuhen with every verdict, its evidence and the fingerprint."""
    imported = _measured("liuhen_import", folder, 0)
    ours = {
        "Liuhen: far_24h, month on record": _measured("liuhen_from_store", folder, repeats),
        "Liuhen: far_24h, bundle in memory": _measured("liuhen_from_bundle", folder, repeats),
    }
    installed = {way: title for way, title in RIVALS.items() if way not in ("pandas", "polars") or _has(way)}
    rivals = {title: _measured(way, folder, repeats) for way, title in installed.items()}
    rule = next(iter(ours.values()))
    print(f"{'':36}{'load s':>9}{'answer s':>10}{'ratio':>8}{'peak MB':>9}  same seconds missing")
    print(f"{'Liuhen: import into a store file':36}{imported['load_s']:9.2f}{'':18}{imported['peak_mb']:9.0f}")
    for title, way in (ours | rivals).items():
        ratio = way["median_s"] / rule["median_s"]
        agrees = "yes" if way["digest"] == rule["digest"] else "NO"
        print(f"{title:36}{way['load_s']:9.2f}{way['median_s']:10.3f}{ratio:8.2f}{way['peak_mb']:9.0f}  {agrees}")
    for name in RIVALS.keys() - installed.keys():
        print(f"{RIVALS[name]:36}  not installed")
    print(f"\n{rule['judged']} verdicts; {rule['lacking']} camera-days lack {rule['missing_s']:.0f} s.")
    print("Answers are the median, the ratio is to Liuhen's first line.")
    print(
        "Liuhen's answer holds every verdict, its evidence and the fingerprint; the others' only the missing seconds.\n"
    )


def _append(folder: Path, week: Path, repeats: int) -> None:
    _measured("liuhen_import", week, 0)
    month_s, week_s = (_measured("liuhen_append", f, repeats)["median_s"] for f in (folder, week))
    print(f"One more answer for one camera: {month_s * 1000:.0f} ms into the month's store,"
          f" {week_s * 1000:.0f} ms into a week's (ratio {month_s / week_s:.2f}).")  # fmt: skip


def _whole_city(folder: Path, repeats: int) -> None:
    """A month of everything a city keeps, by all rules. Laying the stress city out takes minutes."""
    for title, way in (("city", "liuhen_city"), ("stress city", "liuhen_stress_city")):
        cost = _measured(way, folder, repeats)
        print(f"All rules, {title}: {cost['median_s']:.2f} s, peak {cost['peak_mb']:.0f} MB.")
    month_s, week_s = (_measured(f"liuhen_one_poll_{span}", folder, repeats)["median_s"] for span in ("month", "week"))
    print(f"One poll stored and its agency judged again: {month_s * 1000:.0f} ms with six months on record,"
          f" {week_s * 1000:.0f} ms with a week (ratio {month_s / week_s:.2f}).")  # fmt: skip


def _measured(way: str, folder: Path, repeats: int) -> dict[str, Any]:
    """In a process of its own, so that its peak of memory is its own; the first answer is left out of the median."""
    command = [sys.executable, "-m", "bench.child", way, str(folder), str(repeats)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{way} failed:\n{done.stderr}")
    cost: dict[str, Any] = json.loads(done.stdout)
    return cost | {"median_s": median(cost["answer_s"][1:] or cost["answer_s"] or [0.0])}


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


if __name__ == "__main__":
    main()
