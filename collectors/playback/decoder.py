"""The decoder seen from outside: one process for each frame, killed at its deadline. Logins go in by stdin."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collectors.playback.frame import Frame

PACKAGE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Decoder:
    """`open_s` and `read_s` bound a stream's own waits, `deadline_s` everything together."""

    deadline_s: float = 30.0
    open_s: float = 8.0
    read_s: float = 12.0

    def clip(self, content: bytes, wanted_at: datetime | None = None) -> Frame:
        """The first key frame of a clip. `wanted_at`: the moment, by the device's clock, that its stamp must fit."""
        asked = {"wanted_at": wanted_at.isoformat() if wanted_at else None}
        return self._run(asked, content) or Frame(
            "not_possible", f"our decoder did not come to an end within {self.deadline_s:g} s"
        )

    def stream(self, url: str) -> Frame:
        """The first key frame of an RTSP stream; `url` carries the login."""
        asked = {"url": url, "open_s": self.open_s, "read_s": self.read_s}
        return self._run(asked, b"") or Frame("unreachable", f"no picture came within {self.deadline_s:g} s")

    def _run(self, asked: Mapping[str, object], content: bytes) -> Frame | None:
        """None: it had to be killed."""
        try:
            done = subprocess.run(
                [sys.executable, "-m", "collectors.playback.worker"],
                cwd=PACKAGE_ROOT,
                input=json.dumps(dict(asked)).encode() + b"\n" + content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # FFmpeg repeats addresses there, and with them the login
                timeout=self.deadline_s,
                start_new_session=True,
                check=False,
            )
            return Frame(**json.loads(done.stdout))
        except subprocess.TimeoutExpired:
            return None
        except (ValueError, TypeError):
            return Frame("not_possible", f"our decoder ended with status {done.returncode}")
        except OSError as error:
            return Frame("not_possible", f"our decoder could not be started: {error.strerror}")
