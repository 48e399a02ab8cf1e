"""What preview and sweep share: the facts they judge, and how they say what was tried."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.commands import UsageError, add_facts, instant, open_source, utc_now
from rules.laboratory import NO_VERDICT, History


def add_history(parser: argparse.ArgumentParser) -> None:
    add_facts(parser)
    parser.add_argument("--as-of", type=instant, metavar="TIME", help="instant of knowledge (default: --now)")


@contextmanager
def history(arguments: argparse.Namespace) -> Iterator[History]:
    with open_source(arguments) as store, store.cursor() as cursor:
        yield History(cursor, arguments.month, arguments.now or utc_now(), arguments.as_of)


def named(text: str) -> tuple[str, str]:
    """An argument type: NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE, for example tolerance_s=30")
    return name, value


def by_name(pairs: list[tuple[str, str]]) -> dict[str, str]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise UsageError("a parameter is set twice; give each of them once")
    return values


def outcome(word: str) -> str:
    return "(none)" if word == NO_VERDICT else word
