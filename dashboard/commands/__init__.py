"""One file per subcommand. Each offers `add(subparsers) -> parser` and `run(arguments) -> exit code`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from dashboard import rulebook
from data.bundle import take_in
from data.periods import Month, parse_instant
from data.settings import Settings
from data.store import Store
from rules.catalogue import Rule


class UsageError(Exception):
    """The arguments or the input are wrong; exit code 2."""


class CommandError(Exception):
    """An outside system could not be reached; exit code 3."""


class Subparsers(Protocol):
    def add_parser(self, name: str, *, help: str, description: str | None = None) -> argparse.ArgumentParser: ...


def utc_now() -> datetime:
    """The clock, as naive UTC. Only commands and the scheduler read it."""
    return datetime.now(UTC).replace(tzinfo=None)


FIRST_YEAR, LAST_YEAR = 1900, 9998
"""What a bundle can speak about, less the last year, whose months have no next one."""


def instant(text: str) -> datetime:
    """An argument type whose error names the accepted form."""
    try:
        moment = parse_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    except OverflowError:
        raise _out_of_range(text) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _out_of_range(text)
    return moment


def month(text: str) -> Month:
    try:
        parsed = Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise _out_of_range(text)
    return parsed


def port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"'{text}' is not a port; write a number from 0 to 65535, 0 for any free one")
    return int(text)


def _out_of_range(text: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"'{text}' is out of range; write a year from {FIRST_YEAR} to {LAST_YEAR}")


def add_store(parser: argparse.ArgumentParser, *, default: str | None = None) -> None:
    text = "store to use (default: liuhen.duckdb under LIUHEN_HOME)"
    parser.add_argument("--store", metavar="URL", default=default, help=text)


def add_source(parser: argparse.ArgumentParser) -> None:
    """What is judged, and by which city's rules."""
    add_facts(parser)
    add_profile(parser)


def add_facts(parser: argparse.ArgumentParser) -> None:
    """BUNDLE or --store, and the month and instants to judge."""
    parser.add_argument(
        "bundle", nargs="?", metavar="BUNDLE", help="folder or .zip to judge in memory; nothing is stored"
    )
    add_store(parser)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="month to judge")
    parser.add_argument("--now", type=instant, metavar="TIME", help="instant of judgement (default: the clock)")


def add_profile(parser: argparse.ArgumentParser, *, default: str | None = None) -> None:
    parser.add_argument(
        "--profile", metavar="CITY", default=default, help="city whose rules count (default: LIUHEN_PROFILE)"
    )


def chosen_rules(arguments: argparse.Namespace) -> dict[str, Rule]:
    return rulebook.rules(arguments.profile)


@contextmanager
def open_source(arguments: argparse.Namespace) -> Iterator[Store]:
    """The store named by the arguments, or one in memory that holds the bundle."""
    if arguments.bundle and arguments.store:
        raise UsageError("give either a BUNDLE or --store, not both")
    if arguments.bundle:
        with Store.in_memory() as store:
            take_in(store, Path(arguments.bundle), taken_in_at=None)
            yield store
        return
    with open_store(arguments.store, must_exist=True) as store:
        yield store


@contextmanager
def open_store(url: str | None, *, must_exist: bool = False) -> Iterator[Store]:
    chosen = url or Settings.read().store_url
    if must_exist and not Path(chosen).exists():
        raise UsageError(f"there is no store at {chosen}; import a bundle first, or name one with --store")
    with Store.open(chosen) as store:
        yield store


def write_file(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is a command's output


def say_json(value: dict[str, Any] | list[Any]) -> None:
    say(json.dumps(value, ensure_ascii=False, sort_keys=True))


def say_table(header: list[str], rows: list[list[Any]]) -> None:
    """Columns padded for a terminal; Chinese characters count as two cells."""
    texts = [header, *([str(cell) for cell in row] for row in rows)]
    widths = [max(_cells(row[i]) for row in texts) for i in range(len(header))]
    for row in texts:
        say("  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cells(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
