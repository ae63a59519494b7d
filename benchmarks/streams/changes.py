"""A book and its changes, the same for all venues."""

import random
from functools import cache

Rows = list[list[str]]

START = 1_714_521_600_000
DEPTH = 100
MIDDLE = 40_000  # quarters
NEAR = 20  # the mean distance of a change from the best price, in levels


def price(quarters: int) -> str:
    return f"{quarters / 4:.2f}"


BIDS: Rows = [[price(MIDDLE - n), "1.5000"] for n in range(DEPTH)]
ASKS: Rows = [[price(MIDDLE + 1 + n), "1.5000"] for n in range(DEPTH)]


@cache
def changes(deltas: int, count: int) -> list[tuple[Rows, Rows]]:
    """Bids and asks of `count` messages, with so many deltas in each; a third of them are removals."""
    chance = random.Random(deltas)
    made = []
    for _ in range(count):
        bids: Rows = []
        asks: Rows = []
        for _ in range(deltas):
            is_bid = chance.random() < 0.5
            distance = int(chance.expovariate(1 / NEAR)) % DEPTH
            amount = "0" if chance.random() < 1 / 3 else f"{chance.uniform(0.1, 5):.4f}"
            if is_bid:
                bids.append([price(MIDDLE - distance), amount])
            else:
                asks.append([price(MIDDLE + 1 + distance), amount])
        made.append((bids, asks))
    return made
