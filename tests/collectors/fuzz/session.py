"""One case: a client asks a device some of whose answers are damaged, and everything it says is looked at."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from collectors import protocols
from collectors.answers import DeviceFailure
from collectors.device import Device
from collectors.intervals import Interval
from data.periods import local_day
from tests.collectors.fuzz import oracle
from tests.collectors.fuzz.bounds import bounded_cpu, bounded_memory
from tests.collectors.fuzz.places import place
from tests.collectors.fuzz.specs import NOW, SECRET
from tests.collectors.fuzz.wire import Plan, Runaway, Spoiler, Trust, Wire
from tests.collectors.fuzz.worlds import build

WEIGHED = 40
"""One case in so many, because it takes several times as long."""
AGAIN = 0.2
"""Share of cases after which the device tells the truth, to a client that remembers what it learned before."""


@dataclass(slots=True)
class Tally:
    """What a run of cases gave. `wrong`: one sentence for each case that broke a rule."""

    case_count: int = 0
    damaged_count: int = 0
    most_requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def fuzz(name: str, wanted: int, *, first: int = 0, patience: int = 10) -> Tally:
    """Cases until `wanted` answers of a device were damaged, or `patience` cases were wrong."""
    tally, number = Tally(), first
    while tally.damaged_count < wanted and len(tally.wrong) < patience:
        case = Case(name, number, tally)
        try:
            with bounded_cpu(), bounded_memory(is_weighed=number % WEIGHED == 0):
                case.run()
        except (Exception, Runaway) as error:
            tally.wrong.append(f"{name} case {number}, {case.doing}: {_short(error)} [{', '.join(case.damaged)}]")
        tally.case_count += 1
        tally.damaged_count += len(case.damaged)
        number += 1
    return tally


class Case:
    def __init__(self, name: str, number: int, tally: Tally) -> None:
        self._chance = Random(f"{name} {number}")
        self._world = build(name, self._chance)
        self._module: Any = protocols.load(name)
        self._tally = tally
        self._memory = dict(self._world.memory)
        self.doing = "preparing"
        self.damaged: list[str] = []

    def run(self) -> None:
        spoiler = Spoiler(
            self._world, Plan.drawn(self._chance, self._world.topics, self._world.spec.shares), self._chance
        )
        self.damaged = spoiler.trust.damaged
        self._session(spoiler, spoiler.trust)
        if self._chance.random() < AGAIN:
            honest = Spoiler(self._world, Plan((), frozenset(), 0.0), self._chance)
            kept = spoiler.trust
            learned = Trust(presence=kept.presence, absence=kept.absence and kept.clock, clock=True, base=kept.base)
            self._session(honest, learned if kept.clock else Trust(base=False))

    def _session(self, spoiler: Spoiler, trust: Trust) -> None:
        with place(self._world, spoiler) as address:
            wire = Wire(self._world, spoiler)
            for question, ask in self._questions(address, wire, trust):
                self.doing = question
                wire.count = 0
                try:
                    outcome = ask()
                except DeviceFailure as failure:
                    oracle.assert_failure(failure)
                    oracle.assert_secret(str(failure), wire.secrets)
                    outcome = failure.outcome
                self._tally.outcomes[f"{question} {outcome}"] += 1
                self._tally.most_requests = max(self._tally.most_requests, wire.count)
            oracle.assert_memory(self._memory)

    def _questions(self, address: str, wire: Wire, trust: Trust) -> Iterator[tuple[str, Callable[[], str]]]:
        """A look and footage as a round asks them, then some of the rest; each stands alone."""
        chance = self._chance
        with _opened(self._module, address, self._memory, wire) as device:
            asks = self._asks(device, address)
            first = [question for question in ("describe", "clock") if chance.random() < 0.4]
            rest = chance.sample(sorted(asks), chance.choice([0, 1, 1, 3]))
            for question in [*first, *["footage"] * chance.choice([0, 1, 1, 1]), *rest]:
                if question == "footage":
                    yield question, lambda: self._footage(device, wire, trust)
                else:
                    yield question, lambda question=question: self._fact(question, asks[question], wire)  # type: ignore[misc]
            oracle.assert_evidence(device.take_exchanges(), wire.secrets)

    def _asks(self, device: Device, address: str) -> dict[str, Callable[[], object]]:
        module, channel = self._module, self._channel()
        days = (local_day(NOW) - timedelta(days=3), local_day(NOW))
        self._days = days
        asks: dict[str, Callable[[], object]] = {
            word: lambda word=word: getattr(module, word)(device)  # type: ignore[misc]
            for word in ("describe", "clock", "channels", "plans", "disks", "answers_here")
            if hasattr(module, word)
        }
        if hasattr(module, "days_held"):
            asks["days_held"] = lambda: module.days_held(device, channel, *days)
        if hasattr(module, "playback_url"):
            asks["playback_url"] = lambda: module.playback_url(device, channel, NOW - 2.5 * self._world.hour)
        return asks

    def _channel(self) -> str:
        words = self._world.spec.channels
        return self._chance.choice([words[0], words[0], words[0], *words])

    def _fact(self, question: str, ask: Callable[[], object], wire: Wire) -> str:
        given = ask()
        oracle.assert_facts(question, given, self._days)
        oracle.assert_secret(repr(given), wire.secrets)
        if question == "playback_url":
            oracle.assert_address(str(given), self._world.spec.address)
        return "ok"

    def _footage(self, device: Device, wire: Wire, trust: Trust) -> str:
        window, channel = self._window(), self._channel()
        self.doing = f"footage of {channel} {window[0]} to {window[1]}"
        answers = list(self._module.footage(device, channel, *window))
        oracle.assert_pieces(answers, window)
        for answer in answers:
            oracle.assert_secret(answer.reason, wire.secrets)
        oracle.assert_truth(self._world, answers, channel, trust)
        if not answers:
            return "nothing"
        outcomes = sorted({each.outcome if each.complete or each.outcome != "ok" else "open" for each in answers})
        return "+".join(outcomes)

    def _window(self) -> Interval:
        hour, chance = self._world.hour, self._chance
        odd = timedelta(milliseconds=chance.choice([0, 0, 1, 500, 999]))
        a, b = chance.choice(
            [(30, 0), (26, 2), (24, 0), (3, 0), (1, -1), (0.1, -2), (-1, -2), (220, 190), (75, 60), (5, 4.99), (2, 2)]
        )
        return NOW - a * hour - odd, NOW - b * hour - odd


@contextmanager
def _opened(module: Any, address: str, memory: dict[str, str], wire: Wire) -> Iterator[Device]:
    waits = {"pause": lambda _: None} if "pause" in inspect.signature(module.open_device).parameters else {}
    device: Device = module.open_device(address, secret=SECRET, now=lambda: NOW, memory=memory, **waits)
    if hasattr(device, "pause"):
        device.pause = lambda _: None
    for scheme in ("http://", "https://"):
        device.http.mount(scheme, wire)
    with device:
        yield device


def _short(error: BaseException) -> str:
    where = ""
    if not isinstance(error, AssertionError | Runaway):
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}: {str(error)[:900]}"
