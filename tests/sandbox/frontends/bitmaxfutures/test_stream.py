"""bitmaxfutures' streams: who may connect, how a connection lives, what the channels about markets tell."""

from __future__ import annotations

import base64
import hmac
import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.frontend import Request, Response
from tests.sandbox.engine.small_venue import HandClock
from tests.sandbox.frontends.bitmaxfutures.raw_client import NOON, RawClient, RawStream, Refused, Venue

HEADERS = ("x-auth-key", "x-auth-timestamp", "x-auth-signature")
MINUTE, HOUR = 60_000, 3_600_000


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def venue(clock: HandClock) -> Venue:
    return Venue(clock=clock)


@pytest.fixture
def stream(venue: Venue) -> RawStream:
    return RawStream(venue)


def pushed(stream: RawStream, m: str) -> list[Any]:
    return [frame for frame in stream.take() if frame["m"] == m]


# -- who may connect --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/api/pro/v1/stream", "/api/pro/v2/stream/", "/x/api/pro/v2/stream", "//api/pro/v2/stream"]
)
def test_other_paths_are_no_streams(venue: Venue, client: RawClient, path: str) -> None:
    answer = venue.frontend.stream(Request("GET", path), client.stream().wire)
    assert isinstance(answer, Response)
    assert answer.status == 404


def test_a_stream_is_no_rest_endpoint(venue: Venue) -> None:
    assert venue.send("GET", "/api/pro/v2/stream")[0] == 404


def test_a_signed_handshake_needs_no_message(venue: Venue, client: RawClient) -> None:
    stream = RawStream(venue, f"/{client.group}", client.headers("v2/stream"))
    assert stream.greeting == [{"m": "connected", "type": "auth"}]
    assert stream.request("futures-open-orders", {})["code"] == 0


@pytest.mark.parametrize("missing", HEADERS)
def test_a_handshake_that_is_half_signed(venue: Venue, client: RawClient, missing: str) -> None:
    headers = client.headers("v2/stream")
    del headers[missing]
    refuse(venue, client, headers, 100009)


def test_a_handshake_that_is_signed_wrongly(venue: Venue, client: RawClient) -> None:
    refuse(venue, client, client.headers("v2/streams"), 200001)
    refuse(venue, client, {**client.headers("v2/stream"), "x-auth-key": "nobody"}, 200001)
    refuse(venue, client, client.headers("v2/stream", venue.clock.now() - 31_000), 100011)
    refuse(venue, client, venue.client("counterparty").headers("v2/stream"), 200006)


def test_a_key_that_may_only_look(venue: Venue, client: RawClient) -> None:
    viewer = venue.frontend.add_key(
        "config", "viewer", "s", group=0, uid="U0000000001", permissions=("view",)
    )
    client.api_key, client.secret = viewer.api_key, viewer.secret.encode()
    refuse(venue, client, client.headers("v2/stream"), 200015)
    assert RawStream(venue, "/0").ask(client.auth())[0]["code"] == 200015


def refuse(venue: Venue, client: RawClient, headers: dict[str, str], code: int) -> None:
    with pytest.raises(Refused) as caught:
        RawStream(venue, f"/{client.group}", headers)
    assert (caught.value.status, caught.value.body["code"]) == (401, code)


def test_headers_mean_nothing_at_the_public_address(venue: Venue, client: RawClient) -> None:
    stream = RawStream(venue, "", {**client.headers("v2/stream"), "x-auth-signature": "wrong"})
    assert stream.greeting == [{"m": "connected", "type": "unauth"}]


