"""sweep ID: what a rule gives for each of several values of one parameter. Nothing is stored."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from dashboard import sweep_svg
from dashboard.commands import Subparsers, say, say_json, say_table, write_file
from dashboard.commands.rules import trying
from data.periods import to_iso
from rules.catalogue import Rule
from rules.laboratory import Point, followers, listed, sweep
from rules.verdicts import OUTCOMES


def add(actions: Subparsers) -> Iterator[argparse.ArgumentParser]:
    parser = actions.add_parser("sweep", help="what a rule gives for each of several values; nothing is stored")
    parser.add_argument("id", metavar="ID")
    trying.add_history(parser)
    parser.add_argument(
        "--over", type=trying.named, required=True, metavar="NAME=VALUES",
        help="values to try: tolerance_s=0,30,60 or from, to and step: tolerance_s=0:120:10",
    )  # fmt: skip
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the counts as an SVG file")
    parser.set_defaults(act=run)
    yield parser


def run(rules: dict[str, Rule], arguments: argparse.Namespace) -> int:
    rule = rules[arguments.id]
    name, text = arguments.over
    with trying.history(arguments) as history:
        points = sweep(history, rules, rule.id, name, listed(text))
    affected = followers(rules, rule.id, [name])
    if arguments.chart:
        known_at = history.as_of or history.now_at
        chart = sweep_svg.drawn(rule, name, points, month=history.month, now_at=history.now_at, as_of=known_at)
        write_file(arguments.chart, chart.encode())
    if arguments.json:
        say_json(
            {
                "rule_id": rule.id, "month": str(history.month), "now": to_iso(history.now_at), "parameter": name,
                "unit": rule.parameters[name].unit, "as_it_is": str(rule.parameters[name].value),
                "points": [_told(point) for point in points], "affected": affected,
            }
        )  # fmt: skip
    else:
        _print(rule, name, points, affected)
    return 0


def _told(point: Point) -> dict[str, object]:
    return {
        "value": str(point.value),
        "counts": dict(sorted(point.counts.items())),
        "transitions": [
            {"before": before or None, "after": after or None, "verdicts": count}
            for (before, after), count in sorted(point.transitions.items())
        ],
    }


def _print(rule: Rule, name: str, points: list[Point], affected: list[str]) -> None:
    present = rule.parameters[name]
    say_table(
        [f"{name} ({present.unit})", *OUTCOMES, "changed"],
        [
            [
                f"{point.value} *" if point.value == present.value else point.value,
                *(point.counts[outcome] or "·" for outcome in OUTCOMES),
                sum(count for (before, after), count in point.transitions.items() if before != after) or "·",
            ]
            for point in points
        ],
    )
    say(f"* as it is: {present.value} {present.unit}; changed: verdicts of another outcome than as it is")
    if affected:
        say(f"not counted here, but following this value: {', '.join(affected)}; `liuhen rules preview` shows them")
