"""Plotly figures: the exact timeline of a day, the clock of a recorder, and what other values of a rule would give.

Axes carry figures only, so that no locale has to be loaded; every word comes from the text table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.outcomes import COLOURS, WORST_FIRST
from dashboard.rows import Day, Exemption, Offset
from dashboard.say import clock_ms, duration, t, word
from data.periods import DAY_MS, LOCAL_OFFSET, day_starts_at
from rules.catalogue import Parameter
from rules.laboratory import Point

CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": True, "doubleClick": "reset", "displaylogo": False}
FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
TRACK_COLOURS = {"held": "#4E9E96", "missing": "#C2410C", "unknown": "#F1F3F6", "off": "#FFFFFF", "exempt": "#8B7BB8"}
OUTLINES = {"held": "#4E9E96", "missing": "#C2410C", "unknown": "#AEB6C2", "off": "#C9D1DB", "exempt": "#8B7BB8"}


def day_timeline(day: date, intervals: Day, exemptions: Sequence[Exemption]) -> go.Figure:
    """One track of what was held, missing, unknown and off duty, to the millisecond; exempt time on a second track."""
    figure = go.Figure()
    tracks = (
        ("held", intervals.held),
        ("missing", intervals.missing),
        ("unknown", intervals.unknown),
        ("off", intervals.off_duty),
    )
    for name, spans in tracks:
        figure.add_trace(_track(day, name, t("camera.track_footage"), spans))
    if exemptions:
        figure.add_trace(_track(day, "exempt", t("camera.track_exempt"), [_of_day(day, x) for x in exemptions]))
    midnight = datetime(day.year, day.month, day.day)
    figure.update_layout(
        _layout(height=190 if exemptions else 150),
        barmode="overlay",
        bargap=0.25,
        legend={"orientation": "h", "y": 1.28, "x": 0, "itemclick": False, "itemdoubleclick": False},
    )
    figure.update_xaxes(
        type="date", range=[midnight, midnight + timedelta(days=1)], dtick=2 * 3_600_000, tickformat="%H:%M",
        gridcolor="#E4E8EE", minallowed=midnight, maxallowed=midnight + timedelta(days=1),
    )  # fmt: skip
    figure.update_yaxes(type="category", fixedrange=True, autorange="reversed")
    return figure


def _of_day(day: date, exemption: Exemption) -> dict[str, int]:
    start = day_starts_at(day)
    return {
        "s": max(0, int((exemption.from_at - start).total_seconds() * 1000)),
        "e": min(DAY_MS, int((exemption.to_at - start).total_seconds() * 1000)),
    }


def _track(day: date, name: str, row: str, spans: Sequence[dict[str, int]]) -> go.Bar:
    midnight = datetime(day.year, day.month, day.day)
    shown = spans or [{"s": 0, "e": 0}]  # an empty bar keeps its entry in the legend
    texts = [f"{clock_ms(x['s'])} – {clock_ms(x['e'])}　{duration(x['e'] - x['s'])}" for x in shown]
    return go.Bar(
        orientation="h",
        name=word("coverage", name),
        y=[row] * len(shown),
        base=[midnight + timedelta(milliseconds=x["s"]) for x in shown],
        x=[x["e"] - x["s"] for x in shown],
        customdata=texts,
        hovertemplate=f"<b>{word('coverage', name)}</b><br>%{{customdata}}<extra></extra>",
        marker={
            "color": TRACK_COLOURS[name],
            "line": {"color": OUTLINES[name], "width": 1},
            "pattern": {"shape": "/" if name == "unknown" else "", "fgcolor": "#8A94A3", "size": 7, "solidity": 0.35},
        },
    )


def clock_curve(offsets: Sequence[Offset], bounds_s: tuple[float, float]) -> go.Figure:
    """Device minus true time by the instant of asking, with the bounds of the clock rule as bands."""
    worst_s = max([abs(x.clock_offset_ms) / 1000 for x in offsets] + [bounds_s[0]]) * 1.15
    figure = go.Figure(
        go.Scatter(
            x=[x.asked_at + LOCAL_OFFSET for x in offsets],
            y=[x.clock_offset_ms / 1000 for x in offsets],
            mode="lines+markers",
            marker={"size": 5, "color": "#1F4E79"},
            line={"width": 1.5, "color": "#1F4E79", "shape": "hv"},
            hovertemplate="%{x|%Y-%m-%d %H:%M:%S}<br><b>%{y:+.3f} s</b><extra></extra>",
        )
    )
    for edge, colour in zip(bounds_s, ("#0F766E", "#C2410C"), strict=True):
        for sign in (-1, 1):
            if edge <= worst_s:
                figure.add_hline(y=sign * edge, line={"color": colour, "width": 1, "dash": "dot"},
                                 annotation_text=f"{sign * edge:+g} s", annotation_font_size=11,
                                 annotation_position="top left")  # fmt: skip
    figure.update_layout(_layout(height=260), showlegend=False)
    figure.update_yaxes(
        title=t("sources.offset_axis"), gridcolor="#E4E8EE", zerolinecolor="#9AA7B5", range=[-worst_s, worst_s]
    )
    figure.update_xaxes(tickformat="%m-%d", gridcolor="#E4E8EE")
    return figure


def sweep_bars(points: Sequence[Point], parameter: Parameter) -> go.Figure:
    """Outcomes per value tried, stacked worst first; beside it the same without those that pass, on its own scale."""
    titles = (t("laboratory.all_verdicts"), t("laboratory.without_pass"))
    figure = make_subplots(rows=1, cols=2, subplot_titles=titles, horizontal_spacing=0.08)
    labels = [f"{x.value} ({t('laboratory.as_it_is')})" if x.value == parameter.value else str(x.value) for x in points]
    for outcome in (o for o in WORST_FIRST if any(point.counts[o] for point in points)):
        for column in (1, 2) if outcome != "pass" else (1,):
            figure.add_trace(_outcome_bars(outcome, labels, points, in_legend=column == 1), row=1, col=column)
    figure.update_layout(
        _layout(height=330),
        barmode="stack",
        bargap=0.35,
        legend={"orientation": "h", "y": -0.2, "x": 0, "itemclick": False, "itemdoubleclick": False},
    )
    figure.update_layout(dragmode=False)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=labels, fixedrange=True)
    figure.update_yaxes(rangemode="tozero", gridcolor="#E4E8EE", fixedrange=True, tickformat=",d", minallowed=0)
    return figure


def _outcome_bars(outcome: str, labels: Sequence[str], points: Sequence[Point], *, in_legend: bool) -> go.Bar:
    name = word("outcome", outcome)
    return go.Bar(
        name=name,
        legendgroup=outcome,
        showlegend=in_legend,
        x=labels,
        y=[point.counts[outcome] for point in points],
        hovertemplate=f"%{{x}}<br><b>{name}</b> %{{y:,}}<extra></extra>",
        marker={
            "color": "#F1F3F6" if outcome == "unknown" else COLOURS[outcome],
            "line": {"color": "#AEB6C2" if outcome == "unknown" else "#FFFFFF", "width": 1},
            "pattern": {
                "shape": "/" if outcome == "unknown" else "",
                "fgcolor": "#8A94A3",
                "size": 7,
                "solidity": 0.35,
            },
        },
    )


def _layout(height: int) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 64, "r": 24, "t": 36, "b": 28},
        "font": {"family": FONT, "size": 12, "color": "#1B2733"},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "hoverlabel": {"font": {"family": FONT, "size": 12}},
        "dragmode": "pan",
    }
