"""Passing time for a bot that lives through it in this process: step by step, when nothing is under way."""

from __future__ import annotations

import asyncio

from ccxt_ext.sandbox.sockets import Sockets
from ccxt_ext.sandbox.world import World

STEP_MS = 5_000
"""The longest step while there are streams, so that they ping, and time out, when they should."""
PATIENCE_S = 0.5
"""How long is waited in a row for requests that are under way."""
STILL = 2
"""So often in a row there must be nothing to do."""


class InHand:
    """Counts the requests for which something is being done, each in a `with` block."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> None:
        self.count += 1

    def __exit__(self, *_: object) -> None:
        self.count -= 1


class Living:
    """The time that a bot lives through, as the server sees it."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets
        self.in_hand = InHand()
        self._pauses: list[tuple[int, asyncio.Event]] = []
        self._bots = 0

    def begin(self) -> None:
        """From now on latencies go by the sandbox's time."""
        self._bots += 1

    def end(self) -> None:
        """From now on latencies go by real time again. Those that are not over are cut short."""
        self._bots -= 1
        for _, over in self._pauses:
            over.set()

    @property
    def counts_pauses(self) -> bool:
        """Whether pauses go by the sandbox's time."""
        return self._bots > 0

    async def pause(self, ms: int) -> None:
        """Wait until so much of the sandbox's time has passed."""
        pause = self._world.clock.now() + ms, asyncio.Event()
        self._pauses.append(pause)
        try:
            await pause[1].wait()
        finally:
            self._pauses.remove(pause)

    async def quiet(self) -> bool:
        """Whether all that has come was answered, and what was sent is where clients can read it.

        What is under way is waited for, but not for long.
        """
        is_answered = await self._answered()
        await self._sockets.delivered()
        return is_answered

    async def _answered(self) -> bool:
        loop = asyncio.get_running_loop()
        ready = getattr(loop, "_ready", ())
        give_up, still = loop.time() + PATIENCE_S, 0
        while still < STILL:
            await asyncio.sleep(0)
            is_busy = bool(ready) or self.in_hand.count > len(self._pauses)
            still = 0 if is_busy else still + 1
            if is_busy and loop.time() > give_up:
                return False
        return True

    async def pass_until(self, at_ms: int) -> bool:
        """Let time pass until then, or until a frame goes out before, or a step is over; then be quiet.

        Returns whether all was answered.
        """
        clock, begin = self._world.clock, self._world.clock.now()
        until = min([at_ms, *(instant for instant, _ in self._pauses)])
        if self._sockets.are_open:
            until = min(until, begin + STEP_MS)
        with self._sockets.together():
            if until > begin:
                sent = self._sockets.sent
                for _ in self._world.passing(until - begin, stop=lambda: self._sockets.sent != sent):
                    await self._sockets.drained()
                clock.lived_ms += clock.now() - begin
                self._sockets.tick_now()
            for instant, over in self._pauses:
                if instant <= clock.now():
                    over.set()
            is_answered = await self._answered()
        await self._sockets.delivered()
        return is_answered
