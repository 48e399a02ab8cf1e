"""What looks different is in doubt until somebody vouches for it; what says nothing cannot be doubted."""

from __future__ import annotations

from collectors.identity import Doubt, Identities, Key

SERIAL: Key = ("serial_number", "R1")
ADDRESS: Key = ("recorder_address", "R1")
CAMERA: Key = ("camera_address", "R1/3")
PLACE: Key = ("camera_place", "C1")
NOTHING = Identities({}, {})


def test_what_is_new_is_trusted_and_what_is_silent_changes_nothing() -> None:
    known = NOTHING.seen({SERIAL: "A1", CAMERA: ""})
    assert known.doubts() == []
    assert known.seen({SERIAL: ""}).recorder_doubt("R1") is None
    assert CAMERA not in known.shown


def test_another_serial_number_is_a_doubt_and_says_both() -> None:
    doubt = NOTHING.seen({SERIAL: "A1"}).seen({SERIAL: "B2"}).recorder_doubt("R1")
    assert doubt == Doubt("serial_number", "R1", "A1", "B2")
    assert "'B2'" in str(doubt) and "'A1'" in str(doubt) and "liuhen identity confirm R1" in str(doubt)


def test_a_doubt_stays_while_the_device_says_nothing_and_ends_when_the_old_one_is_back() -> None:
    doubted = NOTHING.seen({SERIAL: "A1"}).seen({SERIAL: "B2"})
    assert doubted.seen({}).recorder_doubt("R1") is not None
    assert doubted.seen({SERIAL: "A1"}).recorder_doubt("R1") is None


def test_an_address_only_tells_a_recorder_without_serial_number() -> None:
    moved = Identities({ADDRESS: "http://192.0.2.1"}, {ADDRESS: "http://192.0.2.9"})
    assert moved.recorder_doubt("R1") == Doubt("recorder_address", "R1", "http://192.0.2.1", "http://192.0.2.9")
    assert moved.doubts() == [moved.recorder_doubt("R1")]
    numbered = moved.seen({SERIAL: "A1"})
    assert numbered.recorder_doubt("R1") is None and numbered.doubts() == []


def test_another_camera_behind_a_channel_doubts_that_channel_only() -> None:
    known = NOTHING.seen({CAMERA: "192.0.2.31"}).seen({CAMERA: "192.0.2.77"})
    assert known.camera_doubt("R1", "3", "C1") == Doubt("camera_address", "R1/3", "192.0.2.31", "192.0.2.77")
    assert known.camera_doubt("R1", "4", "C2") is None and known.recorder_doubt("R1") is None


def test_a_camera_put_elsewhere_is_a_doubt_wherever_it_is_asked() -> None:
    known = Identities({PLACE: "R1/3"}, {PLACE: "R2/1"})
    assert known.camera_doubt("R2", "1", "C1") == Doubt("camera_place", "C1", "R1/3", "R2/1")
