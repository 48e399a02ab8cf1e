"""liuhen rules list | show ID | test [ID] | docs: the catalogue."""

from __future__ import annotations

import argparse

from dashboard.commands import Subparsers, UsageError, add_profile, chosen_rules, say, say_json, say_table
from rules import catalogue
from rules.cases import load_cases, run_cases
from rules.docs import catalogue_page


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("rules", help="the catalogue: list, show ID, test [ID], docs")
    parser.add_argument("action", choices=["list", "show", "test", "docs"])
    parser.add_argument("id", nargs="?", metavar="ID")
    add_profile(parser)
    parser.add_argument("--json", action="store_true", help="machine output")
    return parser


def run(arguments: argparse.Namespace) -> int:
    rules = chosen_rules(arguments)
    if arguments.id is not None and arguments.id not in rules:
        raise UsageError(f"no rule {arguments.id}; known: {', '.join(rules)}")
    return {"list": _list, "show": _show, "test": _test, "docs": _docs}[arguments.action](rules, arguments)


def _list(rules: dict[str, catalogue.Rule], arguments: argparse.Namespace) -> int:
    if arguments.json:
        say_json([rule.model_dump(mode="json", exclude={"check"}) for rule in rules.values()])
    else:
        say_table(
            ["id", "severity", "status", "clauses", "title", "标题"],
            [[r.id, r.severity, r.status, r.clause, r.title.en, r.title.zh] for r in rules.values()],
        )
    return 0


def _show(rules: dict[str, catalogue.Rule], arguments: argparse.Namespace) -> int:
    if arguments.id is None:
        raise UsageError("show needs the id of a rule, for example `liuhen rules show far_24h`")
    rule = rules[arguments.id]
    if arguments.json:
        say_json(rule.model_dump(mode="json"))
    else:
        say(catalogue_page({rule.id: rule}))
        say(f"```sql\n{rule.check.strip()}\n```")
    return 0


def _test(rules: dict[str, catalogue.Rule], arguments: argparse.Namespace) -> int:
    chosen = [rules[arguments.id]] if arguments.id else list(rules.values())
    outcomes = [outcome for rule in chosen for outcome in run_cases(rule, load_cases(rule.id))]
    failed = [outcome for outcome in outcomes if outcome.failures]
    for outcome in failed:
        say(f"{outcome.rule_id}: {outcome.name}\n  " + "\n  ".join(outcome.failures))
    say(f"{len(outcomes) - len(failed)} of {len(outcomes)} cases hold")
    return int(bool(failed))


def _docs(rules: dict[str, catalogue.Rule], _: argparse.Namespace) -> int:
    say(catalogue_page(rules))
    return 0
