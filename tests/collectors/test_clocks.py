"""Footage is only placed where the clock is known to have run as it runs now."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.clocks import AGREE_MS, placed
from data.facts import Poll

DAY = datetime(2026, 10, 5)
HOUR = timedelta(hours=1)


def poll(offset_ms: int = 0, *, asked: float = 24.5, covers: tuple[float, float] = (0, 24)) -> Poll:
    return Poll(
        "p", "C", DAY + asked * HOUR, DAY + covers[0] * HOUR, DAY + covers[1] * HOUR, "ok", True, offset_ms,
        spans=((DAY, DAY + 24 * HOUR),),
    )  # fmt: skip


def samples(*pairs: tuple[float, int]) -> list[tuple[datetime, int]]:
    return [(DAY + hour * HOUR, offset_ms) for hour, offset_ms in pairs]


def answered(polls: list[Poll]) -> list[tuple[float, float]]:
    return [((p.covers_from - DAY) / HOUR, (p.covers_to - DAY) / HOUR) for p in polls if p.complete]


def test_a_steady_clock_leaves_the_answer_whole() -> None:
    asked = poll(300)
    assert placed(asked, samples((-23.5, 0), (0.5, AGREE_MS + 300))) == [asked]


def test_a_slow_clock_put_right_denies_nothing_until_it_is_known_right() -> None:
    """Ninety seconds slow until some time after 00:30, right at 12:30 and since: the morning cannot be placed."""
    pieces = placed(poll(0), samples((-23.5, -90_000), (0.5, -90_000), (12.5, 0)))
    assert answered(pieces) == [(12.5, 24)]
    assert [(p.outcome, p.complete) for p in pieces] == [("ok", False), ("ok", True)]
    assert "clock ran differently" in pieces[0].reason


def test_one_millisecond_more_than_agreement_is_another_clock() -> None:
    assert answered(placed(poll(0), samples((-1, AGREE_MS)))) == [(0, 24)]
    assert answered(placed(poll(0), samples((-1, AGREE_MS + 1)))) == []


def test_a_day_recorded_by_another_clock_cannot_be_denied_later() -> None:
    asked_a_week_later = poll(0, asked=168.5)
    assert answered(placed(asked_a_week_later, samples((0.5, -90_000), (24.5, -90_000), (100, 0)))) == []


def test_before_the_first_sample_the_first_one_decides() -> None:
    assert answered(placed(poll(0, asked=200), samples((30, 0)))) == [(0, 24)]
    assert answered(placed(poll(0, asked=200), samples((30, 40_000)))) == []


def test_what_is_no_answer_or_has_no_clock_is_left_alone() -> None:
    for untouched in (
        Poll("p", "C", DAY, DAY, DAY + HOUR, "ok", False, 0),
        Poll("p", "C", DAY, DAY, DAY + HOUR, "refused", False, None),
        Poll("p", "C", DAY, DAY, DAY + HOUR, "ok", True, None),
    ):
        assert placed(untouched, samples((-1, 90_000))) == [untouched]


@given(
    st.lists(
        st.tuples(st.integers(-30, 40), st.sampled_from([0, 4_000, -90_000])), max_size=8, unique_by=lambda s: s[0]
    ),
    st.sampled_from([0, -90_000]),
)
def test_every_minute_is_answered_exactly_when_the_samples_around_it_agree(
    pairs: list[tuple[int, int]], offset_ms: int
) -> None:
    known = sorted(samples(*pairs))
    asked = poll(offset_ms)
    pieces = placed(asked, known)
    assert pieces[0].covers_from == asked.covers_from
    assert pieces[-1].covers_to == asked.covers_to
    assert all(a.covers_to == b.covers_from for a, b in pairwise(pieces))
    assert len({p.poll_id for p in pieces}) == len(pieces)
    earlier = [s for s in known if s[0] < asked.asked_at]
    for quarter in range(96):
        instant = DAY + (quarter + 0.5) * HOUR / 4
        before = [offset for at, offset in earlier if at <= instant][-1:]
        after = [offset for at, offset in [*earlier, (asked.asked_at, offset_ms)] if at > instant][:1]
        steady = all(abs(offset - offset_ms) <= AGREE_MS for offset in before + after)
        assert any(p.complete and p.covers_from <= instant < p.covers_to for p in pieces) == steady
