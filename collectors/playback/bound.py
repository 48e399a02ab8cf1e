"""What a number of good and bad draws proves about all minutes listed.

Draws are independent and uniform over the listed minutes, so bad ones are binomial, and the exact one-sided bound of
Clopper and Pearson (Biometrika 26, 1934) holds for any share and any number of draws.
"""

from __future__ import annotations

from math import ceil, comb, log

CONFIDENCE = 0.95
EXPOSED_SHARE, EXPOSED_WITHIN_DAYS, EXPOSED_CERTAINTY = 0.03, 7, 0.99
"""The default rate shows up a recorder of whose listed minutes this share does not play, within so many days and with
so much certainty."""
HALVINGS = 200


def upper_bound(drawn: int, bad: int, confidence: float = CONFIDENCE) -> float:
    """The largest share p for which `bad` or fewer among `drawn` still has a chance of 1 - confidence.

    For no bad one it is 1 - (1 - confidence)^(1/drawn); nothing drawn proves nothing.
    """
    if not 0 <= bad <= drawn:
        raise ValueError(f"{bad} bad of {drawn} draws cannot be")
    if bad == drawn:
        return 1.0
    low, high = bad / drawn, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if at_most(bad, drawn, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_most(bad: int, drawn: int, share: float) -> float:
    """The chance of `bad` or fewer bad ones."""
    return sum(comb(drawn, k) * share**k * (1 - share) ** (drawn - k) for k in range(bad + 1))


def draws_needed(share: float, certainty: float) -> int:
    """So many draws hit at least one bad minute with that certainty: (1 - share)^n <= 1 - certainty."""
    return ceil(log(1 - certainty) / log(1 - share))


DRAWS_PER_DAY = ceil(draws_needed(EXPOSED_SHARE, EXPOSED_CERTAINTY) / EXPOSED_WITHIN_DAYS)
"""Of each recorder: 152 a week, 22 a day."""
