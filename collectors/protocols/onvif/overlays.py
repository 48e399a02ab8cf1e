"""What is burned into the picture, as far as the list of overlays tells. A list that leaves something out is a denial
only on a device that lists the same thing elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.protocols.onvif.recordings import Recording

_TIMES = ({"DateAndTime"}, {"Date", "Time"})


@dataclass(frozen=True, slots=True)
class Overlay:
    """A text on a video source configuration. `is_name`: the device marks it as the channel's name, or as not."""

    configuration: str
    kind: str
    text: str
    is_name: bool | None


@dataclass(slots=True)
class Overlays:
    """`links` lead from tokens to configurations, `sources` from recordings to the tokens their jobs record."""

    all: list[Overlay]
    links: dict[str, str] = field(default_factory=dict)
    sources: dict[str, set[str]] = field(default_factory=dict)

    def configuration_of(self, recording: Recording, *, is_only: bool) -> str:
        """Empty when the device does not lead to exactly one."""
        known = {overlay.configuration for overlay in self.all}
        words = {recording.source_id, *self.sources.get(recording.token, set())}
        found = {self.links.get(word, word) for word in words} & known
        if not found and is_only:
            found = known
        return next(iter(found)) if len(found) == 1 else ""

    def shows_time(self, configuration: str) -> bool | None:
        if not configuration:
            return None
        if self._has_time(configuration):
            return True
        return False if any(self._has_time(overlay.configuration) for overlay in self.all) else None

    def shows_name(self, configuration: str, name: str) -> bool | None:
        if not configuration:
            return None
        own = [overlay for overlay in self.all if overlay.configuration == configuration]
        if any(overlay.is_name or (name and name in overlay.text) for overlay in own):
            return True
        is_marked = any(overlay.is_name for overlay in self.all) and all(overlay.is_name is False for overlay in own)
        return False if is_marked else None

    def _has_time(self, configuration: str) -> bool:
        kinds = {overlay.kind for overlay in self.all if overlay.configuration == configuration}
        return any(times <= kinds for times in _TIMES)
