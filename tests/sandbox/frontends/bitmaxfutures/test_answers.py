"""bitmaxfutures' answers beside the documented ones: the same keys, the same JSON types."""

from __future__ import annotations

from functools import partial

import pytest

from tests.sandbox.frontends.bitmaxfutures.raw_client import RawClient, Venue
from tests.sandbox.frontends.documented import DATA, first, payloads
from tests.sandbox.frontends.documented import shape as shape_of

DOCUMENTED = DATA / "bitmaxfutures" / "documented"
sample = payloads(DOCUMENTED)
shape = partial(shape_of, of_list=first)
HOUR = 3_600_000


@pytest.fixture(scope="module")
def client() -> RawClient:
    """With a position, an open order, and orders that were filled and cancelled."""
    client = Venue().client()
    for fields in (client.market(), client.order(), client.order()):
        assert client.call("POST", "v2/futures/order", fields)[1]["code"] == 0
    order = client.call("GET", "v2/futures/order/open")[1]["data"][0]
    fields = {"orderId": order["orderId"], "symbol": "BTC-PERP", "time": client.venue.clock.now()}
    assert client.call("DELETE", "v2/futures/order", fields)[1]["code"] == 0
    return client


PUBLIC = {
    "rest-v2-futures-contract": ("v2/futures/contract", {}),
    "rest-v2-futures-collateral": ("v2/futures/collateral", {}),
    "rest-v2-futures-pricing-data": ("v2/futures/pricing-data", {}),
    "rest-v1-depth": ("v1/depth", {"symbol": "BTC-PERP"}),
    "rest-v1-trades": ("v1/trades", {"symbol": "BTC-PERP"}),
    "rest-v1-trades-futures": ("v1/trades", {"symbol": "BTC-PERP"}),
    "rest-v1-barhist": ("v1/barhist", {"symbol": "BTC-PERP", "interval": "1"}),
    "rest-v1-barhist-futures": ("v1/barhist", {"symbol": "BTC-PERP", "interval": "1"}),
    "rest-v1-barhist-info": ("v1/barhist/info", {}),
    "rest-v1-ticker": ("v1/ticker", {"symbol": "BTC-PERP"}),
    "rest-v1-ticker-futures": ("v1/ticker", {"symbol": "BTC-PERP"}),
    "rest-v1-ticker-list": ("v1/ticker", {}),
    "rest-v1-ticker-futures-list": ("v1/ticker", {}),
    "rest-v1-assets": ("v1/assets", {}),
    "rest-v1-products": ("v1/products", {}),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_open_to_everyone(client: RawClient, name: str) -> None:
    path, query = PUBLIC[name]
    assert shape(client.venue.get(path, **query)) == shape(sample(name))


def test_bars_have_the_documented_intervals(client: RawClient) -> None:
    assert client.venue.get("v1/barhist/info") == sample("rest-v1-barhist-info")


def test_the_documented_contract(client: RawClient) -> None:
    ours, documented = (
        client.venue.get("v2/futures/contract")["data"][0],
        sample("rest-v2-futures-contract")["data"][0],
    )
    assert ours["marginRequirements"][:2] == documented.pop("marginRequirements")
    assert {name: value for name, value in ours.items() if name != "marginRequirements"} == documented


GROUP = {
    "rest-v2-futures-position": ("GET", "v2/futures/position", {}),
    "rest-v2-futures-free-margin": ("GET", "v2/futures/free-margin", {}),
    "rest-v2-futures-leverage": ("POST", "v2/futures/leverage", {"symbol": "BTC-PERP", "leverage": 10}),
    "rest-v2-futures-transfer-deposit": (
        "POST",
        "v2/futures/transfer/deposit",
        {"asset": "USDT", "amount": "1"},
    ),
    "rest-v2-futures-transfer-withdraw": (
        "POST",
        "v2/futures/transfer/withdraw",
        {"asset": "USDT", "amount": "1"},
    ),
    "rest-v2-order-open": ("GET", "v2/futures/order/open", {}),
    "rest-v2-order-hist-current": ("GET", "v2/futures/order/hist/current", {}),
    "rest-v2-order-cancel-all-draft": ("DELETE", "v2/futures/order/all", {"symbol": "ETH-PERP"}),
    "rest-v2-order-cancel-all-draft-error": ("DELETE", "v2/futures/order/all", {"symbol": "ABC-PERP"}),
    "rest-v2-position-close-all-draft": ("DELETE", "v2/futures/position/all", {"symbol": "ETH-PERP"}),
    "rest-v2-position-close-all-draft-error": ("DELETE", "v2/futures/position/all", {"symbol": "ABC-PERP"}),
    "rest-v1-futures-transfer-error": (
        "POST",
        "v2/futures/transfer/deposit",
        {"asset": "ETH", "amount": "9999"},
    ),
}


@pytest.mark.parametrize("name", GROUP)
def test_of_the_account(client: RawClient, name: str) -> None:
    assert shape(client.call(*GROUP[name])[1]) == shape(sample(name))


# With what is signed, and whether the account's group stands in the path.
OTHERS = {
    "rest-v2-account-info": ("v2/account/info", {}, "v2/account/info", False),
    "rest-v1-info": ("v1/info", {}, "info", False),
    "rest-v1-cash-balance": ("v1/cash/balance", {}, "balance", True),
    "rest-v1-wallet-deposit-address": (
        "v1/wallet/deposit/address",
        {"asset": "USDT"},
        "wallet/deposit/address",
        False,
    ),
    "rest-v1-wallet-transactions": ("v1/wallet/transactions", {}, "wallet/transactions", False),
    "rest-v2-order-hist": ("v2/order/hist", {"account": "futures"}, "order/hist", True),
    "rest-v1-order-hist-deprecated": ("v1/order/hist", {"category": "FUTURES"}, "order/hist", True),
}


@pytest.mark.parametrize("name", OTHERS)
def test_by_other_names(client: RawClient, name: str) -> None:
    path, query, signs, grouped = OTHERS[name]
    answer = client.call("GET", path, query, signs=signs, grouped=grouped)[1]
    expected = shape(sample(name))
    if "allowedIps" in expected["data"]:  # none is bound
        expected["data"]["allowedIps"] = []
    if path == "v1/info":  # what the venue's own bot reads there, and the page does not have
        expected["data"].update(futuresAccount=[shape("")], limitQuota=shape(0))
    assert shape(answer) == expected


def test_orders(client: RawClient) -> None:
    placed = client.place()
    assert shape(placed) == shape(sample("rest-v2-order"))
    id = placed["data"]["order"]["orderId"]
    one = client.call("GET", "v2/futures/order/status", {"orderId": id})[1]
    assert shape(one) == shape(sample("rest-v2-order-status"))
    several = client.call("GET", "v2/futures/order/status", {"orderId": f"{id},"})[1]
    # The documented list leaves out all but the ids.
    assert {key: type(value) for key, value in several.items()} == {
        key: type(value) for key, value in sample("rest-v2-order-status-multi").items()
    }
    assert shape(several["data"][0]) == shape(one["data"])
    now = client.venue.clock.now()
    canceled = client.call("DELETE", "v2/futures/order", {"orderId": id, "symbol": "BTC-PERP", "time": now})[
        1
    ]
    assert shape(canceled) == shape(sample("rest-v2-order-cancel"))
    late = client.call("DELETE", "v2/futures/order", {"orderId": id, "symbol": "BTC-PERP", "time": now})[1]
    expected = shape(sample("rest-v1-order-cancel-error"))
    del expected["status"]  # of the older generation only
    assert shape(late) == expected
    off = client.place(orderPrice="0.3")
    assert shape(off) == shape(sample("rest-v2-order-error"))


def test_batches(client: RawClient) -> None:
    orders = [client.order(respInst="ACK") for _ in range(2)]
    placed = client.call("POST", "v2/futures/order/batch", {"orders": orders})[1]
    assert shape(placed) == shape(sample("rest-v2-order-batch"))
    orders = [client.order(respInst="ACK"), client.order(respInst="ACK", orderQty="5000")]
    spoilt = client.call("POST", "v2/futures/order/batch", {"orders": orders})[1]
    assert shape(spoilt) == shape(sample("rest-v2-order-batch-error"))
    items = [
        {"id": "x1", "orderId": row["orderId"], "symbol": "BTC-PERP", "time": client.venue.clock.now()}
        for row in placed["data"]["orders"]
    ]
    canceled = client.call("DELETE", "v2/futures/order/batch", {"orders": items})[1]
    assert shape(canceled) == shape(sample("rest-v2-order-cancel-batch"))
    late = client.call("DELETE", "v2/futures/order/batch", {"orders": items})[1]
    expected = shape(sample("rest-v1-order-cancel-batch-error"))
    del expected["status"]
    assert shape(late) == expected


def test_margin_changes_say_nothing_but_that_they_went_well(client: RawClient) -> None:
    isolated = {"symbol": "XRP-PERP", "marginType": "isolated"}
    assert client.call("POST", "v2/futures/margin-type", isolated)[1] == sample("rest-v2-futures-margin-type")
    order = client.market(symbol="XRP-PERP", orderQty="100")
    assert client.call("POST", "v2/futures/order", order)[1]["code"] == 0
    more = {"symbol": "XRP-PERP", "amount": "5"}
    answer = client.call("POST", "v2/futures/isolated-position-margin", more)[1]
    assert answer == sample("rest-v2-futures-isolated-position-margin")
    transfer = {"asset": "USDT", "amount": "1", "fromAccount": "cash", "toAccount": "futures"}
    assert client.call("POST", "v1/transfer", transfer, signs="transfer")[1] == sample("rest-v1-transfer")
