"""What trying to play one minute gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["good", "no_picture", "wrong_time", "refused", "unreachable", "not_possible"]
"""good: a key frame was decoded. no_picture: the recorder lists the minute and gives nothing that can be seen of it.
wrong_time: the recorder's own stamp is of another time. not_possible: we could not tell, for the reason given."""
BAD: tuple[Outcome, ...] = ("no_picture", "wrong_time")
UNKNOWN: tuple[Outcome, ...] = ("refused", "unreachable", "not_possible")


@dataclass(frozen=True, slots=True)
class Frame:
    """`sha256` and `size_bytes` are those of the key frame as the recorder encoded it. `is_final`: the account itself
    was refused, and another try can lock it."""

    outcome: Outcome
    reason: str = ""
    sha256: str = ""
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    is_final: bool = False
