"""How the command line reads its words: one sentence when they are wrong, options and words in any order."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence instead of a usage block; subparsers inherit it."""
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows what is accepted\n")


class IntermixedParser(Parser):
    """Takes words before and after options, as in `preview ID --set a=1 BUNDLE`; argparse alone gives an optional
    word up as absent once the first words are followed by an option."""

    _is_inner = False

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        if self._is_inner:
            return super().parse_known_args(args, namespace)
        self._is_inner = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_inner = False
