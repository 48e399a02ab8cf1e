"""Channel words and track ids (fact sheet §3.2): what `cameras.csv` says, and what the device records it on."""

from __future__ import annotations

from collectors.answers import Malformed

LAST_CHANNEL = 100
"""Up to here a number is the recorder's own channel number; from 101 on it is a track id."""

MAIN_STREAM = 1
MAX_DIGITS = 8


def track_of(channel: str) -> str:
    """Main track of a channel number below 101; anything else is a track id already."""
    text = channel.strip()
    if not text or text == "0":
        raise Malformed(f"'{channel}' is no channel; register the number shown in the recorder's menu, from 1")
    if _is_number(text) and int(text) <= LAST_CHANNEL:
        return f"{int(text)}01"
    return text


def channel_of(track: str) -> str:
    """The word that `track_of` makes `track` of; empty for sub streams, picture tracks and what is no track."""
    if not _is_number(track):
        return track
    number, stream = divmod(int(track), 100)
    if stream != MAIN_STREAM or number == 0:
        return ""
    return str(number) if number <= LAST_CHANNEL else str(int(track))


def channel_of_number(number: str) -> str:
    """The word for the channel that the device itself numbers so; ids that are no number are track ids."""
    return channel_of(f"{number}01") if _is_number(number) else number


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
