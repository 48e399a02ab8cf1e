"""Settings are read strictly; the command line's side of it is in test_cli.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.settings import SECRETS_NAME, STORE_NAME, Account, Settings, SettingsError


def written(home: Path, content: str, mode: int = 0o600) -> Settings:
    path = home / SECRETS_NAME
    path.write_text(content, encoding="utf-8")
    path.chmod(mode)
    return Settings.read({"LIUHEN_HOME": str(home)})


def test_home_comes_from_the_environment_or_lies_in_the_users_home(tmp_path: Path) -> None:
    assert Settings.read({"LIUHEN_HOME": str(tmp_path)}).store_url == str(tmp_path / STORE_NAME)
    assert Settings.read({"LIUHEN_HOME": ""}).home == Settings.read({}).home == Path.home() / ".liuhen"


def test_accounts_by_name(tmp_path: Path) -> None:
    settings = written(tmp_path, "nvr-reader: {user: monitor, password: '0123'}\n")
    assert settings.accounts() == {"nvr-reader": Account(user="monitor", password="0123")}
    assert written(tmp_path, "").accounts() == {}


def test_no_file_is_no_account(tmp_path: Path) -> None:
    assert Settings(tmp_path / "nowhere").accounts() == {}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="chmod 600"):
        written(tmp_path, "", mode).accounts()


@pytest.mark.parametrize(
    "content",
    [
        "n: {user: a}",
        "n: {user: a, password: 123}",
        "n: [a, b]",
        "text",
        "n: {user: !!python/name:os.system , password: x}",
    ],
)
def test_a_malformed_file_is_refused(content: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a mapping"):
        written(tmp_path, content).accounts()


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / SECRETS_NAME).mkdir(mode=0o700)
    with pytest.raises(SettingsError, match="not a file"):
        Settings(tmp_path).accounts()
