"""The section on streams of RESULTS.md."""

import asyncio
import statistics

from benchmarks.measure import table
from benchmarks.streams import handlers, latency, sockets
from benchmarks.streams.contestants import stage
from benchmarks.streams.dialects import DIALECTS
from benchmarks.streams.feed import feed
from benchmarks.streams.handlers import Times, ratio

SIZES = (5, 25)  # deltas in a message
PEER = "okx"
LIGHT = "bitvavo"
OURS = [dialect.id for dialect in DIALECTS.values() if dialect.ours]

INTRODUCTION = """
Changes of one order book, the same for all, each venue's in its own form; every round ends with the same
book. ccxt's okx is the venue to compare with: its changes are numbered, a gap is noticed, and the book has
its time, as ours. Of six handlers of ccxt that were looked at (with whitebit, htx, bybit and kucoin) it is in
the middle. The lightest, bitvavo, is shown as well: it notices no gap, and its book has no time. No one of
them notices a crossed book. Times are those of the processor, so that other programs count for little; "as
fast as" is the median of what was measured next to each other.
"""

NOTES = """
A handler takes a message as text and leaves a book to somebody who waits for it. The floor is
`orjson.loads` of bitmaxfutures' text. From the socket to the user, a server in another process sends to a
user who awaits `watch_order_book()` again and again: as fast as it goes, so that one waking may stand for
many messages, or one message each millisecond, so that each wakes the user; that includes what an event
loop does to wait. bitexasia's messages may have other names and shapes than those that are assumed of it, and
each level is looked at for that; this is what keeps it from its last target.

The latency is from the moment when the sandbox's engine tells of an order, in another process, until the
user has the book with it: matching is over by then, the venue's message and both ends of the socket are
not. The distribution says as much about the machine and what else it does.
"""


def measure() -> tuple[str, list[list[str]]]:
    """The section, and those of its lines that have a target."""
    handled, burst, singly = asyncio.run(measure_all())
    targets = [*handled, *burst]
    parts = [
        "## Streams",
        INTRODUCTION.strip(),
        table(HANDLER_HEADER, handled),
        table(SOCKET_HEADER, burst),
        table(SOCKET_HEADER[:-2], singly),
        table(latency.HEADER, latency.measure()),
        NOTES.strip(),
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n", targets


async def measure_all() -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    handled: list[list[str]] = []
    burst: list[list[str]] = []
    singly: list[list[str]] = []
    with feed() as url:
        async with stage(url) as all_of_them:
            for deltas in SIZES:
                times = await handlers.measure(all_of_them, deltas)
                handled += [handler_line(id, deltas, times) for id in OURS]
            for deltas in SIZES:
                times = await sockets.measure(all_of_them, deltas, sockets.BURST)
                lines = [socket_line(id, deltas, times) for id in OURS]
                burst += [
                    [*line, *verdict(id, times, sockets.TARGET)] for id, line in zip(OURS, lines, strict=True)
                ]
                times = await sockets.measure(all_of_them, deltas, sockets.SINGLY)
                singly += [socket_line(id, deltas, times, ", one by one") for id in OURS]
    return handled, burst, singly


HANDLER_HEADER = [
    "a message through the handler",
    f"ccxt's {PEER}",
    f"ccxt's {LIGHT}",
    "here",
    "here, times the floor",
    f"as fast as {LIGHT}'s",
    f"as fast as {PEER}'s",
    "target",
    "reached",
]


def handler_line(id: str, deltas: int, times: Times) -> list[str]:
    return [
        f"{id}, {deltas} deltas",
        *(f"{statistics.median(times[name]) * 1e6:.1f} µs" for name in (PEER, LIGHT, id)),
        f"{ratio(times, id, 'floor'):.1f}",
        f"{ratio(times, LIGHT, id):.1f}x",
        f"**{ratio(times, PEER, id):.1f}x**",
        *verdict(id, times, handlers.TARGET),
    ]


SOCKET_HEADER = [
    "deltas a second, from the socket to the user",
    "aiohttp + orjson, no book",
    f"ccxt's {PEER}",
    f"ccxt's {LIGHT}",
    "here",
    "here, times aiohttp + orjson",
    f"as fast as {LIGHT}",
    f"as fast as {PEER}",
    "target",
    "reached",
]


def socket_line(id: str, deltas: int, times: Times, how: str = "") -> list[str]:
    names = ("bare", PEER, LIGHT, id)
    return [
        f"{id}, {deltas} in a message{how}",
        *(f"{deltas / statistics.median(times[name]):,.0f}" for name in names),
        f"{ratio(times, id, 'bare'):.1f}",
        f"{ratio(times, LIGHT, id):.1f}x",
        f"**{ratio(times, PEER, id):.1f}x**",
    ]


def verdict(id: str, times: Times, target: float) -> list[str]:
    return [f"{target:.1f}x", "yes" if round(ratio(times, PEER, id), 1) >= target else "no"]


if __name__ == "__main__":
    print(measure()[0])
