"""What collecting costs: a fleet asked for a day, answers read and stored alone, many rounds, and the reading beside
public clients. Every measurement runs in a process of its own; seconds of CPU are ours alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.load_memory import Rounds
from bench.load_round import Load
from bench.measure import ROOT
from bench.parse import Beside
from bench.parse_store import Parse

TARGET_PER_CORE_S = 30_000


@dataclass(frozen=True)
class Fleet:
    """What is asked for one day."""

    recorders: int = 200
    channels: int = 32


def fleet(text: str) -> Fleet:
    """`200x32`, as it is written on the command line."""
    recorders, channels = map(int, text.split("x"))
    return Fleet(recorders, channels)


def run(folder: Path, asked: Fleet) -> None:
    _end_to_end(folder, asked)
    _reading(folder)
    _memory(folder)
    _beside(folder)


def figures(way: str, settings: Any, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.load_child", way, json.dumps(asdict(settings)), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{way} of {settings} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _end_to_end(folder: Path, asked: Fleet) -> None:
    print(
        f"\nOne day of {asked.recorders} recorders x {asked.channels} channels over HTTP (isapi), collected and stored"
    )
    heads = ("segments", "requests", "wall s", "CPU s", "seg/s", "req/s", "CPU ms/rec", "peak MB", "load")
    print(f"{'':32}{''.join(f'{head:>11}' for head in heads)}  whole")
    cases = {
        "5-minute files": Load("isapi", asked.recorders, asked.channels, 5),
        "5-minute files, 2 s between": Load("isapi", asked.recorders, asked.channels, 5, seam_s=2),
        "60-minute files": Load("isapi", asked.recorders, asked.channels, 60),
    }
    for title, load in cases.items():
        told = figures("round", load, folder)
        cells = (told["segments"], told["request_count"], told["wall_s"], told["cpu_s"],
                 told["segments"] / told["wall_s"], told["request_count"] / told["wall_s"],
                 told["cpu_s"] * 1000 / asked.recorders, told["peak_mb"], told["load"])  # fmt: skip
        texts = "".join(
            f"{cell:11,.1f}" if isinstance(cell, float) and cell < 100 else f"{cell:11,.0f}" for cell in cells
        )
        print(f"{title:32}{texts}  {'yes' if told['is_whole'] else 'NO ' + str(told['troubles'])}", flush=True)
    print("CPU is ours: the recorders run in another process. What a recorder tells of itself is asked as well.")


def _reading(folder: Path) -> None:
    print(
        "\nAnswers of whole days read and stored, without network: CPU for each segment, segments a second of one core"
    )
    print(f"{'':32}{'read us':>9}{'store us':>10}{'seg/s/core':>12}{'load':>7}")
    cases = {
        "isapi, 5-minute files": Parse("isapi", 5),
        "dahua, 5-minute files": Parse("dahua", 5),
        "isapi, files without a seam": Parse("isapi", 5, seam_s=0),
        "isapi, 60-minute files": Parse("isapi", 60),
        "dahua, 60-minute files": Parse("dahua", 60),
        "mediamtx, 5-minute files": Parse("mediamtx", 5),
        "onvif, 60-minute files": Parse("onvif", 60, channel_count=8, batch_count=2),
    }
    for title, parse in cases.items():
        told = figures("parse", parse, folder)
        print(f"{title:32}{told['parse_us']:9.1f}{told['store_us']:10.1f}{told['per_core_s']:12,.0f}{told['load']:7.1f}",
              flush=True)  # fmt: skip
    print(
        f"Full pages (5-minute files) are to reach {TARGET_PER_CORE_S:,}; a day of 60-minute files is one short page."
    )


def _memory(folder: Path) -> None:
    told = figures("rounds", Rounds(), folder)
    print(
        f"\n{told['round_count']} hourly rounds, {told['recorder_count']} recorders x {told['channel_count']} channels"
    )
    print(f"{'after round':>12}{'RSS MB':>9}{'of it DuckDB':>14}{'Python objects':>16}")
    for state in told["states"]:
        print(f"{state['round']:12}{state['rss_mb']:9.0f}{state['database_mb']:14.1f}{state['objects']:16,}")
    first, last = (told["states"][n] for n in (0, -1))
    ours = {name: last[name] - first[name] for name in ("rss_mb", "database_mb", "objects")}
    print(
        f"Grown: {ours['objects']:+,} objects, {ours['rss_mb']:+.1f} MB, of which {ours['database_mb']:+.1f} MB are "
        "pages of the growing store that DuckDB keeps at hand, up to its limit.",
        flush=True,
    )


def _beside(folder: Path) -> None:
    for protocol in ("isapi", "dahua"):
        told = figures("beside", Beside(protocol), folder)
        ours = told["each_us"]["Liuhen"]
        print(f"\nOne page of {told['rows']} rows ({protocol})")
        print(f"{'':40}{'us a row':>9}{'ratio':>7}  same rows")
        for title, each_us in told["each_us"].items():
            print(f"{title:40}{each_us:9.1f}{each_us / ours:7.2f}  {'yes' if told['agrees'][title] else 'NO'}")
        for title in told["missing"]:
            print(f"{title:40}  not installed")
    print(f"Liuhen gives checked instants, the others what they give their user. Load {os.getloadavg()[0]:.1f}.")
