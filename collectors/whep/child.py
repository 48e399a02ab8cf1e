"""The probing process seen from outside: one pipe in, one pipe out, one thread that reads."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from collectors.answers import ProbeResult
from collectors.whep.target import read_result

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
STOP_S = 6.0


class Child:
    """One child process and the thread that reads its answers. Secrets go in by stdin, never by arguments."""

    def __init__(self, settings: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "collectors.whep.worker"],
            cwd=PACKAGE_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the parent, which then closes our input
        )
        self.pid = self._process.pid
        self._input = cast(IO[str], self._process.stdin)
        self._output = cast(IO[str], self._process.stdout)
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="whep-results", daemon=True)
        self._reader.start()
        self.send(settings)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, line: str) -> None:
        """A dead process is noticed when its answers end, not here."""
        with suppress(BrokenPipeError):
            self._input.write(line)
            self._input.flush()

    def receive(self, patience_s: float) -> tuple[int, ProbeResult] | str:
        """The next answer, or one sentence on why there will be none."""
        try:
            line = self._answers.get(timeout=max(0.0, patience_s))
        except queue.Empty:
            return "our probing process hung and was killed"
        if line is None:
            return f"our probing process ended with status {self._process.wait()}"
        try:
            return read_result(line)
        except (ValueError, KeyError, TypeError) as error:
            return f"our probing process wrote an unreadable line: {error}"

    def stop(self) -> None:
        """Let it end its sessions at the relays, but not for long."""
        with suppress(BrokenPipeError, subprocess.TimeoutExpired):
            self._input.close()
            self._process.wait(STOP_S)
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(STOP_S)
        with suppress(BrokenPipeError):
            self._input.close()
        self._output.close()

    def _read(self) -> None:
        for line in self._output:
            self._answers.put(line)
        self._answers.put(None)
