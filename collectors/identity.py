"""Whether a recorder, and a camera behind it, is still the one it was taken for.

Footage of another device proves nothing about the one that is watched, neither its presence nor its absence. So what
looks different is not asked until somebody vouches for it; meanwhile its time is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["serial_number", "recorder_address", "camera_address", "camera_place"]
Key = tuple[Kind, str]
"""The kind, and whose: a recorder_id, `recorder_id/channel` for a camera's address, a camera_id for its place."""

NAMES: Mapping[Kind, str] = {
    "serial_number": "serial number",
    "recorder_address": "address",
    "camera_address": "camera address",
    "camera_place": "recorder and channel",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something shows `shown` where `trusted` was vouched for: by the first sight of it, or by a person since."""

    kind: Kind
    subject_id: str
    trusted: str
    shown: str

    def __str__(self) -> str:
        return (
            f"{self.subject_id} now shows the {NAMES[self.kind]} '{self.shown}' where '{self.trusted}' was known; "
            f"confirm it with `liuhen identity confirm {self.subject_id}` if it is still the right one"
        )


@dataclass(frozen=True, slots=True)
class Identities:
    """What is trusted and what was shown last; what was never shown is in neither."""

    trusted: Mapping[Key, str]
    shown: Mapping[Key, str]

    def seen(self, shown: Mapping[Key, str]) -> Identities:
        """With what a new look showed; an empty text is no identity. What is new is trusted at first sight."""
        given = {key: text for key, text in shown.items() if text}
        return Identities({**given, **self.trusted}, {**self.shown, **given})

    def doubt(self, key: Key) -> Doubt | None:
        trusted, shown = self.trusted.get(key), self.shown.get(key)
        return None if trusted is None or shown is None or trusted == shown else Doubt(*key, trusted, shown)

    def doubts(self) -> list[Doubt]:
        """Everything that looks different, by subject; an address only where no serial number tells the recorder."""
        found = (self.doubt(key) for key in sorted(self.shown))
        return [
            doubt
            for doubt in found
            if doubt is not None
            and not (doubt.kind == "recorder_address" and ("serial_number", doubt.subject_id) in self.shown)
        ]

    def recorder_doubt(self, recorder_id: str) -> Doubt | None:
        """A serial number tells a recorder, wherever it stands; one that tells none is told by its address."""
        if ("serial_number", recorder_id) in self.shown:
            return self.doubt(("serial_number", recorder_id))
        return self.doubt(("recorder_address", recorder_id))

    def camera_doubt(self, recorder_id: str, channel: str, camera_id: str) -> Doubt | None:
        place = self.doubt(("camera_place", camera_id))
        return place or self.doubt(("camera_address", f"{recorder_id}/{channel}"))
