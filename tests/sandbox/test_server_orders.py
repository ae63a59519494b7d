"""Many clients at once: no order is lost, no money made."""

from __future__ import annotations

import asyncio
import json
import random
import time
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import aiohttp

from ccxt_ext.sandbox import Sandbox
from tests.sandbox.frontends.bitmart2.raw_client import sign, signed_text

VENUE = "bitmart2"
MARKET = "BMX_ETH"
CLIENTS = 20
ORDERS_EACH = 50


class Client:
    """A connection of its own, with a token that all clients of the account share."""

    def __init__(self, config: dict[str, Any], token: str, session: aiohttp.ClientSession) -> None:
        self.config = config
        self.token = token
        self.session = session
        self.placed: list[str] = []
        self.refused: list[Any] = []

    def headers(self, text: str) -> dict[str, str]:
        return {
            "X-BM-AUTHORIZATION": f"Bearer {self.token}",
            "X-BM-TIMESTAMP": str(time.time_ns() // 1_000_000),
            "X-BM-SIGNATURE": sign(self.config["secret"], text),
            "Content-Type": "application/json",
        }

    async def call(self, method: str, path: str, text: str, body: str = "") -> Any:
        url = self.config["urls"]["api"]["rest"] + path
        async with self.session.request(
            method, url, data=body.encode(), headers=self.headers(text)
        ) as answer:
            found = await answer.json()
            if answer.status != 200:
                self.refused.append((answer.status, found))
            return found

    async def trade(self, rng: random.Random) -> None:
        """Places around the middle of the book, so that many meet, and cancels what is left."""
        for _ in range(ORDERS_EACH):
            side = rng.choice(["buy", "sell"])
            price = f"0.0000{rng.randint(9900, 9990)}"
            amount = f"{rng.randint(1, 5000)}.{rng.randint(0, 99):02d}"
            text = signed_text({"symbol": MARKET, "amount": amount, "price": price, "side": side})
            body = f'{{"symbol":"{MARKET}","amount":{amount},"price":{price},"side":"{side}"}}'
            answer = await self.call("POST", "/v2/orders", text, body)
            self.placed.append(str(answer["entrust_id"]))
        for order_id in self.placed:
            await self.call("DELETE", f"/v2/orders/{order_id}", f"entrust_id={order_id}")


async def login(config: dict[str, Any], session: aiohttp.ClientSession) -> str:
    key, secret, memo = config["apiKey"], config["secret"], config["uid"]
    form = {
        "grant_type": "client_credentials",
        "client_id": key,
        "client_secret": sign(secret, f"{key}:{secret}:{memo}"),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url = config["urls"]["api"]["rest"] + "/v2/authentication"
    async with session.post(url, data=urlencode(form), headers=headers) as answer:
        token: str = json.loads(await answer.text())["access_token"]
        return token


async def test_a_thousand_orders_of_twenty_clients() -> None:
    async with Sandbox([VENUE]) as sandbox:
        clients = []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            for account in ("config", "counterparty"):
                config = sandbox.config(VENUE, account)
                token = await login(config, session)
                clients += [Client(config, token, session) for _ in range(CLIENTS // 2)]
            await asyncio.gather(
                *(client.trade(random.Random(number)) for number, client in enumerate(clients))
            )
        placed = [order_id for client in clients for order_id in client.placed]
        orders = {order["id"]: order for order in sandbox.control("GET", f"/orders?venue={VENUE}")}
        trades = sandbox.control("GET", f"/trades?venue={VENUE}")
        ledger = sandbox.control("GET", "/ledger")[VENUE]
        held = [balance.held for balance in balances(sandbox)]
        crashes = sandbox.control("GET", "/")["crashes"]

    assert len(placed) == len(set(placed)) == CLIENTS * ORDERS_EACH
    assert set(orders) == set(placed)
    # A cancel is refused only because the order was filled before.
    filled = [order for order in orders.values() if order["status"] == "closed"]
    refused = [answer for client in clients for answer in client.refused]
    assert {order["status"] for order in orders.values()} == {"closed", "canceled"}
    assert all(answer == (404, {"message": "Not found"}) for answer in refused)
    assert len(refused) == len(filled) > 100
    for order in orders.values():
        parts = [Decimal(trade["amount"]) for trade in trades if trade["order"] == order["id"]]
        assert sum(parts) == Decimal(order["filled"])
    assert all(entry["total"] == entry["deposited"] for entry in ledger.values())
    assert set(held) == {Decimal(0)}
    assert crashes == 0


def balances(sandbox: Sandbox) -> list[Any]:
    engine = sandbox.running.server.world.frontends[VENUE].engine
    return [balance for account in engine.accounts for balance in engine.balances(account).values()]
