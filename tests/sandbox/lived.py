"""A few minutes of a sandbox whose clock stands still in between, and a digest of all that came of them."""

from __future__ import annotations

import hashlib
import time

from ccxt_ext.sandbox import Sandbox
from tests.sandbox.control_box import NOON


def lived(pause_s: float = 0) -> str:
    told = []
    with Sandbox(["bitexasia", "btex"], seed=7, live=True, start_ms=NOON, clock="frozen") as sandbox:
        for minutes in (1, 3, 1):
            told.append(sandbox.control("GET", "/book?venue=bitexasia&market=BTC-USD&depth=3"))
            money = {"venue": "btex", "account": "config", "currency": "USDT", "amount": str(minutes)}
            sandbox.control("POST", "/deposit", money)
            time.sleep(pause_s)
            sandbox.advance(minutes=minutes)
        for venue, frontend in sandbox.running.server.world.frontends.items():
            for id, market in frontend.engine.markets.items():
                told.append((venue, id, market.trades(), market.book()))
        told.append(sandbox.control("GET", "/ledger"))
    return hashlib.sha256(repr(told).encode()).hexdigest()


if __name__ == "__main__":
    print(lived())
