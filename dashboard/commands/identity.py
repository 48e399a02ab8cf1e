"""liuhen identity: which recorders and cameras look different from what was known, and vouch for them."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from collectors.identity import Doubt
from dashboard.collecting.known import identities
from dashboard.commands import Subparsers, UsageError, add_store, open_store, say, say_json, utc_now
from data.facts import IdentityConfirmed
from data.intake import Batch, take_in_batch
from data.known import create_known_views
from data.store import Store


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("identity", help="what looks different from what was known, and vouch for it")
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="machine output")
    actions = parser.add_subparsers(dest="action", metavar="confirm")
    confirm = actions.add_parser("confirm", help="it is the right one, ask it again from now on")
    confirm.add_argument("subject", help="the recorder, camera or recorder/channel as listed by `liuhen identity`")
    add_store(confirm, default=argparse.SUPPRESS)  # it may stand before and after the word
    confirm.add_argument("--by", required=True, metavar="NAME", help="who vouches for it")
    confirm.add_argument("--note", default="", help="how that is known, for instance a work order")
    return parser


def run(arguments: argparse.Namespace) -> int:
    with open_store(arguments.store, must_exist=True) as store:
        doubts = open_doubts(store)
        if arguments.action == "confirm":
            _confirm(store, doubts, arguments)
        elif arguments.json:
            say_json([asdict(doubt) for doubt in doubts])
        else:
            for doubt in doubts:
                say(str(doubt))
            say(f"{len(doubts)} doubts" if doubts else "everything looks as it was known")
    return 0


def open_doubts(store: Store) -> list[Doubt]:
    with store.cursor() as cursor:
        create_known_views(cursor, utc_now())
        return identities(cursor).doubts()


def _confirm(store: Store, doubts: list[Doubt], arguments: argparse.Namespace) -> None:
    meant = [doubt for doubt in doubts if doubt.subject_id == arguments.subject]
    if not meant:
        raise UsageError(f"nothing about '{arguments.subject}' is in doubt; `liuhen identity` lists what is")
    confirmed = [IdentityConfirmed(d.kind, d.subject_id, d.shown, arguments.by, arguments.note) for d in meant]
    take_in_batch(store, Batch(confirmations=confirmed), now=utc_now)
    for doubt in meant:
        say(f"{doubt.subject_id}: '{doubt.shown}' is the right one from now on")
