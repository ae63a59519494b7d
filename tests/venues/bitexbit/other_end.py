"""The other end of bitexbit's connection: its frames, and the book that it answers with."""

import json

from tests.venues.offline_stream import Offline
from tests.venues.profiles import DATA

SYMBOL, OTHER = "BTC/USD", "ETH/USDT"
CHANNEL = "book_BTC_USD"
OPEN = '0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'
JOINED = {4: '40{"sid":"def"}', 3: "40"}
SUBSCRIBE, SUBSCRIBED = f'42["subscribe","{CHANNEL}"]', f'42["subscribe.success","{CHANNEL}"]'


def sample(name):
    return json.loads((DATA / "bitexbit" / "stream" / f"{name}.json").read_text())


CAME, CANCELLED = sample("book-order"), sample("book-cancel")
# In which the orders of both samples stand.
BOOK = {
    "buy": [
        {"price": 936.0, "id": 15201, "amount": 0.35, "timestamp": 1485686400.5},
        {"price": "936.00", "id": 15200, "amount": "0.15", "timestamp": 1485686300.5},
        {"price": 930, "id": 15100, "amount": 2, "timestamp": 1485686200.5},
    ],
    "sell": [{"price": 941.5, "id": 15235, "amount": 0.0123, "timestamp": 1485686401.5}],
}
FIRST = {"bids": [[936.0, 0.5], [930.0, 2.0]], "asks": [[941.5, 0.0123]]}


def frame(message, channel=CHANNEL):
    return "42" + json.dumps([channel, message])


class Venue(Offline):
    def __init__(self, **options):
        super().__init__("bitexbit", options={"stream": {"lag": 0, "subscribeWait": 0, **options}})
        self.version = options.get("engineIoVersion", 4)
        self.asked = []
        self.answers = []  # the next ones; without any, BOOK
        self.gate = None  # opened for one answer after the other
        self.exchange.v1_public_get_orderbook_pair = self.answer

    async def answer(self, request):
        self.asked.append(request)
        if self.gate is not None:
            await self.gate.acquire()
        answer = self.answers.pop(0) if self.answers else BOOK
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def begin(self, method, *args):
        """A watch call, whose subscription is acknowledged."""
        task = await self.watch(method, *args)
        await self.say(OPEN, JOINED[self.version])
        await self.say(SUBSCRIBED)
        return task

    def sent(self):
        texts, self.connection.connection.sent = self.connection.connection.sent, []
        return texts

    async def book(self):
        return await (await self.begin("watch_order_book", SYMBOL))
