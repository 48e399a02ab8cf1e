"""One measurement in a process of its own: `python -m bench.load_child WAY ARGUMENTS FOLDER` prints figures as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import load_memory, load_round, parse, parse_store

WAYS = {
    "round": (load_round.Load, load_round.collect),
    "parse": (parse_store.Parse, parse_store.measure),
    "beside": (parse.Beside, parse.compare),
    "rounds": (load_memory.Rounds, load_memory.repeat),
}


def main() -> None:
    way, arguments, folder = sys.argv[1:]
    settings, run = WAYS[way]
    with TemporaryDirectory(dir=folder) as scratch:
        print(json.dumps(run(settings(**json.loads(arguments)), Path(scratch))))  # type: ignore[operator]


if __name__ == "__main__":
    main()
