"""ccxt's unified parameters at the watch methods: what is asked for, with and without them."""

import inspect

import ccxt
import pytest

from ccxt_ext.testing.conformance.wishes import ALIASES, HARMLESS, OTHER, REFUSALS, WISHES, kind_words
from ccxt_ext.venue.calls.guards import camel_case
from ccxt_ext.venue.calls.unified import declared_params
from tests.ids import PRO_IDS
from tests.venues.offline_stream import Offline

ids = pytest.mark.parametrize("id", PRO_IDS)


class Asked(Exception):
    """Instead of waiting for news."""


class Watcher:
    def __init__(self, offline, method):
        self.exchange, self.profile, self.method = offline.exchange, offline.profile, method
        self.exchange.feed.follow = self.follow
        self.exchange.polling.begun = self.polled
        self.exchange.request = self.request

    async def follow(self, url, topics, subjects):
        raise Asked((url, str(topics), str(subjects)))

    def polled(self, subject, params):
        raise Asked([(str(subject), subject.asked, params)])

    async def request(self, path, api="public", method="GET", params={}, *args, **kwargs):
        raise Asked((path, params))

    async def told(self, params):
        """What is asked for, or the error."""
        symbol = self.profile.symbol
        timeframe = next(iter(self.exchange.timeframes), None)
        values = {
            "symbol": symbol,
            "symbols": [symbol],
            "timeframe": timeframe,
            "symbolsAndTimeframes": [[symbol, timeframe]],
        }
        method = getattr(self.exchange, self.method)
        given = {name: values[name] for name in inspect.signature(method).parameters if name in values}
        try:
            await method(**given, params=params)
        except Asked as asked:
            return None, asked.args[0]
        except ccxt.BaseError as error:
            return error, None


async def watchers(id):
    # bitmaxfutures would ask for it.
    async with Offline(id, options={"accountGroup": 4}) as offline:
        for name in dir(offline.exchange):
            method = getattr(offline.exchange, name)
            if name.startswith("watch_") and hasattr(method, "guard"):
                watcher = Watcher(offline, name)
                if not isinstance((await watcher.told({}))[0], ccxt.NotSupported):
                    yield watcher


@ids
async def test_a_wish_is_understood_or_refused_and_never_sent_unread(id):
    wrong = []
    found = 0
    async for watcher in watchers(id):
        reads, anyway = declared_params(type(watcher.exchange), camel_case(watcher.method))
        for name, value in WISHES.items():
            error, _ = await watcher.told({name: value})
            if not isinstance(error, REFUSALS) and ALIASES.get(name, name) not in reads | anyway:
                wrong.append((watcher.method, name, error))
        found += 1
    assert wrong == [] and found > 5


@ids
async def test_what_asks_for_nothing_and_the_markets_own_type_change_nothing(id):
    wrong = []
    async for watcher in watchers(id):
        plain = await watcher.told({})
        assert plain[0] is None, watcher.method
        about_markets = {"symbol", "symbols", "symbolsAndTimeframes"} & set(watcher_names(watcher))
        kinds = kind_words(watcher.exchange, watcher.profile.symbol) if about_markets else ()
        for name, value in (*HARMLESS, *kinds):
            if await watcher.told({name: value}) != plain:
                wrong.append((watcher.method, name, value))
        for name, value in kinds:
            error, _ = await watcher.told({name: OTHER[value.lower()]})
            if not isinstance(error, ccxt.BadRequest):
                wrong.append((watcher.method, name, value, error))
    assert wrong == []


def watcher_names(watcher):
    return inspect.signature(getattr(watcher.exchange, watcher.method)).parameters


async def test_the_venues_own_fields_of_a_subscription():
    async with Offline("bitmart2") as offline:
        watcher = Watcher(offline, "watch_order_book")
        own = await watcher.told({"hidden": 1})
        assert "'hidden': 1" in own[1][1]
        assert await watcher.told({"raw": {"hidden": 1}}) == own
        assert "'type': 1" in (await watcher.told({"raw": {"type": 1}}))[1][1]