@pytest.mark.parametrize("kind", [int, str])
def test_the_documented_signature(kind: type) -> None:
    venue = Venue(clock=HandClock(1_608_133_910_000))
    secret = "hV8FgjyJtpvVeAcMAgzgAFQCN36wmbWuN7o3WPcYcYhFd8qvE43gzFGVsFcCqMNk"
    key = "CEcrjGyipqt0OflgdQQSRGdrDXdDUY2x"
    venue.frontend.add_key("config", key, secret, group=7, uid="U0000000001")
    message = {
        "op": "auth",
        "id": "abc123",
        "t": kind(1_608_133_910_000),
        "key": key,
        "sig": "OdBOWATz1QnFxiTMnCoBXk4f6CLxIJ8i6kdIsVIehiU=",
    }
    assert RawStream(venue, "/7").ask(message) == [{"m": "auth", "id": "abc123", "code": 0}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "nobody"}, 200006),
        ({"sig": "wrong"}, 200001),
        ({"sig": "äöü"}, 200001),
        ({"t": NOON + 1}, 200001),
        ({"t": None}, 100011),
        ({"t": True}, 100011),
        ({"t": 1.5}, 200001),
        ({"key": None}, 100009),
        ({"sig": 7}, 100009),
    ],
    ids=str,
)
def test_a_message_that_does_not_sign_on(
    venue: Venue, client: RawClient, changes: dict[str, Any], code: int
) -> None:
    stream = RawStream(venue, f"/{client.group}")
    [answer] = stream.ask({**client.auth(), **changes})
    assert (answer["m"], answer["id"], answer["code"]) == ("auth", "abc123", code)
    assert isinstance(answer["err"], str)
    assert stream.request("futures-open-orders", {})["code"] == 100009
    assert stream.ask(client.auth())[0]["code"] == 0


def test_signing_on_late_or_elsewhere(venue: Venue, client: RawClient) -> None:
    elsewhere = RawStream(venue, f"/{venue.client('counterparty').group}")
    for stream in (RawStream(venue), elsewhere):
        assert stream.ask(client.auth())[0]["code"] == 200006
    late = client.auth(venue.clock.now() - 31_000)
    assert RawStream(venue, f"/{client.group}").ask(late)[0]["code"] == 100011


# -- how a connection lives -------------------------------------------------------------------------


def wait(clock: HandClock, stream: RawStream, ms: int) -> list[Any]:
    clock.elapse(ms)
    stream.stream.tick()
    return stream.take()


def test_who_does_not_answer_pings_is_disconnected(clock: HandClock, stream: RawStream) -> None:
    assert wait(clock, stream, 14_999) == []
    assert wait(clock, stream, 1) == [{"m": "ping", "hp": 3}]
    assert wait(clock, stream, 14_999) == []
    assert wait(clock, stream, 1) == [{"m": "ping", "hp": 2}]
    [end] = wait(clock, stream, 15_000)
    assert (end["m"], end["code"]) == ("disconnected", 100005)
    assert stream.wire.ended == (1000, "")


def test_a_pong_heals(clock: HandClock, stream: RawStream) -> None:
    wait(clock, stream, 15_000)
    assert wait(clock, stream, 15_000) == [{"m": "ping", "hp": 2}]
    assert stream.ask({"op": "pong"}) == []
    for _ in range(5):
        assert wait(clock, stream, 15_000) == [{"m": "ping", "hp": 3}]
        stream.ask({"op": "pong"})
    assert stream.wire.ended is None


def test_a_clients_ping_is_answered_and_holds_the_servers_back(
    venue: Venue, clock: HandClock, stream: RawStream
) -> None:
    wait(clock, stream, 15_000)
    wait(clock, stream, 15_000)
    now = venue.clock.now()
    assert stream.ask({"op": "ping"}) == [{"m": "pong", "code": 0, "ts": now, "hp": 3}]
    assert wait(clock, stream, 29_999) == []
    assert wait(clock, stream, 1) == [{"m": "ping", "hp": 3}]


def test_pings_go_by_real_time(clock: HandClock, stream: RawStream) -> None:
    for _ in range(5):
        clock.advance(24 * HOUR)
        assert wait(clock, stream, 0) == []
    clock.freeze()
    assert wait(clock, stream, 15_000) == [{"m": "ping", "hp": 3}]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", 150001),
        ("[]", 150001),
        ("7", 150001),
        ('{"op": NaN}', 150001),
        ("{}", 100005),
        ('{"op": "dance", "id": "a1"}', 100005),
        ('{"op": {"a": 1}, "id": 12}', 100005),
        ('{"op": "req", "id": "a1"}', 100005),
        ('{"op": "req", "id": "a1", "action": "barhist", "args": {}}', 100005),
    ],
)
def test_what_makes_no_sense(stream: RawStream, text: str, code: int) -> None:
    [answer] = stream.ask(text)
    assert set(answer) == {"m", "id", "code", "reason", "info"}
    assert (answer["m"], answer["code"]) == ("error", code)
    assert stream.ask({"op": "ping"})[0]["m"] == "pong"


