"""What a device wrote, made fit to be shown, logged and stored."""

from __future__ import annotations

UNREADABLE = "\ufffd"


def one_line(text: str, limit: int) -> str:
    """At most `limit` characters on one line. Half a pair, control and direction signs would break a row, a log or the
    line they stand in, so they are replaced."""
    line = " ".join(text[: 4 * limit].split())
    line = "".join(sign if sign.isprintable() else UNREADABLE for sign in line)
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
