"""The other end of bitmaxfutures' connections: the test says what the venue says, also over REST."""

import asyncio
import itertools
import json

import ccxt

from ccxt_ext.testing.wire import Answer, AsyncSession, Wire
from tests.venues.offline_stream import Offline, settled
from tests.venues.profiles import DATA

SYMBOL = "BTC/USDT:USDT"
MARKET = "BTC-PERP"
PUBLIC = "wss://bitmax.io:443/api/pro/v2/stream"
PRIVATE = "wss://bitmax.io:443/0/api/pro/v2/stream"
UID = "U0123456789"


def sample(name):
    return json.loads((DATA / "bitmaxfutures" / "documented" / f"{name}.json").read_text())


def refused(code, **about):
    return {"code": code, "reason": "SOME_REASON", **about}


_numbers = itertools.count(1)


class Bitmax(Offline):
    """`rest` has the answers by the path's end: what is told, or a function that gives it.

    Each has a key of its own: what was sent with a key is remembered for all instances that have it.
    """

    def __init__(self, rest=None, **options):
        self.rest = {"order/hist/current": {"code": 0, "data": []}, **(rest or {})}
        self.wire = Wire(self.answer)
        options = {"accountGroup": 0, "userUID": UID, "watchTicker": {"rest": False, "refresh": 0}, **options}
        options.setdefault("watchBalance", {"freeMargin": False})
        super().__init__(
            "bitmaxfutures",
            apiKey=f"key{next(_numbers)}",
            session=AsyncSession(self.wire),
            verify=False,
            enableRateLimit=False,
            options=options,
        )

    def answer(self, request):
        for end, told in self.rest.items():
            if request.path.endswith(end):
                told = told(request) if callable(told) else told
                return told if isinstance(told, Answer) else Answer(told)
        raise AssertionError(f"nobody expected {request.line}")

    @property
    def asked(self):
        """Paths of the REST calls."""
        return [request.path.rpartition("/futures/")[2] for request in self.wire.requests]

    def end(self, url):
        return next(c for c in reversed(self.connections) if c.url == url)

    async def say(self, *frames, url=None):
        url = url or self.connections[-1].url
        for frame in frames:
            text = frame if isinstance(frame, str) else json.dumps(frame)
            self.exchange.handle_message(self.end(url), text)
        await settled()

    def sent_to(self, url):
        connection = self.end(url).connection
        texts, connection.sent = connection.sent, []
        return [json.loads(text) for text in texts]

    async def sign_on(self):
        """Accept the keys. What was sent then."""
        (auth,) = self.sent_to(PRIVATE)
        assert auth["op"] == "auth"
        await self.say({"m": "auth", "id": auth["id"], "code": 0}, url=PRIVATE)
        return self.sent_to(PRIVATE)

    async def watch_private(self, method, *args, **answers):
        """A watch call with a connection of its own, whose first requests are answered."""
        task = await self.watch(method, *args)
        sent = await self.sign_on()
        await self.reply(sent, **answers)
        return task

    async def reply(self, sent, open_orders=(), holdings=None):
        for message in sent:
            if message.get("action") == "futures-open-orders":
                rows = {"code": 0, "ac": "FUTURES", "data": list(open_orders)}
                await self.say({"m": "futures-open-orders", "id": message["id"], **rows}, url=PRIVATE)
            if message.get("action") == "futures-account-snapshot":
                frame = {**sample("ws-futures-account-snapshot"), **(holdings or {}), "id": message["id"]}
                await self.say(frame, url=PRIVATE)

    async def lose(self, url):
        """The connection is cut."""
        self.end(url).fail(ccxt.NetworkError("cut"))
        await settled()


def report(**about):
    """An execution report."""
    return {**sample("ws-futures-order"), **about}


def row(**about):
    """An order as REST and the snapshot tell it."""
    return {**sample("ws-futures-open-orders")["data"][0], **about}


def fill(id, sn, amount, price, filled, average, total, status="PartiallyFilled", fee="0.1", **about):
    """An execution report of a fill."""
    return report(
        orderId=id,
        sn=sn,
        lq=amount,
        lp=price,
        cfq=filled,
        ap=average,
        f=fee,
        cf=total,
        st=status,
        t=sn,
        **about,
    )


async def asked(venue, method, *args, url=PRIVATE):
    """A call, and the request that it sends."""
    task = await venue.watch(method, *args)
    if not venue.connections:
        raise await_error(task)
    sent = venue.sent_to(url)
    if sent and sent[0]["op"] == "auth":
        await venue.say({"m": "auth", "id": sent[0]["id"], "code": 0}, url=url)
        sent = venue.sent_to(url)
    (request,) = sent
    return task, request


def await_error(task):
    return task.exception() or AssertionError("nothing was sent")


async def answered(venue, method, *args, answer, url=PRIVATE):
    task, request = await asked(venue, method, *args, url=url)
    await venue.say({**answer, "id": request["id"]}, url=url)
    return request, await task


async def signed_on(venue):
    task = asyncio.ensure_future(venue.exchange.feed.requests.private_connection())
    await settled()
    await venue.sign_on()
    return await task
