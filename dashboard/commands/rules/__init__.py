"""liuhen rules list | show ID | test [ID] | docs | preview ID | sweep ID: the catalogue, and trying a rule out."""

from __future__ import annotations

import argparse

from dashboard.arguments import IntermixedParser
from dashboard.commands import Subparsers, UsageError, add_profile, chosen_rules
from dashboard.commands.rules import listing, preview, sweep


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("rules", help="the catalogue: list, show ID, test [ID], docs, preview ID, sweep ID")
    _add_common(parser)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=IntermixedParser)
    for module in (listing, preview, sweep):
        for action in module.add(actions):
            _add_common(action, default=argparse.SUPPRESS)  # what was said before the action stands
    return parser


def _add_common(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    add_profile(parser, default=default)
    parser.add_argument("--json", action="store_true", default=default or False, help="machine output")


def run(arguments: argparse.Namespace) -> int:
    rules = chosen_rules(arguments)
    rule_id = getattr(arguments, "id", None)
    if rule_id is not None and rule_id not in rules:
        raise UsageError(f"no rule {rule_id}; known: {', '.join(rules)}")
    return int(arguments.act(rules, arguments))
