"""Where the facts come from, and what could not be asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import charts, frame, linked, outcomes, rulebook, silence, subjects
from dashboard.markup import Column, Content, el, joined, link, table
from dashboard.queries import Reader
from dashboard.rows import Source, UnknownTime
from dashboard.say import hours, instant, t
from data.periods import Month

ORDER = 5
ICON = ":material/lan:"
OWN_ROUNDS = "*"
"""The source under which rounds stand that this system missed as a whole."""


def render() -> None:
    with frame.reading() as reader:
        title, box = st.columns([5, 1], vertical_alignment="bottom")
        with title:
            frame.heading("sources")
        with box:
            month = frame.month_of(reader)
        if month is None:
            return
        sources = reader.sources()
        planned = _planned(reader, Month.parse(month))
        unknown = {row.source_id: row for row in reader.unknown_by_recorder(Month.parse(month))}
        _headline(sources, planned, unknown, reader)
        _table(sources, planned, unknown, reader)
        _clock(reader, sources, Month.parse(month))


def _planned(reader: Reader, month: Month) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in reader.planned(month):
        found[row.source_id][row.status] += row.work_count
    return found


def _headline(
    sources: Sequence[Source], planned: Mapping[str, Counter[str]], unknown: Mapping[str, UnknownTime], reader: Reader
) -> None:
    silent = sum(silence.is_silent(source, reader.now_at) for source in sources)
    work = sum(planned.values(), Counter[str]())
    required = sum(row.required_ms for row in unknown.values())
    missing = sum(row.unknown_ms for row in unknown.values())
    share = t("sources.of_required", share=outcomes.percent(missing, required)) if required else ""
    parts = t("sources.planned_parts", **{name: f"{work[name]:,}" for name in ("run", "merged", "skipped")})
    frame.tiles(
        [
            ("", t("sources.total"), f"{len(sources):,}", ""),
            ("unknown" if silent else "", t("sources.silent"), f"{silent:,}", t("sources.silent_note")),
            ("unknown" if missing else "", t("sources.unknown_time"), hours(missing), share),
            ("", t("sources.planned"), f"{work.total():,}", parts),
        ],
        "sources_headline",
    )


def _table(
    sources: Sequence[Source], planned: Mapping[str, Counter[str]], unknown: Mapping[str, UnknownTime], reader: Reader
) -> None:
    columns = [
        Column(t("sources.source"), "wide"),
        Column(t("sources.asked_at")),
        Column(t("sources.answered_at")),
        Column(t("sources.outcome"), "wide"),
        Column(t("sources.answered_7d")),
        Column(t("sources.unknown_time"), "num"),
        Column(t("sources.offset_now"), "num"),
        Column(t("sources.planned"), "num", t("sources.planned_help")),
    ]
    ranked = sorted(sources, key=lambda source: not silence.is_silent(source, reader.now_at))
    body = [_line(source, planned.get(source.source_id, Counter()), unknown.get(source.source_id)) for source in ranked]
    linked.show(table(columns, body, t("page.sources")), "sources_table")
    if missed := planned.get(OWN_ROUNDS):
        st.caption(f"{t('sources.own_rounds')}: {missed.total()}")


def _line(source: Source, work: Counter[str], unknown: UnknownTime | None) -> list[Content]:
    offset = source.clock_offset_ms
    return [
        _name(source),
        instant(source.asked_at) if source.asked_at else t("sources.never"),
        instant(source.answered_at) if source.answered_at else t("sources.never"),
        joined([silence.outcome_chip(source), el("div", source.reason, css="muted small")]),
        silence.answered_share(source),
        _unknown_cell(unknown),
        t("common.none") if offset is None else f"{offset / 1000:+.3f} s",
        f"{work.total()} = {work['run']} + {work['merged']} + {work['skipped']}" if work else "0",
    ]


def _name(source: Source) -> Content:
    address_line = f"{source.protocol} · {source.address} · {t('sources.cameras', count=source.camera_count)}"
    return joined(
        [
            link(subjects.href("recorder", source.source_id), source.source_id)
            if source.protocol != "whep"
            else source.source_id,
            el("div", address_line, css="muted small"),
            el("div", source.agency_name, css="muted small"),
        ]
    )


def _unknown_cell(unknown: UnknownTime | None) -> Content:
    if unknown is None:
        return el("span", t("common.none"), css="muted")
    if not unknown.unknown_ms:
        return "0"
    return el("span", hours(unknown.unknown_ms), css="mark o-unknown")


def _clock(reader: Reader, sources: Sequence[Source], month: Month) -> None:
    st.subheader(t("sources.clock"), anchor=False, help=t("sources.clock_help"))
    recorders = [source.source_id for source in sources if source.protocol != "whep"]
    if not recorders:
        frame.notice(t("sources.no_recorder"), "no_recorder")
        return
    with st.container(width=360):
        chosen = frame.choose("source", t("agencies.recorder"), recorders, everything=None)
    offsets = reader.offsets(chosen or recorders[0], month)
    if not offsets:
        frame.notice(t("sources.no_offsets", source=chosen, month=month), "no_offsets")
        return
    st.plotly_chart(
        charts.clock_curve(offsets, rulebook.clock_bounds_s()),
        theme=None,
        config=charts.CONFIG,
        key="clock_curve",
        alt=t("sources.clock_alt", source=chosen),
    )
