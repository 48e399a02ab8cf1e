"""Six months and one month of a camera as grids of plain cells; the figures come ready from the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from dashboard import address, rulebook
from dashboard.markup import Content, Html, el, joined, link
from dashboard.outcomes import percent
from dashboard.rows import Coverage
from dashboard.say import duration, t, weekday, word

STATES = ("held", "part", "missing", "exempt", "unknown", "off", "future")


def state(coverage: Coverage, seam_ms: int) -> str:
    """What one cell shows. Known missing comes first, and anything not asked keeps a cell from looking fine."""
    if coverage.is_future:
        return "future"
    if coverage.required_ms == 0:
        return "off"
    if coverage.missing_ms > seam_ms:
        return "missing" if coverage.missing_ms == coverage.required_ms else "part"
    if coverage.unknown_ms > seam_ms:
        return "unknown"
    if coverage.exempt_ms > seam_ms:
        return "exempt"
    return "held"


def _tip(when: str, coverage: Coverage, shown: str) -> str:
    lengths = {name: getattr(coverage, f"{name}_ms") for name in ("missing", "unknown", "exempt", "held")}
    parts = [f"{word('coverage', name)} {duration(length)}" for name, length in lengths.items() if length]
    return f"{when} · {', '.join(parts) if parts else word('coverage', shown)}"


def _day_href(camera_id: str, day: date) -> str:
    return address.to("camera", camera=camera_id, day=day.isoformat())


def month_grid(hours: Sequence[Coverage], camera_id: str, chosen: date | None) -> Html:
    """Days down, hours across, sums at the end of each line."""
    seam_ms = rulebook.seam_ms()
    heads = [el("span"), *(el("span", f"{hour:02d}", css="head") for hour in range(24))]
    heads += [el("span", t(f"camera.sum_{name}"), css="head") for name in ("held", "missing", "unknown")]
    lines: list[Content] = []
    for day, group in groupby(hours, key=lambda hour: hour.day):
        lines += _day_line(day, list(group), camera_id, chosen == day, seam_ms)
    columns = "92px repeat(24, minmax(14px, 1fr)) 62px 92px 92px"
    return el("div", *heads, *lines, css="grid", style=f"grid-template-columns:{columns}")


def _day_line(day: date, hours: list[Coverage], camera_id: str, is_chosen: bool, seam_ms: int) -> list[Content]:
    cells: list[Content] = []
    for hour in hours:
        shown = state(hour, seam_ms)
        when = f"{day:%m-%d} {hour.slot:02d}:00–{hour.slot + 1:02d}:00"
        cells.append(el("span", css=f"cell c-{shown}", title=_tip(when, hour, shown)))
    name = link(_day_href(camera_id, day), f"{day:%m-%d} {weekday(day)}")
    return [el("span", name, css="rowhead chosen" if is_chosen else "rowhead"), *cells, *_sums(hours)]


def _sums(hours: Iterable[Coverage]) -> list[Content]:
    told = list(hours)
    required = sum(hour.required_ms for hour in told)
    held = sum(hour.held_ms for hour in told)
    lengths = (sum(hour.missing_ms for hour in told), sum(hour.unknown_ms for hour in told))
    shares = [percent(held, required) if required else ""]
    return [el("span", text, css="rowhead") for text in [*shares, *(duration(ms) if ms else "" for ms in lengths)]]


def term_strip(days: Sequence[Coverage], camera_id: str, chosen: date | None) -> Html:
    """One cell per day of the retention term, a block per month; each cell opens its day."""
    seam_ms = rulebook.seam_ms()
    blocks = []
    for month, group in groupby(days, key=lambda day: f"{day.day:%Y-%m}"):
        told = list(group)
        first = told[0].day
        blanks = [el("span") for _ in range(first.weekday())]
        cells = [_day_cell(day, camera_id, day.day == chosen, seam_ms) for day in told]
        blocks.append(el("div", el("div", month, css="name"), el("div", *blanks, *cells, css="days"), css="month"))
    return el("div", joined(blocks), css="months")


def _day_cell(day: Coverage, camera_id: str, is_chosen: bool, seam_ms: int) -> Html:
    shown = state(day, seam_ms)
    css = f"cell c-{shown}" + (" chosen" if is_chosen else "")
    return link(_day_href(camera_id, day.day), str(day.day.day), css=css, title=_tip(f"{day.day}", day, shown))


def coverage_legend(*, parts: bool = True) -> Html:
    names = [name for name in STATES if name != "future" and (parts or name != "part")]
    return el(
        "div", *(el("span", el("i", css=f"swatch c-{name}"), word("coverage", name)) for name in names), css="legend"
    )
