"""list, show, test, docs: what the catalogue says."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from dashboard.commands import Subparsers, UsageError, say, say_json, say_table
from rules.cases import load_cases, run_cases
from rules.catalogue import Rule
from rules.docs import catalogue_page
from rules.pages import MARK, cities, rule_pages


def add(actions: Subparsers) -> Iterator[argparse.ArgumentParser]:
    parser = actions.add_parser("list", help="every rule in a line")
    parser.set_defaults(act=_list)
    yield parser
    parser = actions.add_parser("show", help="one rule in full, with its check")
    parser.add_argument("id", nargs="?", metavar="ID")
    parser.set_defaults(act=_show)
    yield parser
    parser = actions.add_parser("test", help="run the cases of one rule, or of all")
    parser.add_argument("id", nargs="?", metavar="ID")
    parser.set_defaults(act=_test)
    yield parser
    parser = actions.add_parser("docs", help="the whole catalogue as one Markdown page")
    parser.add_argument("--pages", type=Path, metavar="DIR", help="write a page per rule there as well, and no others")
    parser.set_defaults(act=_docs)
    yield parser


def _list(rules: dict[str, Rule], arguments: argparse.Namespace) -> int:
    if arguments.json:
        say_json([rule.model_dump(mode="json", exclude={"check"}) for rule in rules.values()])
    else:
        say_table(
            ["id", "severity", "status", "clauses", "title", "标题"],
            [[r.id, r.severity, r.status, r.clause, r.title.en, r.title.zh] for r in rules.values()],
        )
    return 0


def _show(rules: dict[str, Rule], arguments: argparse.Namespace) -> int:
    if arguments.id is None:
        raise UsageError("show needs the id of a rule, for example `liuhen rules show far_24h`")
    rule = rules[arguments.id]
    if arguments.json:
        say_json(rule.model_dump(mode="json"))
    else:
        say(catalogue_page({rule.id: rule}, cities({rule.id: rule})))
        say(f"```sql\n{rule.check.strip()}\n```")
    return 0


def _test(rules: dict[str, Rule], arguments: argparse.Namespace) -> int:
    chosen = [rules[arguments.id]] if arguments.id else list(rules.values())
    outcomes = [outcome for rule in chosen for outcome in run_cases(rule, load_cases(rule.id))]
    failed = [outcome for outcome in outcomes if outcome.failures]
    for outcome in failed:
        say(f"{outcome.rule_id}: {outcome.name}\n  " + "\n  ".join(outcome.failures))
    say(f"{len(outcomes) - len(failed)} of {len(outcomes)} cases hold")
    return int(bool(failed))


def _docs(rules: dict[str, Rule], arguments: argparse.Namespace) -> int:
    elsewhere = cities(rules)
    if arguments.pages:
        _write_pages(rule_pages(rules, elsewhere), arguments.pages)
    say(catalogue_page(rules, elsewhere))
    return 0


def _write_pages(pages: dict[str, str], folder: Path) -> None:
    """One page per rule; a page of our own making that no rule has any more is removed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.md"):
            if path.name not in pages and path.read_text(encoding="utf-8").startswith(MARK):
                path.unlink()
        for name, page in pages.items():
            (folder / name).write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from None
