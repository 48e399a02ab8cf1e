"""RTP packets as bytes: what counts as a key frame, what as lost, what as a frame per second."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.whep.tap import MediaTap, RtpPacket

SPS, PPS = b"\x67\x42\xe0\x1f", b"\x68\xce\x3c\x80"
IDR, SLICE = b"\x65" + bytes(range(1, 90)), b"\x41" + bytes(20)
START = b"\0\0\0\1"


def stap_a(*nals: bytes) -> bytes:
    return b"\x78" + b"".join(len(nal).to_bytes(2) + nal for nal in nals)


def fu_a(nal: bytes, parts: int) -> list[bytes]:
    body = nal[1:]
    size = -(-len(body) // parts)
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    heads = [
        (0x80 if i == 0 else 0) | (0x40 if i == len(pieces) - 1 else 0) | nal[0] & 0x1F for i in range(len(pieces))
    ]
    return [bytes([nal[0] & 0xE0 | 28, head]) + piece for head, piece in zip(heads, pieces, strict=True)]


def frame(
    payloads: list[bytes], *, sequence: int, timestamp: int, ssrc: int = 7, marker: bool = True
) -> list[RtpPacket]:
    last = len(payloads) - 1
    return [
        RtpPacket(ssrc, (sequence + i) % 65536, timestamp, marker and i == last, payload)
        for i, payload in enumerate(payloads)
    ]


def fed(packets: list[RtpPacket], tap: MediaTap | None = None, step_s: float = 0.0) -> MediaTap:
    tap = tap or MediaTap()
    for index, packet in enumerate(packets):
        tap.feed(packet, 10.0 + index * step_s)
    return tap


@pytest.mark.parametrize(
    "payloads",
    [
        pytest.param([SPS, PPS, IDR], id="single NAL units"),
        pytest.param([stap_a(SPS, PPS), IDR], id="STAP-A"),
        pytest.param([stap_a(SPS, PPS), *fu_a(IDR, 5)], id="FU-A"),
        pytest.param([stap_a(SPS, PPS, IDR)], id="all in one STAP-A"),
    ],
)
@pytest.mark.parametrize("sequence", [5, 65534])
def test_a_key_frame_is_put_together(payloads: list[bytes], sequence: int) -> None:
    tap = fed(frame(payloads, sequence=sequence, timestamp=900))
    assert [key.annex_b for key in tap.key_frames] == [START + SPS + START + PPS + START + IDR]
    assert (tap.packets, tap.lost) == (len(payloads), 0)


def test_a_missing_fragment_spoils_this_key_frame_and_not_the_next() -> None:
    first = frame([stap_a(SPS, PPS), *fu_a(IDR, 5)], sequence=0, timestamp=900)
    second = frame([stap_a(SPS, PPS), *fu_a(IDR, 5)], sequence=6, timestamp=1800)
    tap = fed([*first[:3], *first[4:], *second])
    assert len(tap.key_frames) == 1
    assert tap.lost == 1
    assert tap.key_frames_begun == 2


@given(st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter_after_the_first_packet(source: random.Random) -> None:
    first, *rest = frame([stap_a(SPS, PPS), *fu_a(IDR, 7)], sequence=65530, timestamp=900)
    source.shuffle(rest)
    tap = fed([first, *rest])
    assert tap.key_frames[0].annex_b == START + SPS + START + PPS + START + IDR
    assert tap.lost == 0


def test_a_late_packet_completes_the_key_frame_although_the_next_frame_has_begun() -> None:
    key = frame([stap_a(SPS, PPS), *fu_a(IDR, 3)], sequence=0, timestamp=900)
    tap = fed([*key[:2], key[3], *frame([SLICE], sequence=4, timestamp=1800)])
    assert not tap.key_frames
    fed([key[2]], tap)
    assert len(tap.key_frames) == 1


def test_a_sender_that_never_sets_the_marker_is_understood() -> None:
    key = frame([stap_a(SPS, PPS), *fu_a(IDR, 3)], sequence=0, timestamp=900, marker=False)
    tap = fed([*key, *frame([SLICE], sequence=4, timestamp=1800, marker=False)])
    assert tap.key_frames[0].annex_b.endswith(IDR)


def test_a_marker_on_the_parameter_sets_does_not_end_the_key_frame() -> None:
    packets = [RtpPacket(7, n, 900, True, nal) for n, nal in enumerate([SPS, PPS, IDR])]
    assert fed(packets).key_frames[0].annex_b == START + SPS + START + PPS + START + IDR


def test_parameter_sets_from_the_session_description_go_in_front() -> None:
    tap = fed(frame([IDR], sequence=0, timestamp=900), MediaTap([SPS, PPS]))
    assert tap.key_frames[0].annex_b == START + SPS + START + PPS + START + IDR


def test_slices_and_parameter_sets_alone_are_no_key_frame() -> None:
    tap = fed([*frame([SLICE], sequence=0, timestamp=0), *frame([stap_a(SPS, PPS)], sequence=1, timestamp=900)])
    assert not tap.key_frames
    assert tap.key_frames_begun == 0


def test_a_new_source_starts_counting_afresh() -> None:
    tap = fed([*frame([SLICE], sequence=9, timestamp=1), *frame([IDR], sequence=30000, timestamp=5, ssrc=8)])
    assert (tap.packets, tap.lost, tap.ssrc) == (2, 0, 8)
    assert len(tap.key_frames) == 1


def test_frame_rate_counts_distinct_timestamps_from_the_given_moment() -> None:
    packets = [p for n in range(20) for p in frame(fu_a(SLICE * 3, 2), sequence=2 * n, timestamp=9000 * n)]
    tap = fed(packets, step_s=0.05)
    assert tap.frame_rate(10.0) == pytest.approx(10.0)
    assert tap.watched_s(11.0) == pytest.approx(0.9)


def test_a_relay_that_catches_up_does_not_raise_the_frame_rate() -> None:
    packets = [p for n in range(30) for p in frame([SLICE], sequence=n, timestamp=(2**32 - 9000 + 9000 * n) % 2**32)]
    assert fed(packets, step_s=0.01).frame_rate(10.0) == pytest.approx(10.0)


def test_frames_that_never_came_lower_the_frame_rate() -> None:
    packets = [p for n in range(0, 20, 2) for p in frame([SLICE], sequence=n, timestamp=9000 * n)]
    assert fed(packets, step_s=0.2).frame_rate(10.0) == pytest.approx(5.0)


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 3), st.booleans(), st.binary(max_size=40))))
def test_no_bytes_from_a_stranger_break_it(packets: list[tuple[int, int, bool, bytes]]) -> None:
    tap = fed([RtpPacket(7, sequence, stamp, marker, payload) for sequence, stamp, marker, payload in packets])
    assert tap.packets == len(packets)
