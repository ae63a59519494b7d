"""Markets, orders, money and positions, by a few ids whose ways differ."""

import json
from decimal import Decimal
from itertools import pairwise

import ccxt
import pytest

from ccxt_ext.sandbox import SandboxError
from tests.simulated.conftest import result

KINDS = ("sync", "async")
BTC, SWAP = "BTC/USDT", "BTC/USDT:USDT"


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


async def test_the_plain_default_has_two_spot_markets_and_a_swap(exchange, kind):
    kraken, usdm = exchange("binance", kind), exchange("binanceusdm", kind)
    assert list(await result(kraken.load_markets())) == [BTC, "ETH/USDT", SWAP]
    assert list(await result(usdm.load_markets())) == [SWAP]
    assert kraken.market(SWAP)["linear"] and kraken.market(SWAP)["contractSize"] == 1
    assert kraken.market(BTC)["maker"] == kraken.fees["trading"]["maker"]


async def test_precisions_are_in_the_exchanges_way(exchange, kind):
    for id in ("binance", "bitfinex", "bithumb", "hyperliquid", "upbit"):
        each = exchange(id, kind)
        await result(each.load_markets())
        symbol = each.symbols[0]
        text = each.price_to_precision(symbol, 50123.456789)
        assert 50_100 < float(text) < 50_130
        order = await result(each.create_order(symbol, "limit", "buy", 1.0, 50123.456789))
        assert order["price"] == float(text), id


async def test_fees_are_those_that_the_exchange_tells(box, exchange, kind):
    kraken = exchange("kraken", kind)
    order = await result(kraken.create_order(BTC, "market", "buy", 1))
    expected = kraken.fees["trading"]["taker"]
    (trade,) = box.control("GET", "/trades?venue=kraken&account=config")[:1]
    assert Decimal(trade["fee"]) / Decimal(trade["amount"]) == Decimal(str(expected))
    assert order["fee"]["currency"] == "BTC"


async def test_markets_come_from_a_file(exchange, kind, tmp_path, box):
    sol = {
        "id": "SOL-X",
        "symbol": "SOL/USDC",
        "base": "SOL",
        "quote": "USDC",
        "baseId": "sol",
        "quoteId": "usdc",
        "type": "spot",
        "spot": True,
        "active": True,
        "precision": {"price": 0.01, "amount": 0.001},
        "limits": {"amount": {"min": 0.05, "max": None}, "cost": {"min": 10, "max": None}},
        "maker": 0.0002,
        "taker": 0.0004,
        "info": {"theirs": True},
    }
    file = tmp_path / "markets.json"
    file.write_text(json.dumps({"SOL/USDC": sol}))
    id = "gate" if kind == "sync" else "mexc"
    each = exchange(id, kind, markets=file)
    await result(each.load_markets())
    market = each.market("SOL/USDC")
    assert {name: market[name] for name in ("id", "baseId", "info", "taker")} == {
        name: sol[name] for name in ("id", "baseId", "info", "taker")
    }
    assert market["limits"]["amount"]["min"] == 0.05 and market["precision"]["price"] == 0.01
    with pytest.raises(ccxt.InvalidOrder):
        await result(each.create_order("SOL/USDC", "limit", "buy", 0.01, 100))
    box.change_market(id, "SOL/USDC", tick="0.5", min_amount="0.2")
    box.halt(id, "SOL/USDC")
    market = (await result(each.load_markets(True)))["SOL/USDC"]
    assert market["precision"]["price"] == 0.5 and market["limits"]["amount"]["min"] == 0.2
    assert market["active"] is False and market["taker"] == 0.0004
    with pytest.raises(ccxt.MarketClosed):
        await result(each.create_order("SOL/USDC", "limit", "buy", 1, 100))


@pytest.mark.parametrize("text", ["{", "5", "[]", "[1]", None])
def test_a_file_without_markets_is_refused_in_words(exchange, tmp_path, text):
    file = tmp_path / "markets.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SandboxError, match=r"bybit: .*markets\.json: "):
        exchange("bybit", "sync", markets=file)


