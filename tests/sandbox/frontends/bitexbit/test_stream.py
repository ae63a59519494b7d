"""bitexbit's stream without a server: what its channels say, and the frames of Engine.IO 3."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Clock
from ccxt_ext.sandbox.frontend import Request, Response, Stream, VenueClock
from ccxt_ext.sandbox.frontends.bitexbit.frontend import Frontend
from ccxt_ext.sandbox.frontends.bitexbit.stream import OldSession
from tests.sandbox.frontends.bitexbit.client_book import Replayed, loads, resting
from tests.sandbox.frontends.bitexbit.raw_client import NOON, Venue
from tests.sandbox.frontends.documented import DATA, payloads
from tests.sandbox.frontends.fake_wire import FakeWire

sample = payloads(DATA / "bitexbit" / "stream")
PAIR = "BTC_USD"
CHANNEL = f"book_{PAIR}"
OLD = "EIO=3&transport=websocket"


def stream(frontend: Frontend, query: str = OLD, path: str = "/socket.io/") -> Stream | Response:
    return frontend.stream(Request("GET", path, query), FakeWire())


class Peer:
    """A client of Engine.IO 3."""

    def __init__(self, frontend: Frontend, *channels: str) -> None:
        opened = stream(frontend)
        assert isinstance(opened, OldSession)
        self.stream = opened
        assert isinstance(opened.wire, FakeWire)
        self.wire = opened.wire
        opened.opened()
        self.handshake, self.connected = self.take()
        for channel in channels:
            self.says("42" + json.dumps(["subscribe", channel]))
            assert self.events() == [["subscribe.success", channel]]

    def take(self) -> list[str]:
        frames = self.wire.frames.copy()
        self.wire.frames.clear()
        return frames

    def says(self, text: str) -> None:
        self.stream.received(text)

    def events(self) -> list[Any]:
        frames = self.take()
        assert all(frame.startswith("42") for frame in frames), frames
        return [loads(frame[2:]) for frame in frames]

    def messages(self, name: str = CHANNEL) -> list[Any]:
        """With numbers as a client's JSON library reads them."""
        frames = self.take()
        assert {json.loads(frame[2:])[0] for frame in frames} <= {name}
        return [json.loads(frame[2:])[1] for frame in frames]


def kinds(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: kinds(inner) for name, inner in value.items()}
    return [kinds(inner) for inner in value[:1]] if isinstance(value, list) else type(value)


# messages


def test_messages_are_as_documented(venue: Venue) -> None:
    peer, trader = Peer(venue.frontend, CHANNEL), venue.client()
    ask = venue.get(f"/api/v1/orderbook/{PAIR}/?limit_sell=1")["sell"][0]
    venue.engine_clock.advance(1_500)
    bought = trader.place(PAIR, "buy", str(ask["price"]), "0.000123")[1]
    rests = trader.place(PAIR, "buy", "433.5", "0.00692")[1]
    venue.engine_clock.advance(250)
    assert trader.v1("POST", "order-cancel/", f"order={rests['oid']}")[0] == 200
    taken, placed, cancelled = peer.messages()
    assert kinds(taken) == kinds(sample("book-order"))
    assert kinds(cancelled) == kinds(sample("book-cancel"))
    assert taken == {
        "success": True,
        "date": (NOON + 1_500) / 1000,
        "oid": bought["oid"],
        "type": "buy",
        "price": ask["price"],
        "amount": 0,
        "trades": [
            {
                "tid": bought["trades"][0]["tid"],
                "type": "sell",
                "price": f"{ask['price']:.8f}",
                "amount": "0.00012300",
                "o_id": ask["id"],
            }
        ],
    }
    assert (placed["oid"], placed["amount"], placed["trades"]) == (rests["oid"], 0.00692, [])
    assert cancelled == {
        "success": True,
        "date": (NOON + 1_750) / 1000,
        "oid": rests["oid"],
        "cancel_order_id": rests["oid"] + 1,
        "price": 433.5,
        "type": "buy",
        "amount": 0.00692,
        "pair": PAIR,
        "cancelled": True,
    }


def test_amounts_are_exact(venue: Venue) -> None:
    peer, trader = Peer(venue.frontend, CHANNEL), venue.client()
    assert trader.place(PAIR, "buy", "0.001", "12345678.123457")[0] == 200
    ((_, message),) = peer.events()
    assert message["amount"] == Decimal("12345678.123457")


