"""Asks one device about its cameras, window by window, and returns polls: also for what went wrong.

One request at a time per device, newest windows first, within a budget of time. A device that refuses the login or
cannot be reached is left alone for the rest of the round; what was then not asked is reported as skipped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collectors.answers import DeviceFailure, FootageAnswer, Malformed
from collectors.device import Device
from collectors.protocols import RecorderProtocol
from data.facts import Poll, RawAnswer, poll_id_of

OUR_FAULT = "our client broke off"
"""How the reason begins where our own program failed on what a device sent."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """What to ask one device about one camera; true time, half-open."""

    camera_id: str
    channel: str
    covers_from: datetime
    covers_to: datetime


@dataclass(slots=True)
class Round:
    """What one device gave in one round of asking."""

    polls: list[Poll] = field(default_factory=list)
    raw_answers: list[RawAnswer] = field(default_factory=list)
    skipped: list[tuple[Window, str]] = field(default_factory=list)
    stopped_by: DeviceFailure | None = None


def ask_windows(
    protocol: RecorderProtocol,
    device: Device,
    windows: Sequence[Window],
    *,
    budget_s: float,
    elapsed_s: Callable[[], float] = time.monotonic,
) -> Round:
    """Ask all windows in the order given; never raises for the device's trouble."""
    done = Round()
    give_up_at = elapsed_s() + budget_s
    for window in windows:
        if done.stopped_by is not None:
            done.skipped.append((window, f"not asked, because {done.stopped_by}"))
        elif elapsed_s() > give_up_at:
            done.skipped.append((window, f"not asked, because the device used up its {budget_s:g} s of this round"))
        else:
            _ask_window(protocol, device, window, done)
    return done


def failed_round(windows: Sequence[Window], failure: DeviceFailure, asked_at: datetime) -> Round:
    """A round that ended before any window was asked: the newest one says why, the others are skipped for that."""
    done = Round(stopped_by=failure)
    for window in windows[:1]:
        answer = FootageAnswer(
            window.covers_from, window.covers_to, (), failure.outcome, complete=False, reason=str(failure)
        )
        done.polls.append(_poll(window.camera_id, asked_at, answer))
    done.skipped += [(window, f"not asked, because {failure}") for window in windows[1:]]
    return done


def _ask_window(protocol: RecorderProtocol, device: Device, window: Window, done: Round) -> None:
    asked_at = device.now()
    device.take_exchanges()
    answers, failure = _answers(protocol, device, window)
    polls = [_poll(window.camera_id, asked_at, answer) for answer in answers]
    if failure is not None:
        covered_to = max((answer.covers_to for answer in answers), default=window.covers_from)
        rest = FootageAnswer(
            min(covered_to, window.covers_to),
            window.covers_to,
            (),
            failure.outcome,
            complete=False,
            reason=str(failure),
        )
        polls.append(_poll(window.camera_id, asked_at, rest))
        if not isinstance(failure, Malformed):
            done.stopped_by = failure
    done.polls.extend(polls)
    if polls:
        done.raw_answers.extend(_raw(polls[0].poll_id, device))


def _answers(
    protocol: RecorderProtocol, device: Device, window: Window
) -> tuple[list[FootageAnswer], DeviceFailure | None]:
    """The answers that came before a failure, and the failure."""
    answers: list[FootageAnswer] = []
    try:
        for answer in protocol.footage(device, window.channel, window.covers_from, window.covers_to):
            answers.append(answer)
    except DeviceFailure as failure:
        return answers, failure
    except Exception as error:  # a fault of our own client: this window is unknown, the next ones are still asked
        log.exception("the client of %s broke off", device.address)
        return answers, Malformed(f"{OUR_FAULT} ({type(error).__name__}) on what {device.address} sent")
    return answers, None


def _poll(camera_id: str, asked_at: datetime, answer: FootageAnswer) -> Poll:
    return Poll(
        poll_id=poll_id_of(camera_id, asked_at, answer.covers_from, answer.covers_to),
        camera_id=camera_id,
        asked_at=asked_at,
        covers_from=answer.covers_from,
        covers_to=answer.covers_to,
        outcome=answer.outcome,
        complete=answer.complete,
        clock_offset_ms=answer.clock_offset_ms,
        reason=answer.reason,
        spans=tuple((span.started_at, span.ended_at) for span in answer.spans),
    )


def _raw(poll_id: str, device: Device) -> list[RawAnswer]:
    return [
        RawAnswer(poll_id, ordinal, exchange.request, exchange.status, exchange.body)
        for ordinal, exchange in enumerate(device.take_exchanges())
    ]
