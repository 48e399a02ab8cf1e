"""liuhen sample-playback: draw minutes a day ahead, and try whether they play."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

from collectors.playback.bound import DRAWS_PER_DAY
from dashboard import playback
from dashboard.commands import Subparsers, UsageError, add_store, open_store, say, say_json, say_table, utc_now
from dashboard.commands.collect import known_secrets
from dashboard.playback import said
from dashboard.playback.drawing import latest
from dashboard.speech import Speech
from dashboard.texts import DEFAULT_LANGUAGE, LANGUAGES
from data.periods import local_day
from data.settings import Settings


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("sample-playback", help="whether minutes that recorders list do play")
    actions = parser.add_subparsers(dest="action", required=True, metavar="draw|run")
    draw = actions.add_parser("draw", help="bind the draw of a day that has not begun")
    draw.add_argument("--day", type=_day, required=True, metavar="YYYY-MM-DD", help="local day to draw for")
    draw.add_argument(
        "--count", type=int, default=DRAWS_PER_DAY, metavar="N",
        help=f"minutes of each recorder (default {DRAWS_PER_DAY}: shows 3 %% that do not play within a week)",
    )  # fmt: skip
    run = actions.add_parser("run", help="try the minutes drawn for a day that is over")
    run.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help="day of the draw (default: the last that is over)")
    for action in (draw, run):
        add_store(action)
        action.add_argument("--json", action="store_true", help="machine output")
        action.add_argument("--lang", choices=LANGUAGES, default=DEFAULT_LANGUAGE, help="language of what is said")
    return parser


def run(arguments: argparse.Namespace) -> int:
    try:
        return _draw(arguments) if arguments.action == "draw" else _run(arguments)
    except playback.DrawError as error:
        raise UsageError(str(error)) from None


def _draw(arguments: argparse.Namespace) -> int:
    with open_store(arguments.store, must_exist=True) as store:
        bound = playback.commit(store, arguments.day, arguments.count, now=utc_now, folder=_seeds())
    if arguments.json:
        say_json({"day": arguments.day.isoformat(), "seed_sha256": bound, "count_per_recorder": arguments.count})
    else:
        speech = Speech(arguments.lang)
        say(speech.t("playback.bound_to", day=arguments.day, count=arguments.count, sha256=bound))
    return 0


def _run(arguments: argparse.Namespace) -> int:
    """1: some minute did not play. 3: nothing could be tried anywhere."""
    with open_store(arguments.store, must_exist=True) as store:
        day = arguments.day or latest(store, local_day(utc_now()) - timedelta(days=1))
        revealed = playback.reveal(store, day, now=utc_now, folder=_seeds())
        playback.Proofs(store, known_secrets(), utc_now).run(revealed)
        found = playback.report(store, day)
    if arguments.json:
        say_json(said.machine(revealed, found))
    else:
        speech = Speech(arguments.lang)
        for line in said.head(revealed, speech):
            say(line)
        say_table(*said.table(found, speech))
        for line in said.notes(found, speech):
            say(line)
    if any(tally.bad for tally in found.of_day.values()):
        return 1
    is_tried = any(tally.good for tally in found.of_day.values())
    return 0 if is_tried or not revealed.drawn else 3


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day; write YYYY-MM-DD") from None


def _seeds() -> Path:
    return Settings.read().home / "seeds"
