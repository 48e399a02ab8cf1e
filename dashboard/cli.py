"""The `liuhen` command. Each file in `dashboard/commands` is one subcommand, found by name.

Exit codes (formats.md): 0 done · 1 done, and something is not compliant · 2 the input or the arguments are wrong ·
3 an outside system could not be reached.
"""

from __future__ import annotations

import argparse
import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module

from dashboard import commands
from dashboard.arguments import Parser
from dashboard.commands import CommandError, UsageError
from data import __version__
from data.bundle import BundleErrors
from data.settings import SettingsError
from data.store import StoreError
from rules.catalogue import RuleError


def build_parser() -> argparse.ArgumentParser:
    parser = Parser(prog="liuhen", description="影像留痕合规监测 · compliance monitor for testing labs' image records")
    parser.add_argument("--version", action="version", version=f"liuhen {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda m: m.name):
        command = import_module(f"{commands.__name__}.{module.name}")
        command.add(subparsers).set_defaults(run=command.run)
    return parser


def _speak_utf8() -> None:
    """Output is UTF-8 in a pipe or file, whatever the locale; a terminal that cannot show a character shows another."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


def main(argv: Sequence[str] | None = None) -> int:
    _speak_utf8()
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except BundleErrors as errors:
        sys.stderr.write(f"{errors}\n")
        return 2
    except (UsageError, StoreError, SettingsError, RuleError) as error:
        sys.stderr.write(f"liuhen {arguments.command}: {error}\n")
        return 2
    except CommandError as error:
        sys.stderr.write(f"liuhen {arguments.command}: {error}\n")
        return 3
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