def test_after_the_end_nobody_listens(venue: Venue, client: RawClient) -> None:
    streams = [client.stream(), RawStream(venue)]
    for stream in streams:
        stream.sub("trades:BTC-PERP")
    streams[0].sub("futures-order")
    streams[0].close()
    client.call("POST", "v2/futures/order", client.market())
    assert streams[0].take() == []
    assert [frame["m"] for frame in streams[1].take()] == ["trades"]
    streams[1].close()
    assert not venue.frontend.engine.outbox.heard


# -- subscribing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "code", "text"),
    [
        ("", 100005, "Invalid channel"),
        ("ticker:BTC-PERP", 100005, "ticker"),
        ("depth", 100008, "Unable to handle symbol"),
        ("depth:*", 100008, "Unable to handle symbol *"),
        ("trades:ABC-PERP", 100008, "Unable to handle symbol ABC-PERP"),
        ("bbo:BTC-PERP,ABC-PERP", 100008, "ABC-PERP"),
        ("bar:BTC-PERP", 100006, "Invalid interval"),
        ("bar:3:BTC-PERP", 100006, "Invalid interval: 3"),
        ("depth:" + ",".join(["BTC-PERP"] * 11), 100006, "10"),
        ("futures-order", 100009, "Authorization"),
        ("futures-account-update", 100009, "Authorization"),
        ("depth-realtime:BTC-PERP", 100009, "Authorization"),
        ("futures-pricing-data:BTC-PERP", 100005, "Invalid channel"),
        (["depth:BTC-PERP"], 100005, "Invalid channel"),
    ],
    ids=str,
)
def test_refused_subscriptions(stream: RawStream, channel: str, code: int, text: str) -> None:
    [answer] = stream.ask({"op": "sub", "id": "s1", "ch": channel})
    assert set(answer) == {"m", "id", "ch", "code", "reason"}
    assert (answer["m"], answer["id"], answer["ch"], answer["code"]) == ("sub", "s1", str(channel), code)
    assert text in answer["reason"]


def test_a_message_without_an_id_is_given_one(stream: RawStream) -> None:
    answers = [stream.ask({"op": "sub", "ch": "trades:BTC-PERP"})[0] for _ in range(2)]
    assert answers[0]["id"] != answers[1]["id"]


ALL = ["trades:BTC-PERP,ETH-PERP", "bar:1:BTC-PERP", "bar:5:BTC-PERP,ETH-PERP"]
BARS = {"bar 1 BTC-PERP", "bar 5 BTC-PERP", "bar 5 ETH-PERP"}
TRADES = {"trades BTC-PERP", "trades ETH-PERP"}
LEFT = {
    "trades:BTC-PERP": BARS | {"trades ETH-PERP"},
    "trades:XRP-PERP,ETH-PERP": BARS | {"trades BTC-PERP"},
    "trades": BARS,
    "trades:*": BARS,
    "bar": TRADES,
    "bar:*": TRADES,
    "bar:5": TRADES | {"bar 1 BTC-PERP"},
    "bar:5:*": TRADES | {"bar 1 BTC-PERP"},
    "bar:*:BTC-PERP": TRADES | {"bar 5 ETH-PERP"},
    "bar:1:BTC-PERP": TRADES | {"bar 5 BTC-PERP", "bar 5 ETH-PERP"},
    "futures-order": TRADES | BARS,
}


def test_unsubscribing(venue: Venue, client: RawClient) -> None:
    streams = {left: RawStream(venue) for left in LEFT}
    for left, stream in streams.items():
        for channel in ALL:
            stream.sub(channel)
        assert stream.ask({"op": "unsub", "id": "u1", "ch": left}) == [{"m": "unsub", "id": "u1", "ch": left}]
    for symbol, amount in (("BTC-PERP", "0.01"), ("ETH-PERP", "0.1")):
        fields = client.market(symbol=symbol, orderQty=amount)
        assert client.call("POST", "v2/futures/order", fields)[1]["code"] == 0
    heard = {left: {name_of(frame) for frame in stream.take()} for left, stream in streams.items()}
    assert heard == LEFT


def name_of(frame: dict[str, Any]) -> str:
    if frame["m"] == "bar":
        return f"bar {frame['data']['i']} {frame['s']}"
    return f"{frame['m']} {frame['symbol']}"


def test_unsubscribing_from_what_is_no_channel(stream: RawStream) -> None:
    [answer] = stream.ask({"op": "unsub", "id": "u1", "ch": "ticker"})
    assert (answer["m"], answer["code"]) == ("unsub", 100005)


