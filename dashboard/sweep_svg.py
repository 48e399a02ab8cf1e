"""The chart of a sweep as one SVG file that needs nothing else: stacked bars from zero, words in both languages.

Passing verdicts dwarf the others in most months, so a second panel draws the same bars without them, on its own scale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape

from dashboard.outcomes import COLOURS, WORST_FIRST
from dashboard.speech import Speech
from data.periods import Month, to_local_text
from rules.catalogue import Rule
from rules.laboratory import Point

ZH, EN = Speech("zh"), Speech("en")
LEFT, RIGHT, TOP, PANEL, GAP = 64, 24, 168, 220, 62
LEAST_WIDTH, STEP, BAR = 700, 52, 34
LEGEND_STEP, LEGEND_PER_LINE = 166, 4
ROOM_FOR_A_NUMBER = 13
LONGEST_LABEL = 24
FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#F1F3F6"/><rect width="2.4" height="6" fill="#8A94A3"/></pattern></defs>'
)


def drawn(rule: Rule, name: str, points: Sequence[Point], *, month: Month, now_at: datetime, as_of: datetime) -> str:
    """The whole file. `points` are drawn in their order, evenly spaced: the axis lists values, it does not measure."""
    width = max(LEAST_WIDTH, LEFT + RIGHT + STEP * len(points))
    slanted = any(len(str(point.value)) > 6 for point in points)
    labels = 120 if slanted else 28
    lower = TOP + PANEL + GAP + PANEL
    height = lower + labels + 46
    parts = [
        *_head(rule, month, now_at, as_of),
        *_panel(points, WORST_FIRST, TOP, width, " ".join(x.t("laboratory.all_verdicts") for x in (ZH, EN))),
        *_panel(
            points,
            WORST_FIRST[:-1],
            TOP + PANEL + GAP,
            width,
            " ".join(x.t("laboratory.without_pass") for x in (ZH, EN)),
        ),
        *_values(rule, name, points, lower, width, slanted=slanted, footer=height - 14),
    ]
    title = escape(f"{rule.title.zh} {rule.title.en} · {name}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" font-family="{FONT}" font-size="12" fill="#1B2733"><title>{title}</title>'
        f'{HATCH}<rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(parts)}</svg>\n'
    )


def _text(x: float, y: float, text: str, **attributes: str) -> str:
    written = "".join(f' {name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    return f'<text x="{x:g}" y="{y:g}"{written}>{escape(text)}</text>'


def _head(rule: Rule, month: Month, now_at: datetime, as_of: datetime) -> Iterator[str]:
    yield _text(LEFT - 44, 24, rule.title.zh, font_size="15", font_weight="700")
    yield _text(LEFT - 44, 43, f"{rule.title.en} ({rule.id})", font_size="13")
    fields = {"month": str(month), "now": to_local_text(now_at), "as_of": to_local_text(as_of)}
    for y, speech in ((63, ZH), (79, EN)):
        yield _text(LEFT - 44, y, speech.t("laboratory.judged", **fields), font_size="11", fill="#5C6B7C")
    for position, outcome in enumerate(WORST_FIRST):
        x = LEFT - 44 + position % LEGEND_PER_LINE * LEGEND_STEP
        y = 102 + position // LEGEND_PER_LINE * 18
        swatch = f'<rect x="{x}" y="{y - 10}" width="13" height="11" fill="{_fill(outcome)}"'
        yield f'{swatch} stroke="#5C6B7C" stroke-width="0.5"/>'
        yield _text(x + 18, y, f"{ZH.word('outcome', outcome)} {EN.word('outcome', outcome)}", font_size="11")


def _fill(outcome: str) -> str:
    return "url(#hatch)" if outcome == "unknown" else COLOURS[outcome]


def _panel(points: Sequence[Point], shown: Sequence[str], top: int, width: int, title: str) -> Iterator[str]:
    most = max((sum(point.counts[outcome] for outcome in shown) for point in points), default=0)
    tick = _tick(most)
    ceiling = max(tick, -(-most // tick) * tick)
    bottom = top + PANEL
    yield _text(LEFT, top - 24, title, font_weight="700")
    for count in range(0, ceiling + 1, tick):
        y = bottom - PANEL * count / ceiling
        yield f'<path d="M{LEFT} {y:g}H{width - RIGHT}" stroke="{"#5C6B7C" if count == 0 else "#E4E8EE"}"/>'
        yield _text(LEFT - 6, y + 4, f"{count:,}", text_anchor="end", font_size="11")
    for position, point in enumerate(points):
        yield from _bar(point.counts, shown, _middle(position), bottom, PANEL / ceiling)


def _tick(most: int) -> int:
    """A round number of verdicts between two lines: at most five lines."""
    step = 1
    while most > 5 * step:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def _middle(position: int) -> float:
    return LEFT + STEP * (position + 0.5)


def _bar(counts: Counter[str], shown: Sequence[str], middle: float, bottom: int, per_verdict: float) -> Iterator[str]:
    """Worst at the foot, where bars can be compared."""
    y = float(bottom)
    for outcome in (outcome for outcome in shown if counts[outcome]):
        size = counts[outcome] * per_verdict
        y -= size
        tip = escape(f"{ZH.word('outcome', outcome)} {EN.word('outcome', outcome)}: {counts[outcome]}")
        yield (
            f'<rect x="{middle - BAR / 2:g}" y="{y:.2f}" width="{BAR}" height="{size:.2f}" fill="{_fill(outcome)}"'
            f' stroke="#FFFFFF" stroke-width="0.5"><title>{tip}</title></rect>'
        )
        if size >= ROOM_FOR_A_NUMBER:
            is_dark = outcome not in ("unknown", "suspect", "maturing")
            fill, halo = ("#FFFFFF", "none") if is_dark else ("#1B2733", "#FFFFFF")  # readable on the hatch too
            look = {"fill": fill, "stroke": halo, "stroke_width": "3", "paint_order": "stroke"}
            yield _text(middle, y + size / 2 + 4, str(counts[outcome]), text_anchor="middle", font_size="11", **look)
    total = sum(counts[outcome] for outcome in shown)
    yield _text(middle, y - 4, f"{total:,}", text_anchor="middle", font_size="11", font_weight="700")


def _values(
    rule: Rule, name: str, points: Sequence[Point], bottom: int, width: int, *, slanted: bool, footer: int
) -> Iterator[str]:
    """The values under the bars, the one in force marked, and what the axis lists."""
    present = rule.parameters[name]
    for position, point in enumerate(points):
        x, y, is_present = _middle(position), bottom + 23, point.value == present.value
        turn = {"text_anchor": "end", "transform": f"rotate(-45 {x:g} {y})"} if slanted else {"text_anchor": "middle"}
        yield _text(x, y, _short(point.value), font_weight="700" if is_present else "400", **turn)
        if is_present:
            yield f'<path d="M{x - 5:g} {bottom + 9}L{x:g} {bottom + 2}L{x + 5:g} {bottom + 9}Z" fill="#1F4E79"/>'
    present_words = " ".join(speech.t("laboratory.as_it_is") for speech in (ZH, EN))
    axis = f"{name} ({present.unit}) · ▲ {present_words}: {_short(present.value)}"
    yield _text(width / 2, footer, axis, text_anchor="middle")


def _short(value: Decimal | str) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
