"""A relay with many WHEP streams on one loopback port, in a process of its own.

`with WhepRelay(["cam1"], "user", "secret") as relay: relay.url("cam1"); relay.set_mode("cam1", "absent")`
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
STOP_S = 5.0

MODES = {
    "ok": "a moving picture",
    "black": "a black picture",
    "no_media": "ICE and DTLS succeed, no packet follows",
    "no_keyframe": "packets flow, never a key frame",
    "stalled": "a picture, then nothing more",
    "ended": "the relay closes the session once connected, as MediaMTX does with B-frames",
    "absent": "404, nobody publishes",
    "refused": "401 whatever the password",
    "error500": "500 with a text",
    "bad_codec": "400, no codec in common",
    "sound_only": "201 with the video section rejected, as MediaMTX answers for a stream of sound alone",
    "html": "200 with a login page",
    "no_ice": "an answer whose media address is silent",
    "closed": "the connection is dropped without a reply",
    "slow_http": "no reply for a minute",
}


class WhepRelay:
    def __init__(self, paths: Sequence[str], user: str, password: str, *, port: int = 0) -> None:
        """`port` 0: any free one."""
        self._paths = list(paths)
        self._settings = {"paths": self._paths, "user": user, "password": password, "port": port}
        self._process: subprocess.Popen[str] | None = None
        self.port = port

    def __enter__(self) -> WhepRelay:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "collectors.simulator.whep_server"],
            cwd=PACKAGE_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.port = self._tell(self._settings)["port"]
        return self

    def __exit__(self, *_: object) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return
        process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{quote(path)}/whep"

    def set_mode(self, path: str, mode: str) -> None:
        """Takes effect before this returns: for new sessions, and for what running ones send."""
        if path not in self._paths or mode not in MODES:
            raise ValueError(f"no stream {path!r} or no mode {mode!r}; modes are {', '.join(MODES)}")
        self._tell({"path": path, "mode": mode})

    def open_sessions(self) -> int:
        """Sessions no client has ended yet."""
        return int(self._tell({"count": "sessions"})["sessions"])

    def _tell(self, message: dict[str, Any]) -> dict[str, Any]:
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the simulated relay is not running; use it as a context manager")
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the simulated relay ended with status {self._process.wait()}")
        reply: dict[str, Any] = json.loads(line)
        return reply
