"""Conversations over streams, told once: when they are recorded, and when they are played back.

Each is `async def name(talk, symbol)`, where `await talk('watchTicker', symbol)` is what the streaming class
answers, as JSON has it. `talk.meanwhile('createOrder', ...)` has another account do something, but only
where a sandbox is recorded, and once nobody has anything more to say.
"""

import asyncio
import json

import ccxt_ext.pro

QUIET_S = 0.5


async def markets(talk, symbol):
    """All that is streamed of a market, on which somebody places orders and trades."""
    amount = talk.profile.least
    book = await talk("watchOrderBook", symbol)
    bid, ask = book["bids"][0], book["asks"][0]
    talk.meanwhile("createOrder", symbol, "limit", "buy", amount, bid[0])
    while book["bids"][0] == bid:
        book = await talk("watchOrderBook", symbol)
    assert book["bids"][0][0] == bid[0] and book["bids"][0][1] > bid[1]

    talk.meanwhile("createOrder", symbol, "limit", "buy", amount, ask[0])
    while True:
        trade = (await talk("watchTrades", symbol, None, 5))[-1]
        if [trade["side"], trade["price"], trade["amount"]] == ["buy", ask[0], amount]:
            break
    others = {
        "watchTicker": symbol,
        "watchBidsAsks": [symbol],
        "watchOHLCV": symbol,
        "watchMarkPrice": symbol,
        "watchFundingRate": symbol,
    }
    watching = [talk(name, argument) for name, argument in others.items() if name in talk.native]
    trading = talk.meanwhile("createOrder", symbol, "limit", "buy", amount, ask[0])
    await asyncio.gather(*watching, trading)
    await talk("unWatchTrades", symbol)


async def account(talk, symbol):
    """An order rests, is found and is cancelled; another one trades: as the streams of an account tell it."""
    amount = 2 * talk.profile.least
    book = await talk("watchOrderBook", symbol)
    bid, ask = book["bids"][0][0], book["asks"][0][0]
    before = await talk("watchBalance")
    assert await talk("watchPositions", [symbol]) == []

    news = await talk.begin("watchOrders", symbol)
    resting = await talk("createOrderWs", symbol, "limit", "buy", amount, bid)
    (order,) = await news
    assert (order["id"], order["status"], order["amount"]) == (resting["id"], "open", amount)
    assert [order["id"] for order in await talk("fetchOpenOrdersWs", symbol)] == [resting["id"]]

    news = await talk.begin("watchOrders", symbol)
    await talk("cancelOrderWs", resting["id"], symbol)
    (order,) = await news
    assert (order["id"], order["status"]) == (resting["id"], "canceled")

    news = [
        await talk.begin("watchMyTrades", symbol),
        await talk.begin("watchPositions", [symbol]),
        await talk.begin("watchBalance"),
    ]
    taking = await talk("createOrderWs", symbol, "limit", "buy", amount, ask)
    trades, positions, balance = await asyncio.gather(*news)
    assert {trade["order"] for trade in trades} == {taking["id"]}
    assert sum(trade["amount"] for trade in trades) == amount
    assert [(position["side"], position["contracts"]) for position in positions] == [("long", amount)]
    while balance["total"] == before["total"]:  # what came while nobody watched is told first
        balance = await talk("watchBalance")


async def watched(talk, symbol):
    """What may be recorded from the real venue by anyone."""
    for name, *arguments in (("watchOrderBook", symbol), ("watchTrades", symbol), ("watchTicker", symbol)):
        if name in talk.native:
            for _ in range(3):
                await talk(name, *arguments)


CONVERSATIONS = {"sandbox-stream_markets": markets, "sandbox-stream_account": account}

LIVE = {"live-stream": watched}


def stream_conversations(id):
    """The names of those that there are with a venue."""
    native = getattr(ccxt_ext.pro, id).native
    if native:
        yield "sandbox-stream_markets"
    if "watchBalance" in native:
        yield "sandbox-stream_account"


class Talk:
    """Calls a streaming class, and keeps what it answers."""

    def __init__(self, exchange, profile, recording, counterparty=None):
        self.exchange = exchange
        self.profile = profile
        self.recording = recording
        self.counterparty = counterparty
        self.native = exchange.native
        self.told = []

    async def tell(self, name):
        await {**CONVERSATIONS, **LIVE}[name](self, self.profile.symbol)

    async def __call__(self, method, *arguments):
        told = [method, *arguments]
        self.told.append(told)
        result = json.loads(json.dumps(await getattr(self.exchange, method)(*arguments)))
        told.append(result)
        return result

    async def quiet(self):
        """Wait until nobody has anything more to say, which only matters to a recording."""
        if self.recording:
            await asyncio.sleep(QUIET_S)

    async def begin(self, method, *arguments):
        """The call goes on by itself. What is told after this comes after what was told before."""
        await self.quiet()
        call = asyncio.create_task(self(method, *arguments))
        await asyncio.sleep(0)
        await self.quiet()
        return call

    def meanwhile(self, method, *arguments):
        return asyncio.ensure_future(self._meanwhile(method, *arguments))

    async def _meanwhile(self, method, *arguments):
        if self.counterparty is not None:
            await self.quiet()
            await getattr(self.counterparty, method)(*arguments)
