"""One probe: offer, answer, connection, packets, one decoded key frame, frame rate, always a clean end."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext

from collectors.answers import ProbeResult
from collectors.whep import hosts
from collectors.whep.answer_sdp import Answer, UnreadableCodec, UnusableAnswer, sanitise
from collectors.whep.failure import ProbeFailure, codec_failure
from collectors.whep.peer import accept, connected, make_offer, peer
from collectors.whep.signalling import Session
from collectors.whep.target import Limits, Target
from collectors.whep.watching import first_key_frame, frame_rate, look

log = logging.getLogger(__name__)


async def probe_once(
    target: Target,
    limits: Limits,
    *,
    handshake: AbstractAsyncContextManager[object] | None = None,
    decoder: Executor | None = None,
) -> ProbeResult:
    """Never raises for the target's trouble.

    `handshake` is held while connecting, because too many at once starve each other; waiting for it costs the
    target none of its time. `decoder`: where key frames are decoded; the loop's default executor if None.
    """
    try:
        async with AsyncExitStack() as connecting:
            await connecting.enter_async_context(handshake or nullcontext())
            async with asyncio.timeout(limits.total_s):
                return await _probe(target, limits, connecting, decoder)
    except ProbeFailure as failure:
        return ProbeResult(failure.outcome, failure.reason)
    except TimeoutError:
        return ProbeResult("not_probed", f"our probe of {target.place} was not done within {limits.total_s:g} s")
    except Exception as error:
        log.exception("probe of %s", target.place)
        return ProbeResult("not_probed", f"our probe of {target.place} broke: {type(error).__name__}: {error}")


async def _probe(target: Target, limits: Limits, connecting: AsyncExitStack, decoder: Executor | None) -> ProbeResult:
    clock = asyncio.get_running_loop().time
    hosts.toward_loopback.set(hosts.is_loopback(target.host))
    async with peer(limits) as pc, Session(target, limits) as session:
        offer = await make_offer(pc)
        asked_at_s = clock()
        answer = await session.exchange(offer)
        tap = await accept(pc, _sanitised(answer.sdp, offer, answer.address, target))
        await connected(pc, target, limits)
        await connecting.aclose()
        key = await first_key_frame(pc, tap, target, limits)
        first_frame_ms = round((key.completed_at_s - asked_at_s) * 1000)
        looking = asyncio.ensure_future(look(key, decoder))
        try:
            fps = await frame_rate(pc, tap, target, limits)
            picture = await looking
        finally:
            looking.cancel()
    return ProbeResult(
        "ok",
        first_frame_ms=first_frame_ms,
        width=picture.width,
        height=picture.height,
        fps=round(fps, 2),
        black=picture.black,
    )


def _sanitised(sdp: str, offer: str, relay_address: str, target: Target) -> Answer:
    try:
        answer = sanitise(sdp, offer, relay_address)
    except UnusableAnswer as error:
        raise ProbeFailure("unreachable", f"{target.place} sent an unusable answer: {error}") from None
    except UnreadableCodec as error:
        raise codec_failure(str(error)) from None
    if answer.dropped_candidates:
        log.info("%s: media addresses not used: %s", target.place, ", ".join(answer.dropped_candidates))
    return answer
