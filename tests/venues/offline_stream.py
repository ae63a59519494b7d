"""A streaming class without a network: its connections are made, and the test is at their other end."""

import asyncio
import contextlib
import json

import pytest

import ccxt_ext.pro
from tests.venues.profiles import DATA, PROFILES


def with_options(**options):
    """Of the test's `venue`."""
    return pytest.mark.parametrize("venue", [options], indirect=True)


class Socket:
    """What is sent goes to `sent`."""

    closed = False

    def __init__(self):
        self.sent = []

    async def send_str(self, text):
        self.sent.append(text)

    async def ping(self):
        self.sent.append("a WebSocket's ping")

    async def close(self):
        self.closed = True


class Offline:
    def __init__(self, id, **config):
        self.profile = PROFILES[id]
        self.exchange = getattr(ccxt_ext.pro, id)({**self.profile.credentials, **config})
        self.exchange.timeout_on_exit = 0
        listed = self.profile.sample(self.profile.markets_sample)
        key = self.profile.markets_key
        rows = [*(listed if key is None else listed[key]), *self.profile.more_markets]
        self.exchange.set_markets(self.exchange.parse_markets(rows))
        self.connections = []
        self.make = self.exchange.feed.make_connection
        self.exchange.feed.make_connection = self.connect

    def connect(self, url):
        connection = self.make(url)
        connection.connection = Socket()
        connection.isConnected = True
        connection.connected.resolve(url)
        self.connections.append(connection)
        return connection

    def forget_failures(self):
        """So that the next connection is dialled at once."""
        for address in self.exchange.feed.addresses.values():
            address.dialling.failures = 0

    @property
    def connection(self):
        return self.connections[-1]

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.exchange.close()

    def sent(self):
        """What was sent since the last look, decoded where it is JSON."""
        texts, self.connection.connection.sent = self.connection.connection.sent, []
        return [decoded(text) for text in texts]

    async def watch(self, method, *args):
        """A watch call, as far as it goes without news."""
        task = asyncio.ensure_future(getattr(self.exchange, method)(*args))
        await settled()
        return task

    async def say(self, *frames):
        for frame in frames:
            text = frame if isinstance(frame, str) else json.dumps(frame)
            self.exchange.handle_message(self.connection, text)
        await settled()

    async def told(self, method, *args, frames):
        """What a watch call gives when these frames come."""
        task = await self.watch(method, *args)
        await self.say(*frames)
        assert task.done(), "no news"
        return await task


def decoded(text):
    with contextlib.suppress(ValueError):
        return json.loads(text)
    return text


async def settled():
    for _ in range(10):
        await asyncio.sleep(0)


def sample(id, name):
    return json.loads((DATA / id / "documented" / "streams" / f"{name}.json").read_text())


def levels(book):
    return {side: [list(level) for level in book[side]] for side in ("bids", "asks")}
