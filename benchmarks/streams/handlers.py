"""A message through a handler: from its text to the future of whoever waits for the book."""

import asyncio
import gc
import statistics
import time
from typing import Any

import orjson

from benchmarks.streams.changes import changes
from benchmarks.streams.contestants import Stage, Watcher
from benchmarks.streams.dialects import BARE

BATCH = 50
BATCHES = 161
TARGET = 1.8

Times = dict[str, list[float]]


class Handler:
    def __init__(self, watcher: Watcher, client: Any, hash: str) -> None:
        self.watcher, self.client, self.hash = watcher, client, hash

    def texts(self, deltas: int) -> list[str]:
        """The next messages for the book."""
        watcher, dialect = self.watcher, self.watcher.dialect
        first, watcher.number = watcher.number + 1, watcher.number + BATCH * BATCHES
        told = enumerate(changes(deltas, BATCH * BATCHES), start=first)
        return [orjson.dumps(dialect.change(number, *sides)).decode() for number, sides in told]

    def take(self, texts: list[str]) -> None:
        future, handle, hash = self.client.future, self.client.handle_text_or_binary_message, self.hash
        for text in texts:
            future(hash)  # somebody waits
            handle(text)


async def measure(stage: Stage, deltas: int) -> Times:
    """Seconds for each message, in turn."""
    handlers = {watcher.name: Handler(watcher, *await watcher.handler()) for watcher in stage.watchers}
    texts = {name: handler.texts(deltas) for name, handler in handlers.items()}
    times: Times = {name: [] for name in (*handlers, "floor")}
    gc.collect()
    gc.freeze()  # what was made before is not to be looked through
    for start in range(0, BATCH * BATCHES, BATCH):
        for name, handler in handlers.items():
            batch = texts[name][start : start + BATCH]
            began = time.process_time()
            handler.take(batch)
            times[name].append((time.process_time() - began) / BATCH)
            await asyncio.sleep(0)
        began = time.process_time()
        for text in texts[BARE][start : start + BATCH]:
            orjson.loads(text)
        times["floor"].append((time.process_time() - began) / BATCH)
    check(stage)
    return times


def check(stage: Stage) -> None:
    """All must have the same book, or the comparison is of nothing."""
    numbers = {watcher.name: watcher.book["nonce"] - watcher.number for watcher in stage.watchers}
    if any(numbers.values()):
        raise AssertionError(f"messages were lost: {numbers}")
    first, *others = [watcher.levels() for watcher in stage.watchers]
    if any(levels != first for levels in others):
        raise AssertionError("the books are not the same")


def ratio(times: Times, one: str, other: str) -> float:
    """How much longer one takes than the other: the median of what was measured next to each other."""
    return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))
