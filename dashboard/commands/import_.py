"""liuhen import BUNDLE: validate and store a bundle."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboard.commands import Subparsers, add_store, open_store, say, say_json, utc_now
from data.bundle import BundleErrors, take_in
from data.settings import Settings


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("import", help="validate and store a bundle")
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="folder of CSV files, or a .zip of it")
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="machine output")
    return parser


def run(arguments: argparse.Namespace) -> int:
    path = Path(arguments.store or Settings.read().store_url)
    is_new = not path.exists()
    try:
        with open_store(arguments.store) as store:
            receipt = take_in(store, arguments.bundle, taken_in_at=utc_now())
    except BundleErrors:
        if is_new:  # a refused bundle leaves nothing behind, also no empty store that would judge to "0 verdicts"
            path.unlink(missing_ok=True)
        raise
    for warning in receipt.warnings:
        sys.stderr.write(f"liuhen import: {warning}\n")
    if arguments.json:
        say_json({"submission_id": receipt.submission_id, "new": receipt.is_new, "rows": receipt.row_counts})
    elif not receipt.is_new:
        say(f"this bundle was taken in before (submission {receipt.submission_id[:12]}); nothing changed")
    else:
        counts = ", ".join(f"{count} {table}" for table, count in receipt.row_counts.items())
        say(f"stored {counts} (submission {receipt.submission_id[:12]})")
    return 0
