"""The switches of a simulated ONVIF recorder, and the replies they all share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from collectors.intervals import Interval
from collectors.simulator import onvif_words as words
from collectors.simulator.http import Response


@dataclass(frozen=True, slots=True)
class Manners:
    """How this firmware behaves.

    `start_state`: `honest`, `none`, or `false` whatever the state is · `start_stamp`: that of the `window` or of the
    `change` · `filters`: spellings of the choice of events it takes; `deaf_filters`: it takes them and finds nothing ·
    `log`: changes of `track` and `recording`, of `recording` alone, or `none` · `queued_pages`: empty ones come first ·
    `forgets_after`: the first search is forgotten after so many pages · `not_offered`: names of operations
    """

    maker: str = "SIM"
    login: str = "token"
    token_window: timedelta = timedelta(seconds=5)
    host: str = "192.0.2.64:8899"
    stamps_are_local: bool = False
    utc_field_is_local: bool = False
    zone: str = "CST-8"
    start_state: str = "honest"
    start_stamp: str = "window"
    filters: str = "ABC"
    deaf_filters: str = ""
    log: str = "track"
    true_word: str = "true"
    is_descending: bool = False
    has_noise: bool = True
    oldest_is_1970: bool = False
    end_lag: timedelta = timedelta(0)
    keeps_overwritten: bool = False
    outages: tuple[Interval, ...] = ()
    page_rows: int = 100
    queued_pages: int = 1
    forgets_after: int = 0
    max_open: int = 1
    hides_recordings: bool = False
    not_offered: tuple[str, ...] = ()


def soap(body: str, status: int = 200) -> Response:
    return Response(status, body.encode(), {"Content-Type": "application/soap+xml; charset=utf-8"})


def fault(status: int, code: str, *subcodes: str, text: str = "") -> Response:
    return soap(words.fault(code, *subcodes, text=text), status)
