"""How much memory a live sandbox takes as time passes.

`python -m benchmarks.sandbox.memory [MINUTES [ID ...]]` lets the markets of venues trade for so many minutes
as in a live sandbox, while requests come, and prints what it takes. Without arguments, it is an hour of all.
"""

import sys
from pathlib import Path

from ccxt_ext.plugins import ours
from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World

STEP_MS = 250
"""How often the traders act."""
BODY = b"x" * 2_000


def resident() -> float:
    """In megabytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise OSError("the system does not tell")


def trades(world: World) -> int:
    markets = (each for frontend in world.frontends.values() for each in frontend.engine.markets.values())
    return sum(each.matching.next_trade_id % 1_000_000_000 for each in markets)


def main(minutes: int, venues: tuple[str, ...]) -> None:
    world = World(Settings(live=True, venues=venues))
    for frontend in world.frontends.values():
        frontend.engine.warm_up()
    begun = trades(world)
    print("| minutes | trades | requests | memory |\n| --- | --- | --- | --- |")
    requests = 0
    for minute in range(minutes + 1):
        if minute % max(1, minutes // 12) == 0:
            print(
                f"| {minute} | {trades(world) - begun:,} | {requests:,} | {resident():.1f} MB |", flush=True
            )
        for _ in range(60_000 // STEP_MS):
            world.clock.advance(STEP_MS)
            world.move_markets()
            for venue in world.settings.venues:
                world.receive(venue, Request("POST", "/nowhere", body=BODY))
                requests += 1


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, tuple(sys.argv[2:]) or ours())
