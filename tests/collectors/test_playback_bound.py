"""The exact bound against closed forms and against its own meaning, and the default rate against what it promises."""

from __future__ import annotations

from math import comb

import pytest

from collectors.playback.bound import (
    DRAWS_PER_DAY,
    EXPOSED_CERTAINTY,
    EXPOSED_SHARE,
    EXPOSED_WITHIN_DAYS,
    at_most,
    draws_needed,
    upper_bound,
)


@pytest.mark.parametrize("drawn", [1, 2, 3, 22, 59, 99, 154, 1000, 5000])
def test_no_bad_draw_is_the_rule_of_three_made_exact(drawn: int) -> None:
    assert upper_bound(drawn, 0) == pytest.approx(1 - 0.05 ** (1 / drawn), rel=1e-12)
    assert upper_bound(drawn, 0, 0.99) == pytest.approx(1 - 0.01 ** (1 / drawn), rel=1e-12)


@pytest.mark.parametrize("drawn", [2, 3, 22, 154])
def test_all_but_one_bad_has_a_closed_form_too(drawn: int) -> None:
    assert upper_bound(drawn, drawn - 1) == pytest.approx(0.95 ** (1 / drawn), rel=1e-12)


@pytest.mark.parametrize(
    ("drawn", "bad", "bound"), [(10, 1, 0.39416), (20, 1, 0.21611), (10, 2, 0.50690), (100, 3, 0.07571)]
)
def test_tabled_values(drawn: int, bad: int, bound: float) -> None:
    """One-sided 95 % limits as tables of Clopper and Pearson give them (two-sided 90 %)."""
    assert upper_bound(drawn, bad) == pytest.approx(bound, abs=5e-5)


def test_nothing_but_bad_ones_and_nothing_drawn_prove_nothing() -> None:
    assert upper_bound(7, 7) == 1.0
    assert upper_bound(0, 0) == 1.0


@pytest.mark.parametrize(("drawn", "bad"), [(3, 4), (3, -1)])
def test_impossible_counts_are_refused(drawn: int, bad: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        upper_bound(drawn, bad)


@pytest.mark.parametrize("share", [0.001, 0.03, 0.2, 0.5, 0.97])
@pytest.mark.parametrize("drawn", [5, 22, 154])
def test_the_bound_holds_with_the_confidence_it_claims(share: float, drawn: int) -> None:
    """Summed over all outcomes, exactly: the truth lies above the bound in no more than 5 % of cases."""
    wrong = sum(
        comb(drawn, bad) * share**bad * (1 - share) ** (drawn - bad)
        for bad in range(drawn + 1)
        if upper_bound(drawn, bad) < share
    )
    assert wrong <= 0.05 + 1e-12


def test_more_bad_ones_raise_the_bound_and_more_good_ones_lower_it() -> None:
    bounds = [upper_bound(50, bad) for bad in range(51)]
    assert bounds == sorted(bounds)
    assert upper_bound(100, 3) < upper_bound(50, 3)


def test_the_default_rate_exposes_three_percent_within_a_week() -> None:
    assert DRAWS_PER_DAY == 22
    missed = at_most(0, DRAWS_PER_DAY * EXPOSED_WITHIN_DAYS, EXPOSED_SHARE)
    assert missed <= 1 - EXPOSED_CERTAINTY
    assert at_most(0, (DRAWS_PER_DAY - 1) * EXPOSED_WITHIN_DAYS, EXPOSED_SHARE) > 1 - EXPOSED_CERTAINTY
    assert draws_needed(0.03, 0.95) == 99
    assert upper_bound(DRAWS_PER_DAY * EXPOSED_WITHIN_DAYS, 0) < EXPOSED_SHARE
