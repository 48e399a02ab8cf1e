"""liuhen self-check BUNDLE: the agency's mirror, offline; same engine and same fingerprint as `liuhen judge BUNDLE`."""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard import selfcheck
from dashboard.commands import (
    Subparsers,
    add_profile,
    chosen_rules,
    instant,
    month,
    say,
    say_json,
    say_table,
    utc_now,
    write_file,
)
from dashboard.selfcheck import machine, page, text
from dashboard.speech import Speech
from dashboard.texts import DEFAULT_LANGUAGE, LANGUAGES
from data.bundle import take_in
from data.store import Store
from rules.engine import judge


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("self-check", help="what an inspector would find in a bundle, and what to mend")
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="folder or .zip; nothing is stored or sent")
    parser.add_argument("--month", type=month, metavar="YYYY-MM", help="month to judge (default: that of yesterday)")
    parser.add_argument("--now", type=instant, metavar="TIME", help="instant of judgement (default: the clock)")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page that needs nothing else")
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--lang", choices=LANGUAGES, default=DEFAULT_LANGUAGE, help="language of what is said")
    add_profile(parser)
    return parser


def run(arguments: argparse.Namespace) -> int:
    check = _checked(arguments)
    speech = Speech(arguments.lang)
    if arguments.html:
        write_file(arguments.html, page.write(check, speech).encode("utf-8"))
    if arguments.json:
        say_json(machine.tell(check, speech))
    else:
        _print(check, speech, arguments.html)
    return int(not check.is_compliant)


def _checked(arguments: argparse.Namespace) -> selfcheck.SelfCheck:
    rules = chosen_rules(arguments)
    now_at = arguments.now or utc_now()
    chosen = arguments.month or selfcheck.default_month(now_at)
    with Store.in_memory() as store:
        receipt = take_in(store, arguments.bundle, taken_in_at=None)
        with store.cursor() as cursor:
            judgement = judge(cursor, rules.values(), chosen, now_at=now_at)
            ahead = judge(cursor, selfcheck.without_grace(rules), chosen, now_at=now_at)
            return selfcheck.build(cursor, judgement, ahead, rules, receipt.warnings)


def _print(check: selfcheck.SelfCheck, speech: Speech, html: Path | None) -> None:
    """All of it as tables, or, where the page tells it, only the head."""
    for line in text.head(check, speech):
        say(line)
    if html:
        say(speech.t("selfcheck.written", path=html, findings=len(check.findings), pending=len(check.pending)))
        return
    for section in text.sections(check, speech):
        say(f"\n{section.title}")
        if section.rows:
            say_table(section.header, section.rows)
        for note in section.notes:
            say(note)
