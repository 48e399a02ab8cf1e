"""When a source counts as silent, and how its last answer is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard.markup import Html, chip, el
from dashboard.rows import Source
from dashboard.say import t, word

SILENT_AFTER = timedelta(hours=48)
"""The same span as the rule recorder_answers, so that a source is named here before it becomes a finding there."""


def is_silent(source: Source, now_at: datetime) -> bool:
    """Its last attempt brought no answer, or the last answer is old, or there never was one."""
    if source.answered_at is None or source.asked_at is None:
        return True
    return source.asked_at > source.answered_at or now_at - source.answered_at > SILENT_AFTER


def outcome_chip(source: Source) -> Html:
    """Being silent is no breach: it is shown as unknown."""
    if source.outcome is None:
        return chip("unknown", t("sources.never_asked"))
    return chip("pass" if source.outcome == "ok" else "unknown", word("answer", source.outcome))


def answered_share(source: Source) -> Html:
    if not source.asked_7d:
        return el("span", t("common.none"), css="muted")
    share = source.answered_7d * 100 // source.asked_7d
    return el("span", f"{share}%") + el("span", f" {source.answered_7d}/{source.asked_7d}", css="muted small")
