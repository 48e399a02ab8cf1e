"""liuhen collect: ask recorders and relays now, once or on the schedule."""

from __future__ import annotations

import argparse
import sys

from collectors.device import Secret
from collectors.whep.prober import Prober
from dashboard.collecting import Collector, CollectSummary
from dashboard.commands import CommandError, Subparsers, UsageError, add_store, open_store, say, say_json, utc_now
from dashboard.scheduler import Clockwork, run_forever
from data.settings import Settings
from data.store import Store


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("collect", help="ask recorders and relays now")
    add_store(parser)
    parser.add_argument("--once", action="store_true", help="one round, then stop (default: go on by the schedule)")
    parser.add_argument("--recorder", action="append", metavar="ID", help="ask only this recorder; may be repeated")
    parser.add_argument("--json", action="store_true", help="machine output of one round")
    return parser


def run(arguments: argparse.Namespace) -> int:
    with open_store(arguments.store, must_exist=True) as store, Prober() as prober:
        _check_recorders(store, arguments.recorder)
        collector = Collector(store, secrets=known_secrets(), now=utc_now)
        if not arguments.once and not arguments.recorder:
            run_forever(Clockwork(store, collector, prober, utc_now))
            return 0
        summary = collector.collect_footage(arguments.recorder)
        if not arguments.recorder:
            live = collector.probe_live(prober)
            summary.poll_count += live.poll_count
            summary.answer_count += live.answer_count
        return _report(summary, as_json=arguments.json)


def known_secrets() -> dict[str, Secret]:
    return {name: Secret(a.user, a.password) for name, a in Settings.read().accounts().items()}


def _check_recorders(store: Store, ids: list[str] | None) -> None:
    known = {row[0] for row in store.cursor().execute("SELECT DISTINCT recorder_id FROM recorders").fetchall()}
    if unknown := sorted(set(ids or ()) - known):
        raise UsageError(f"no recorder {', '.join(unknown)} in the register")


def _report(summary: CollectSummary, *, as_json: bool) -> int:
    for trouble in summary.troubles:
        sys.stderr.write(f"liuhen collect: {trouble}\n")
    if as_json:
        say_json({"polls": summary.poll_count, "answers": summary.answer_count, "requests": summary.request_count,
                  "skipped": summary.skipped_count, "troubles": summary.troubles})  # fmt: skip
    else:
        say(
            f"{summary.recorder_count} recorders asked, {summary.poll_count} polls, {summary.answer_count} answered,"
            f" {summary.request_count} requests, {summary.skipped_count} windows not asked"
        )
    if (summary.poll_count or summary.skipped_count) and not summary.answer_count:
        raise CommandError("no recorder or relay gave an answer; the lines above say why")
    return 0
