"""What bitmaxfutures' streams say beside the documented frames: the same keys, the same JSON types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.sandbox.engine.small_venue import HandClock
from tests.sandbox.frontends.bitmaxfutures.raw_client import NOON, RawClient, RawStream, Venue
from tests.sandbox.frontends.documented import DATA, first, payloads
from tests.sandbox.frontends.documented import shape as shape_of

DOCUMENTED = DATA / "bitmaxfutures" / "documented"
sample = payloads(DOCUMENTED)
shape = partial(shape_of, of_list=first)
SENT = ("-request", "-sub", "-unsub", "-client", "-unsub-all", "-unsub-interval", "-unsub-symbol")
OTHERS_SENT = {"ws-sub-multi", "ws-unsub-wildcard"}
# The "ready" mode of the older cash stream; not said to exist for futures.
OF_THE_CASH_STREAM = {"ws-auth-ready", "ws-order-cancel-reject", "ws-order-rejected"}
BTC = {"symbol": "BTC-PERP"}
UNKNOWN = {"symbol": "ABC-PERP"}


@pytest.fixture(scope="module")
def client() -> RawClient:
    """With a position, an open order, and orders that were filled and cancelled."""
    client = Venue().client()
    for fields in (client.market(), client.order(), client.order()):
        assert client.call("POST", "v2/futures/order", fields)[1]["code"] == 0
    return client


@pytest.fixture
def stream(client: RawClient) -> Iterator[RawStream]:
    stream = client.stream()
    yield stream
    stream.close()


def frames_of(name: str, client: RawClient, stream: RawStream) -> Any:
    """What is said where the documents show `name`."""
    now, open_id = client.venue.clock.now(), client.place()["data"]["order"]["orderId"]
    cancel = {"time": now, "orderId": open_id, "symbol": "BTC-PERP"}
    limit = client.order(respInst="ACK", id=None)
    match name:
        case "ws-connected-unauth":
            return RawStream(client.venue).greeting[0]
        case "ws-connected-auth":
            return RawStream(client.venue, f"/{client.group}", client.headers("v2/stream")).greeting[0]
        case "ws-auth-success":
            return stream.ask(client.auth())[0]
        case "ws-auth-error":
            return RawStream(client.venue).ask(client.auth())[0]
        case "ws-sub-ack":
            return stream.ask({"op": "sub", "id": "abc23g", "ch": "bbo:BTC-PERP,ETH-PERP"})[0]
        case "ws-unsub-ack":
            return stream.ask({"op": "unsub", "id": "abcd1234", "ch": "bar:*:BTC-PERP"})[0]
        case "ws-depth-realtime-sub-ack":
            return stream.ask({"op": "sub", "id": "abc123", "ch": "depth-realtime:BTC-PERP"})[0]
        case "ws-depth-realtime-sub-error":
            return stream.ask({"op": "sub", "id": "abc123", "ch": "depth-realtime:USDT/BTMX"})[0]
        case "ws-depth-snapshot-realtime":
            return stream.sub("depth-realtime:BTC-PERP")[0]
        case "ws-depth-snapshot-realtime-error":
            return stream.request("depth-snapshot-realtime", UNKNOWN)
        case "ws-depth-snapshot":
            return stream.request("depth-snapshot", BTC)
        case "ws-depth-snapshot-futures":
            return RawStream(Venue(snapshotId=True)).request("depth-snapshot", BTC)
        case "ws-market-trades":
            return stream.request("market-trades", {**BTC, "level": 12})
        case "ws-error":
            return stream.request("trade-snapshot", BTC, id="ab123")
        case "ws-ping-server":
            clock = HandClock(NOON)
            quiet = RawStream(Venue(clock=clock))
            clock.elapse(15_000)
            quiet.stream.tick()
            return quiet.take()[0]
        case "ws-pong-server":
            return stream.ask({"op": "ping"})[0]
        case "ws-disconnected":
            clock = HandClock(NOON)
            quiet = RawStream(Venue(clock=clock))
            for _ in range(3):
                clock.elapse(15_000)
                quiet.stream.tick()
            return quiet.take()[-1]
        case "ws-bbo" | "ws-bar" | "ws-futures-pricing-data":
            channel = {"ws-bbo": "bbo:BTC-PERP", "ws-bar": "bar:1:BTC-PERP"}.get(name, name[3:])
            return stream.sub(channel)[0]
        case "ws-depth":
            stream.sub("depth:BTC-PERP")
            [price, amount] = client.venue.get("v1/depth", symbol="BTC-PERP")["data"]["data"]["asks"][0]
            # It takes the best ask, and what is left of it is a bid.
            client.place(orderPrice=price, orderQty=str(Decimal(amount) + 1))
            return stream.take()[0]
        case "ws-depth-realtime":
            stream.sub("depth-realtime:BTC-PERP")
            client.call("POST", "v2/futures/order", client.market())
            return stream.take()[0]
        case "ws-trades":
            stream.sub("trades:BTC-PERP")
            client.call("POST", "v2/futures/order", client.market())
            return stream.take()[0]
        case "ws-futures-order":
            stream.sub("futures-order")
            client.place()
            return stream.take()[0]
        case "ws-futures-account-update":
            stream.sub("futures-account-update")
            client.call("POST", "v2/futures/order", client.market())
            return stream.take()[-1]
        case "ws-futures-account-snapshot":
            return stream.request("futures-account-snapshot", ac=None)
        case "ws-futures-open-orders":
            return stream.request("futures-open-orders", BTC)
        case "ws-futures-open-orders-error":
            return stream.request("futures-open-orders")
        case "ws-place-order":
            return stream.request("place-order", limit)
        case "ws-place-order-error":
            return stream.request("place-order", {**limit, "orderPrice": "0.1"})
        case "ws-cancel-order":
            return stream.request("cancel-order", cancel)
        case "ws-cancel-order-error":
            return stream.request("cancel-order", {**cancel, "orderId": f"{open_id}1"})
        case "ws-cancel-all":
            return stream.request("cancel-all", {})
        case "ws-cancel-all-error":
            return stream.request("cancel-all", UNKNOWN)
        case "ws-close-all-position-draft":
            return stream.request("close-all-position", {"cancelOpen": True})
        case "ws-close-all-position-draft-error":
            return stream.request("close-all-position", {})
        case "ws-order-status":
            return stream.request("order-status", {"orderId": f"{open_id},unknown"})
    raise LookupError(name)


SAMPLES = sorted(
    path.stem
    for path in DOCUMENTED.glob("ws-*.json")
    if not path.stem.endswith(SENT) and path.stem not in OTHERS_SENT | OF_THE_CASH_STREAM
)


@pytest.mark.parametrize("name", SAMPLES)
def test_frame(client: RawClient, stream: RawStream, name: str) -> None:
    assert shape(frames_of(name, client, stream)) == shape(sample(name))


@pytest.mark.parametrize(
    "name",
    [
        "ws-connected-auth",
        "ws-connected-unauth",
        "ws-auth-success",
        "ws-auth-error",
        "ws-error",
        "ws-ping-server",
        "ws-disconnected",
        "ws-futures-open-orders-error",
    ],
)
def test_frames_that_are_the_documented_ones_to_the_letter(
    client: RawClient, stream: RawStream, name: str
) -> None:
    told = frames_of(name, client, stream)
    if "id" in told:
        told["id"] = sample(name)["id"]
    assert told == sample(name)


@pytest.mark.parametrize(
    ("request_name", "answer_name"),
    [
        ("ws-cancel-all-request", "ws-cancel-all"),
        ("ws-close-all-position-draft-request", "ws-close-all-position-draft"),
    ],
)
def test_documented_requests_get_the_documented_answers(
    client: RawClient, stream: RawStream, request_name: str, answer_name: str
) -> None:
    assert stream.ask(sample(request_name))[0] == sample(answer_name)


def test_every_documented_subscription_is_taken(stream: RawStream) -> None:
    for path in sorted(DOCUMENTED.glob("ws-*sub*.json")):
        message = json.loads(
            path.read_text("utf-8").replace("BTMX/USDT", "ETH-PERP").replace("BTC/USDT", "BTC-PERP")
        )
        if "op" in message:
            message["ch"] = message["ch"].replace("ETH/USDT", "XRP-PERP")
            ack = stream.ask(message)[0]
            assert (ack["m"], ack["id"], ack["ch"]) == (message["op"], message["id"], message["ch"])
            assert ack.get("code", 0) == 0, path.stem
