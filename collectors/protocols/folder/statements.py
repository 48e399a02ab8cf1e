"""What indexes say about one camera, laid over each other, and what becomes of it in an answer."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from collectors.answers import Exchange, FootageAnswer, Span
from collectors.intervals import Interval, common, merged, without
from collectors.protocols.folder.share import Content, FolderDevice

WHOLE_BYTES = 2**20
"""Files up to this size are kept as evidence whole, of larger ones the lines that name the channel."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of polls that speaks: what it lists in its window, all in true time."""

    poll_id: str
    channel: str
    asked_at: datetime
    window: Interval
    held: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    polls: Content
    footage: Content
    statements: tuple[Statement, ...]


def statements_of(polls: Iterable[dict[str, Any]], footage: Iterable[dict[str, Any]]) -> list[Statement]:
    """Rows that are not ok and complete say nothing, and no row speaks about its own future."""
    spans: defaultdict[tuple[str, str], list[Interval]] = defaultdict(list)
    for row in footage:
        spans[row["poll_id"], row["camera_id"]].append((row["started_at"], row["ended_at"]))
    found = []
    for poll in polls:
        if poll["outcome"] == "ok" and poll["complete"]:
            key = (poll["poll_id"], poll["camera_id"])
            offset = timedelta(milliseconds=poll["clock_offset_ms"] or 0)
            window = (poll["covers_from"], min(poll["covers_to"], poll["asked_at"]))
            held = merged((start - offset, end - offset) for start, end in spans[key])
            found.append(Statement(*key, poll["asked_at"], window, tuple(held)))
    return found


def answers_from(drops: list[Drop], folder: FolderDevice, channel: str, window: Interval) -> Iterator[FootageAnswer]:
    """The newest statement decides, as in the ledger; pieces in time order."""
    spoken = [
        (statement, drop)
        for drop in drops
        for statement in drop.statements
        if statement.channel == channel and common([statement.window], [window])
    ]
    spoken.sort(key=lambda each: (each[0].asked_at, each[0].poll_id), reverse=True)
    answers, covered = list[FootageAnswer](), list[Interval]()
    for statement, _ in spoken:
        parts = without(common([statement.window], [window]), covered)
        answers += [_answer(statement, part) for part in parts]
        covered = merged([*covered, statement.window])
    reason = f"no index in {folder.address} speaks about '{channel}' at that time; drop one that does"
    answers += [
        FootageAnswer(*part, outcome="unreachable", complete=False, reason=reason)
        for part in without([window], covered)
    ]
    for drop in {id(drop): drop for _, drop in spoken}.values():
        folder.exchanges += [_evidence(content, channel) for content in (drop.polls, drop.footage)]
    yield from sorted(answers, key=lambda answer: answer.covers_from)


def _answer(statement: Statement, part: Interval) -> FootageAnswer:
    return FootageAnswer(*part, tuple(Span(start, end) for start, end in common(statement.held, [part])))


def _evidence(content: Content, channel: str) -> Exchange:
    if len(content.body) <= WHOLE_BYTES:
        return Exchange(f"READ {content.name}", 200, content.body)
    words = {channel.encode(encoding) for encoding in ("utf-8", "gb18030")}
    lines = content.body.splitlines(keepends=True)
    kept = [line for number, line in enumerate(lines) if number == 0 or any(word in line for word in words)]
    digest = hashlib.sha256(content.body).hexdigest()
    return Exchange(f"READ {content.name} (the lines of {channel}; sha256 of all: {digest})", 200, b"".join(kept))
