"""Longer lists out of the few rows of a payload."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

# Words of which each stands for the others.
WORDS = (
    ("buy", "sell"),
    ("Buy", "Sell"),
    ("buy-limit", "sell-limit", "buy-market"),
    ("limit", "market", "maket"),
    ("Limit", "Market", "StopLimit", "StopMarket"),
    ("New", "PartiallyFilled", "Filled", "Canceled"),
    ("submitted", "partial-filled", "filled", "partial-canceled", "canceled"),
    ("NULL_VAL", "Post", "ReduceOnly", "PosStopLoss"),
    ("spot", "margin", "earn"),
)

_DECIMAL = re.compile(r"-?\d*\.?\d+")

# How a column goes on: its values change, or also what decides how rows are parsed, which fast parsers
# have to tell apart.
CALM = ("same", "vary", "vary", "rise")
WILD = ("one other", "one other", "others", "zeros", "nulls")


class Longer:
    """Makes lists of rows longer, with more rows like their own."""

    ODD_ONE_OUT = 4  # neither the first nor the last

    def __init__(self, chance: random.Random, words: Sequence[Sequence[str]], calm: bool = False) -> None:
        self.chance = chance
        self.words = words
        self.wildness = 0 if calm else chance.choice([0.05, 0.1, 0.2, 0.5])
        self.plans: dict[Any, str] = {}

    def longer(self, payload: Any, path: tuple[Any, ...] = ()) -> Any:
        if isinstance(payload, dict):
            return {key: self.longer(value, (*path, key)) for key, value in payload.items()}
        if not is_table(payload):
            return payload
        first = self.chance.choice([None, self.chance.choice(payload)])
        count = self.chance.randint(8, 18)
        return [
            self.like(first or payload[place % len(payload)], place, (*path, None)) for place in range(count)
        ]

    def like(self, value: Any, place: int, path: tuple[Any, ...]) -> Any:
        if isinstance(value, dict):
            return {key: self.like(item, place, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.like(item, place, (*path, at)) for at, item in enumerate(value)]
        if path not in self.plans:
            wildness = max(self.wildness, 0.3) if self.wildness and self.likes(value) else self.wildness
            self.plans[path] = self.chance.choice(WILD if self.chance.random() < wildness else CALM)
        plan = self.plans[path]
        if place == self.ODD_ONE_OUT if plan == "one other" else plan in WILD and self.chance.random() < 0.5:
            return self.other(value, plan)
        numeric = isinstance(value, int | float) or (isinstance(value, str) and _DECIMAL.fullmatch(value))
        if plan in CALM[1:] and numeric and not isinstance(value, bool):
            return self.number(value, place if plan == "rise" else None)
        return value

    def likes(self, value: Any) -> Sequence[str]:
        return next((words for words in self.words if value in words), ())

    def other(self, value: Any, plan: str) -> Any:
        if plan == "nulls" or value is None:
            return None
        if isinstance(value, bool):
            return not value
        likes = self.likes(value)
        if likes:
            return self.chance.choice(likes)
        if isinstance(value, str) and not _DECIMAL.fullmatch(value):
            return value
        if plan == "zeros":
            return re.sub("[1-9]", "0", value) if isinstance(value, str) else type(value)(0)
        return type(value)(self.chance.choice([-1, -1, 0, 0, 1, 2, 3, 5]))

    def number(self, value: Any, place: int | None) -> Any:
        """Another of the same form; one that follows that of the row before, if the row's place is given."""
        if abs(float(value)) < 10 and float(value) == int(float(value)):
            return value  # maybe a status
        if isinstance(value, str):
            if place is not None and value.isdigit():
                return str(int(value) + 7 * place)
            return re.sub(r"\d", lambda digit: self.chance.choice("123456789"), value)
        if isinstance(value, float):
            return round(value * self.chance.uniform(0.1, 2), self.chance.randint(0, 9))
        return value + (self.chance.randint(0, 10**6) if place is None else 7777 * place)


def is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict | list) for row in value)


def tables(payload: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Each list of rows, with the path that leads to it."""
    if is_table(payload):
        yield path, payload
    for key, value in payload.items() if isinstance(payload, dict) else ():
        yield from tables(value, (*path, key))