@pytest.mark.parametrize("seed", range(2))
def test_who_replays_the_messages_onto_a_snapshot_has_the_venues_book(seed: int) -> None:
    venue, rng = Venue(), Random(seed)
    target = f"/api/v1/orderbook/{PAIR}/"
    venue.get(target)
    peer = Peer(venue.frontend, CHANNEL)
    traders = [venue.client(account) for account in ("config", "counterparty")]
    for _ in range(20):
        venue.frontend.engine.step_traders()
    peer.take()
    book = Replayed(PAIR, loads(json.dumps(venue.get(target))))
    for _ in range(120):
        venue.engine_clock.advance(rng.randint(0, 2_000))
        trader, act = rng.choice(traders), rng.random()
        if act < 0.2:
            venue.frontend.engine.step_traders()
        elif act < 0.4:
            mine = trader.ok("v1", "GET", f"orders/own/?status=1&pair={PAIR}")
            if mine:
                trader.ok("v1", "POST", "order-cancel/", f"order={rng.choice(mine)['id']}")
        else:
            price = venue.frontend.engine.markets[PAIR].last_price
            price = (price * rng.randint(9_980, 10_020) / 10_000).quantize(Decimal("0.001"))
            amount = f"{rng.randint(1, 40_000_000) / 1_000_000:.6f}"
            other = rng.choice(["ETH_USD", PAIR, PAIR, PAIR])
            trader.place(other, rng.choice(["buy", "sell"]), str(price), amount)
        for name, message in peer.events():
            assert name == CHANNEL
            book.apply(message)
        venue.get(target)
        assert book.orders == resting(loads(venue.text))
    assert min(book.kinds.values()) > 20


def test_the_stream_tells_of_the_channels_that_are_subscribed(venue: Venue) -> None:
    trader = venue.client()
    both, one, none = (
        Peer(venue.frontend, *channels) for channels in ((CHANNEL, "book_LTC_USD"), (CHANNEL,), ())
    )
    one.says(f'42["subscribe","{CHANNEL}"]')
    assert one.events() == [["subscribe.success", CHANNEL]]
    trader.place("LTC_USD", "buy", "1", "1")
    trader.place(PAIR, "buy", "1", "1")
    assert [name for name, _ in both.events()] == ["book_LTC_USD", CHANNEL]
    assert len(one.messages()) == 1
    both.says(f'42["unsubscribe","{CHANNEL}"]')
    assert both.events() == [["unsubscribe.success", CHANNEL]]
    one.says("41")
    trader.place("LTC_USD", "buy", "1", "1")
    trader.place(PAIR, "buy", "1", "1")
    assert [name for name, _ in both.events()] == ["book_LTC_USD"]
    assert one.take() == none.take() == []


def test_what_the_documents_leave_open_can_be_set() -> None:
    names = {"subscribeEvent": "join", "messageEvent": "update", "cancelIdField": "cancel_order_id"}
    venue = Venue(stream=names)
    peer, trader = Peer(venue.frontend), venue.client()
    peer.says(f'42["subscribe","{CHANNEL}"]')
    peer.says(f'42["join","{CHANNEL}"]')
    assert peer.events() == [["subscribe.success", CHANNEL]]
    oid = trader.place(PAIR, "buy", "1", "1")[1]["oid"]
    trader.v1("POST", "order-cancel/", f"order={oid}")
    placed, cancelled = peer.messages("update")
    assert placed["oid"] == cancelled["cancel_order_id"] == oid != cancelled["oid"]


def test_the_engine_is_listened_to_only_for_who_is_there(venue: Venue) -> None:
    listeners = venue.frontend.engine.outbox.listeners
    assert not listeners
    peers = [Peer(venue.frontend, CHANNEL) for _ in range(2)]
    assert len(listeners) == 1
    for peer in peers:
        peer.stream.closed()
    assert not listeners


# Engine.IO 3


