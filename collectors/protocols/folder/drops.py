"""Pairs of files, read with the bundle's own reader; finished ones only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from collectors.answers import Malformed, Unreachable
from collectors.protocols.folder.share import Content, FolderDevice
from collectors.protocols.folder.statements import Drop, Statement, statements_of
from collectors.protocols.folder.text import Plain, plain
from data.bundle import BundleErrors
from data.bundle.bundle import validated
from data.bundle.format import TABLES
from data.bundle.lines import located
from data.bundle.source import BundleFile, Source

SETTLING = timedelta(minutes=1)
AHEAD = timedelta(minutes=2)
MAX_TOTAL_BYTES = 128 * 2**20
PARTS = ("polls", "footage")
_NAME = re.compile("|".join(f"(?P<{part}>{part}|{TABLES[part].title_zh})" for part in PARTS), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Pair:
    polls: Content
    footage: Content


def drops_in(folder: FolderDevice) -> list[Drop]:
    """All pairs in the folder, read once per session.

    Unreachable while one of them is not finished, Malformed when one is broken: it may correct what another one says.
    """
    kept = folder.notes.get("drops")
    if isinstance(kept, list):
        return kept
    pairs = [_finished(folder, ending, names) for ending, names in _paired(folder.names(), folder.address).items()]
    total = sum(len(each.body) for pair in pairs for each in (pair.polls, pair.footage))
    if total > MAX_TOTAL_BYTES:
        raise Malformed(
            f"the indexes in {folder.address} are larger than {MAX_TOTAL_BYTES // 2**20} MiB; remove old ones"
        )
    drops = [_drop(pair, folder) for pair in pairs]
    _check_repeated(drops, folder.address)
    folder.notes["drops"] = drops
    return drops


def _paired(names: Iterable[str], address: str) -> dict[str, dict[str, str]]:
    """Names by what follows `polls` and `footage`."""
    pairs: dict[str, dict[str, str]] = {}
    for name in names:
        match = _NAME.match(name)
        if match is None or not name.lower().endswith(".csv"):
            continue
        part, ending = str(match.lastgroup), name[match.end() :].lower()
        other = pairs.setdefault(ending, {}).setdefault(part, name)
        if other != name:
            raise Malformed(f"{address} holds both {other} and {name}; keep one of them")
    return pairs


def _finished(folder: FolderDevice, ending: str, names: dict[str, str]) -> _Pair:
    missing = [part for part in PARTS if part not in names]
    if missing:
        raise Unreachable(
            f"{folder.address} holds {', '.join(names.values())} without its {missing[0]}{ending}; add it, with the "
            "header alone when it lists nothing"
        )
    pair = _Pair(*(folder.read(names[part]) for part in PARTS))
    for content in (pair.polls, pair.footage):
        if folder.now() - content.changed_at < SETTLING:
            raise Unreachable(f"{folder.address}/{content.name} changed within the last minute; it is read next time")
    return pair


def _drop(pair: _Pair, folder: FolderDevice) -> Drop:
    texts = [plain(content, TABLES[part], folder.address) for content, part in zip(_both(pair), PARTS, strict=True)]
    if texts[0].mark != texts[1].mark:
        raise Unreachable(
            f"{folder.address}: {pair.polls.name} ends with '{texts[0].mark}' and {pair.footage.name} with "
            f"'{texts[1].mark}', so they are not of one index; it is read when both are the same"
        )
    return Drop(pair.polls, pair.footage, tuple(_statements(texts, pair, folder)))


def _both(pair: _Pair) -> tuple[Content, Content]:
    return pair.polls, pair.footage


def _statements(texts: list[Plain], pair: _Pair, folder: FolderDevice) -> list[Statement]:
    """Malformed with file and line for what the bundle's reader refuses."""
    with TemporaryDirectory(prefix="liuhen-") as place:
        files = [_written(Path(place), part, text) for part, text in zip(PARTS, texts, strict=True)]
        try:
            with validated(Source(folder.address, tuple(files)), known=lambda _, ids: ids) as bundle:
                polls = bundle.rows("polls").read_all().to_pylist()
                footage = bundle.rows("footage").read_all().to_pylist()
        except BundleErrors as errors:
            raise _broken(errors, pair, folder.address) from None
        late = next((n for n, poll in enumerate(polls) if poll["asked_at"] > folder.now() + AHEAD), None)
        if late is not None:
            line, _ = located(files[0].path, {late})[late]
            raise Malformed(f"{folder.address}/{pair.polls.name} line {line}, column asked_at: lies in the future")
    return statements_of(polls, footage)


def _written(place: Path, part: str, text: Plain) -> BundleFile:
    path = place / TABLES[part].file
    path.write_bytes(text.csv.encode())
    return BundleFile(TABLES[part], path, "", None)


def _broken(errors: BundleErrors, pair: _Pair, address: str) -> Malformed:
    names = {TABLES[part].file: content.name for part, content in zip(PARTS, _both(pair), strict=True)}
    first = errors.errors[0]
    more = f"; and {errors.count - 1} more errors" if errors.count > 1 else ""
    return Malformed(f"{address}/{replace(first, file=names.get(first.file, first.file))}{more}")


def _check_repeated(drops: list[Drop], address: str) -> None:
    """A poll said twice must be the same both times, as in bundles."""
    seen: dict[tuple[str, str], tuple[Statement, Drop]] = {}
    for drop in drops:
        for statement in drop.statements:
            said, where = seen.setdefault((statement.poll_id, statement.channel), (statement, drop))
            if said != statement:
                raise Malformed(
                    f"{address}: poll '{statement.poll_id}' of '{statement.channel}' stands in {where.polls.name} and "
                    f"{drop.polls.name} with different contents; give a new index a new poll_id"
                )
