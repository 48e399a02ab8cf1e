"""liuhen judge: the verdicts of a month, as CSV with a fingerprint."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from dashboard.commands import (
    Subparsers,
    UsageError,
    add_source,
    chosen_rules,
    instant,
    open_source,
    say,
    say_json,
    say_table,
    utc_now,
    write_file,
)
from rules.catalogue import Rule
from rules.engine import Judgement, judge
from rules.verdicts import OUTCOMES


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("judge", help="judge a month from a store or, in memory, from a bundle")
    add_source(parser)
    parser.add_argument("--as-of", type=instant, metavar="TIME", help="instant of knowledge (default: --now)")
    parser.add_argument("--rule", action="append", metavar="ID", help="judge only this rule; may be repeated")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the verdicts as machine CSV")
    parser.add_argument("--json", action="store_true", help="machine output")
    return parser


def run(arguments: argparse.Namespace) -> int:
    rules = _chosen(chosen_rules(arguments), arguments.rule)
    with open_source(arguments) as store:
        judgement = judge(
            store.cursor(), rules, arguments.month, now_at=arguments.now or utc_now(), as_of=arguments.as_of
        )
    if arguments.out:
        write_file(arguments.out, judgement.machine_csv)
    _print(judgement, as_json=arguments.json)
    return int(any(outcome in ("fail", "error") for _, outcome in judgement.counts))


def _chosen(rules: Mapping[str, Rule], ids: list[str] | None) -> list[Rule]:
    if unknown := sorted(set(ids or ()) - rules.keys()):
        raise UsageError(f"no rule {', '.join(unknown)}; known: {', '.join(rules)}")
    return [rule for rule in rules.values() if not ids or rule.id in ids]


def _print(judgement: Judgement, *, as_json: bool) -> None:
    counts, total = judgement.counts, judgement.counts.total()
    rule_ids = sorted({rule_id for rule_id, _ in counts})
    if as_json:
        by_rule = {r: {o: counts[r, o] for o in OUTCOMES if counts[r, o]} for r in rule_ids}
        say_json(
            {"fingerprint": judgement.fingerprint, "verdicts": total, "rules": by_rule,
             "month": str(judgement.month)}
        )  # fmt: skip
        return
    say_table(["rule", *OUTCOMES], [[rule_id, *(counts[rule_id, o] or "·" for o in OUTCOMES)] for rule_id in rule_ids])
    say(f"{total} verdicts · fingerprint {judgement.fingerprint}")
