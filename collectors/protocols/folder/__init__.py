"""A folder for everything else: whoever owns a recorder no protocol speaks to drops its footage index there.

`address` is an absolute path on this machine, such as that of a mounted share: `/srv/drops/lab-7` or
`file:///srv/drops/lab-7`. Every index is a pair of files with the columns of the bundle's `polls.csv` and `footage.csv`
(`docs/bundle.md`), English or Chinese, UTF-8 or GBK, under any common ending: `polls-2026-10-01.csv` and
`footage-2026-10-01.csv`, or `录像查询-1001.csv` and `录像段-1001.csv`. `camera_id` in them is the `channel` of
`cameras.csv`.

- A row of polls says for which window and as of when the index speaks: what it does not list there, it denies. Only
  rows that are `ok` and complete speak; the newest one decides; what no row covers is unknown.
- The last line of both files is `#END`, and the same in both (`#END 17`): a pair half written says less than is there.
  Without it, or changed within the last minute, nothing is read until the next round.
- One broken file stops the whole folder: it may correct what an older one says.

Films in the folder are not looked at: a name says when one begins, and nothing says that none is missing. Links are not
followed and sizes are bounded. What the index gives as the recorder's offset shifts its times; nobody here measured it,
so answers carry none, and there is no clock to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from collectors.answers import ChannelReading, ClockReading, Description, FootageAnswer, Refused
from collectors.device import Device, Secret
from collectors.protocols.folder.drops import drops_in
from collectors.protocols.folder.share import FolderDevice, ours
from collectors.protocols.folder.statements import answers_from


def open_device(
    address: str,
    *,
    secret: Secret | None,  # noqa: ARG001 - rights to a share are those of this process
    now: Callable[[], datetime],
    memory: dict[str, str],
) -> FolderDevice:
    return FolderDevice(address, now=now, memory=memory)


def answers_here(device: Device) -> bool:
    """A folder that can be listed."""
    ours(device).names()
    return True


def describe(device: Device) -> Description:
    ours(device).names()
    return Description(model="folder of footage indexes")


def clock(device: Device) -> ClockReading:
    raise Refused(
        f"{device.address} is a folder and has no clock; its files state the offset of the recorder themselves"
    )


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that cover the window up to now: what some index speaks about, and what none does."""
    folder = ours(device)
    covers_to = min(covers_to, folder.now())
    if covers_from < covers_to:
        yield from answers_from(drops_in(folder), folder, channel, (covers_from, covers_to))


def channels(device: Device) -> tuple[ChannelReading, ...]:
    """The cameras that some index speaks about; whether they are online, none says."""
    said = {statement.channel for drop in drops_in(ours(device)) for statement in drop.statements}
    return tuple(ChannelReading(channel) for channel in sorted(said))


__all__ = ["answers_here", "channels", "clock", "describe", "footage", "open_device"]
