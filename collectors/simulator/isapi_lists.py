"""The XML in which a simulated Hikvision device lists channels, plans, days, disks and overlays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from collectors.answers import PlanMode
from collectors.simulator.recorder import SimulatedChannel, SimulatedDisk

MIB = 2**20
_VER20 = 'version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"'
_VER10 = 'version="1.0" xmlns="http://www.hikvision.com/ver10/XMLSchema"'
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RECORDING_MODES: dict[PlanMode, str] = {"continuous": "CMR", "event": "MOTION", "unknown": "RESERVED"}
_STREAMS = {"01": "video", "03": "picture"}


def proxies(channels: Iterable[SimulatedChannel]) -> str:
    """The attribute `size` lies, as it does on real devices."""
    items = "".join(
        f'<InputProxyChannel version="1.0"><id>{each.channel}</id><name>{escape(each.name)}</name>'
        "<sourceInputPortDescriptor><proxyProtocol>HIKVISION</proxyProtocol>"
        "<addressingFormatType>ipaddress</addressingFormatType>"
        f"<ipAddress>{escape(each.address)}</ipAddress><managePortNo>8000</managePortNo>"
        "<srcInputPort>1</srcInputPort></sourceInputPortDescriptor></InputProxyChannel>"
        for each in channels
    )
    return f'<InputProxyChannelList {_VER20} size="0">{items}</InputProxyChannelList>'


def proxy_states(channels: Iterable[SimulatedChannel], at: datetime) -> str:
    items = "".join(proxy_status(each, at) for each in channels)
    return f"<InputProxyChannelStatusList {_VER20}>{items}</InputProxyChannelStatusList>"


def proxy_status(channel: SimulatedChannel, at: datetime) -> str:
    online = channel.is_online(at)
    return (
        f"<InputProxyChannelStatus><id>{channel.channel}</id><online>{_word(online)}</online>"
        f"<chanDetectResult>{'connect' if online else 'netUnreachable'}</chanDetectResult></InputProxyChannelStatus>"
    )


def inputs(channels: Iterable[SimulatedChannel], at: datetime, *, tells_video: bool) -> str:
    items = "".join(
        f"<VideoInputChannel><id>{each.channel}</id><inputPort>{each.channel}</inputPort>"
        f"<videoInputEnabled>true</videoInputEnabled><name>{escape(each.name)}</name>"
        + (f"<resDesc>{'1080P25' if each.is_online(at) else 'NO VIDEO'}</resDesc>" if tells_video else "")
        + "</VideoInputChannel>"
        for each in channels
    )
    return f"<VideoInputChannelList {_VER20}>{items}</VideoInputChannelList>"


def tracks(channels: Iterable[SimulatedChannel], *, days_end_same_day: bool) -> str:
    items = "".join(_track(each, stream, days_end_same_day) for each in channels for stream in _STREAMS)
    return f"<TrackList {_VER20}>{items}</TrackList>"


def _track(channel: SimulatedChannel, stream: str, days_end_same_day: bool) -> str:
    """`Enable` is false whatever is set; the holiday block is not the normal week."""
    number = f"{channel.channel}{stream}"
    mode = "" if channel.plan == "off" else _RECORDING_MODES[channel.plan]
    week = "".join(_action(n, mode, days_end_same_day) for n in range(len(_DAYS))) if mode else ""
    return (
        f"<Track><id>{number}</id><Channel>{number}</Channel><Enable>false</Enable>"
        f"<Description>trackType=standard,contentType={_STREAMS[stream]}</Description>"
        "<DefaultRecordingMode>CMR</DefaultRecordingMode><TrackSchedule><ScheduleBlockList><ScheduleBlock>"
        f"{week}</ScheduleBlock></ScheduleBlockList></TrackSchedule><CustomExtensionList><CustomExtension>"
        f"<enableSchedule>{_word(channel.plan != 'off')}</enableSchedule><HolidaySchedule><ScheduleBlock>"
        f"{_action(0, 'ALARM', days_end_same_day)}</ScheduleBlock></HolidaySchedule>"
        "</CustomExtension></CustomExtensionList></Track>"
    )


def _action(number: int, mode: str, days_end_same_day: bool) -> str:
    day = _DAYS[number]
    ends = day if days_end_same_day else _DAYS[(number + 1) % len(_DAYS)]
    return (
        f"<ScheduleAction><id>{number + 1}</id>"
        f"<ScheduleActionStartTime><DayOfWeek>{day}</DayOfWeek><TimeOfDay>00:00:00</TimeOfDay></ScheduleActionStartTime>"
        f"<ScheduleActionEndTime><DayOfWeek>{ends}</DayOfWeek><TimeOfDay>00:00:00</TimeOfDay></ScheduleActionEndTime>"
        f"<Actions><Record>true</Record><ActionRecordingMode>{mode}</ActionRecordingMode></Actions></ScheduleAction>"
    )


def calendar(held: Sequence[bool]) -> str:
    items = "".join(
        f"<day><id>{n}</id><dayOfMonth>{n}</dayOfMonth><record>{_word(is_held)}</record>"
        f"{'<recordType>time</recordType>' if is_held else ''}</day>"
        for n, is_held in enumerate(held, start=1)
    )
    return f"<trackDailyDistribution {_VER20}><dayList>{items}</dayList></trackDailyDistribution>"


def storage(disks: Iterable[SimulatedDisk], at: datetime, *, is_whole: bool) -> str:
    """With one empty bay, and disks in an older namespace than what they stand in."""
    items = "".join(
        f"<hdd><id>{each.disk_id}</id><hddName>hdd{each.disk_id}</hddName><hddType>SATA</hddType>"
        f"<status>{'error' if each.has_failed(at) else 'ok'}</status><capacity>{each.capacity_bytes // MIB}</capacity>"
        f"<freeSpace>{each.free(at) // MIB}</freeSpace><property>RW</property></hdd>"
        for each in disks
    )
    bay = "<hdd><id>16</id><status>notexist</status><capacity>0</capacity></hdd>"
    listed = f"<hddList {_VER10}>{items}{bay}</hddList>"
    return f"<storage {_VER20}>{listed}<nasList/><workMode>quota</workMode></storage>" if is_whole else listed


def overlay(channel: SimulatedChannel) -> str:
    return (
        f"<VideoOverlay {_VER20}><DateTimeOverlay><enabled>{_word(channel.osd_time)}</enabled>"
        "<dateStyle>YYYY-MM-DD</dateStyle></DateTimeOverlay><channelNameOverlay>"
        f"<enabled>{_word(channel.osd_name)}</enabled></channelNameOverlay></VideoOverlay>"
    )


def _word(is_true: bool) -> str:
    return "true" if is_true else "false"
