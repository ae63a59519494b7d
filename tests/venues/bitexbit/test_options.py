"""bitexbit's options, each in all its readings: what is sent, and how what comes is read."""

import json
from urllib.parse import parse_qsl

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitexbit import account, signing
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitexbit"]
ADDRESS = "TR4d6N2HoC3Annqt2JK6HhQWuNARMNx5pW"
START = 1600000000000
DEFAULTS = {
    "v1GetSignature": "key",
    "v1BodyFormat": "form",
    "v1OrderBookLimitParams": ["limit_sell", "limit_buy"],
    "v1FetchOrderSigned": True,
    "v1BalanceIsTotal": True,
    "v1OrderAmountIs": "original",
    "v1SendCurrencyFilter": False,
    "chartsTimeUnit": "s",
    "v2OhlcvTimeUnit": "s",
    "v2TimeUnit": "ms",
    "v2TransferSlashes": "documented",
    "gatewayTimeout": 500,
    "publicTradeTypeIs": "taker",
    "tradingFeeMode": "max",
    "orderFeeCurrency": "quote",
    "tagFields": {},
    "gatewayAmountAsString": False,
    "chartsTrailingSlash": False,
}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def bitexbit(answer=None, kind="sync", **options):
    return PROFILE.offline(kind, lambda request: Answer({} if answer is None else answer), options=options)


def reads(parse, rows, **options):
    """What the rows are, read one by one and many at once."""
    exchange, _ = bitexbit(**options)
    one = [getattr(exchange, f"parse_{parse}")(row) for row in rows]
    many = getattr(exchange, f"parse_{parse}s")([row for row in rows for _ in range(20)])
    assert many == [row for row in one for _ in range(20)]
    return one


def test_what_is_assumed_unless_it_is_told_otherwise():
    exchange, _ = bitexbit()
    assert {name: exchange.options[name] for name in DEFAULTS} == DEFAULTS


# -- how rows are read -------------------------------------------------------------------------------

TRADES = [
    {"id": number, "pair": "BTC_USD", "type": side, "price": 5, "amount": 1, "timestamp": 1600000000}
    for number, side in enumerate(("buy", "sell", "?"))
]


@pytest.mark.parametrize(
    ("told", "sides"), [("taker", ["buy", "sell", None]), ("maker", ["sell", "buy", None])]
)
def test_whose_side_a_public_trade_tells(told, sides):
    assert [trade["side"] for trade in reads("trade", TRADES, publicTradeTypeIs=told)] == sides


@pytest.mark.parametrize("told", ["taker", "maker"])
@pytest.mark.parametrize(
    "own", [{"my_side": "sell"}, {"my_side": None, "type": "sell"}, {"type": "sell", "fee_amount": "0.01"}]
)
def test_own_trades_tell_ones_own_side_in_any_case(told, own):
    rows = [{**TRADES[0], **own}]
    assert [trade["side"] for trade in reads("trade", rows, publicTradeTypeIs=told)] == ["sell"]


ORDER = {"id": 7, "pair": "BTC_USD", "type": "buy", "price": 5, "amount": "0.4", "status": 1}


@pytest.mark.parametrize(
    ("told", "more", "amounts"),
    [
        ("original", {}, (0.4, None, None)),
        ("remaining", {}, (None, None, 0.4)),
        ("original", {"amount_original": "1"}, (1, 0.6, 0.4)),
        ("remaining", {"amount_original": "1"}, (1, 0.6, 0.4)),
        ("original", {"amount_filled": "0.1"}, (0.4, 0.1, 0.3)),
        ("remaining", {"amount_filled": "0.1"}, (0.5, 0.1, 0.4)),
        ("original", {"status": 3}, (0.4, 0.4, 0)),
    ],
)
def test_which_amount_an_order_of_v1_tells(told, more, amounts):
    [order] = reads("order", [{**ORDER, **more}], v1OrderAmountIs=told)
    assert (order["amount"], order["filled"], order["remaining"]) == amounts


