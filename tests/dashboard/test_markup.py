"""Values cannot become markup, shares are never rounded up, and the outcome colours stay apart."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import linked, outcomes
from dashboard.markup import Column, bar, chip, el, link, table
from dashboard.outcomes import COLOURS, WORST_FIRST, percent


class Seen(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.values: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"))))
def test_no_value_becomes_markup(value: str) -> None:
    seen = Seen(el("p", value, title=value).markup)
    assert seen.tags == ["p"] and seen.values == [value] and seen.text == value


@given(st.text(alphabet="<>\"'&=/ javascript:onclick", max_size=40))
def test_tables_and_links_escape_their_cells(value: str) -> None:
    seen = Seen(table([Column(value)], [[link("/x?a=b&c=d", value)]], value).markup)
    assert set(seen.tags) <= {"div", "table", "thead", "tbody", "tr", "th", "td", "a"}
    assert "/x?a=b&c=d" in seen.values


@given(part=st.integers(0, 10**6), rest=st.integers(0, 10**6))
def test_a_share_is_cut_off_and_never_rounded_up(part: int, rest: int) -> None:
    whole = part + rest
    if whole:
        shown = float(percent(part, whole).rstrip("%"))
        assert shown <= 100 * part / whole + 1e-9
        assert (shown == 100.0) == (rest == 0)


def test_the_bar_tells_every_outcome_in_words_and_unknown_by_its_own_class() -> None:
    words = {outcome: outcome.upper() for outcome in WORST_FIRST}
    markup = bar({"pass": 3, "unknown": 2, "fail": 0}, words).markup
    assert 'aria-label="UNKNOWN 2, PASS 3"' in markup
    assert "o-fail" not in markup and markup.index("o-unknown") < markup.index("o-pass")


def test_every_outcome_has_a_symbol_a_colour_and_a_style() -> None:
    css = linked._file("linked.css")
    for outcome in WORST_FIRST:
        assert outcomes.SYMBOLS[outcome] in chip(outcome, "word").markup
        assert re.search(rf"--{outcome}: {COLOURS[outcome]}", css), f"linked.css has another colour for {outcome}"
        assert f".part.o-{outcome}" in css
    assert len(set(outcomes.SYMBOLS.values())) == len(WORST_FIRST)
    assert re.search(r"\.part\.o-unknown \{ background: var\(--hatch\)", css), "unknown must be hatched"


# Linear-light simulation of dichromacy after Machado, Oliveira and Fernandes, 2009, severity 1.0.
DICHROMACY = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
}


def lab(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    levels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
    seen = [min(1.0, max(0.0, sum(m * v for m, v in zip(row, linear, strict=True)))) for row in matrix]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(m * v for m, v in zip(row, seen, strict=True)) for row in to_xyz]
    x, y, z = (v / n for v, n in zip(xyz, (0.9505, 1.0, 1.089), strict=True))
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("kind", DICHROMACY)
def test_good_bad_and_doubtful_stay_apart_for_the_colour_blind(kind: str) -> None:
    for first, second in combinations(("pass", "suspect", "fail"), 2):
        pair = (lab(COLOURS[first], DICHROMACY[kind]), lab(COLOURS[second], DICHROMACY[kind]))
        distance = sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5
        assert distance > 20, f"{first} and {second} look alike to {kind} eyes ({distance:.0f})"


def test_nothing_in_the_assets_points_outside() -> None:
    folder = Path(linked.__file__).parent
    for path in [*folder.glob("*.css"), *folder.glob("*.js"), *folder.glob("shell/.streamlit/*")]:
        loads = re.search(r"https?://|//[a-z]+\.", path.read_text(encoding="utf-8"))
        assert not loads, f"{path.name} loads from outside"
