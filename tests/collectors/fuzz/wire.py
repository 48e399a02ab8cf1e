"""Carries requests to a simulated end, damages what comes back, and watches what goes out."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

import requests
import urllib3

from collectors.simulator.http import Request, Response
from tests.collectors.fuzz.damage import DAMAGES, RARE, Damage
from tests.collectors.fuzz.reads import is_read, said_by
from tests.collectors.fuzz.specs import SECRET, Spec, Topic
from tests.collectors.fuzz.worlds import World
from tests.collectors.in_process import InProcess

MAX_REQUESTS = 1500
"""Of one question. Pages of two rows in halves of halves stay far below it; what goes beyond has no end."""

REWRITES_BYTES = ("recode", "shuffle")
"""What takes nothing from a text can change numbers in a film."""


class Runaway(BaseException):
    """No exception a client may catch: it asks without end, or reads for ever."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which answers of a session are damaged, and how: a `share` of those about `topics`, or only one of them."""

    damages: tuple[Damage, ...]
    topics: frozenset[Topic]
    share: float
    only: int | None = None

    @classmethod
    def drawn(cls, chance: Random, everything: frozenset[Topic], shares: Sequence[float]) -> Plan:
        """A third only takes away; a third damages one kind of answers only, which leaves much that must be true."""
        gentle = tuple(damage for damage in DAMAGES if damage.tells_nothing_new)
        kind = chance.random()
        damages = gentle if kind < 0.3 else DAMAGES
        topics = everything if kind < 0.7 else frozenset([chance.choice(sorted(everything))])
        some = chance.sample(damages, chance.choice([1, 2, 4, len(damages)]))
        only = chance.choice([0, 1, 2, 3, 5, 8, 13, 21]) if min(shares) < 1 and chance.random() < 0.3 else None
        return cls(tuple(some), topics, chance.choice(shares), only)


@dataclass(slots=True)
class Trust:
    """What may still be held against a client after all damage so far."""

    presence: bool = True
    """What it lists was recorded."""
    absence: bool = True
    """What it denies was not."""
    clock: bool = True
    base: bool = True
    damaged: list[str] = field(default_factory=list)

    def note(self, topic: Topic, damage: Damage, spec: Spec, *, is_text: bool) -> None:
        self.damaged.append(f"{damage.name} of {topic}")
        self.clock &= not damage.dates
        if damage.tells_nothing_new and (is_text or damage.name not in REWRITES_BYTES):
            return
        if topic == "footage":
            self.presence &= not damage.invents and not spec.ordered and is_text
            self.absence &= (not damage.hides and is_text) or (damage.name in ("lose", "repeat") and spec.counted)
        self.clock &= topic != "clock"
        self.base &= topic != "base"


class Spoiler:
    """The end of `world`, some of whose answers are damaged."""

    def __init__(self, world: World, plan: Plan, chance: Random) -> None:
        self._world, self._plan, self._chance = world, plan, chance
        self._count = 0
        self.trust = Trust()

    def __call__(self, request: Request) -> Response:
        return self.spoiled(self._world.topic(request), self._world.end(request))

    def spoiled(self, topic: Topic, response: Response) -> Response:
        self._count += 1
        plan, chance = self._plan, self._chance
        hit = topic in plan.topics and chance.random() < plan.share
        if plan.only is not None:
            hit = self._count == plan.only + 1
        if not hit or response.dropped:
            return response
        for damage in chance.sample(plan.damages, min(len(plan.damages), chance.choice([1, 1, 1, 2]))):
            response = self._damaged(damage, topic, response)
        return response

    def _damaged(self, damage: Damage, topic: Topic, response: Response) -> Response:
        if self._chance.random() > RARE.get(damage.name, 1.0) or response.dropped:
            return response
        other = damage.apply(response, self._chance)
        if other != response:
            is_text = isinstance(response.body, bytes) and b"\x00" not in response.body
            self.trust.note(topic, damage, self._world.spec, is_text=is_text)
        return other


class Wire(InProcess):
    """Counts, keeps what must not be told, and holds the client to reading from its own device."""

    def __init__(self, world: World, spoiler: Spoiler) -> None:
        super().__init__(spoiler)
        self._world = world
        self.count = 0
        both = f"{SECRET.user}:{SECRET.password}"
        self.secrets = {
            SECRET.password,
            b64encode(both.encode()).decode(),
            hashlib.md5(SECRET.password.encode(), usedforsecurity=False).hexdigest(),
        }

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        self.count += 1
        if self.count > MAX_REQUESTS:
            raise Runaway(f"more than {MAX_REQUESTS} requests for one question")
        host = urlsplit(request.url or "").hostname
        if host != urlsplit(self._world.spec.address).hostname:
            raise Runaway(f"a device made its client ask another host: {request.url!r:.200}")
        self.asked.clear()
        try:
            return super().send(request)
        except urllib3.exceptions.InvalidHeader as error:  # as the real adapter does
            raise requests.exceptions.InvalidHeader(error, request=request) from None
        finally:
            for asked in self.asked:
                self._keep_secrets(asked)
                if not is_read(self._world.name, asked):
                    raise Runaway(f"'{said_by(asked)}' went out, which tests/collectors/fuzz/reads.py does not list")

    def _keep_secrets(self, request: Request) -> None:
        headers = {name.lower(): text for name, text in request.headers.items()}
        given = {request.query.get("token"), headers.get("access-token"), headers.get("secret")}
        given.add(headers.get("cookie", "").partition("=")[2])
        self.secrets |= {text for text in given if text and len(text) > 5}