@pytest.mark.parametrize(("is_total", "free", "total"), [(True, 2, 3), (False, 3, 4)])
@kinds
def test_which_balance_v1_tells(kind, is_total, free, total):
    rows = [{"currency": code, "balance": 3, "reserve": 1} for code in ("BTC", "ETH")]
    exchange, wire = bitexbit(rows, kind, v1BalanceIsTotal=is_total)
    balance = call(exchange, "fetch_balance")
    assert balance["BTC"] == balance["ETH"] == {"free": free, "used": 1, "total": total}
    assert [request.path for request in wire.requests] == ["/api/v1/wallets/"]
    assert account.balance_of(exchange, rows)["BTC"] == balance["BTC"]


@pytest.mark.parametrize(("told", "code"), [("quote", "USD"), ("base", "BTC")])
def test_the_currency_of_an_orders_fee(told, code):
    [row] = [{**PROFILE.sample("v2-private-orders")[0], "fee_filled": "0.5"}]
    [order] = reads("order", [row], orderFeeCurrency=told)
    assert order["fee"] == {"cost": 0.5, "currency": code}


BY_SIDE = {"sell_fee_rate": "0.003", "buy_fee_rate": "0.001"}


@pytest.mark.parametrize(
    ("mode", "rates", "taker", "maker"),
    [
        ("max", BY_SIDE, 0.003, 0.003),
        ("max", {"sell_fee_rate": "0.001", "buy_fee_rate": "0.004"}, 0.004, 0.004),
        ("sellTaker", BY_SIDE, 0.003, 0.001),
        ("max", {"taker_fee_rate": "0.005", "maker_fee_rate": "0.002"}, 0.005, 0.002),
    ],
)
@kinds
def test_how_the_rates_of_fees_are_read(kind, mode, rates, taker, maker):
    exchange, _ = bitexbit(rates, kind, tradingFeeMode=mode)
    fee = call(exchange, "fetch_trading_fee", "BTC/USD")
    assert (fee["taker"], fee["maker"]) == (taker, maker)


def test_statuses_of_withdrawals_as_told():
    row = {"id": 1, "timestamp": 1600000000, "currency": "BTC", "amount": 1}
    statuses = {10: "pending", 20: "pending", 30: "ok", 40: "failed", 50: "canceled", 0: "pending"}
    exchange, _ = bitexbit()
    assert {
        status: exchange.parse_transaction({**row, "status": status})["status"] for status in statuses
    } == statuses
    exchange, _ = bitexbit(withdrawStatuses={"30": "pending"})
    assert exchange.parse_transaction({**row, "status": 30})["status"] == "pending"


# -- what is asked for -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slash", "path"), [(False, "/api/charts/BTC_USD/60/chart"), (True, "/api/charts/BTC_USD/60/chart/")]
)
@kinds
def test_the_end_of_the_charts_path(kind, slash, path):
    exchange, wire = bitexbit([], kind, chartsTrailingSlash=slash)
    call(exchange, "fetch_ohlcv", "BTC/USD", "1h")
    call(exchange, "fetch_trades", "BTC/USD")
    call(exchange, "fetch_trades", "BTC/USD", None, None, {"method": "v2"})
    expected = [path, "/api/v1/exchanges/", "/api/v2/public/trades"]
    assert [request.path for request in wire.requests] == expected


@pytest.mark.parametrize(
    ("slashes", "paths"),
    [
        (
            "documented",
            ["transfers", "transfers/create/", "transfers/t/accept/", "transfers/t/cancel/", "balance"],
        ),
        ("none", ["transfers", "transfers/create", "transfers/t/accept", "transfers/t/cancel", "balance"]),
        ("all", ["transfers/", "transfers/create/", "transfers/t/accept/", "transfers/t/cancel/", "balance"]),
    ],
)
def test_the_ends_of_the_paths_of_transfers(slashes, paths):
    exchange, wire = bitexbit(v2TransferSlashes=slashes)
    exchange.v2_private_get_transfers()
    exchange.v2_private_post_transfers_create()
    exchange.v2_private_post_transfers_txid_accept({"txid": "t"})
    exchange.v2_private_post_transfers_txid_cancel({"txid": "t"})
    exchange.v2_private_get_balance()
    assert [request.path for request in wire.requests] == [f"/api/v2/private/{path}" for path in paths]


