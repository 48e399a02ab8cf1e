"""`python -m bench [--whole [CITY]] [--keep FOLDER] [--load [200x32]]`: prints what everything costs, side by side."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import load, month, whole
from bench.city import Size, write_city

WEEK = 7


def main() -> None:
    arguments = _arguments()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}")
    with TemporaryDirectory(prefix="liuhen-bench-") as scratch:
        if arguments.load:
            load.run(Path(scratch), arguments.load)
            return
        _month(Path(scratch), Size(arguments.cameras, arguments.days), arguments.repeats)
        if arguments.whole:
            folder = arguments.keep or Path(scratch) / "whole"
            for name in whole.CITIES if arguments.whole == "both" else [arguments.whole]:
                whole.compare(name, folder, arguments.repeats)
            print(whole.NOTES)
            whole.one_poll(folder, arguments.repeats)
    print(f"Load at the end: {os.getloadavg()[0]:.1f}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--cameras", type=int, default=Size.cameras)
    parser.add_argument("--days", type=int, default=Size.days)
    parser.add_argument("--repeats", type=int, default=7, help="answers of each way; the first is warm-up")
    whole_help = "also whole cities: all rules, the heaviest beside the alternatives, one poll"
    keep_help = "lay the whole cities out here, leave them, and use them the next time"
    parser.add_argument("--whole", nargs="?", const="both", choices=[*whole.CITIES, "both"], help=whole_help)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help=keep_help)
    load_help = (
        "only what collecting costs: so many recorders x channels asked for a day, and reading and storing alone"
    )
    parser.add_argument("--load", nargs="?", const=load.Fleet(), type=load.fleet, metavar="200x32", help=load_help)
    return parser.parse_args()


def _month(scratch: Path, size: Size, repeats: int) -> None:
    folder, week = scratch / "month" / "city", scratch / "week" / "city"
    files = write_city(folder, size)
    write_city(week, Size(size.cameras, min(WEEK, size.days)))
    print(f"Month: {size.cameras} cameras, {size.days} days, {files} files listed.\n")
    month.compare(folder, repeats)
    month.append(folder, week, repeats)


if __name__ == "__main__":
    main()
