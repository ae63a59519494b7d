"""What the venue's documents leave to be inferred when answers are parsed."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmart2 import market_data, orders, signing
from tests.venues.profiles import PROFILES

pytestmark = pytest.mark.parametrize("kind", ["sync", "async"])


def offline(kind, answer, **config):
    exchange, _ = PROFILES["bitmart2"].offline(kind, lambda request: Answer(answer), **config)
    return exchange


def trade(time, price):
    return {"amount": "1", "order_time": time, "price": price, "count": "1", "type": "buy"}


@pytest.mark.parametrize("rows", [2, 20])
def test_public_trades_of_one_moment_stay_in_their_sequence(kind, rows):
    # The venue sends the newest first; one taker's fills have one time, and prices that rise.
    prices = [f"{price}" for price in range(1, rows + 1)]
    for sent in (
        [trade(1525760116000, price) for price in reversed(prices)],
        [trade(1525760117000, "9"), *(trade(1525760116000, price) for price in reversed(prices))],
        [*(trade(1525760116000, price) for price in prices), trade(1525760117000, "9")],
    ):
        parsed = call(offline(kind, sent), "fetch_trades", "BMX/ETH")
        assert [entry["price"] for entry in parsed][:rows] == [float(price) for price in prices]


def test_no_public_trades(kind):
    assert call(offline(kind, []), "fetch_trades", "BMX/ETH") == []


@pytest.mark.parametrize("rows", [1, 20])
def test_a_day_without_a_change(kind, rows):
    sample = PROFILES["bitmart2"].sample("v2-ticker")
    exchange = offline(kind, [{**sample, "fluctuation": "+0.0000"}] * rows)
    parsed = call(exchange, "fetch_tickers")["BMX/ETH"]
    assert (parsed["change"], parsed["percentage"]) == (0, 0)
    assert parsed["open"] == parsed["close"] == parsed["average"] == 0.00009944


def test_a_change_that_is_not_told(kind):
    sample = PROFILES["bitmart2"].sample("v2-ticker")
    parsed = call(offline(kind, {**sample, "fluctuation": None}), "fetch_ticker", "BMX/ETH")
    assert (parsed["change"], parsed["percentage"], parsed["open"]) == (None, None, None)


@pytest.mark.parametrize(
    ("since", "limit", "params", "begin", "end"),
    [
        (600_000, 3, {}, 600_000, 779_999),
        (600_000, 3, {"until": 700_000}, 600_000, 700_000),
        (600_000, 3, {"until": 900_000}, 600_000, 779_999),
        (None, 3, {"until": 900_000}, 720_000, 900_000),
        (None, 3, {}, 720_000, 900_000),
    ],
)
def test_candles_are_asked_for_from_the_first_to_before_the_one_after_the_last(
    kind, since, limit, params, begin, end
):
    exchange = offline(kind, [])
    exchange.nonce = lambda: 900_000
    market = exchange.market("BMX/ETH")
    request = market_data.ohlcv_request(exchange, market, "1m", since, limit, params)
    assert request == {"symbol": market["id"], "step": exchange.timeframes["1m"], "from": begin, "to": end}


@pytest.mark.parametrize(
    ("digits", "tick"),
    [(-1, None), (0, 1.0), (2, 0.01), (30, 1e-30), (31, None), ("4", 0.0001), (None, None)],
)
def test_the_price_tick_is_told_in_digits(kind, digits, tick):
    exchange = offline(kind, [])
    sample = PROFILES["bitmart2"].sample("v2-symbols_details")[0]
    market = exchange.parse_market({**sample, "price_max_precision": digits})
    assert (market["precision"]["price"], market["limits"]["price"]["min"]) == (tick, tick)


@pytest.mark.parametrize(
    ("deposit", "withdraw", "active"),
    [(True, True, True), (True, False, False), (False, True, False), (None, True, None), (True, None, None)],
)
def test_a_currency_is_active_if_it_can_go_both_ways(kind, deposit, withdraw, active):
    row = {"id": "BTC", "name": "Bitcoin", "deposit_enabled": deposit, "withdraw_enabled": withdraw}
    assert offline(kind, []).parse_currency(row)["active"] is active


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(("is_quote", "volume"), [(False, 30.0), (True, 15.0)])
def test_the_volume_of_candles(kind, rows, is_quote, volume):
    prices = dict.fromkeys(("open_price", "highest_price", "lowest_price", "current_price"), "2")
    sent = [{"timestamp": 60_000 * number, "volume": "30", **prices} for number in range(1, rows + 1)]
    exchange = offline(kind, sent, options={"fetchOHLCV": {"volumeIsQuote": is_quote}})
    assert {row[5] for row in call(exchange, "fetch_ohlcv", "BMX/ETH")} == {volume}


@pytest.mark.parametrize("rows", [1, 20])
def test_the_amount_of_an_order_is_the_one_that_is_told(kind, rows):
    sample = PROFILES["bitmart2"].sample("v2-order_details")
    row = {**sample, "original_amount": "5", "executed_amount": "2", "remaining_amount": None, "status": 4}
    listed = {"orders": [{**row, "entrust_id": id} for id in range(rows)], "total_orders": rows}
    orders = call(offline(kind, listed), "fetch_canceled_orders", "BMX/ETH")
    assert {(order["amount"], order["filled"], order["remaining"]) for order in orders} == {(5.0, 2.0, 3.0)}


def test_of_a_cancel_the_documented_field_is_signed_alone(kind):
    exchange = offline(kind, [])
    alone, beside = (
        exchange.sign("orders/{entrust_id}", "private", "DELETE", {"entrust_id": 5, **more})["headers"]
        for more in ({}, {"note": "x"})
    )
    assert alone["X-BM-SIGNATURE"] == beside["X-BM-SIGNATURE"] == signing.hash_text(exchange, "entrust_id=5")


@pytest.mark.parametrize(
    ("price", "fee", "side"),
    [
        ("0.0001", "0.01", "buy"),  # a hundredth of the amount of 1, and a hundred times what was paid
        ("0.0001", "0.000001", None),  # of both it could be
        ("1000", "10", "sell"),
        ("1000", "11", None),
        ("1000", "0", None),
        ("1000", None, None),
    ],
)
@pytest.mark.parametrize("rows", [1, 20])
def test_the_side_of_a_trade_follows_from_its_fee_if_it_fits_one_side_alone(kind, rows, price, fee, side):
    row = {"trade_id": 1, "entrust_id": 2, "timestamp": 5, "amount": "1", "price": price, "fees": fee}
    exchange = offline(kind, [], options={"fetchMyTrades": {"inferSideFromFee": True}})
    parsed = exchange.parse_trades(
        [{**row, "trade_id": id} for id in range(rows)], exchange.market("BMX/ETH")
    )
    assert {trade["side"] for trade in parsed} == {side}
    if side is not None:
        currency = {"buy": "BMX", "sell": "ETH"}[side]
        assert parsed[0]["fee"] == {"cost": float(fee), "currency": currency}


def test_the_sides_of_so_many_orders_are_remembered_and_the_oldest_forgotten(kind, monkeypatch):
    monkeypatch.setattr(orders, "REMEMBERED_SIDES", 2)
    exchange = offline(kind, [])
    for id in ("1", "2", "3", None):
        orders.remember(exchange, {"id": id, "side": "buy"})
    orders.remember(exchange, {"id": "4", "side": None})
    assert orders.order_sides(exchange) == {"2": "buy", "3": "buy"}


def test_a_private_call_needs_all_credentials_though_there_is_a_token(kind):
    exchange = offline(kind, [], token="t", secret="")
    with pytest.raises(ccxt.AuthenticationError, match="secret"):
        exchange.sign("wallet", "private", "GET")