async def test_an_order_lives(box, exchange, kind):
    each = exchange("okx", kind)
    placed = await result(each.create_limit_buy_order(BTC, 0.5, 50_000, {"clientOrderId": "mine-1"}))
    assert placed["status"] == "open" and placed["clientOrderId"] == "mine-1" and placed["remaining"] == 0.5
    (truth,) = box.control("GET", "/orders?venue=okx&account=config")
    assert (truth["id"], truth["client_id"], truth["amount"]) == (placed["id"], "mine-1", "0.5")
    balance = await result(each.fetch_balance())
    assert balance["USDT"]["used"] == 25_000
    box.price("okx", BTC, 49_000)
    order = await result(each.fetch_order(placed["id"], BTC))
    assert order["status"] == "closed" and order["filled"] == 0.5 and order["average"] <= 50_000
    (trade,) = {row["order"] for row in await result(each.fetch_my_trades(BTC))}
    assert trade == placed["id"]
    with pytest.raises(ccxt.OrderNotFound):
        await result(each.cancel_order(placed["id"], BTC))


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (ccxt.InsufficientFunds, (BTC, "limit", "buy", 1000, 60_000)),
        (ccxt.BadSymbol, ("X/Y", "limit", "buy", 1, 60_000)),
        (ccxt.InvalidOrder, (BTC, "limit", "buy", 0.00001, 60)),
        (ccxt.InvalidOrder, (BTC, "limit", "buy", 0.000000001, 60_000)),
        (ccxt.ArgumentsRequired, (BTC, "limit", "buy", 1)),
        (ccxt.ArgumentsRequired, (BTC, "market", "sell", None)),
        (ccxt.OrderImmediatelyFillable, (BTC, "limit", "buy", 1, 70_000, {"postOnly": True})),
        (ccxt.InvalidOrder, (BTC, "limit", "buyy", 1, 70_000)),
        (ccxt.InvalidOrder, (BTC, "limit", "sell", 1, 70_000, {"reduceOnly": True})),
        (ccxt.InvalidOrder, (SWAP, "limit", "sell", 1, 70_000, {"reduceOnly": True})),
        (ccxt.NotSupported, (BTC, "iceberg", "sell", 1, 70_000)),
        (ccxt.NotSupported, (BTC, "limit", "sell", 1, 70_000, {"newOrderRespType": "FULL"})),
        (ccxt.NotSupported, (BTC, "limit", "sell", 1, 70_000, {"trailingPercent": 1})),
        (ccxt.NotSupported, (BTC, "limit", "sell", 1, 70_000, {"timeInForce": "GTD"})),
        (ccxt.NotSupported, (SWAP, "limit", "sell", 1, 70_000, {"hedged": True})),
        (ccxt.BadRequest, (SWAP, "limit", "sell", 1, 70_000, {"marginMode": "some"})),
    ],
)
def test_refusals_are_ccxts_exceptions(exchange, error, asked):
    with pytest.raises(error):
        exchange("binance", "sync").create_order(*asked)


def test_params_of_the_venues_own_are_left_out_where_that_is_asked_for(exchange):
    binance = exchange("binance", "sync", options={"ignoredParams": ["newOrderRespType"]})
    order = binance.create_order(BTC, "limit", "buy", 1, 50_000, {"newOrderRespType": "FULL"})
    assert order["status"] == "open"


def test_a_client_order_id_is_used_once(exchange):
    binance = exchange("binance", "sync")
    binance.create_order(BTC, "limit", "buy", 1, 50_000, {"clientOrderId": "a"})
    with pytest.raises(ccxt.DuplicateOrderId):
        binance.create_order(BTC, "limit", "buy", 1, 50_000, {"clientOrderId": "a"})


def test_a_market_order_to_buy_is_by_cost_where_the_exchange_has_it_so(exchange):
    bitget, binance = exchange("bitget", "sync"), exchange("binance", "sync")
    with pytest.raises(ccxt.InvalidOrder, match="requires the price argument for market buy orders"):
        bitget.create_market_buy_order(BTC, 0.1)
    assert 6200 < bitget.create_order(BTC, "market", "buy", 0.1, 63_000)["cost"] <= 6300
    by_cost = bitget.create_order(
        BTC, "market", "buy", 500, None, {"createMarketBuyOrderRequiresPrice": False}
    )
    assert 490 < by_cost["cost"] <= 500
    assert 490 < bitget.create_market_buy_order_with_cost(BTC, 500)["cost"] <= 500
    assert binance.create_market_buy_order(BTC, 0.1)["amount"] == 0.1
    assert bitget.create_market_sell_order(BTC, 0.1)["amount"] == 0.1


def test_what_features_deny_is_refused(exchange):
    bitvavo = exchange("bitstamp", "sync")
    assert not bitvavo.features["spot"]["createOrder"]["triggerPrice"]
    with pytest.raises(ccxt.NotSupported, match="as its features say"):
        bitvavo.create_order(BTC, "limit", "buy", 1, 50_000, {"triggerPrice": 70_000})


