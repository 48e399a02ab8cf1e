"""liuhen demo: a fictional city, collected, judged and shown."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tqdm import tqdm

from collectors.simulator.city import LONGEST_DAYS
from dashboard.commands import Subparsers, UsageError, port, say, say_json
from dashboard.commands.serve import serve_store
from dashboard.demo import ENDED_AT, DemoResult, run_demo
from data.settings import STORE_NAME, Settings
from data.store import Store

MARK = ".liuhen-demo"


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("demo", help="build a fictional city, collect from it, judge it and show it")
    parser.add_argument("--dir", type=Path, metavar="D", help="folder for the demo (default: demo under LIUHEN_HOME)")
    parser.add_argument("--days", type=_days, default=30, metavar="N", help="simulated days (default 30)")
    parser.add_argument("--port", type=port, default=8501, metavar="P", help="port of the dashboard (default 8501)")
    parser.add_argument("--no-serve", action="store_true", help="stop after judging")
    parser.add_argument("--seed", type=int, default=7, metavar="S", help="seed of city and faults (default 7)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")
    return parser


def run(arguments: argparse.Namespace) -> int:
    folder = _fresh_folder(arguments.dir or Settings.read().home / "demo")
    store_path = str(folder / STORE_NAME)
    with Store.open(store_path) as store:
        result = run_demo(store, seed=arguments.seed, days=arguments.days, progress=_progress)
    _report(result, as_json=arguments.json)
    if not arguments.no_serve:
        serve_store(store_path, port=arguments.port, with_jobs=False, clock=lambda: ENDED_AT)
    return 0


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of days from 1 to {LONGEST_DAYS}")
    return int(text)


def _fresh_folder(folder: Path) -> Path:
    """An empty folder; a former demo is replaced, anything else is left alone."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise UsageError(f"{folder} holds something that is not a demo; choose another --dir")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    return folder


def _progress(days: Iterable[date], total: int) -> Iterable[date]:
    return tqdm(days, total=total, unit="day", desc="collecting", disable=not sys.stderr.isatty())


def _report(result: DemoResult, *, as_json: bool) -> None:
    if as_json:
        say_json(result.as_json())
        return
    say(f"{result.agencies} agencies, {result.cameras} cameras, {result.days} days, {result.requests} requests")
    say(f"{result.planted} planted faults of {result.fault_kinds} kinds, {result.found} found;"
        f" {result.false_accusations} false accusations")  # fmt: skip
    for line in [*result.missed, *result.falsely_accused]:
        say(f"  {line}")
    say(f"{result.verdicts} verdicts, {result.unknown} of them unknown · fingerprint {result.fingerprint}"
        f" · {result.seconds} s")  # fmt: skip
