"""BitexAsia's WebSocket: messages beside the assumed ones, books that can be followed by their numbers."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from ccxt_ext.sandbox.frontend import Request, Response, Stream
from tests.sandbox.engine.small_venue import HandClock
from tests.sandbox.frontends.bitexasia.raw_client import NOON, Venue
from tests.sandbox.frontends.documented import DATA, payloads
from tests.sandbox.frontends.documented import shape as shape_of
from tests.sandbox.frontends.fake_wire import FakeWire

STREAMS = DATA / "bitexasia" / "documented" / "streams"
payload = payloads(STREAMS)
shape = partial(shape_of, in_order=True)
PAIR = "BTC-USD"


def sample(name: str) -> Any:
    return payload(f"assumed-ws-{name}")


class Client:
    def __init__(self, venue: Venue) -> None:
        self.stream: Stream
        self.wire: FakeWire
        self.stream, self.wire = venue.connect()

    def say(self, message: Any) -> list[Any]:
        self.stream.received(message if isinstance(message, str) else json.dumps(message))
        return self.wire.take()

    def subscribe(self, channel: str, pair: str = PAIR) -> Any:
        """The snapshot."""
        acknowledged, snapshot = self.say({"op": "subscribe", "channel": channel, "pair": pair})
        assert acknowledged == {"type": "subscribed", "channel": channel, "pair": pair}
        return snapshot


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def venue(clock: HandClock) -> Venue:
    return Venue(engine_clock=clock)


@pytest.fixture
def client(venue: Venue) -> Client:
    return Client(venue)


def trade(venue: Venue, size: str = "0.01") -> None:
    venue.place("buy", venue.best()[1], size)


def test_every_assumed_message_is_compared_or_sent() -> None:
    compared = {"orderbook-snapshot", "orderbook-delta", "trades-snapshot", "trades-delta"}
    compared |= {"subscribed", "unsubscribed", "error", "pong", "server-ping"}
    sent = {"subscribe-orderbook", "subscribe-trades", "unsubscribe-orderbook", "ping", "client-pong"}
    same = {"orderbook-delta-gap"}
    names = {path.stem.removeprefix("assumed-ws-") for path in STREAMS.glob("*.json")}
    assert names == compared | sent | same


def test_messages_have_the_assumed_shape(venue: Venue, clock: HandClock, client: Client) -> None:
    acknowledged, snapshot = client.say(sample("subscribe-orderbook"))
    assert acknowledged == sample("subscribed")
    assert shape(snapshot) == shape(sample("orderbook-snapshot"))
    bid, ask = venue.best()
    venue.place("sell", bid, "0.01")
    venue.place("buy", venue.best()[0], "1")
    venue.place("buy", ask, "100")  # through several levels, so that both sides change
    deltas = client.wire.take()
    assert shape(deltas[2]) == shape(sample("orderbook-delta"))
    (unsubscribed,) = client.say(sample("unsubscribe-orderbook"))
    assert unsubscribed == sample("unsubscribed")
    _, trades = client.say(sample("subscribe-trades"))
    assert shape(trades) == shape(sample("trades-snapshot"))
    trade(venue)
    (news,) = client.wire.take()
    assert shape(news) == shape(sample("trades-delta"))
    (error,) = client.say({"op": "subscribe", "channel": "orderbook", "pair": "NOPE-USD"})
    assert error == sample("error")
    (pong,) = client.say(sample("ping"))
    assert shape(pong) == shape(sample("pong"))
    assert pong["timestamp"] == NOON
    assert client.say(sample("client-pong")) == []
    clock.elapse(20_000)
    client.stream.tick()
    (ping,) = client.wire.take()
    assert shape(ping) == shape(sample("server-ping"))
    for told in (snapshot, trades, pong, ping):
        assert told["type"] in ("snapshot", "pong", "ping")


# books


def apply(book: dict[str, dict[str, str]], delta: Any) -> None:
    for side in ("bids", "asks"):
        prices = [Decimal(price) for price, _ in delta[side]]
        assert prices == sorted(prices, reverse=side == "bids")
        for price, size in delta[side]:
            assert book[side].get(price, "0") != size
            book[side][price] = size
            if size == "0":
                del book[side][price]


def rest(venue: Venue, pair: str = PAIR) -> tuple[int, dict[str, dict[str, str]]]:
    answer = venue.get(f"/v1/orderbook/{pair}").json
    return answer["sequence"], {side: dict(answer[side]) for side in ("bids", "asks")}


def test_deltas_follow_the_snapshot_one_by_one_and_rebuild_the_book(venue: Venue, client: Client) -> None:
    snapshot = client.subscribe("orderbook")
    sequence, book = rest(venue)
    assert snapshot["sequence"] == sequence
    assert {side: dict(snapshot[side]) for side in ("bids", "asks")} == book
    assert [price for price, _ in snapshot["bids"]] == list(book["bids"])
    late: Client | None = None
    rng = random.Random(5)
    placed: list[str] = []
    for number in range(60):
        bid, ask = (Decimal(price) for price in venue.best())
        side = rng.choice(("buy", "sell"))
        away = Decimal(rng.randrange(-3, 300)) / 100
        price = bid - away if side == "buy" else ask + away
        placed.append(venue.place(side, f"{price:f}", f"0.{rng.randrange(1, 99):02}")["id"])
        if number % 3 == 0:
            venue.cancel(placed.pop(rng.randrange(len(placed))))
        if number == 30:
            late = Client(venue)
            snapshot = late.subscribe("orderbook")
            assert snapshot["sequence"] == rest(venue)[0]
    assert late is not None
    told = client.wire.take()
    assert [delta["sequence"] for delta in told] == list(range(sequence + 1, sequence + 1 + len(told)))
    for delta in told:
        apply(book, delta)
    assert (told[-1]["sequence"], book) == rest(venue)
    later = late.wire.take()
    assert later == told[-len(later) :]
    assert later[0]["sequence"] == snapshot["sequence"] + 1
    assert all(client.wire.sequenced[-len(told) :])


def test_only_deltas_of_books_have_a_number_to_miss(venue: Venue, client: Client) -> None:
    client.subscribe("orderbook")
    client.subscribe("trades")
    assert not any(client.wire.sequenced)
    trade(venue)
    delta, trades = client.wire.take()
    assert (delta["channel"], trades["channel"]) == ("orderbook", "trades")
    assert client.wire.sequenced[-2:] == [True, False]


def test_numbers_count_from_the_first_look_also_while_nobody_watches(venue: Venue) -> None:
    sequence, _ = rest(venue)
    trade(venue)
    assert rest(venue)[0] == sequence + 1
    client = Client(venue)
    assert client.subscribe("orderbook")["sequence"] == sequence + 1
    client.stream.closed()
    trade(venue)
    trade(venue)
    assert rest(venue)[0] == sequence + 3
    # What takes nothing and leaves nothing is no change, and a pair has numbers of its own.
    venue.place("buy", "1.00", "1", time_in_force="IOC")
    venue.place("buy", "1.00", "1", pair="ETH-USD")
    assert rest(venue)[0] == sequence + 3


def test_a_hundred_levels_are_told_and_what_comes_up_from_below_them(venue: Venue, client: Client) -> None:
    bid = Decimal(venue.best()[0])
    ids = [venue.place("buy", f"{bid - 1000 - number:f}", "0.01")["id"] for number in range(100)]
    snapshot = client.subscribe("orderbook")
    assert len(snapshot["bids"]) == 100
    book = {side: dict(snapshot[side]) for side in ("bids", "asks")}
    venue.cancel(ids[-1])  # below the hundredth level
    assert client.wire.take() == []
    for id in ids[:10]:
        venue.cancel(id)
    deltas = client.wire.take()
    assert all(len(delta["bids"]) == 2 for delta in deltas)  # one goes, one comes up
    for delta in deltas:
        apply(book, delta)
    assert (deltas[-1]["sequence"], book) == rest(venue)
    assert len(book["bids"]) == 100


# trades


def test_trades_begin_with_the_recent_ones_oldest_first(venue: Venue, client: Client) -> None:
    snapshot = client.subscribe("trades")
    market = venue.frontend.engine.markets[PAIR]
    recent = [f"t_{trade.id}" for trade in market.trades(50)][::-1]
    assert [row["id"] for row in snapshot["trades"]] == recent
    ask, other = Decimal(venue.best()[1]), venue.frontend.keys.of("counterparty")
    for away in (2, 1):
        venue.place("sell", f"{ask - Decimal(away) / 100:f}", "0.5", key=other)
    venue.place("buy", f"{ask:f}", "0.8")
    (delta,) = client.wire.take()
    assert [(row["price"], row["size"], row["side"]) for row in delta["trades"]] == [
        (f"{ask - Decimal(2) / 100:f}", "0.5", "buy"),
        (f"{ask - Decimal(1) / 100:f}", "0.3", "buy"),
    ]
    assert [row["id"] for row in delta["trades"]] == [f"t_{each.id}" for each in market.trades(2)][::-1]


# subscriptions


def test_subscriptions_are_for_one_channel_of_one_pair(venue: Venue, client: Client) -> None:
    client.subscribe("orderbook")
    client.subscribe("trades", "ETH-USD")
    client.subscribe("orderbook", "DOGE-USDT")
    trade(venue)
    assert [(each["type"], each["channel"]) for each in client.wire.take()] == [("delta", "orderbook")]
    again = client.subscribe("orderbook")
    assert (again["type"], again["sequence"]) == ("snapshot", rest(venue)[0])
    client.say({"op": "unsubscribe", "channel": "orderbook", "pair": PAIR})
    trade(venue)
    assert client.wire.take() == []
    other = Client(venue)
    other.subscribe("trades")
    trade(venue)
    assert len(other.wire.take()) == 1
    other.stream.closed()
    trade(venue)
    assert other.wire.take() == []


@pytest.mark.parametrize(
    ("message", "code", "text"),
    [
        ("no JSON", "INVALID_REQUEST", "The message is not JSON"),
        ('{"op": NaN}', "INVALID_REQUEST", "The message is not JSON"),
        ("[" * 100_000, "INVALID_REQUEST", "The message is not JSON"),
        ("3", "INVALID_REQUEST", "The message is not a JSON object"),
        ({}, "INVALID_REQUEST", "op must be subscribe, unsubscribe, ping or pong"),
        ({"op": ["ping"]}, "INVALID_REQUEST", "op must be subscribe, unsubscribe, ping or pong"),
        ({"op": "subscribe", "pair": PAIR}, "INVALID_REQUEST", "channel must be one of orderbook, trades"),
        ({"op": "subscribe", "channel": [], "pair": PAIR}, "INVALID_REQUEST", "channel must be one of"),
        ({"op": "subscribe", "channel": "trades"}, "INVALID_REQUEST", "pair is missing"),
        ({"op": "unsubscribe", "channel": "trades", "pair": "X"}, "PAIR_NOT_FOUND", "Unknown pair"),
    ],
)
def test_what_makes_no_sense_is_an_error_and_ends_nothing(
    client: Client, message: Any, code: str, text: str
) -> None:
    (error,) = client.say(message)
    assert (error["type"], error["error"]["code"]) == ("error", code)
    assert error["error"]["message"].startswith(text)
    named = message if isinstance(message, dict) else {}
    assert (error["channel"], error["pair"]) == (named.get("channel"), named.get("pair"))
    assert client.wire.ended is None


# connections


def test_who_says_nothing_is_asked_and_then_dropped(venue: Venue, clock: HandClock) -> None:
    silent, alive = Client(venue), Client(venue)

    def pass_time(ms: int) -> list[str]:
        clock.elapse(ms)
        for client in (silent, alive):
            client.stream.tick()
        return [each["type"] for each in silent.wire.take()]

    assert pass_time(19_999) == []
    assert pass_time(1) == ["ping"]
    assert pass_time(39_999) == []
    alive.say({"op": "pong"})
    assert silent.wire.ended is None
    pass_time(1)
    assert silent.wire.ended == (1001, "no pong")
    pass_time(19_998)
    alive.wire.take()
    pass_time(1)
    assert alive.wire.take() == [{"type": "ping", "timestamp": venue.clock.now()}]
    assert alive.wire.ended is None


def test_pings_go_by_real_time(clock: HandClock, client: Client) -> None:
    for _ in range(3):
        clock.advance(3_600_000)
        client.stream.tick()
    assert client.wire.take() == []
    clock.freeze()
    clock.elapse(20_000)
    client.stream.tick()
    assert [each["type"] for each in client.wire.take()] == ["ping"]
    assert client.wire.ended is None


def test_the_stream_has_one_address(venue: Venue) -> None:
    answer = venue.frontend.stream(Request("GET", "/v1/streams"), FakeWire())
    assert isinstance(answer, Response)
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (404, "NOT_FOUND")
    config = venue.frontend.config("config", "http://x", "ws://x")
    assert config["urls"]["api"]["ws"] == "ws://x/v1/stream"


def test_times_are_the_venues_own(venue: Venue, client: Client) -> None:
    venue.clock.skew_ms = 5_000
    assert client.subscribe("orderbook")["timestamp"] == NOON + 5_000
    assert client.say({"op": "ping"})[0]["timestamp"] == NOON + 5_000
