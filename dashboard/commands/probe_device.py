"""liuhen probe-device ADDRESS: what answers there, what it tells, and which rights are missing. Nothing is stored."""

from __future__ import annotations

import argparse
import os
from urllib.parse import urlsplit

from collectors import protocols
from collectors.device import Secret
from collectors.probing import Errand, Manner, Probe, probe
from dashboard import probed
from dashboard.commands import Subparsers, UsageError, say, say_json, say_table, utc_now
from dashboard.commands.collect import known_secrets
from dashboard.speech import Speech
from dashboard.texts import DEFAULT_LANGUAGE, LANGUAGES
from data.settings import Settings


def add(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser("probe-device", help="what answers at an address, what it tells and what it refuses")
    parser.add_argument("address", metavar="ADDRESS", help="http://host:port as in recorders.csv, or a folder")
    parser.add_argument("--user", metavar="NAME", help="account to log in with, if a login is asked for")
    parser.add_argument("--password-env", metavar="VAR", help="environment variable that holds its password")
    parser.add_argument("--credential", metavar="NAME", help="account by its name in secrets.yaml instead")
    parser.add_argument("--protocol", metavar="WORD", help="ask only for this protocol (default: find out)")
    parser.add_argument(
        "--channel", action="append", default=[], metavar="ID",
        help="look for the oldest footage of this channel too; may be repeated",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--lang", choices=LANGUAGES, default=DEFAULT_LANGUAGE, help="language of what is said")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """3: nobody we know answers there. 1: somebody does, and something was refused or failed."""
    if arguments.protocol and arguments.protocol not in protocols.names():
        raise UsageError(f"no protocol '{arguments.protocol}'; known: {', '.join(protocols.names())}")
    errand = Errand(_address(arguments.address), _secret(arguments), arguments.protocol or "", arguments.channel)
    found = probe(errand, Manner(utc_now))
    if arguments.json:
        say_json(probed.machine(found))
    else:
        _print(found, Speech(arguments.lang))
    if not found.protocol:
        return 3
    return int(found.login in ("missing", "refused") or bool(found.missing_rights or found.failures))


def _address(text: str) -> str:
    """What people type: a bare host is asked over HTTP."""
    address = text if "://" in text or text.startswith("/") else f"http://{text}"
    try:
        url = urlsplit(address)
        is_usable = url.scheme == "file" or text.startswith("/") or (_is_host(url.hostname) and url.port != 0)
    except ValueError:
        is_usable = False
    if not is_usable or url.scheme not in ("", "file", "http", "https"):
        raise UsageError(f"'{text}' is not an address; write http://host:port, or the absolute path of a folder")
    if url.username or url.password:
        raise UsageError("the address holds an account; give it with --user and --password-env instead")
    return address


def _is_host(name: str | None) -> bool:
    """A name or an IP address; whatever else stands there would only break every client that is tried."""
    return bool(name) and not any(character.isspace() or character in "\"'<>\\^`{|}" for character in str(name))


def _secret(arguments: argparse.Namespace) -> Secret | None:
    if arguments.credential:
        if arguments.user or arguments.password_env:
            raise UsageError("give either --credential or --user with --password-env, not both")
        known = known_secrets()
        if arguments.credential not in known:
            names = ", ".join(sorted(known)) or "none yet"
            where = Settings.read().home / "secrets.yaml"
            raise UsageError(f"{where} has no account '{arguments.credential}'; known: {names}")
        return known[arguments.credential]
    if bool(arguments.user) != bool(arguments.password_env):
        raise UsageError("--user and --password-env belong together")
    if not arguments.user:
        return None
    password = os.environ.get(arguments.password_env)
    if password is None:
        raise UsageError(f"the environment has no variable {arguments.password_env}; set it to the password")
    return Secret(arguments.user, password)


def _print(found: Probe, speech: Speech) -> None:
    for line in probed.head(found, speech):
        say(line)
    for header, rows in probed.tables(found, speech):
        say("")
        say_table(header, rows)
    notes = probed.notes(found, speech)
    if notes:
        say("")
    for line in notes:
        say(line)
