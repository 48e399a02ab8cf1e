"""The command around the probe: arguments, exit codes, both languages, and no password anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collectors.device import Secret
from collectors.simulator import isapi as simulated
from collectors.simulator.http import LoopbackServer, Response
from collectors.simulator.isapi_manners import Manners
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from dashboard.cli import main
from dashboard.commands import probe_device
from data.settings import SECRETS_NAME

NOW = datetime(2026, 9, 30, 12)
HOUR = timedelta(hours=1)
PASSWORD = "correct horse"
ACCOUNT = ("--user", "collector", "--password-env", "NVR_PASSWORD")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUHEN_HOME", str(tmp_path))
    monkeypatch.setenv("NVR_PASSWORD", PASSWORD)
    monkeypatch.setattr(probe_device, "utc_now", lambda: NOW)
    monkeypatch.setattr("collectors.recognising.PACE_S", 0.0)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return tmp_path


def recorder_end(**manners: object) -> LoopbackServer:
    channels = {
        "1": SimulatedChannel("1", ((NOW - timedelta(days=20), NOW),), name="力学室", address="192.0.2.7"),
        "2": SimulatedChannel("2", (), name="收样室", address="192.0.2.8", offline=((NOW - HOUR, NOW + HOUR),)),
    }
    recorder = SimulatedRecorder(
        "N1", "isapi", Secret("collector", PASSWORD), channels, ((datetime(2000, 1, 1), 7000),)
    )
    return LoopbackServer(simulated.end(recorder, lambda: NOW, Manners(**manners)))  # type: ignore[arg-type]


@pytest.fixture
def address() -> Iterator[str]:
    with recorder_end() as server:
        yield server.address


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    try:
        code = main(["probe-device", *argv])
    except SystemExit as left:
        code = int(str(left.code))
    out, err = capsys.readouterr()
    assert PASSWORD not in out + err
    return code, out, err


def test_everything_a_recorder_tells_is_shown(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, address, *ACCOUNT, "--lang", "en")
    assert code == 0
    for text in (
        "isapi",
        "Login: accepted",
        "SIM-NVR-16",
        "SIM0000001",
        "+7.0 s ahead",
        "力学室",
        "2026-09-10",
        "Healthy",
    ):
        assert text in out, text
    code, out, _ = said(capsys, address, *ACCOUNT)
    assert code == 0 and "登录：已接受" in out and "最早录像" in out


def test_machines_get_the_same(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, address.removeprefix("http://"), *ACCOUNT, "--json")
    found = json.loads(out)
    assert (code, found["protocol"], found["login"]) == (0, "isapi", "accepted")
    assert found["clock"]["offset_ms"] == 7000
    assert {each["channel"]: each["is_online"] for each in found["channels"]} == {"1": True, "2": False}
    assert {each["channel"]: each["day"] for each in found["oldest_footage"]} == {"1": "2026-09-10", "2": None}
    assert found["missing_rights"] == [] and found["failures"] == []


def test_an_account_from_the_secrets_does_as_well(address: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / SECRETS_NAME).write_text(f"nvr: {{user: collector, password: {PASSWORD}}}\n")
    (home / SECRETS_NAME).chmod(0o600)
    assert said(capsys, address, "--credential", "nvr")[0] == 0
    assert said(capsys, address, "--credential", "other")[0] == 2


def test_a_missing_right_is_named_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    with recorder_end(forbidden=("Storage",)) as server:
        code, out, _ = said(capsys, server.address, *ACCOUNT, "--lang", "en")
        assert code == 1 and "the right “Remote: Log Search / Interrogate Working Status” is needed" in out
        assert "需要权限" in said(capsys, server.address, *ACCOUNT)[1]


def test_a_refused_and_a_missing_login_are_told(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no account was given" in said(capsys, address, "--lang", "en")[1]
    monkeypatch.setenv("NVR_PASSWORD", "wrong")
    code, out, _ = said(capsys, address, *ACCOUNT, "--lang", "en")
    assert code == 1 and "it was tried only once" in out


def test_nobody_there_is_an_outside_failure(capsys: pytest.CaptureFixture[str]) -> None:
    with LoopbackServer(lambda _: Response(200, b"<html></html>")) as server:
        code, out, _ = said(capsys, server.address, *ACCOUNT)
        assert code == 3 and "isapi" in out
        address = server.address
    code, out, _ = said(capsys, address, "--json")
    assert code == 3 and json.loads(out)["protocol"] is None


@pytest.mark.parametrize(
    "argv",
    [
        ("ftp://192.0.2.1",), ("http://",), ("not an address",), ("http://192.0.2.1:99999",),
        ("http://a:b@192.0.2.1",), ("",),
        ("192.0.2.1", "--protocol", "telepathy"), ("192.0.2.1", "--user", "x"), ("192.0.2.1", "--password-env", "HOME"),
        ("192.0.2.1", "--user", "x", "--password-env", "NO_SUCH_VARIABLE"),
        ("192.0.2.1", "--credential", "x", "--user", "y", "--password-env", "HOME"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_one_sentence(argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, *argv)
    assert code == 2 and err.count("\n") == 1, err
