"""Reading the catalogue's YAML files: what cannot be used stops the program with one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class RuleError(Exception):
    """A rule that cannot be used as it is written or asked for; the message says where and what is accepted."""


def read_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RuleError(f"{path.name}: not readable as YAML: {' '.join(str(error).split())}") from None