def test_the_frames_of_engine_io_3(venue: Venue) -> None:
    peer = Peer(venue.frontend)
    assert peer.handshake[0] == "0"
    handshake = json.loads(peer.handshake[1:])
    assert {**handshake, "sid": ""} == {
        "sid": "",
        "upgrades": [],
        "pingInterval": 25_000,
        "pingTimeout": 20_000,
    }
    assert handshake["sid"] not in ("", json.loads(Peer(venue.frontend).handshake[1:])["sid"])
    assert peer.connected == "40"
    peer.says("2")
    peer.says("2probe")
    peer.says("5")
    peer.says("6")
    assert peer.take() == ["3", "3probe"]
    peer.says(f'4217["subscribe","{CHANNEL}"]')
    assert peer.take() == ["4317[]", f'42["subscribe.success","{CHANNEL}"]']
    peer.says("430[]")
    peer.says('42["hello",{"a":1}]')
    peer.says('42/other,["subscribe","book_LTC_USD"]')
    assert peer.take() == []
    peer.says('427["hello"]')
    peer.says("40")
    peer.says("40/other,")
    peer.says("40/another?x=1")
    assert peer.take() == [
        "437[]",
        "40",
        '44/other,"Invalid namespace"',
        '44/another?x=1,"Invalid namespace"',
    ]
    assert peer.wire.ended is None
    peer.says("1")
    assert peer.wire.ended is not None


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        ('["subscribe","book_NO_WHERE"]', {"channel": "book_NO_WHERE", "error": "Unknown channel"}),
        ('["subscribe","BTC_USD"]', {"channel": "BTC_USD", "error": "Unknown channel"}),
        ('["subscribe"]', {"channel": None, "error": "Unknown channel"}),
        ('["subscribe",{"channel":1}]', {"channel": {"channel": 1}, "error": "Unknown channel"}),
        (f'["subscribe","{CHANNEL}",1]', {"channel": None, "error": "Unknown channel"}),
    ],
)
def test_a_wrong_channel_is_told(venue: Venue, event: str, answer: Any) -> None:
    peer = Peer(venue.frontend)
    peer.says("42" + event)
    assert peer.events() == [["subscribe.error", answer]]
    peer.says("42" + event.replace("subscribe", "unsubscribe"))
    assert peer.events() == [["unsubscribe.error", answer]]
    assert peer.wire.ended is None


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "7",
        "x",
        "0{}",
        "4",
        "4x",
        "42",
        "42{}",
        '42{"subscribe":1}',
        "42[]",
        "42null",
        '42"ab"',
        '42["a"',
        "42" + "[" * 100_000,
        "42" + "1" * 10_000,
        "451-[]",
        "44",
        "46",
        "\uff14\uff12[]",
    ],
    ids=lambda frame: ascii(frame)[:12],
)
def test_who_speaks_no_socket_io_is_let_go(venue: Venue, frame: str) -> None:
    peer = Peer(venue.frontend)
    peer.says(frame)
    assert peer.wire.ended == (1002, "parse error")


def test_an_event_whose_name_is_no_text_is_ignored(venue: Venue) -> None:
    peer = Peer(venue.frontend)
    for frame in ("42[1]", "42[[]]", '42[{"a":1},2]'):
        peer.says(frame)
    assert (peer.take(), peer.wire.ended) == ([], None)


def test_who_does_not_ping_is_let_go_in_real_time() -> None:
    passed_ms = 0
    clock = Clock(NOON, lambda: passed_ms * 1_000_000)
    frontend = Frontend(
        VenueClock(clock), 1, "relaxed", {"stream": {"pingInterval": 300, "pingTimeout": 200}}
    )
    peer = Peer(frontend)
    assert json.loads(peer.handshake[1:])["pingInterval"] == 300
    passed_ms = 500
    clock.advance(3_600_000)
    peer.stream.tick()
    assert peer.wire.ended is None
    peer.says("2")
    passed_ms = 1_000
    peer.stream.tick()
    assert peer.wire.ended is None
    passed_ms = 1_001
    peer.stream.tick()
    assert peer.wire.ended is not None


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/", OLD, 404),
        ("/socket.io", OLD, 404),
        ("/api/v1/pairs/", OLD, 404),
        ("/socket.io/", "", 400),
        ("/socket.io/", "EIO=3&transport=polling", 400),
        ("/socket.io/", "EIO=2&transport=websocket", 400),
    ],
)
def test_other_upgrades_are_refused(venue: Venue, path: str, query: str, status: int) -> None:
    refused = stream(venue.frontend, query, path)
    assert isinstance(refused, Response)
    assert refused.status == status
