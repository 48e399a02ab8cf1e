"""The control API of a simulated MediaMTX server, once the user is let in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.simulator.http import Response
from collectors.simulator.mediamtx_files import damaged_spans, local_text
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder

VERSION = "v1.20.1"
PAGE = 100


@dataclass(frozen=True, slots=True)
class Api:
    recorder: SimulatedRecorder
    at: datetime

    def answer(self, path: str, query: dict[str, str]) -> Response:
        if path == "/v3/info":
            return reply({"version": VERSION, "started": local_text(self.at - timedelta(days=1))})
        if path == "/v3/paths/list":
            return _page([self._path(name) for name in sorted(self.recorder.channels) if self._is_there(name)], query)
        if path == "/v3/config/paths/list":
            names = sorted(self.recorder.channels) if not self._is("pattern") else ["all_others"]
            return _page([self._settings(name) for name in names], query)
        return self._one(path)

    def _one(self, path: str) -> Response:
        for prefix in ("/v3/config/paths/get/", "/v3/paths/get/", "/v3/recordings/get/"):
            if path.startswith(prefix):
                break
        else:
            return Response(404, b"404 page not found", {"Content-Type": "text/plain"})
        name, known = path.removeprefix(prefix), path.removeprefix(prefix) in self.recorder.channels
        if "config" in prefix:
            there = name == "all_others" if self._is("pattern") else known
            return reply(self._settings(name)) if there else error(404, "path configuration not found")
        if "recordings" in prefix:
            return reply({"name": name, "segments": self._segments(name) if known else []})
        return reply(self._path(name)) if known and self._is_there(name) else error(404, "path not found")

    def _segments(self, name: str) -> list[dict[str, str]]:
        spans = [*self.recorder.files(name, self.at), *damaged_spans(self.recorder, name, self.at)]
        return [{"start": local_text(at)} for at in sorted({span.started_at for span in spans})]

    def _settings(self, name: str) -> dict[str, object]:
        channel = self.recorder.channels.get(name) or SimulatedChannel(name, ())
        return {
            "name": name,
            "source": f"rtsp://user:pass@{channel.address or '192.0.2.7'}/",
            "sourceOnDemand": channel.plan == "unknown",
            "runOnDemand": "",
            "record": not self._is("record_off") and channel.plan != "off",
            "recordFormat": "mpegts" if self._is("mpegts") else "fmp4",
            "recordSegmentDuration": "1h0m0s",
            "recordDeleteAfter": "0s",
            "alwaysAvailable": self._is("always_available"),
        }

    def _path(self, name: str) -> dict[str, object]:
        online, shown = self._is_online(name), self._is_online(name) or self._is("always_available")
        pattern = "all_others" if self._is("pattern") else name
        return {"name": name, "confName": pattern, "ready": shown, "available": shown} | (
            {} if self._is("before_v1_16") else {"online": online}
        )

    def _is_there(self, name: str) -> bool:
        """A path of a pattern is there while it is online."""
        return not self._is("pattern") or self._is_online(name)

    def _is_online(self, name: str) -> bool:
        channel = self.recorder.channels[name]
        return channel.is_online(self.at) and any(a <= self.at < b for a, b in channel.recorded)

    def _is(self, kind: str) -> bool:
        return self.recorder.active(kind, self.at) is not None


def _page(items: list[dict[str, object]], query: dict[str, str]) -> Response:
    size, number = int(query.get("itemsPerPage", PAGE)), int(query.get("page", "0"))
    page = items[number * size : (number + 1) * size]
    return reply({"itemCount": len(items), "pageCount": -(-len(items) // size), "items": page})


def error(status: int, text: str) -> Response:
    return reply({"status": "error", "error": text}, status)


def reply(content: object, status: int = 200) -> Response:
    return Response(status, json.dumps(content).encode(), {"Content-Type": "application/json; charset=utf-8"})
