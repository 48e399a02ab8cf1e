"""The SOAP a simulated ONVIF recorder writes."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from collectors.simulator.recorder import SimulatedRecorder

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>index</title></head><body>login</body></html>"
_NAMES = (
    'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trc="http://www.onvif.org/ver10/recording/wsdl" '
    'xmlns:tse="http://www.onvif.org/ver10/search/wsdl" xmlns:trp="http://www.onvif.org/ver10/replay/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" '
    'xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:ter="http://www.onvif.org/ver10/error"'
)
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "boom">{_ENTITIES}]><r>&e9;</r>'
PREFIXES = {"device": "tds", "recording": "trc", "search": "tse", "replay": "trp", "media": "trt"}


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def envelope(body: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope {_NAMES}>'
        f"<SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    )


def response(service: str, operation: str, content: str) -> str:
    name = f"{PREFIXES[service]}:{operation}Response"
    return envelope(f"<{name}>{content}</{name}>")


def fault(code: str, *subcodes: str, text: str = "") -> str:
    inner = ""
    for word in reversed(subcodes):
        inner = f"<SOAP-ENV:Subcode><SOAP-ENV:Value>ter:{word}</SOAP-ENV:Value>{inner}</SOAP-ENV:Subcode>"
    return envelope(
        f"<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:{code}</SOAP-ENV:Value>{inner}</SOAP-ENV:Code>"
        f'<SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">{escape(text or " ".join(subcodes))}</SOAP-ENV:Text>'
        "</SOAP-ENV:Reason></SOAP-ENV:Fault>"
    )


def clock(utc: datetime | None, local: datetime | None, zone: str) -> str:
    return (
        "<tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
        f"<tt:TimeZone><tt:TZ>{zone}</tt:TZ></tt:TimeZone>"
        f"{_moment('UTCDateTime', utc)}{_moment('LocalDateTime', local)}</tds:SystemDateAndTime>"
    )


def _moment(name: str, at: datetime | None) -> str:
    if at is None:
        return ""
    return (
        f"<tt:{name}><tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute>"
        f"<tt:Second>{at.second}</tt:Second></tt:Time><tt:Date><tt:Year>{at.year}</tt:Year>"
        f"<tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date></tt:{name}>"
    )


def device_information(recorder: SimulatedRecorder, maker: str) -> str:
    return (
        f"<tds:Manufacturer>{maker}</tds:Manufacturer><tds:Model>{recorder.model}</tds:Model>"
        f"<tds:FirmwareVersion>{recorder.firmware}</tds:FirmwareVersion>"
        f"<tds:SerialNumber>{recorder.serial_number}</tds:SerialNumber><tds:HardwareId>1.0</tds:HardwareId>"
    )


def services(host: str) -> str:
    return "".join(
        f"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{word}/wsdl</tds:Namespace>"
        f"<tds:XAddr>http://{host}/onvif/{word}_service</tds:XAddr></tds:Service>"
        for word in PREFIXES
    )


def source(token: str, name: str, address: str) -> str:
    return (
        f"<tt:Source><tt:SourceId>src_{token}</tt:SourceId><tt:Name>{escape(name)}</tt:Name><tt:Location/>"
        f"<tt:Description/><tt:Address>{escape(address)}</tt:Address></tt:Source>"
    )


def track(token: str, kind: str, times: str = "") -> str:
    """As `GetRecordings` lists it, or with `times` as the search service does."""
    described = f"<tt:TrackType>{kind}</tt:TrackType><tt:Description/>"
    inner = described + times if times else f"<tt:Configuration>{described}</tt:Configuration>"
    return f"<tt:Track><tt:TrackToken>{token}</tt:TrackToken>{inner}</tt:Track>"


def event(of: tuple[str, str], at: datetime, topic: str, said: tuple[str, str], kind: str) -> str:
    """`of`: recording and track · `said`: name and value · `kind`: `start`, `Initialized` or `Changed`."""
    recording, track_token = of
    item, value = said
    operation = "Changed" if kind == "start" else kind
    return (
        f"<tt:Result><tt:RecordingToken>{recording}</tt:RecordingToken><tt:TrackToken>{track_token}</tt:TrackToken>"
        f"<tt:Time>{stamp(at)}</tt:Time><tt:Event><wsnt:Topic>tns1:{topic}</wsnt:Topic><wsnt:Message>"
        f'<tt:Message UtcTime="{stamp(at)}" PropertyOperation="{operation}"><tt:Source>'
        f'<tt:SimpleItem Name="RecordingToken" Value={quoteattr(recording)}/>'
        f'<tt:SimpleItem Name="Track" Value={quoteattr(track_token)}/></tt:Source>'
        f'<tt:Data><tt:SimpleItem Name="{item}" Value="{value}"/></tt:Data></tt:Message></wsnt:Message></tt:Event>'
        f"<tt:StartStateEvent>{'true' if kind == 'start' else 'false'}</tt:StartStateEvent></tt:Result>"
    )


def overlay(token: str, configuration: str, kind: str, text: str = "") -> str:
    plain = f"<tt:PlainText>{escape(text)}</tt:PlainText>" if text else ""
    marked = "true" if text else "false"
    return (
        f'<trt:OSDs token="{token}"><tt:VideoSourceConfigurationToken>{configuration}'
        f"</tt:VideoSourceConfigurationToken><tt:Type>Text</tt:Type><tt:Position><tt:Type>Custom</tt:Type></tt:Position>"
        f"<tt:TextString><tt:Type>{kind}</tt:Type>{plain}<tt:Extension><tt:ChannelName>{marked}</tt:ChannelName>"
        "</tt:Extension></tt:TextString></trt:OSDs>"
    )


def job(recording: str, mode: str) -> str:
    return (
        f"<trc:JobItem><tt:JobToken>job_{recording}</tt:JobToken><tt:JobConfiguration>"
        f"<tt:RecordingToken>{recording}</tt:RecordingToken><tt:Mode>{mode}</tt:Mode><tt:Priority>1</tt:Priority>"
        f"<tt:Source><tt:SourceToken><tt:Token>profile_{recording}</tt:Token></tt:SourceToken></tt:Source>"
        "</tt:JobConfiguration></trc:JobItem>"
    )


def profile(recording: str) -> str:
    return (
        f'<trt:Profiles token="profile_{recording}"><tt:VideoSourceConfiguration token="vsc_{recording}">'
        f"<tt:SourceToken>in_{recording}</tt:SourceToken></tt:VideoSourceConfiguration></trt:Profiles>"
    )
