"""The clock of a device that has no call for it: the `Date` header of a cheap reply.

`Date` is cut to the second, so the middle of that second is taken, and the reading is uncertain by half a second and
half the round trip. An offset within that is reported as zero.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from collectors.answers import ClockReading, Malformed
from collectors.device import Reply

RESOLUTION = timedelta(seconds=1)
YEARS = range(1970, 2101)
"""A clock further off is none, and the arithmetic of times ends in the year 9999."""
MILLISECOND = timedelta(milliseconds=1)


def date_of(reply: Reply, server: str) -> datetime:
    """Naive UTC; Malformed when the header is missing or unusable."""
    try:
        dated = parsedate_to_datetime(reply.headers["Date"]).astimezone(UTC).replace(tzinfo=None)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Malformed(f"{server} sends no usable Date header, so its clock cannot be read") from None
    if dated.year not in YEARS:
        raise Malformed(f"{server} sends a Date header of the year {dated.year}; set its clock")
    return dated


def reading_of(dated: datetime, asked_at: datetime, answered_at: datetime) -> ClockReading:
    """`asked_at` and `answered_at` are true time before and after the request that was dated."""
    round_trip = answered_at - asked_at
    offset = dated + RESOLUTION / 2 - (asked_at + round_trip / 2)
    if abs(offset) <= (RESOLUTION + round_trip) / 2:
        offset = timedelta()
    return ClockReading(offset // MILLISECOND, round_trip // MILLISECOND)