async def test_waiting_orders_wait_for_their_price(box, exchange, kind):
    each = exchange("binance", kind)
    stop = await result(each.create_order(BTC, "market", "sell", 1, None, {"stopLossPrice": 60_000}))
    take = await result(each.create_order(BTC, "market", "sell", 1, None, {"takeProfitPrice": 66_000}))
    assert stop["status"] == take["status"] == "open" and stop["triggerPrice"] == 60_000
    assert len(await result(each.fetch_open_orders(BTC))) == 2
    box.price("binance", BTC, 66_100)
    assert (await result(each.fetch_order(take["id"], BTC)))["status"] == "closed"
    box.price("binance", BTC, 59_000)
    assert (await result(each.fetch_order(stop["id"], BTC)))["status"] == "closed"


async def test_orders_are_edited_and_cancelled_together(exchange, kind):
    each = exchange("bybit", kind)
    first = await result(each.create_order(BTC, "limit", "buy", 1, 50_000))
    edited = await result(each.edit_order(first["id"], BTC, "limit", "buy", 2, 51_000))
    assert (edited["amount"], edited["price"], edited["status"]) == (2, 51_000, "open")
    orders = [
        {"symbol": BTC, "type": "limit", "side": "buy", "amount": 1, "price": price}
        for price in (40_000, 41_000)
    ]
    made = await result(each.create_orders(orders))
    assert [order["price"] for order in made] == [40_000, 41_000]
    gone = await result(each.cancel_orders([made[0]["id"]], BTC))
    assert [order["status"] for order in gone] == ["canceled"]
    await result(each.cancel_all_orders(BTC))
    assert await result(each.fetch_open_orders(BTC)) == []


async def test_positions_of_a_swap(box, exchange, kind):
    each = exchange("bybit", kind)
    await result(each.set_leverage(10, SWAP))
    assert (await result(each.fetch_leverage(SWAP)))["longLeverage"] == 10
    await result(each.set_margin_mode("isolated", SWAP))
    await result(each.create_order(SWAP, "market", "buy", 0.1))
    (position,) = await result(each.fetch_positions([SWAP]))
    assert (position["side"], position["contracts"], position["leverage"]) == ("long", 0.1, 10)
    assert position["marginMode"] == "isolated" and 50_000 < position["liquidationPrice"] < 60_000
    swap, spot = [await result(each.fetch_balance({"type": type})) for type in ("swap", "spot")]
    assert swap["USDT"]["used"] > 600 and spot["USDT"]["used"] == 0
    (truth,) = box.control("GET", "/positions?venue=bybit&account=config")
    assert truth["symbol"] == SWAP and truth["amount"] == "0.1"
    closing = {"reduceOnly": True}
    await result(each.create_order(SWAP, "market", "sell", 0.1, None, closing))
    assert await result(each.fetch_positions([SWAP])) == []
    (past,) = await result(each.fetch_positions_history([SWAP]))
    assert past["symbol"] == SWAP and past["realizedPnl"] is not None
    with pytest.raises(ccxt.BadRequest):
        await result(each.set_leverage(1000, SWAP))


async def test_attached_exits_close_a_position(box, exchange, kind):
    each = exchange("bybit", kind)
    params = {"stopLoss": {"triggerPrice": 60_000}, "takeProfit": {"triggerPrice": 70_000}}
    await result(each.create_order(SWAP, "market", "buy", 0.1, None, params))
    (position,) = await result(each.fetch_positions([SWAP]))
    assert (position["stopLossPrice"], position["takeProfitPrice"]) == (60_000, 70_000)
    box.price("bybit", SWAP, 59_500)
    assert await result(each.fetch_positions([SWAP])) == []


async def test_candles_trades_and_books_go_by_since_and_limit(exchange, kind):
    each = exchange("kraken", kind)
    candles = await result(each.fetch_ohlcv(BTC, "1h", None, 5))
    assert len(candles) == 5 and {b[0] - a[0] for a, b in pairwise(candles)} == {3_600_000}
    since = await result(each.fetch_ohlcv(BTC, "1h", candles[1][0], 2))
    assert [row[0] for row in since] == [candles[1][0], candles[2][0]]
    trades = await result(each.fetch_trades(BTC, None, 3))
    assert [row["id"] for row in await result(each.fetch_trades(BTC, trades[1]["timestamp"]))] == [
        row["id"] for row in trades[1:]
    ]
    book = await result(each.fetch_order_book(BTC, 4))
    assert len(book["bids"]) == 4 and book["bids"][0][0] < book["asks"][0][0]
    with pytest.raises(ccxt.BadRequest, match="there is no timeframe '7m'"):
        await result(each.fetch_ohlcv(BTC, "7m"))


