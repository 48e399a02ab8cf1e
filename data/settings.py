"""Where things are kept and which secrets there are: from the environment and one file, read strictly and loudly.

`LIUHEN_HOME` is the folder of this installation (default: `.liuhen` in the user's home). `secrets.yaml` in it maps the
names used in the register to accounts: `{nvr-reader: {user: monitor, password: …}}`. `LIUHEN_PROFILE` is the city whose
rules count here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

STORE_NAME = "liuhen.duckdb"
SECRETS_NAME = "secrets.yaml"


class SettingsError(Exception):
    """A setting that cannot be used; the message names it and what is accepted."""


class Account(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    profile: str | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        home = Path(environment.get("LIUHEN_HOME") or Path.home() / ".liuhen")
        return cls(home, environment.get("LIUHEN_PROFILE") or None)

    @property
    def store_url(self) -> str:
        return str(self.home / STORE_NAME)

    def accounts(self) -> dict[str, Account]:
        """The accounts by name; SettingsError when the file is malformed or readable by others."""
        path = self.home / SECRETS_NAME
        if not path.exists():
            return {}
        if not path.is_file():
            raise SettingsError(f"{path} is not a file; put the accounts there, or remove it")
        if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            raise SettingsError(f"{path} can be read by other users; run: chmod 600 {path}")
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            return TypeAdapter(dict[str, Account]).validate_python(content)
        except (yaml.YAMLError, ValidationError, UnicodeDecodeError):
            # The error text of either library would quote the passwords.
            raise SettingsError(
                f"{path} is not a mapping of name to {{user, password}} in UTF-8; quote a password of digits"
            ) from None
        except OSError as error:
            raise SettingsError(f"{path} cannot be read: {error.strerror}; make it yours and chmod 600") from None