# -- books ------------------------------------------------------------------------------------------

Book = dict[str, dict[str, str]]
SNAPSHOT = {"op": "req", "id": "d1", "action": "depth-snapshot", "args": {"symbol": "BTC-PERP"}}


def as_book(data: dict[str, Any]) -> Book:
    return {side: dict(data[side]) for side in ("bids", "asks")}


def apply(book: Book, frames: Iterable[dict[str, Any]], number: int) -> int:
    """The book as the documents say how to keep it; what is older than the snapshot is dropped."""
    for frame in frames:
        data = frame["data"]
        if data["seqnum"] <= number:
            continue
        assert data["seqnum"] == number + 1
        number += 1
        for side, levels in book.items():
            for price, amount in data[side]:
                levels[price] = amount
                if amount == "0":
                    del levels[price]
    return number


def stir(venue: Venue, rng: random.Random) -> None:
    """An operation of some kind."""
    engine = venue.frontend.engine
    match rng.randrange(4):
        case 0:
            engine.step_traders()
        case 1:
            engine.cancel_all("config")
        case _:
            price = Decimal(rng.randrange(202_000, 203_400)) / 4
            side: Any = rng.choice(["buy", "sell"])
            engine.place(
                rng.choice(engine.accounts), "BTC-PERP", side, price, Decimal(rng.randrange(1, 99)) / 100
            )
    venue.engine_clock.advance(rng.randrange(0, 200))


@pytest.mark.parametrize("limits", ["relaxed", "venue"])
@pytest.mark.parametrize("source", ["stream", "rest"])
def test_snapshot_and_changes_make_the_book(limits: Any, source: str) -> None:
    venue, rng = Venue(limits, HandClock(NOON)), random.Random(7)
    streams = [RawStream(venue), RawStream(venue)]
    streams[0].sub("depth:BTC-PERP")
    for _ in range(20):
        stir(venue, rng)
    heard = streams[0].take()
    streams[1].sub("depth:BTC-PERP,ETH-PERP")
    if source == "stream":
        [*_, snapshot] = streams[1].ask(SNAPSHOT)
    else:
        snapshot = venue.get("v1/depth", symbol="BTC-PERP")["data"]
    book, number = as_book(snapshot["data"]), snapshot["data"]["seqnum"]
    for _ in range(60):
        stir(venue, rng)
        for stream in streams:
            stream.stream.tick()
    truth = venue.get("v1/depth", symbol="BTC-PERP")["data"]["data"]
    heard += pushed(streams[0], "depth")
    later = [frame for frame in pushed(streams[1], "depth") if frame["symbol"] == "BTC-PERP"]
    assert [frame for frame in heard if frame["data"]["seqnum"] >= later[0]["data"]["seqnum"]] == later
    number = apply(book, heard, number)
    assert len(later) > (5 if limits == "venue" else 30)
    assert (book, number) == (as_book(truth), truth["seqnum"])


def test_changes_of_the_book_are_numbered_frames(venue: Venue, client: RawClient, stream: RawStream) -> None:
    for channel in ("depth:BTC-PERP", "bbo:BTC-PERP", "trades:BTC-PERP", "bar:1:BTC-PERP"):
        stream.sub(channel)
    stream.wire.sequenced.clear()
    client.place(orderPrice="60000", orderQty="1")
    assert sum(stream.wire.sequenced) == 1
    numbered = stream.wire.sequenced.index(True)
    assert stream.take()[numbered]["m"] == "depth"


def test_throttled_books_come_in_batches_of_300_ms() -> None:
    venue = Venue("venue", HandClock(NOON))
    client = venue.client()
    stream = client.stream()
    stream.sub("depth:BTC-PERP")
    [snapshot] = stream.sub("depth-realtime:BTC-PERP")
    first = stream.request("depth-snapshot", {"symbol": "BTC-PERP"})["data"]["seqnum"]

    def heard(m: str) -> list[int]:
        stream.stream.tick()
        frames = stream.take()
        assert {frame["m"] for frame in frames} <= {"depth", "depth-realtime"}
        return [frame["data"]["seqnum"] for frame in frames if frame["m"] == m]

    client.place(orderPrice="41000")
    assert heard("depth") == [first + 1]
    for price in ("41001", "41002", "41003"):
        client.place(orderPrice=price)
    unthrottled = heard("depth-realtime")
    assert [number - snapshot["data"]["seqnum"] for number in unthrottled] == [2, 3, 4]
    venue.engine_clock.advance(299)
    assert heard("depth") == []
    venue.engine_clock.advance(1)
    stream.stream.tick()
    [frame] = stream.take()
    assert frame["data"]["seqnum"] == first + 2
    assert [price for price, _ in frame["data"]["bids"]] == ["41003", "41002", "41001"]
    client.place(orderPrice="41004")
    frame, snapshot = stream.ask(SNAPSHOT)
    assert frame["data"]["seqnum"] == snapshot["data"]["seqnum"] == first + 3
    assert frame["data"]["bids"][0] in snapshot["data"]["bids"]
    assert [answer["m"] for answer in stream.ask(SNAPSHOT)] == ["depth-snapshot"]


