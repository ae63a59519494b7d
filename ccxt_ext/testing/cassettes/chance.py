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


_SAMPLES = 16


def _reshaped(new: Callable[[], str], source: random.Random) -> Callable[[], str]:
    """Ids of the same form as a venue's own: what is the same in all of those stays."""
    samples = [new() for _ in range(_SAMPLES)]
    fixed = [chars[0] if len(set(chars)) == 1 else "" for chars in zip(*samples, strict=False)]
    is_hex = all(re.fullmatch(r"[0-9a-f-]+", sample) for sample in samples)
    letters = string.hexdigits[:16] if is_hex else string.ascii_letters + string.digits
    return lambda: "".join(char or source.choice(letters) for char in fixed)
