"""What probing one device found, said for a terminal and for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from collectors.answers import ChannelReading, Description, DiskReading, PlanReading
from collectors.oldest import Oldest
from collectors.probing import Probe
from dashboard.speech import Speech

GIGABYTE = 10**9
Table = tuple[list[str], list[list[Any]]]


def head(found: Probe, speech: Speech) -> list[str]:
    if not found.protocol:
        return [speech.t("probe.nobody", address=found.address), *_tried(found, speech)]
    lines = [speech.t("probe.answers", address=found.address, protocol=found.protocol)]
    if found.native:
        lines.append(speech.t("probe.native", protocol=found.native))
    lines.append(speech.word("probe_login", found.login))
    described = found.look.description if found.look else None
    if described is not None:
        lines += [speech.t(f"probe.{name}", value=value) for name, value in asdict(described).items() if value]
    clock = found.look.clock if found.look else None
    if clock is not None:
        offset_s, half_s = clock.offset_ms / 1000, clock.round_trip_ms / 2000
        lines.append(speech.t("probe.clock", offset_s=f"{offset_s:+.1f}", half_s=f"{half_s:.1f}"))
    return lines


def tables(found: Probe, speech: Speech) -> Iterator[Table]:
    """Channels with their plan and oldest footage, then disks; nothing for what the device did not tell."""
    rows = [
        [channel, reading.name, _online(reading, speech), _plan(plan, speech), _oldest(oldest, speech)]
        for channel, reading, plan, oldest in _by_channel(found)
    ]
    if rows:
        yield [speech.t(f"probe.{word}") for word in ("channel", "name", "online", "plan", "oldest")], rows
    disks = found.look.disks if found.look else None
    if disks:
        header = [speech.t(f"probe.{word}") for word in ("disk", "state", "capacity", "free")]
        yield header, [_disk(disk, speech) for disk in disks]


def notes(found: Probe, speech: Speech) -> list[str]:
    lines = []
    for missing in found.missing_rights:
        question = speech.word("probe_question", missing.question)
        key = "probe.lacks_named" if missing.right else "probe.lacks"
        lines.append(speech.t(key, question=question, right=missing.right, reason=missing.reason))
    for question, reason in found.failures:
        lines.append(speech.t("probe.failed", question=speech.word("probe_question", question), reason=reason))
    return lines


def machine(found: Probe) -> dict[str, Any]:
    seen = found.look
    described = (seen.description if seen else None) or Description()
    return {
        "address": found.address,
        "protocol": found.protocol or None,
        "native_protocol": found.native or None,
        "tried": [asdict(tried) for tried in found.tried],
        "login": found.login if found.protocol else None,
        **asdict(described),
        "clock": asdict(seen.clock) if seen and seen.clock else None,
        "channels": [asdict(each) for each in seen.channels] if seen and seen.channels is not None else None,
        "plans": [asdict(each) for each in seen.plans] if seen and seen.plans is not None else None,
        "disks": [asdict(each) for each in seen.disks] if seen and seen.disks is not None else None,
        "oldest_footage": [_machine_oldest(oldest) for oldest in found.oldest],
        "missing_rights": [asdict(missing) for missing in found.missing_rights],
        "failures": [{"question": question, "reason": reason} for question, reason in found.failures],
        "requests": found.request_count,
    }


def _machine_oldest(oldest: Oldest) -> dict[str, Any]:
    return {
        "channel": oldest.channel,
        "by": oldest.by,
        "day": oldest.day.isoformat() if oldest.day else None,
        "exact": oldest.is_exact,
        "reason": str(oldest.failure or ""),
    }


def _tried(found: Probe, speech: Speech) -> list[str]:
    return [
        speech.t("probe.tried", protocol=each.protocol, outcome=speech.word("probe_tried", each.outcome)) + each.reason
        for each in found.tried
    ]


def _by_channel(found: Probe) -> Iterator[tuple[str, ChannelReading, PlanReading | None, Oldest | None]]:
    seen = found.look
    readings = {reading.channel: reading for reading in (seen.channels if seen else None) or ()}
    plans = {plan.channel: plan for plan in (seen.plans if seen else None) or ()}
    oldest = {each.channel: each for each in found.oldest}
    for channel in dict.fromkeys([*readings, *plans, *oldest]):
        yield channel, readings.get(channel, ChannelReading(channel)), plans.get(channel), oldest.get(channel)


def _online(reading: ChannelReading, speech: Speech) -> str:
    return speech.t({True: "common.yes", False: "common.no", None: "common.none"}[reading.is_online])


def _plan(plan: PlanReading | None, speech: Speech) -> str:
    return speech.word("plan_mode", plan.mode if plan else None)


def _oldest(oldest: Oldest | None, speech: Speech) -> str:
    if oldest is None:
        return speech.t("common.none")
    if oldest.by == "nothing":
        return speech.t("probe.oldest_not_told" if oldest.failure else "probe.oldest_not_asked")
    if oldest.day is None:
        return speech.t(f"probe.oldest_none_by_{oldest.by}")
    key = "probe.oldest_since" if oldest.is_exact else "probe.oldest_at_least"
    return speech.t(key, day=oldest.day, how=speech.word("probe_by", oldest.by))


def _disk(disk: DiskReading, speech: Speech) -> list[Any]:
    sizes = [_gigabytes(size, speech) for size in (disk.capacity_bytes, disk.free_bytes)]
    state = speech.word("disk_state", disk.state)
    return [disk.disk_id, f"{state} ({disk.state_text})" if disk.state_text else state, *sizes]


def _gigabytes(size: int | None, speech: Speech) -> str:
    return speech.t("common.none") if size is None else f"{size / GIGABYTE:,.0f} GB"
