"""The whole state of a sandbox can be pickled, also after use, and goes on from there."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Engine, Market
from ccxt_ext.sandbox.frontend import Request, Stream
from ccxt_ext.sandbox.world import World
from tests.ids import IDS
from tests.sandbox.control_box import Box
from tests.sandbox.frontends.fake_wire import FakeWire

STREAMS = {
    "bitmart2": ("/", "BTC_USDT", '{"subscribe": "order", "symbol": "BTC_USDT"}'),
    "bitexbit": ("/socket.io/?EIO=3&transport=websocket", "BTC_USD", '42["subscribe","book_BTC_USD"]'),
    "bitexasia": (
        "/v1/stream",
        "BTC-USD",
        '{"op": "subscribe", "channel": "orderbook", "pair": "BTC-USD"}',
    ),
    "bitmaxfutures": ("/api/pro/v2/stream", "BTC-PERP", '{"op": "sub", "ch": "depth:BTC-PERP"}'),
}
"""For each venue: the path of its streams, a market, and a subscription to its book."""


def used_markets(engine: Engine) -> list[Market]:
    active = [market for market in engine.markets.values() if market.active]
    return [active[0], active[-1]]


def use(box: Box, venue: str) -> None:
    """Trade, cancel, wait, fail, look at everything, and let time pass."""
    engine = box.world.frontends[venue].engine
    for market in used_markets(engine):
        spec, (bids, asks) = market.spec, market.book(1)
        amount = spec.step * spec.steps_range[0] * 100
        client_id = f"c-{len(engine.orders('config'))}"
        engine.place("config", spec.id, "buy", asks[0].price, amount, client_id=client_id)
        engine.place("counterparty", spec.id, "sell", bids[0].price, amount)
        waiting = engine.place("config", spec.id, "buy", bids[0].price - spec.tick, amount)
        engine.place("config", spec.id, "buy", bids[0].price - spec.tick, amount)
        engine.cancel("config", waiting.id)
        trigger = asks[0].price + 20 * spec.tick
        engine.place("config", spec.id, "buy", trigger, amount, trigger_price=trigger)
        market.ticker(), market.candles(60_000, 0, box.world.clock.now()), market.trades(5)
        box.world.frontends[venue].feed.number(spec.id)
    engine.step_traders(warm_only=True)
    box.ok("POST", "/cancel", {"venue": venue, "account": "config"})
    box.send(venue, "GET", "/no/such/path")
    box.ok("POST", "/faults", {"venue": venue, "kind": "latency", "ms": 5, "path": "x.*y", "count": 3})
    call = {"path": "/deposit", "body": {}}
    box.ok("POST", "/faults", {"venue": venue, "kind": "then", "call": call, "path": "never"})
    box.ok("POST", "/clock", {"venue": venue, "skew_ms": 7})
    box.ok("POST", "/clock", {"advance_ms": 9 * 3_600_000})


def listen(box: Box, venue: str) -> tuple[Any, FakeWire]:
    target, _, subscription = STREAMS[venue]
    path, _, query = target.partition("?")
    wire = FakeWire()
    stream, _, _ = box.world.upgrade(venue, Request("GET", path, query), wire)
    assert isinstance(stream, Stream)
    stream.opened()
    stream.received(subscription)
    assert wire.frames
    return stream, wire


def copy_of(world: World) -> World:
    copied = World(world.settings)
    copied.bring_back(pickle.loads(pickle.dumps(world.state())))
    return copied


def truth(box: Box) -> dict[str, Any]:
    """What the control port shows of everything."""
    (venue,) = box.world.settings.venues
    shown = {
        path: box.ok("GET", f"/{path}?venue={venue}") for path in ("ledger", "orders", "trades", "requests")
    }
    for market in used_markets(box.world.frontends[venue].engine):
        shown[market.spec.id] = box.ok("GET", f"/book?venue={venue}&market={market.spec.id}")
    skews = box.ok("GET", "/clock")["skew_ms"]
    return {**shown, "faults": box.ok("GET", "/faults"), "skews": skews}


def box_of(world: World) -> Box:
    box = Box.__new__(Box)
    box.take(world)
    return box


@pytest.mark.parametrize("venue", IDS)
def test_a_copy_of_the_state_is_the_same_and_a_world_of_its_own(venue: str) -> None:
    box = Box(venue)
    use(box, venue)
    copied = box_of(copy_of(box.world))
    before = truth(box)
    assert truth(copied) == before
    use(copied, venue)
    assert truth(box) == before
    assert truth(copied) != before
    for entry in copied.ok("GET", f"/ledger?venue={venue}")[venue].values():
        assert entry["total"] == entry["deposited"]


@pytest.mark.parametrize("venue", STREAMS)
def test_streams_are_left_out_of_the_state_but_the_numbers_of_books_go_on(venue: str) -> None:
    box = Box(venue)
    _, wire = listen(box, venue)
    market = STREAMS[venue][1]
    number = box.world.frontends[venue].feed.number(market)
    wire.frames.clear()
    copied = box_of(copy_of(box.world))
    later = copied.world.frontends[venue]
    spec, (bids, _) = later.engine.markets[market].spec, later.engine.markets[market].book(1)
    for ahead in (1, 2):
        later.engine.place("config", market, "buy", bids[0].price, spec.step * spec.steps_range[0] * 100)
        assert later.feed.number(market) == number + ahead
        if ahead == 1:
            _, heard = listen(copied, venue)
            heard.frames.clear()
    assert wire.frames == []
    assert heard.frames


@pytest.mark.parametrize("venue", STREAMS)
def test_a_copy_has_no_connections(venue: str) -> None:
    box = Box(venue)
    listen(box, venue)
    copied = copy_of(box.world).frontends[venue]
    assert copied.feed._of_connections == []
    assert copied.socket_io is None or copied.socket_io.server is None
