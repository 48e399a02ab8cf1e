"""preview ID: which verdicts would change if the rule's parameters or status were others. Nothing is stored."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from dashboard.commands import Subparsers, UsageError, say, say_json, say_table, write_file
from dashboard.commands.rules import trying
from data.periods import to_iso
from rules.catalogue import Rule
from rules.laboratory import NO_VERDICT, STATUSES, Change, History, Preview, draft, preview

SHOWN_CHANGES = 40


def add(actions: Subparsers) -> Iterator[argparse.ArgumentParser]:
    parser = actions.add_parser("preview", help="which verdicts another value would change; nothing is stored")
    parser.add_argument("id", metavar="ID")
    trying.add_history(parser)
    parser.add_argument(
        "--set", type=trying.named, action="append", default=[], metavar="NAME=VALUE", dest="values",
        help="try this value; may be repeated",
    )  # fmt: skip
    parser.add_argument("--status", choices=STATUSES, default="active", help="status to try (default: active)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every verdict that differs as machine CSV")
    parser.set_defaults(act=run)
    yield parser


def run(rules: dict[str, Rule], arguments: argparse.Namespace) -> int:
    rule = rules[arguments.id]
    drafted = draft(rule, trying.by_name(arguments.values), arguments.status)
    if drafted == rule:
        raise UsageError(f"that is {rule.id} as it is; name another value with --set, or another --status")
    with trying.history(arguments) as history:
        seen = preview(history, rules, drafted)
        told = _told(rule, seen, history)
    if arguments.out:
        write_file(arguments.out, _csv(seen))
    if arguments.json:
        say_json(told)
    else:
        _print(rule, seen, history)
    return 0


def _tried(rule: Rule, drafted: Rule) -> dict[str, tuple[str, str]]:
    """What was tried: name → value as it is and as drafted."""
    tried = {
        name: (str(p.value), str(drafted.parameters[name].value))
        for name, p in rule.parameters.items()
        if p.value != drafted.parameters[name].value
    }
    return tried | ({"status": (rule.status, drafted.status)} if rule.status != drafted.status else {})


def _told(rule: Rule, seen: Preview, history: History) -> dict[str, object]:
    transitions = [
        {"rule_id": rule_id, "before": before or None, "after": after or None, "verdicts": count}
        for (rule_id, before, after), count in sorted(seen.transitions.items())
    ]
    return {
        "rule_id": rule.id,
        "month": str(history.month),
        "now": to_iso(history.now_at),
        "tried": {
            name: {"before": before, "after": after} for name, (before, after) in _tried(rule, seen.drafted).items()
        },
        "affected": list(seen.affected),
        "transitions": transitions,
        "changes": seen.changes.to_pylist(),
    }


def _csv(seen: Preview) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Change._fields)
    writer.writerows(row.values() for row in seen.changes.select(list(Change._fields)).to_pylist())
    return out.getvalue().encode()


def _print(rule: Rule, seen: Preview, history: History) -> None:
    tried = ", ".join(f"{name} {before} → {after}" for name, (before, after) in _tried(rule, seen.drafted).items())
    say(f"{rule.id}, {history.month}: {tried}")
    say_table(
        ["rule", "as it is", "as drafted", "verdicts"],
        [
            [rule_id, trying.outcome(before), trying.outcome(after), count]
            for (rule_id, before, after), count in sorted(seen.transitions.items())
        ],
    )
    moved = seen.moved(SHOWN_CHANGES)
    if moved:
        say("")
        say_table(
            ["rule", "subject", "period", "outcome", "measured", "required"],
            [[x.rule_id, x.subject_id, x.period, *_arrows(x)] for x in moved],
        )
    if seen.moved_count > len(moved):
        say(f"… {seen.moved_count - len(moved)} more; --out FILE.csv or --json gives all")
    differing = seen.changes.num_rows - seen.moved_count
    say(f"{seen.moved_count} verdicts change their outcome, {differing} more only their figures; nothing was stored")
    if seen.affected:
        say(f"also affected, because they follow this value: {', '.join(seen.affected)}")


def _arrows(change: Change) -> list[str]:
    pairs = [
        (trying.outcome(change.outcome_before), trying.outcome(change.outcome_after)),
        (change.measured_before, change.measured_after),
        (change.required_before, change.required_after),
    ]
    appears, vanishes = change.outcome_before == NO_VERDICT, change.outcome_after == NO_VERDICT
    figures = [after if appears or before == after else before if vanishes else f"{before} → {after}"
               for before, after in pairs[1:]]  # fmt: skip
    return [f"{pairs[0][0]} → {pairs[0][1]}", *figures]