def test_the_book_in_real_time_comes_by_itself(venue: Venue, client: RawClient) -> None:
    stream = client.stream()
    [snapshot] = stream.sub("depth-realtime:BTC-PERP")
    assert snapshot["m"] == "depth-snapshot-realtime"
    book = as_book(snapshot["data"])
    rng = random.Random(3)
    for _ in range(30):
        stir(venue, rng)
    apply(book, pushed(stream, "depth-realtime"), snapshot["data"]["seqnum"])
    again = stream.request("depth-snapshot-realtime", {"symbol": "BTC-PERP"})
    assert as_book(again["data"]) == book


def test_snapshots_of_100_levels_and_of_all(venue: Venue, client: RawClient, stream: RawStream) -> None:
    for number in range(120):
        client.place(orderPrice=str(40_000 + number), orderQty="0.0001", respInst="ACK")
    for action, most in (("depth-snapshot-top100", 100), ("depth-snapshot", 500)):
        snapshot = stream.request(action, {"symbol": "BTC-PERP"})
        truth = venue.get("v1/depth", symbol="BTC-PERP")["data"]["data"]
        assert snapshot["m"] == action
        assert "id" not in snapshot
        assert snapshot["data"]["bids"] == truth["bids"][:most]
        assert snapshot["data"]["seqnum"] == truth["seqnum"]
    assert len(truth["bids"]) > 120


@pytest.mark.parametrize(
    ("action", "args", "code", "text"),
    [
        ("depth-snapshot", None, 100005, "args"),
        ("depth-snapshot", {}, 100005, "symbol"),
        ("depth-snapshot", {"symbol": "ABC-PERP"}, 100008, "Unable to handle symbol ABC-PERP"),
        ("market-trades", {"symbol": "BTC-PERP", "level": 0}, 100006, "level"),
        ("market-trades", {"symbol": "BTC-PERP", "level": "5"}, 100006, "level"),
        ("market-trades", {"symbol": ["BTC-PERP"]}, 100008, ""),
    ],
)
def test_refused_questions_about_markets(
    stream: RawStream, action: str, args: Any, code: int, text: str
) -> None:
    answer = stream.request(action, args)
    assert (answer["m"], answer["id"], answer["code"]) == ("error", "abc123", code)
    assert text in answer["info"]


def test_best_prices(venue: Venue, client: RawClient, stream: RawStream) -> None:
    [frame] = stream.sub("bbo:BTC-PERP")
    truth = venue.get("v1/ticker", symbol="BTC-PERP")["data"]
    assert (frame["data"]["bid"], frame["data"]["ask"]) == (truth["bid"], truth["ask"])
    client.place(orderPrice="40000")
    assert stream.take() == []
    client.place(orderPrice=truth["bid"][0], orderQty="1")
    [frame] = stream.take()
    assert frame["data"]["bid"] == [truth["bid"][0], str(Decimal(truth["bid"][1]) + 1)]
    assert frame["data"]["ask"] == truth["ask"]


def test_a_side_that_is_empty(venue: Venue, client: RawClient, stream: RawStream) -> None:
    market = venue.frontend.engine.markets["BTC-PERP"]
    for side in ("buy", "sell"):
        for order in market.standing(side):
            market.withdraw(order, market.matching.accounts[order.account], NOON)
    assert [frame["data"]["bid"] + frame["data"]["ask"] for frame in stream.sub("bbo:BTC-PERP")] == [
        ["0", "0", "9999999", "0"]
    ]


# -- trades, bars, prices ---------------------------------------------------------------------------


