"""RTP payloads of H264 (RFC 6184: single NAL unit, STAP-A, FU-A); malformed ones yield nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

NAL_SLICE, NAL_IDR, NAL_SPS, NAL_PPS = 1, 5, 7, 8
STAP_A, FU_A = 24, 28
START_CODE = b"\0\0\0\1"


def whole_nals(payload: bytes) -> Iterator[bytes]:
    kind = payload[0] & 0x1F
    if 0 < kind < STAP_A:
        yield payload
    elif kind == STAP_A:
        at = 1
        while at + 2 < len(payload):
            size = int.from_bytes(payload[at : at + 2])
            if not size or at + 2 + size > len(payload):
                return
            yield payload[at + 2 : at + 2 + size]
            at += 2 + size


def begun_nal_types(payload: bytes) -> Iterator[int]:
    if payload[0] & 0x1F == FU_A:
        if len(payload) > 2 and payload[1] & 0x80:
            yield payload[1] & 0x1F
        return
    yield from (nal[0] & 0x1F for nal in whole_nals(payload))


def depacketize(payloads: Iterable[bytes]) -> Iterator[bytes]:
    fragment = bytearray()
    for payload in payloads:
        if payload[0] & 0x1F != FU_A:
            yield from whole_nals(payload)
        elif len(payload) > 2:
            if payload[1] & 0x80:
                fragment = bytearray([payload[0] & 0xE0 | payload[1] & 0x1F])
            fragment += payload[2:]
            if payload[1] & 0x40 and len(fragment) > 1:
                yield bytes(fragment)
