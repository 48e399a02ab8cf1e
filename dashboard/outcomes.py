"""How each outcome looks, everywhere: one colour, one symbol, one class; the word comes from the text table.

The colours stay apart for the common kinds of colour blindness (dark teal, vermilion, amber) and every use pairs them
with the symbol or the word. Unknown is hatched grey: neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WORST_FIRST = ("fail", "suspect", "error", "unknown", "maturing", "excused", "pass")
SYMBOLS = {
    "fail": "✕",
    "suspect": "?",
    "error": "!",
    "unknown": "▨",
    "maturing": "◔",
    "excused": "○",
    "pass": "✓",
}
COLOURS = {
    "fail": "#C2410C",
    "suspect": "#D99A0B",
    "error": "#374151",
    "unknown": "#8A94A3",
    "maturing": "#5B9BD5",
    "excused": "#8B7BB8",
    "pass": "#0F766E",
}
SMALL_DENOMINATOR = 20
"""Below this a percentage says less than the two counts (reference: rules for honest numbers)."""


def worst(outcomes: Iterable[str]) -> str:
    """The worst of at least one outcome."""
    return min(outcomes, key=WORST_FIRST.index)


def judged(counts: Mapping[str, int]) -> int:
    """The denominator of a compliance rate: what passed or did not; unknown, maturing and excused stay outside."""
    return sum(counts.get(outcome, 0) for outcome in ("pass", "fail", "suspect"))


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal, cut off and never rounded up: 99.96 % is not 100 %."""
    return f"{part * 1000 // whole / 10:.1f}%"