@pytest.mark.parametrize("api", ["charts", "v2"])
@pytest.mark.parametrize(("unit", "divisor"), [("s", 1000), ("ms", 1)])
@kinds
def test_the_unit_of_the_times_of_candles(kind, api, unit, divisor):
    """Each API has its own: the other's does not count. A part of a second is not asked for."""
    name, other = ("chartsTimeUnit", "v2OhlcvTimeUnit")[:: 1 if api == "charts" else -1]
    options = {name: unit, other: "ms" if unit == "s" else "s"}
    exchange, wire = bitexbit([], kind, methods={"fetchOHLCV": api}, **options)
    call(exchange, "fetch_ohlcv", "BTC/USD", "1h", START + 1, 3, {"until": START + 7_200_999})
    query = wire.requests[-1].query
    since, until = (
        (START // 1000 + 1, START // 1000 + 7200) if divisor == 1000 else (START + 1, START + 7_200_999)
    )
    assert (query["since"], query["until"], query["limit"]) == (str(since), str(until), "3")


@pytest.mark.parametrize(
    ("unit", "since", "until"), [("s", 1600000000, 1600000010), ("ms", START + 1, START + 9001)]
)
@kinds
def test_the_unit_of_the_times_of_v2s_lists(kind, unit, since, until):
    exchange, wire = bitexbit([], kind, v2TimeUnit=unit)
    call(exchange, "fetch_orders", "BTC/USD", START + 1, 3, {"until": START + 9001})
    query = wire.requests[-1].query
    assert (query["since"], query["until"]) == (str(since), str(until))


@pytest.mark.parametrize(("timeframe", "step"), [("5m", "5"), ("1d", "D"), ("1h", "60")])
def test_timeframes_of_v2(timeframe, step):
    exchange, wire = bitexbit([], methods={"fetchOHLCV": "v2"})
    exchange.fetch_ohlcv("BTC/USD", timeframe)
    assert wire.requests[-1].query == {"symbol": "BTC_USD", "timeframe": step, "limit": "1000"}
    with pytest.raises(ccxt.BadRequest, match="timeframe '1m' on v2"):
        exchange.fetch_ohlcv("BTC/USD", "1m")
    exchange.options["timeframesV2"] = {timeframe: "15"}
    exchange.fetch_ohlcv("BTC/USD", timeframe)
    assert wire.requests[-1].query["timeframe"] == "15"


@pytest.mark.parametrize("names", [["limit_sell", "limit_buy"], ["limit_asks", "limit_bids"]])
@kinds
def test_the_names_of_a_books_limits(kind, names):
    exchange, wire = bitexbit({"buy": [], "sell": []}, kind, v1OrderBookLimitParams=names)
    call(exchange, "fetch_order_book", "BTC/USD", 5)
    call(exchange, "fetch_order_book", "BTC/USD")
    assert [request.query for request in wire.requests] == [
        {"group": "1", **dict.fromkeys(names, "5")},
        {"group": "1"},
    ]


@pytest.mark.parametrize("is_sent", [False, True])
@kinds
def test_whether_withdrawals_are_filtered_by_the_venue(kind, is_sent):
    exchange, wire = bitexbit([], kind, v1SendCurrencyFilter=is_sent)
    call(exchange, "fetch_withdrawals", "BTC")
    call(exchange, "fetch_withdrawals")
    call(exchange, "fetch_deposits", "BTC")
    assert [request.query for request in wire.requests] == [{"currency_id": "BTC"} if is_sent else {}, {}, {}]


@pytest.mark.parametrize("is_signed", [False, True])
def test_an_order_of_v1_is_read_with_a_key_or_without(is_signed):
    exchange, wire = bitexbit(ORDER, v1FetchOrderSigned=is_signed, methods={"fetchOrder": "v1"})
    exchange.fetch_order("7")
    assert ("X-KEY" in wire.requests[-1].headers) is is_signed
    # Of all other private calls nobody doubts it.
    exchange.v1_private_get_wallets()
    exchange.v2_private_get_balance()
    assert ["X-KEY" in wire.requests[1].headers, "X-API-Key" in wire.requests[2].headers] == [True, True]
    exchange.apiKey = exchange.secret = None
    if is_signed:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.fetch_order("7")
    else:
        assert exchange.fetch_order("7")["id"] == "7"


@pytest.mark.parametrize("format", ["form", "json"])
@pytest.mark.parametrize("signature", ["key", "query"])
def test_what_v1_signs_and_how_it_is_sent(format, signature):
    """The query of a GET as told, the fields of a POST in any case; the form, in whichever form they go."""
    exchange, wire = bitexbit(v1BodyFormat=format, v1GetSignature=signature)
    exchange.v1_private_get_orders_own({"status": 1, "pair": "BTC_USD"})
    exchange.v1_private_post_order_cancel({"order": 7})
    got, posted = wire.requests
    key = exchange.apiKey
    assert got.headers["X-SIGN"] == signing.hash_text(
        exchange, key + ("pair=BTC_USD&status=1" if signature == "query" else "")
    )
    assert (got.query, got.body, got.headers.get("Content-Type")) == (
        {"pair": "BTC_USD", "status": "1"},
        "",
        None,
    )
    assert posted.headers["X-SIGN"] == signing.hash_text(exchange, key + "order=7")
    assert posted.query == {}
    kind, text = (
        ("application/json; charset=utf-8", '{"order":"7"}')
        if format == "json"
        else ("application/x-www-form-urlencoded", "order=7")
    )
    assert (posted.headers["Content-Type"], posted.body) == (kind, text)


@pytest.mark.parametrize("as_string", [False, True])
@pytest.mark.parametrize(
    ("fields", "field"),
    [({}, "memo"), ({"tron": "payment_id"}, "payment_id"), ({"bitcoin": "payment_id"}, "memo")],
)
@kinds
def test_how_a_withdrawal_names_its_amount_and_its_tag(kind, as_string, fields, field):
    answer = PROFILE.sample("gateway-withdraw-create")
    exchange, wire = bitexbit(answer, kind, gatewayAmountAsString=as_string, tagFields=fields)
    params = {"network": "TRC20", "clientOrderId": "mine", "fee_payer": 2}
    call(exchange, "withdraw", "USDT", 22.5, ADDRESS, "a tag", params)
    body = json.loads(wire.requests[-1].body)
    known = {
        "ticker": "USDT",
        "network": "tron",
        "address": ADDRESS,
        "client_order_id": "mine",
        "fee_payer": 2,
    }
    assert body == {**known, "amount": "22.5" if as_string else 22.5, field: "a tag"}


@pytest.mark.parametrize(("window", "ahead"), [(500, 0), (3000, 0), (500, 70)])
def test_the_gateways_deadline(window, ahead):
    exchange, wire = bitexbit([], gatewayTimeout=window, timeDifference=ahead)
    exchange.milliseconds = lambda: START
    exchange.gateway_get_payment_methods()
    assert wire.requests[-1].headers["X-Timeout"] == str(START - ahead + window)


@pytest.mark.parametrize("networks", [False, True])
@kinds
def test_whether_currencies_tell_their_networks(kind, networks):
    samples = {
        "/api/v1/currencies/": "v1-currencies",
        "/api/gateway/payment-methods": "gateway-payment-methods",
    }
    exchange, wire = PROFILE.offline(
        kind,
        lambda request: Answer(PROFILE.sample(samples[request.path])),
        options={"fetchCurrencies": {"networks": networks}},
    )
    currencies = call(exchange, "fetch_currencies")
    assert [*currencies["BTC"]["networks"]] == (["BTC"] if networks else [])
    assert currencies["ETH"]["networks"] == {}
    assert sum("gateway" in request.path for request in wire.requests) == networks


def test_networks_as_told():
    exchange, _ = bitexbit(networks={"TRC20": "tron-2"})
    assert exchange.network_code_to_id("TRC20", "USDT") == "tron-2"
    exchange, _ = bitexbit()
    known = {"BTC": "bitcoin", "ERC20": "ethereum", "TRC20": "tron", "payeer": "payeer"}
    assert {code: exchange.network_code_to_id(code) for code in known} == known


# -- which API serves a method -----------------------------------------------------------------------

SERVED = [
    ("fetchOrderBook", ("BTC/USD",), {"v1": "v1/orderbook/BTC_USD/", "v2": "v2/public/depth"}),
    ("fetchTrades", ("BTC/USD",), {"v1": "v1/exchanges/", "v2": "v2/public/trades"}),
    ("fetchOHLCV", ("BTC/USD", "1h"), {"charts": "charts/BTC_USD/60/chart", "v2": "v2/public/ohlcv"}),
    ("fetchBalance", (), {"v1": "v1/wallets/", "v2": "v2/private/balance"}),
    ("fetchOpenOrders", (), {"v2": "v2/private/orders", "v1": "v1/orders/own/"}),
    ("fetchOrders", (), {"v2": "v2/private/orders", "v1": "v1/orders/own/"}),
    (
        "fetchMyTrades",
        (),
        {"merge": "v2/private/trades", "v2": "v2/private/trades", "v1": "v1/exchanges/own/"},
    ),
    ("fetchDeposits", (), {"v1": "v1/deposits/", "gateway": "gateway/wallet/history"}),
    ("fetchWithdrawals", (), {"v1": "v1/withdraws/", "gateway": "gateway/withdraw/history"}),
]


@pytest.mark.parametrize(("method", "args", "paths"), SERVED, ids=[case[0] for case in SERVED])
def test_each_method_is_served_by_the_api_that_is_chosen(method, args, paths):
    """By the options or by a parameter, which goes before; the first by default."""
    books = {"buy": [], "sell": [], "bids": [], "asks": []}

    def answer(request):
        if "gateway" in request.path:
            return Answer({"count": 0, "next": None, "results": []})
        return Answer(books if method == "fetchOrderBook" else [])

    exchange, wire = PROFILE.offline("sync", answer)
    params = [None] * {"fetchOrderBook": 1, "fetchBalance": 0}.get(method, 2)
    symbols = [None] if not args and params else []
    first = next(iter(paths))
    for api in (None, *paths):
        told = {} if api is None else {"method": api}
        getattr(exchange, method)(*args, *symbols, *params, told)
        assert wire.requests[-1].path == f"/api/{paths[api or first]}"
        assert "method" not in wire.requests[-1].query
        exchange.options["methods"] = {**exchange.options["methods"], method: api or first}
        getattr(exchange, method)(*args)
        assert wire.requests[-1].path == f"/api/{paths[api or first]}"
        exchange.options["methods"] = {**exchange.options["methods"], method: first}
    with pytest.raises(ccxt.BadRequest, match=f"{method}.* is served by {', '.join(paths)}, not by 'v3'"):
        getattr(exchange, method)(*args, *symbols, *params, {"method": "v3"})


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_orders_are_placed_and_cancelled_by_the_api_that_is_chosen(api):
    row = {**PROFILE.sample("v2-private-order-create")["order"], "id": 7}
    answers = {
        "/api/v1/order/": {"oid": 7, "date": 1600000000, "amount": "0.5"},
        "/api/v1/order-cancel/": {"order": 7},
        "/api/v2/private/order/create": {"order": row, "trades": []},
        "/api/v2/private/order/7/cancel": {"order": {**row, "state": "canceled"}},
    }
    methods = {"createOrder": api, "cancelOrder": api}
    exchange, wire = PROFILE.offline(
        "sync", lambda request: Answer(answers[request.path]), options={"methods": methods}
    )
    assert exchange.create_order("BTC/USD", "limit", "sell", 0.5, 1000)["id"] == "7"
    assert exchange.cancel_order("7", "BTC/USD")["status"] == "canceled"
    placed, cancelled = wire.requests
    if api == "v1":
        fields = {"type": "sell", "pair": "BTC_USD", "amount": "0.5", "price": "1000"}
        assert (dict(parse_qsl(placed.body)), cancelled.body) == (fields, "order=7")
    else:
        fields = {"symbol": "BTC_USD", "type": "sell-limit", "price": "1000", "amount": "0.5"}
        assert (json.loads(placed.body), cancelled.body) == (fields, "{}")
