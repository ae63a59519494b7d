"""Random ids as recorded: each of ccxt's ways to make one goes on where the recording did."""

from __future__ import annotations

import random
import re
import string
import uuid
from collections.abc import Callable
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
    ids, numbers, texts = dice("uuid"), dice("rand_number"), dice("random_bytes")
    exchange.uuid = lambda: str(uuid.UUID(int=ids.getrandbits(128), version=4))
    exchange.rand_number = lambda size: int("".join(str(numbers.randint(1, 9)) for _ in range(size)))
    if hasattr(exchange, "new_client_order_id"):
        exchange.new_client_order_id = _reshaped(exchange.new_client_order_id, dice("new_client_order_id"))
    exchange.random_bytes = lambda length: f"{texts.getrandbits(length * 8):x}"


def _reshaped(new: Callable[[], str], source: random.Random) -> Callable[[], str]:
    """Ids of the same form as a venue's own: digits for digits, letters for letters of the same case."""

    def reshaped() -> str:
        id = new()
        letters = "abcdef" if re.fullmatch(r"[0-9a-fA-F-]+", id) else string.ascii_lowercase
        return "".join(
            str(source.randrange(10))
            if char.isdecimal()
            else (source.choice(letters).upper() if char.isupper() else source.choice(letters))
            if char.isalpha()
            else char
            for char in id
        )

    return reshaped
