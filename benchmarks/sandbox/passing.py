"""How long it takes to let an hour pass on all venues, with their traders trading through it.

`python -m benchmarks.sandbox.passing` prints the figures.
"""

import statistics
import time

from benchmarks.measure import table
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World

HOUR_MS = 3_600_000
ROUNDS = 3
TARGET_S = 5.0
HEADER = ["time that passes", "processor time", "trades", "target", "reached"]


def trade_numbers(world: World) -> int:
    """The sum of the markets' next trade numbers: how far it rises is how many trades there were."""
    engines = [frontend.engine for frontend in world.frontends.values()]
    return sum(market.matching.next_trade_id for engine in engines for market in engine.markets.values())


def measure() -> list[list[str]]:
    """Of all markets, once each has its past."""
    world = World(Settings(live=True, clock="frozen"))
    world.pass_time(1)
    spent, trades = [], []
    for _ in range(ROUNDS):
        before, begun = trade_numbers(world), time.process_time()
        world.pass_time(HOUR_MS)
        spent.append(time.process_time() - begun)
        trades.append(trade_numbers(world) - before)
    seconds = statistics.median(spent)
    name = f"an hour, {len(world.frontends)} venues"
    reached = "yes" if seconds < TARGET_S else "no"
    return [[name, f"**{seconds:.2f} s**", f"{statistics.median(trades):,}", f"{TARGET_S} s", reached]]


if __name__ == "__main__":
    print(table(HEADER, measure()))
