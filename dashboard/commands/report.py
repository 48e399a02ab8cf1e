"""liuhen report: the monthly CSV dossier."""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard import report
from dashboard.commands import Subparsers, UsageError, add_source, chosen_rules, instant, open_source, say, utc_now


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("report", help="write the monthly CSV dossier")
    add_source(parser)
    parser.add_argument("--as-of", type=instant, metavar="TIME", help="instant of knowledge (default: --now)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into; made if missing")
    return parser


def run(arguments: argparse.Namespace) -> int:
    with open_source(arguments) as store:
        now_at = arguments.now or utc_now()
        dossier = report.build(store, chosen_rules(arguments), arguments.month, now_at, arguments.as_of)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        for name, content in dossier.items():
            (arguments.out / name).write_bytes(content)
    except OSError as error:
        raise UsageError(f"{arguments.out} cannot be written: {error.strerror}") from None
    say(f"{len(dossier)} files written to {arguments.out}")
    return 0
