"""Random ids as recorded: each of ccxt's ways to make one goes on where the recording did."""

from __future__ import annotations

import random
import uuid
from typing import Any

_DIGITS = {"uuid16": 16, "uuid22": 22}


def load_dice(exchange: Any, seed: int) -> None:
    """Have an exchange choose the ids that belong to a seed."""

    def dice(name: str) -> random.Random:
        return random.Random(f"{seed} {exchange.id} {name}")

    def digits(name: str, default: int) -> Any:
        source = dice(name)
        return lambda length=default: f"{source.getrandbits(length * 4):0{length}x}"

    for name, length in _DIGITS.items():
        setattr(exchange, name, digits(name, length))
    ids, first, numbers, texts = dice("uuid"), dice("uuidv1"), dice("rand_number"), dice("random_bytes")
    exchange.uuid = lambda: str(uuid.UUID(int=ids.getrandbits(128), version=4))
    exchange.uuidv1 = lambda: f"{uuid.UUID(int=first.getrandbits(128), version=1)}"
    exchange.rand_number = lambda size: int("".join(str(numbers.randint(1, 9)) for _ in range(size)))
    exchange.random_bytes = lambda length: f"{texts.getrandbits(length * 8):x}"
