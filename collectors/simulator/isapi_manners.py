"""How the firmware of a simulated Hikvision device behaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

MAX_PAGE_ROWS = 64


@dataclass(frozen=True, slots=True)
class Manners:
    """`trail`: how far the index of the file being written lags behind.

    Search: the words it reads (`track_list`, `position`), texts a request must and must not contain (`needs`,
    `refuses`). `ignores_position`: without its own word it serves the first page instead of rejecting.
    `interface`: `/PSIA` on the oldest. `forbidden`: parts of paths this account has no right to. `missing`: parts of
    paths this firmware does not know. `one_status_each`: no list of states, one question per channel. `own_inputs`:
    channels that are inputs of the device itself. `days_end_same_day`: a whole day of the plan runs from Monday to
    Monday. `untold_overlays`: proxied channels do not tell their overlays. `wrong_days`: the calendar says the
    opposite of these. `storage`: the name under which disks are told. `attempts_left`: before a login
    locks the account.
    """

    z_means_utc: bool = False
    page_rows: int = MAX_PAGE_ROWS
    overlap: timedelta = timedelta(0)
    trail: timedelta = timedelta(seconds=4)
    track_list: str = "trackIDList"
    position: str = "searchResultPostion"
    ignores_position: bool = False
    needs: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    device_type: str = "NVR"
    interface: str = "/ISAPI"
    forbidden: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    one_status_each: bool = False
    own_inputs: frozenset[str] = field(default_factory=frozenset)
    days_end_same_day: bool = False
    untold_overlays: bool = False
    wrong_days: frozenset[date] = field(default_factory=frozenset)
    storage: str = "/ContentMgmt/Storage"
    attempts_left: int = 4

    @property
    def is_camera(self) -> bool:
        return self.device_type == "IPCamera"

    def has_own_input(self, channel: str) -> bool:
        return self.is_camera or channel in self.own_inputs
