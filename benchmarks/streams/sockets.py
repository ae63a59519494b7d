"""Order books from the socket to the user, who awaits them."""

import gc
import time
from dataclasses import dataclass

from benchmarks.streams.contestants import Stage
from benchmarks.streams.handlers import Times, check

TARGET = 2.0


@dataclass(frozen=True)
class Traffic:
    messages: int
    pause: float  # between two of them
    rounds: int


BURST = Traffic(messages=1500, pause=0, rounds=31)  # the user gets what the last of several has made
SINGLY = Traffic(messages=150, pause=0.001, rounds=11)  # each wakes the user


async def measure(stage: Stage, deltas: int, traffic: Traffic) -> Times:
    """Seconds of processor time for each message, in turn."""
    times: Times = {contestant.name: [] for contestant in stage.contestants}
    gc.collect()
    gc.freeze()
    for _ in range(traffic.rounds):
        for contestant in stage.contestants:
            last = await stage.prepare(contestant, deltas, traffic.messages, traffic.pause)
            began = time.process_time()
            await stage.go()
            await contestant.until(last)
            times[contestant.name].append((time.process_time() - began) / traffic.messages)
        check(stage)
    return times
