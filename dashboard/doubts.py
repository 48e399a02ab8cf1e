"""What looks different from what was known, as a notice: why something is not asked."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.identity import Doubt
from dashboard import frame
from dashboard.say import t, word


def show(doubts: Iterable[Doubt]) -> None:
    for doubt in doubts:
        said = t(
            "recorder.doubt",
            kind=word("identity", doubt.kind),
            subject=doubt.subject_id,
            trusted=doubt.trusted,
            shown=doubt.shown,
        )
        frame.notice(said, f"doubt_{doubt.kind}_{doubt.subject_id}")