async def test_faults_are_what_ccxt_makes_of_them(box, exchange, kind):
    each = exchange("kraken", kind, timeout=400)
    await result(each.load_markets())
    for fault, error in (
        ({"kind": "status", "status": 503}, ccxt.ExchangeNotAvailable),
        ({"kind": "reset"}, ccxt.NetworkError),
        ({"kind": "drop_reply"}, ccxt.NetworkError),
        ({"kind": "maintenance"}, ccxt.OnMaintenance),
        ({"kind": "refuse", "code": "RateLimitExceeded"}, ccxt.RateLimitExceeded),
        ({"kind": "refuse", "code": "insufficient_funds"}, ccxt.InsufficientFunds),
        ({"kind": "refuse"}, ccxt.ExchangeError),
        ({"kind": "garbage"}, ccxt.BadResponse),
        ({"kind": "garbage", "body": '{"result": null}'}, ccxt.BadResponse),
        ({"kind": "empty"}, ccxt.BadResponse),
        ({"kind": "latency", "ms": 3000}, ccxt.RequestTimeout),
    ):
        box.control("POST", "/faults", {"venue": "kraken", "path": "/fetchTicker", "count": 2, **fault})
        with pytest.raises(error):
            await result(each.fetch_ticker(BTC))
        box.control("DELETE", "/faults")  # aiohttp asks twice where an old connection was cut
    assert await result(each.fetch_ticker(BTC))


async def test_ccxts_own_retries_send_again(box, exchange, kind):
    each = exchange("kraken", kind, options={"maxRetriesOnFailure": 2})
    await result(each.load_markets())
    box.control("POST", "/faults", {"kind": "status", "status": 502, "count": 2})
    assert await result(each.fetch_ticker(BTC))
    box.control("POST", "/faults", {"kind": "drop_reply", "path": "createOrder"})
    await result(each.create_order(BTC, "limit", "buy", 0.1, 50_000))
    assert len(await result(each.fetch_open_orders(BTC))) == 2  # as ccxt would do it to the real one
    other = exchange("kraken", kind)
    box.control("POST", "/faults", {"kind": "status", "status": 502, "path": "createOrder"})
    order = (BTC, "limit", "buy", 0.1, 50_000)
    with pytest.raises(ccxt.ExchangeNotAvailable):
        await result(other.create_order(*order))
    box.control("POST", "/faults", {"kind": "status", "status": 502, "path": "createOrder"})
    assert await result(other.create_order(*order, {"maxRetriesOnFailure": 1}))


async def test_a_wrong_key_is_refused_and_a_missing_one_noticed(exchange, kind):
    wrong = exchange("okx", kind, secret="wrong")
    with pytest.raises(ccxt.AuthenticationError):
        await result(wrong.fetch_balance())
    with pytest.raises(ccxt.AuthenticationError, match='requires "password" credential'):
        await result(exchange("okx", kind, password="").fetch_balance())
    assert await result(wrong.fetch_ticker(BTC))
    assert await result(exchange("hyperliquid", kind).fetch_balance())


async def test_another_account_has_money_of_its_own(box, exchange, kind):
    exchange("okx", kind)
    box.account("okx", "poor", {"USDT": "5"})
    balance = await result(exchange("okx", kind, "poor").fetch_balance())
    assert balance["USDT"]["free"] == 5


async def test_numbers_are_what_the_exchange_has_them_be(exchange, kind):
    each = exchange("kraken", kind, number=str)
    assert (await result(each.fetch_ticker(BTC)))["last"] == "63000"
    order = await result(each.create_order(BTC, "limit", "buy", "0.1", "50000"))
    assert order["price"] == "50000"


async def test_its_clock_is_the_sandboxes(box, exchange, kind):
    each = exchange("kraken", kind)
    assert each.milliseconds() == box.now() == await result(each.fetch_time())
    box.advance(hours=1)
    assert each.milliseconds() == box.now()


async def test_requests_bear_the_names_of_methods(box, exchange, kind):
    each = exchange("kraken", kind)
    await result(each.fetch_open_orders(BTC))
    await result(each.create_order(BTC, "limit", "buy", 0.1, 50_000))
    seen = [(row["method"], row["path"]) for row in box.control("GET", "/requests?venue=kraken")]
    assert seen[-2:] == [("GET", "/fetchOpenOrders"), ("POST", "/createOrder")]


def test_other_markets_than_those_that_are_there_are_refused(exchange):
    exchange("kucoin", "sync")
    other = {"symbol": "SOL/USDC", "type": "spot", "base": "SOL", "quote": "USDC"}
    with pytest.raises(SandboxError, match="kucoin is here already, with other markets"):
        exchange("kucoin", "sync", markets=[other])
