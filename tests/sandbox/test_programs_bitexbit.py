"""The client on bitexbit's page for v2: its paths have slashes where the page has none, and the reverse."""

from __future__ import annotations

import pytest
from bitexbit_raw import RawClient, Venue, sign


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
