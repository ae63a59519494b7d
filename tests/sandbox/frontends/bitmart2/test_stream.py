"""BitMart's WebSocket: what is told to whom and when, beside the documented messages."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest

from ccxt_ext.sandbox.frontend import Request, Response, Stream
from tests.sandbox.engine.small_venue import HandClock
from tests.sandbox.frontends.bitmart2.raw_client import NOON, RawClient, Venue
from tests.sandbox.frontends.documented import DATA, payloads
from tests.sandbox.frontends.documented import shape as shape_of
from tests.sandbox.frontends.fake_wire import FakeWire

STREAMS = DATA / "bitmart2" / "documented" / "streams"
sample = payloads(STREAMS)
shape = partial(shape_of, in_order=True)
MARKET, OTHER = "BMX_ETH", "BTC_USDT"
MINUTE = 60_000


class Side:
    """A venue with a stream, and the two accounts."""

    def __init__(self, **settings: Any) -> None:
        self.venue = Venue(**settings)
        self.ann: RawClient = self.venue.client().login()
        self.bob: RawClient = self.venue.client("counterparty").login()
        self.stream: Stream
        self.wire: FakeWire
        self.stream, self.wire = self.venue.connect()

    def say(self, message: Any) -> list[Any]:
        self.stream.received(message if isinstance(message, str) else json.dumps(message))
        return self.wire.take()

    def best(self, market: str = MARKET) -> tuple[Decimal, Decimal]:
        book = self.venue.frontend.engine.markets[market]
        assert book.best_bid is not None
        assert book.best_ask is not None
        return book.best_bid, book.best_ask

    def trade(self, amount: str = "7") -> None:
        """Takes from the best ask."""
        assert self.ann.place(MARKET, "buy", format(self.best()[1], "f"), amount)[0] == 200


@pytest.fixture
def side() -> Side:
    return Side()


ANSWERS = {
    "ws-pong": "ws-ping-subscribe",
    "ws-price": "ws-price-subscribe",
    "ws-kline": "ws-kline-subscribe",
    "ws-depth": "ws-order-subscribe",
    "ws-trade": "ws-trade-subscribe",
    "ws-overview-trade": "ws-overview-subscribe",
    "observed-ws-trade": "ws-trade-subscribe",
}


def test_every_documented_message_is_compared() -> None:
    assert {path.stem for path in STREAMS.glob("*.json")} == set(ANSWERS) | set(ANSWERS.values())


@pytest.mark.parametrize("name", ANSWERS)
def test_messages_have_the_documented_shape(side: Side, name: str) -> None:
    documented = sample(name)
    answer = side.say(sample(ANSWERS[name]))[-1]
    assert shape(answer) == shape(documented)
    for field in ("subscribe", "step", "precision"):
        assert answer.get(field) == documented.get(field)


# what is told


def test_depth_has_twenty_levels_with_running_totals_and_replaces_the_last(side: Side) -> None:
    acknowledged, told = side.say({"subscribe": "order", "symbol": MARKET})
    assert acknowledged == {"subscribe": "order", "symbol": MARKET}
    assert told["precision"] == 8
    _, rest = side.venue.exchange("GET", f"/v2/symbols/{MARKET}/orders", {}, b"")
    for half in ("buys", "sells"):
        assert len(told["data"][half]) == 20
        assert told["data"][half] == rest[half][:20]
        assert Decimal(told["data"][half][19]["total"]) == sum(
            Decimal(level["amount"]) for level in told["data"][half]
        )
    bid, _ = side.best()
    side.ann.place(MARKET, "buy", format(bid, "f"), "3.5")
    (again,) = side.wire.take()
    _, rest = side.venue.exchange("GET", f"/v2/symbols/{MARKET}/orders", {}, b"")
    assert again["data"] == {half: rest[half][:20] for half in ("buys", "sells")}
    assert again["data"] != told["data"]
    assert again["data"]["sells"] == told["data"]["sells"]
    # Far from the best prices: nothing of what is told changes.
    side.ann.place(MARKET, "buy", "0.00000001", "5")
    side.ann.place(OTHER, "buy", "1", "1")
    assert side.wire.take() == []


def test_depth_merges_levels_at_the_precision(side: Side) -> None:
    told = side.say({"subscribe": "order", "symbol": MARKET, "precision": 6})[-1]
    _, rest = side.venue.exchange("GET", f"/v2/symbols/{MARKET}/orders?precision=6", {}, b"")
    assert told["data"] == {half: rest[half][:20] for half in ("buys", "sells")}
    assert all(len(level["price"]) == len("0.000000") for level in told["data"]["buys"])
    finest = side.say({"subscribe": "order", "symbol": MARKET, "precision": 8})[-1]
    assert len(told["data"]["buys"]) < len(finest["data"]["buys"])
    bid, _ = side.best()
    side.ann.place(MARKET, "buy", format(bid, "f"), "3.5")
    assert [each["precision"] for each in side.wire.take()] == [6, 8]


def test_trades_are_the_latest_newest_first(side: Side) -> None:
    told = side.say({"subscribe": "trade", "symbol": MARKET, "precision": 6})[-1]
    market = side.venue.frontend.engine.markets[MARKET]
    assert [each["time"] for each in told["data"]["trades"]] == [t.timestamp for t in market.trades(20)]
    _, rest = side.venue.exchange("GET", f"/v2/symbols/{MARKET}/trades", {}, b"")
    assert [
        {
            "amount": t["amount"],
            "count": t["count"],
            "price": t["price"],
            "type": t["side"],
            "order_time": t["time"],
        }
        for t in told["data"]["trades"]
    ] == rest[:20]
    side.trade("7")
    side.trade("7")
    first, second = side.wire.take()
    assert first["data"]["trades"][1:] == told["data"]["trades"][:19]
    assert second["data"]["trades"][1:] == first["data"]["trades"][:19]
    assert second["data"]["trades"][0]["count"] == "7.00"
    assert second["data"]["trades"][0]["side"] == "buy"
    side.ann.place(MARKET, "buy", "0.00005", "5")
    assert side.wire.take() == []


def test_a_sweep_is_told_whole(side: Side) -> None:
    for number in range(25):
        price = side.best()[0] + Decimal("0.00000001")
        assert side.bob.place(MARKET, "sell", format(price, "f"), f"{number + 1}")[0] == 200
    side.say({"subscribe": "trade", "symbol": MARKET})
    side.trade("325")
    (told,) = side.wire.take()
    assert [each["count"] for each in told["data"]["trades"]] == [
        f"{number}.00" for number in range(25, 0, -1)
    ]


def test_price_follows_the_trades(side: Side) -> None:
    told = side.say({"subscribe": "price", "symbol": MARKET})[-1]["data"]
    ticker = side.ann.get(f"/v2/ticker?symbol={MARKET}")
    assert told["volume"] == ticker["base_volume"]  # which is in the quote currency
    for field in ("highest_price", "lowest_price", "current_price", "fluctuation"):
        assert told[field] == ticker[field]
    assert told["timestamp"] == NOON
    dollars = Decimal(told["current_price"]) * Decimal(
        side.ann.get("/v2/ticker?symbol=ETH_USDT")["current_price"]
    )
    assert told["rate"] == f"{dollars:.2f} USD"
    side.venue.engine_clock.advance(1500)
    side.wire.take()
    side.trade()
    (news,) = side.wire.take()
    assert news["data"]["timestamp"] == NOON + 1500
    assert Decimal(news["data"]["volume"]) > Decimal(told["volume"])
    assert news["data"]["current_price"] == side.ann.get(f"/v2/ticker?symbol={MARKET}")["current_price"]
    assert side.say({"subscribe": "price", "symbol": OTHER})[-1]["data"]["rate"].endswith(" USD")


def test_kline_tells_the_candle_that_goes_on_with_the_time_of_telling(side: Side) -> None:
    told = side.say({"subscribe": "kline", "symbol": MARKET, "step": 5})[-1]
    assert (told["step"], told["data"]["timestamp"]) == ("5", NOON)
    start = NOON - NOON % (5 * MINUTE)

    def candle() -> Any:
        return side.ann.get(f"/v2/symbols/{MARKET}/kline?step=5&from={start}&to={start}")[0]

    assert {**told["data"], "timestamp": start} == candle()
    side.trade()
    (news,) = side.wire.take()
    assert {**news["data"], "timestamp": start} == candle()
    assert news["data"] != told["data"]
    side.venue.engine_clock.advance(MINUTE)
    side.stream.tick()
    assert side.wire.take() == []
    side.venue.engine_clock.advance(4 * MINUTE)
    side.stream.tick()
    (empty,) = side.wire.take()
    close = news["data"]["current_price"]
    assert empty["data"] == {
        "open_price": close,
        "highest_price": close,
        "lowest_price": close,
        "volume": "0.00",
        "current_price": close,
        "timestamp": NOON + 5 * MINUTE,
    }
    side.stream.tick()
    assert side.wire.take() == []


def test_a_candle_is_never_told_as_that_of_the_next_step() -> None:
    """Also where time passes between a trade and what is told of it."""
    side = Side(monotonic_ns=count(0, 7_000_000).__next__)
    side.say({"subscribe": "kline", "symbol": MARKET, "step": 1})
    market = side.venue.frontend.engine.markets[MARKET]
    for _ in range(10):
        side.trade()
        (told,) = side.wire.take()
        assert told["data"]["timestamp"] == market.trades(1)[0].timestamp


# who is told


def test_subscriptions_add_up_and_are_undone_one_by_one(side: Side) -> None:
    for message in (
        {"subscribe": "trade", "symbol": MARKET},
        {"subscribe": "order", "symbol": MARKET, "precision": 7},
        {"subscribe": "order", "symbol": MARKET, "precision": 8},
        {"subscribe": "kline", "symbol": MARKET, "step": 1},
        {"subscribe": "kline", "symbol": MARKET, "step": 15},
        {"subscribe": "price", "symbol": MARKET},
        {"subscribe": "price", "symbol": OTHER},
    ):
        assert len(side.say(message)) == 2

    def topics() -> list[str]:
        side.trade()
        return [
            f"{each['subscribe']} {each.get('step') or each.get('precision') or ''}".strip()
            for each in side.wire.take()
        ]

    assert topics() == ["trade 8", "depth 7", "depth 8", "kline 1", "kline 15", "price"]
    assert side.say({"unsubscribe": "kline", "symbol": MARKET, "step": 15}) == [
        {"unsubscribe": "kline", "symbol": MARKET, "step": 15}
    ]
    assert topics() == ["trade 8", "depth 7", "depth 8", "kline 1", "price"]
    side.say({"unsubscribe": "order", "symbol": MARKET})
    side.say({"unsubscribe": "price", "symbol": OTHER})
    assert topics() == ["trade 8", "kline 1", "price"]
    other, wire = side.venue.connect()
    other.received(json.dumps({"subscribe": "price", "symbol": MARKET}))
    wire.take()
    side.trade()
    assert len(wire.take()) == 1
    other.closed()
    side.trade()
    assert wire.take() == []
    side.stream.closed()
    assert not side.venue.frontend.engine.outbox.heard


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        ("no JSON", "Malformed JSON"),
        ("[" * 100_000, "Malformed JSON"),
        ("[]", "Malformed JSON"),
        ({}, "Required String parameter 'subscribe' is not present"),
        ({"unsubscribe": None}, "Required String parameter 'unsubscribe' is not present"),
        ({"subscribe": "depth", "symbol": MARKET}, "Invalid topic"),
        ({"subscribe": ["order"], "symbol": MARKET}, "Invalid topic"),
        ({"subscribe": "order"}, "Required String parameter 'symbol' is not present"),
        ({"subscribe": "order", "symbol": "NO_NO"}, "Invalid symbol"),
        ({"subscribe": "order", "symbol": [MARKET]}, "Invalid symbol"),
        ({"subscribe": "order", "symbol": MARKET, "precision": 9}, "Invalid precision"),
        ({"subscribe": "trade", "symbol": MARKET, "precision": "6"}, "Invalid precision"),
        ({"subscribe": "kline", "symbol": MARKET, "step": 2}, "Invalid step"),
        ({"subscribe": "kline", "symbol": MARKET, "step": True}, "Invalid step"),
    ],
)
def test_what_makes_no_sense_is_answered_with_a_message(side: Side, message: Any, refusal: str) -> None:
    assert side.say(message) == [{"message": refusal}]
    assert side.wire.ended is None
    side.trade()
    assert side.wire.take() == []


# connections


def test_who_does_not_subscribe_in_five_seconds_is_dropped(side: Side) -> None:
    clock = side.venue.engine_clock
    assert isinstance(clock, HandClock)
    patient, wire = side.venue.connect()
    patient.received('{"subscribe":"price","symbol":"BMX_ETH"}')
    side.say({"subscribe": "ping"})
    side.say({"subscribe": "nothing"})
    clock.advance(3_600_000)
    clock.freeze()
    clock.elapse(4_999)
    side.stream.tick()
    assert side.wire.ended is None
    clock.elapse(1)
    for stream in (side.stream, patient):
        stream.tick()
    assert side.wire.ended == (1008, "no subscribe in time")
    assert wire.ended is None


def connect(venue: Venue, remote: str = "127.0.0.1", path: str = "/") -> int:
    answer = venue.frontend.stream(Request("GET", path, remote=remote), FakeWire())
    if not isinstance(answer, Response):
        return 101
    assert "message" in json.loads(answer.body)
    return answer.status


def test_one_connection_in_four_seconds_and_address() -> None:
    venue = Venue(limits="venue")
    assert connect(venue, path="/v2/ping") == 404
    assert connect(venue) == 101
    assert connect(venue) == 429
    assert connect(venue, "127.0.0.2") == 101
    venue.engine_clock.advance(3_999)
    assert connect(venue) == 429
    venue.engine_clock.advance(1)
    assert connect(venue) == 101
    assert "options" not in venue.frontend.config("config", "http://x", "ws://x")


def test_relaxed_a_hundred_connections_in_four_seconds() -> None:
    venue = Venue()
    assert [connect(venue) for _ in range(101)] == [101] * 100 + [429]
    venue.engine_clock.advance(4_000)
    assert connect(venue) == 101
