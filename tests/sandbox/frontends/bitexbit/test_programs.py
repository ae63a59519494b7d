"""The clients on bitexbit's own pages, where they do other than the pages' text.

That of v2 has paths with slashes where the page has none, and the reverse; the samples of v1 ask for an order
without a key, and name the limits of a book as the table does not.
"""

from __future__ import annotations

import pytest

from tests.sandbox.frontends.bitexbit.raw_client import RawClient, Venue, sign


@pytest.fixture(scope="module")
def venue() -> Venue:
    return Venue()


@pytest.fixture(scope="module")
def trader(venue: Venue) -> RawClient:
    return venue.client()


@pytest.fixture(scope="module")
def receiver(venue: Venue) -> RawClient:
    return venue.client("counterparty")


@pytest.mark.parametrize(
    ("lists", "acts"),
    [("transfers/", ""), ("transfers", "/"), ("transfers", ""), ("transfers/", "/")],
    ids=["client", "page", "none", "all"],
)
def test_transfers(trader: RawClient, receiver: RawClient, lists: str, acts: str) -> None:
    """What is signed is the path as it was asked for."""
    fields = {"receiver": receiver.uid, "currency": "USDT", "amount": 10}
    before = trader.ok("v2", "GET", lists)["count"]
    kept, undone = (trader.ok("v2", "POST", f"transfers/create{acts}", fields)["txid"] for _ in range(2))
    receiver.ok("v2", "POST", f"transfers/{kept}/accept{acts}")
    trader.ok("v2", "POST", f"transfers/{undone}/cancel{acts}")
    assert trader.ok("v2", "GET", lists)["count"] == before + 2
    states = {
        row["txid"]: row["status"]["key"]
        for row in trader.ok("v2", "GET", f"{lists}?currency=USDT")["results"]
    }
    assert (states[kept], states[undone]) == (30, 20)


def test_a_slash_that_was_not_signed_is_a_wrong_signature(venue: Venue, trader: RawClient) -> None:
    path, nonce = "/api/v2/private/transfers", str(next(trader.nonces))
    signature = sign(trader.secret, path + nonce)
    headers = {"x-api-key": trader.key, "x-nonce": nonce, "x-signature": signature}
    assert venue.exchange("GET", f"{path}/", headers, "") == (401, {"error": "Wrong signature"})
    assert venue.exchange("GET", path, headers, "")[0] == 200


def test_an_order_of_v1_with_a_key_or_without(trader: RawClient, receiver: RawClient, venue: Venue) -> None:
    made = trader.place("BTC_USD", "buy", "500", "0.01")[1]
    path = f"/api/v1/order/{made['oid']}/"
    told = venue.exchange("GET", path, {}, "")
    assert told == trader.v1("GET", f"order/{made['oid']}/")
    assert (told[0], told[1]["status"]) == (200, "1")
    # Who brings a key has to sign, and it has to be the right one.
    assert trader.v1("GET", f"order/{made['oid']}/", x_sign="wrong")[0] == 401
    assert receiver.v1("GET", f"order/{made['oid']}/")[0] == 403
    assert Venue(v1FetchOrderSigned=True).exchange("GET", path, {}, "")[0] == 401


@pytest.mark.parametrize("names", [("limit_sell", "limit_buy"), ("limit_asks", "limit_bids")])
@pytest.mark.parametrize("group", [0, 1])
def test_the_limits_of_a_book_by_either_name(venue: Venue, names: tuple[str, str], group: int) -> None:
    limits = "&".join(f"{name}={number}" for name, number in zip(names, (2, 3), strict=True))
    book = venue.get(f"/api/v1/orderbook/BTC_USD/?{limits}&group={group}")
    assert (len(book["sell"]), len(book["buy"])) == (2, 3)
