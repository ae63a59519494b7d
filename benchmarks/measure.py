"""Measuring things beside one another, so that a noisy machine is as noisy for all, and telling of it."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

Medians = dict[str, float]


def side_by_side(calls: dict[str, Callable[[], Any]], seconds: float = 1.0) -> Medians:
    """The median time of each call, called in turn."""
    gc.collect()
    gc.freeze()  # else each collection would look through the other things that are measured
    repeats = {}
    for name, call in calls.items():
        call()
        repeats[name] = max(1, int(0.0005 / timed(call, 1)))  # what is quick is called several times
    rounds: dict[str, list[float]] = {name: [] for name in calls}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(rounds[name]) < 15:
        for name, call in calls.items():
            rounds[name].append(timed(call, repeats[name]))
    return {name: statistics.median(times) for name, times in rounds.items()}


def timed(call: Callable[[], Any], repeats: int) -> float:
    start = time.process_time()  # what other programs do meanwhile does not count
    for _ in range(repeats):
        call()
    return (time.process_time() - start) / repeats


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * len(header)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *lines)) + "\n"