def test_trades(venue: Venue, client: RawClient, stream: RawStream) -> None:
    stream.sub("trades:BTC-PERP")
    client.place(orderPrice="60000", orderQty="0.4")
    [frame] = stream.take()
    rows = frame["data"]
    assert len(rows) > 2
    assert rows == venue.get("v1/trades", symbol="BTC-PERP", n=len(rows))["data"]["data"]
    assert rows == stream.request("market-trades", {"symbol": "BTC-PERP", "level": len(rows)})["data"]
    assert {row["bm"] for row in rows} == {False}
    assert sum(Decimal(row["q"]) for row in rows) == Decimal("0.4")


def test_bars(venue: Venue, client: RawClient, stream: RawStream) -> None:
    intervals = [row["name"] for row in venue.get("v1/barhist/info")["data"]]
    for interval in intervals:
        [frame] = stream.sub(f"bar:{interval}:BTC-PERP")
        assert [frame] == bars(venue, interval)
    venue.engine_clock.advance(MINUTE)
    client.place(orderPrice="60000", orderQty="0.4")
    frames = stream.take()
    assert [frame["data"]["i"] for frame in frames] == intervals
    assert frames == [bar for interval in intervals for bar in bars(venue, interval)]
    assert frames[0]["data"]["v"] == "0.4"


def bars(venue: Venue, interval: str) -> list[Any]:
    return venue.get("v1/barhist", symbol="BTC-PERP", interval=interval, n=1)["data"]


def test_prices(venue: Venue, clock: HandClock, client: RawClient, stream: RawStream) -> None:
    other = RawStream(venue)
    [first] = stream.sub("futures-pricing-data")
    truth = venue.get("v2/futures/pricing-data")["data"]
    named = {"s": "symbol", "ip": "indexPrice", "mp": "markPrice", "r": "fundingRate", "oi": "openInterest"}
    assert first["con"] == [
        {short: row[name] for short, name in {**named, "t": "time", "f": "nextFundingTime"}.items()}
        for row in truth["contracts"]
    ]
    assert first["col"] == [{"a": row["asset"], "p": row["referencePrice"]} for row in truth["collaterals"]]
    assert wait(clock, stream, 2000) == []
    client.call("POST", "v2/futures/order", client.market(orderQty="5"))
    assert len(wait(clock, stream, 0)) == 0
    [second] = wait(clock, stream, 1000)
    assert second["con"][0]["oi"] != first["con"][0]["oi"]
    assert wait(clock, stream, 1000) == []
    client.call("POST", "v2/futures/order", client.market(orderQty="1"))
    [third] = other.sub("futures-pricing-data")
    assert stream.take() == [third]


# -- over a socket ----------------------------------------------------------------------------------


async def test_over_a_socket() -> None:
    async with Sandbox(venues=["bitmaxfutures"]) as sandbox, aiohttp.ClientSession() as session:
        config = sandbox.config("bitmaxfutures")
        url = f"{config['urls']['api']['ws']}/0/api/pro/v2/stream"
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(url, headers={"x-auth-key": "nobody"})
        assert caught.value.status == 401
        now = sandbox.control("GET", "/clock")["now"]
        text = f"{now}+v2/stream".encode()
        signature = base64.b64encode(hmac.new(config["secret"].encode(), text, "sha256").digest()).decode()
        headers = dict(zip(HEADERS, (config["apiKey"], str(now), signature), strict=True))
        async with session.ws_connect(url, headers=headers) as socket:
            assert await socket.receive_json() == {"m": "connected", "type": "auth"}
            await socket.send_json({"op": "sub", "id": "a1", "ch": "depth:BTC-PERP"})
            assert (await socket.receive_json())["code"] == 0
            args = {"symbol": "BTC-PERP", "orderQty": "0.1", "orderType": "limit", "side": "buy"}
            numbers = []
            for price in ("41000", "42000", "43000"):
                message = {"op": "req", "id": price, "action": "place-order", "ac": "futures"}
                await socket.send_json({**message, "args": {**args, "orderPrice": price}})
                answer = await socket.receive_json()
                assert (answer["id"], answer["code"]) == (price, 0)
                if price == "42000":
                    continue  # its frame is left out
                frame = await socket.receive_json()
                assert frame["data"]["bids"] == [[price, "0.1"]]
                numbers.append(frame["data"]["seqnum"])
                sandbox.control("POST", "/faults", {"venue": "bitmaxfutures", "kind": "ws_gap"})
            assert numbers[1] - numbers[0] == 2
