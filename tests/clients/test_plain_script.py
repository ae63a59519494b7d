"""Ten lines of plain ccxt, as a user would write them, in an environment with nothing but ccxt-ext."""

import json

import pytest

from tests.clients.client_programs import Environment, running_sandbox
from tests.clients.client_venues import VENUES
from tests.ids import IDS

SYNC = """
import json, sys
import ccxt

exchange = ccxt.VENUE(json.load(sys.stdin))
book = exchange.fetch_order_book("SYMBOL")
bought = exchange.create_order("SYMBOL", "limit", "buy", AMOUNT, book["asks"][0][0])
resting = exchange.create_order("SYMBOL", "limit", "buy", AMOUNT, book["bids"][-1][0])
exchange.cancel_order(resting["id"], "SYMBOL")
orders = [exchange.fetch_order(order["id"], "SYMBOL") for order in (bought, resting)]
print(json.dumps([{key: order[key] for key in ("id", "status", "filled")} for order in orders]))
"""

ASYNC = """
import asyncio, json, sys
from ccxt.async_support import VENUE

async def main():
    async with VENUE(json.load(sys.stdin)) as exchange:
        book = await exchange.fetch_order_book("SYMBOL")
        bought = await exchange.create_order("SYMBOL", "limit", "buy", AMOUNT, book["asks"][0][0])
        resting = await exchange.create_order("SYMBOL", "limit", "buy", AMOUNT, book["bids"][-1][0])
        await exchange.cancel_order(resting["id"], "SYMBOL")
        orders = [await exchange.fetch_order(order["id"], "SYMBOL") for order in (bought, resting)]
        print(json.dumps([{key: order[key] for key in ("id", "status", "filled")} for order in orders]))

asyncio.run(main())
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("script", [SYNC, ASYNC], ids=["sync", "async"])
@pytest.mark.parametrize("venue", IDS)
def test_a_plain_script_trades(empty_environment: Environment, tmp_path, venue: str, script: str) -> None:
    row = VENUES[venue]
    program = tmp_path / "program.py"
    text = script.replace("VENUE", venue).replace("SYMBOL", row.symbol).replace("AMOUNT", str(row.amount))
    program.write_text(text)

    with running_sandbox(empty_environment, tmp_path / "stderr") as sandbox:
        config = json.dumps(sandbox.config(venue))
        done = empty_environment.run("python", program, input=config, timeout=60)
        assert done.stderr == ""
        bought, resting = json.loads(done.stdout)
        assert (bought["status"], bought["filled"]) == ("closed", row.amount)
        assert resting["status"] == "canceled"
        assert not resting["filled"]  # 0, or not told

        orders = sandbox.orders(venue, "config")
        assert orders.keys() == {bought["id"], resting["id"]}
        assert orders[bought["id"]]["status"] == "closed"
        assert float(orders[bought["id"]]["filled"]) == row.amount
        assert orders[resting["id"]]["status"] == "canceled"
        sandbox.check_ledger()
