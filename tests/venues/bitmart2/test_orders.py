"""Orders of bitmart2: what their answers tell, what is looked up, and where they are looked for."""

import asyncio
import json
from urllib.parse import urlencode

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmart2 import signing
from tests.venues.offline_stream import Offline
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmart2"]
kinds = pytest.mark.parametrize("kind", ["sync", "async"])

NEW = ("BMX/ETH", "limit", "buy", 1, 0.0001)
DETAILS = PROFILE.sample("v2-order_details")
TRADES = [
    {**PROFILE.sample("v2-trade_history")["trades"][0], "entrust_id": 1223181, "trade_id": n, **told}
    for n, told in enumerate(({"amount": "0.4", "price": "0.5"}, {"amount": "0.6", "price": "0.6"}))
]


def venue(kind, answers, **config):
    """Answers by method and path; without options, as the class is used."""

    def answer(request):
        found = answers[f"{request.method} {request.path.removeprefix('/v2/')}"]
        found = found(request) if callable(found) else found
        return found if isinstance(found, Answer) else Answer(found)

    return PROFILE.offline(kind, answer, **{"options": {}, **config})


def trades_of(rows):
    return {"trades": rows, "total_trades": len(rows), "total_pages": 1, "current_page": 0}


# -- the answer to a new order ----------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    "answer",
    [
        {"message": "Hm", "entrust_id": 77},
        {"message": "Insufficient balance", "entrust_id": 77},
        {"message": "Visit too often", "entrust_id": "77"},
        {"error": "x", "entrust_id": 77},
        {"message": "Hm"},
        {"message": "Insufficient balance"},
        {"entrust_id": None},
        {},
    ],
    ids=json.dumps,
)
def test_a_success_with_an_errors_text_leaves_open_what_became_of_an_order(kind, answer):
    exchange, wire = venue(kind, {"POST orders": answer})
    with pytest.raises(ccxt.BadResponse, match="unknown") as caught:
        call(exchange, "create_order", *NEW)
    assert caught.value.outcome == "unknown"
    assert caught.value.order_id == ("77" if answer.get("entrust_id") else None)
    assert len(wire.requests) == 1
    assert all(str(value) in str(caught.value) for value in answer.values() if value)


@kinds
@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (200, "-30 Visit too often", ccxt.RateLimitExceeded),
        (400, "-30 Visit too often", ccxt.RateLimitExceeded),
        (400, "Unknown symbol", ccxt.BadSymbol),
        (400, "Insufficient balance", ccxt.InsufficientFunds),
        (400, "Hm", ccxt.BadRequest),
    ],
)
def test_a_clear_refusal_of_a_new_order(kind, status, text, error):
    exchange, _ = venue(kind, {"POST orders": Answer({"message": text}, status)})
    with pytest.raises(error) as caught:
        call(exchange, "create_order", *NEW)
    assert type(caught.value) is error and "unknown" not in str(caught.value).removeprefix(f"bitmart2 {text}")


# -- the answer to a cancel -------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    "answer",
    [{"error": "x"}, {"message": "Hm"}, {"result": False}, {"status": "success"}, []],
    ids=json.dumps,
)
@pytest.mark.parametrize("method", ["cancel_order", "cancel_all_orders"])
def test_a_cancel_has_worked_when_the_answer_is_the_documented_one(kind, answer, method):
    exchange, _ = venue(kind, {"DELETE orders/1223181": answer, "DELETE orders": answer})
    with pytest.raises(ccxt.BadResponse, match="cancelled is unknown") as caught:
        call(exchange, method, *(("1223181",) if method == "cancel_order" else ()), "BMX/ETH")
    assert caught.value.outcome == "unknown"
    assert caught.value.order_id == ("1223181" if method == "cancel_order" else None)


# -- what is looked up ------------------------------------------------------------------------------


@kinds
def test_a_new_order_is_looked_up(kind):
    answers = {
        "POST orders": {"entrust_id": 1223181},
        "GET orders/1223181": DETAILS,
        "GET trades": trades_of(TRADES),
    }
    exchange, wire = venue(kind, answers)
    order = call(exchange, "create_order", *NEW)
    told = {"id": "1223181", "status": "closed", "filled": 1, "remaining": 0, "cost": 0.56, "average": 0.56}
    assert {name: order[name] for name in told} == told
    assert [request.method for request in wire.requests] == ["POST", "GET", "GET"]
    assert wire.requests[-1].query["entrust_id"] == "1223181"


@kinds
@pytest.mark.parametrize(
    "lookup",
    [Answer({"message": "Not found"}, 404), Answer("<html>", 502), Answer({"message": "Unauthorized"}, 401)],
    ids=["not-found", "html", "token"],
)
def test_an_order_that_cannot_be_looked_up_is_placed_all_the_same(kind, lookup):
    answers = {
        "POST orders": {"entrust_id": 1223181},
        "GET orders/1223181": lookup,
        "POST authentication": Answer({"message": "Unauthorized"}, 401),
    }
    exchange, _ = venue(kind, answers)
    order = call(exchange, "create_order", *NEW)
    assert (order["id"], order["symbol"], order["status"], order["filled"]) == (
        "1223181",
        *NEW[:1],
        None,
        None,
    )


@kinds
def test_or_it_is_not_looked_up(kind):
    options = {"createOrder": {"lookUp": False}}
    exchange, wire = venue(kind, {"POST orders": {"entrust_id": 1223181}}, options=options)
    order = call(exchange, "create_order", *NEW)
    assert (order["id"], order["status"], order["filled"], order["cost"]) == ("1223181", None, None, None)
    assert len(wire.requests) == 1


@kinds
@pytest.mark.parametrize(
    ("trades", "cost"),
    [(TRADES, 0.56), (TRADES[:1], None), ([*TRADES, {**TRADES[0], "trade_id": 9}], None), ([], None)],
    ids=["all", "one-is-missing", "one-too-many", "none"],
)
def test_the_cost_of_an_order_is_that_of_its_trades_or_unknown(kind, trades, cost):
    exchange, wire = venue(kind, {"GET orders/1223181": DETAILS, "GET trades": trades_of(trades)})
    order = call(exchange, "fetch_order", "1223181")
    assert (order["cost"], order["average"]) == (cost, cost)
    assert (order["filled"], order["price"], order["fee"]["cost"]) == (1, 1, 0.1)
    assert len(order["trades"]) == (2 if cost else 0)
    assert len(wire.requests) == 2


@kinds
def test_an_order_without_fills_is_one_call(kind):
    row = {**DETAILS, "executed_amount": "0", "remaining_amount": "1", "status": 1}
    exchange, wire = venue(kind, {"GET orders/1223181": row})
    assert call(exchange, "fetch_order", "1223181")["cost"] == 0
    assert len(wire.requests) == 1


@kinds
@pytest.mark.parametrize("count", [2, 20])
def test_lists_do_not_tell_what_an_order_cost(kind, count):
    rows = [{**DETAILS, "entrust_id": n} for n in range(count)]
    exchange, _ = venue(kind, {"GET orders": {"orders": rows, "total_orders": count}})
    for order in call(exchange, "fetch_closed_orders", "BMX/ETH"):
        assert (order["filled"], order["cost"], order["average"]) == (1, None, None)


# -- without a symbol -------------------------------------------------------------------------------


class Books:
    """Open orders by market, and a wallet in which their currencies are held."""

    def __init__(self, frozen, **orders):
        self.frozen, self.orders, self.cancelled, self.markets = frozen, orders, [], MARKETS

    def answers(self):
        return {
            "GET symbols": [market["id"] for market in self.markets],
            "GET symbols_details": self.markets,
            "GET currencies": [],
            "GET wallet": self.wallet,
            "GET orders": self.listed,
            "DELETE orders": self.cancel,
        }

    def wallet(self, request):
        held = [{"id": id, "name": id, "available": "5", "frozen": text} for id, text in self.frozen.items()]
        return [*held, {"id": "BMX", "name": "BMX", "available": "5", "frozen": "0.0000"}]

    def listed(self, request):
        symbol = request.query["symbol"]
        rows = [
            {**DETAILS, "status": 1, "executed_amount": "0", **row} for row in self.orders.get(symbol, [])
        ]
        return {"orders": [{**row, "symbol": symbol} for row in rows], "total_orders": len(rows)}

    def cancel(self, request):
        self.cancelled.append((request.query["symbol"], request.query["side"]))
        return {}


MARKETS = [
    {**PROFILE.sample("v2-symbols_details")[0], "id": f"{base}_{quote}", "base_currency": base}
    | {"quote_currency": quote}
    for base, quote in (("BMX", "ETH"), ("BMX", "BTC"), ("XLM", "ETH"), ("XLM", "BTC"))
]


def everywhere(kind, books, **options):
    exchange, wire = venue(kind, books.answers(), markets=MARKETS, options=options)
    return exchange, wire, lambda: [r.query["symbol"] for r in wire.requests if r.path == "/v2/orders"]


@kinds
def test_open_orders_of_all_markets(kind):
    rows = [{"entrust_id": n, "timestamp": 1528060666000 - n} for n in range(3)]
    books = Books({"ETH": "1.5"}, BMX_ETH=rows[:2], XLM_ETH=rows[2:])
    exchange, _, asked = everywhere(kind, books)
    found = call(exchange, "fetch_open_orders")
    assert [(order["id"], order["symbol"]) for order in found] == [
        ("2", "XLM/ETH"),
        ("1", "BMX/ETH"),
        ("0", "BMX/ETH"),
    ]
    # Where nothing is held, there is no order.
    assert asked() == ["BMX_ETH", "XLM_ETH"]
    assert [order["id"] for order in call(exchange, "fetch_open_orders", None, 1528060665999)] == ["1", "0"]
    assert [order["id"] for order in call(exchange, "fetch_open_orders", None, None, 1)] == ["0"]


@kinds
def test_cancelling_in_all_markets(kind):
    books = Books({"ETH": "1.5", "XLM": None}, XLM_BTC=[{"entrust_id": 7}])
    exchange, _, asked = everywhere(kind, books)
    canceled = call(exchange, "cancel_all_orders")
    assert books.cancelled == [("XLM_BTC", "buy"), ("XLM_BTC", "sell")]
    assert [order["symbol"] for order in canceled] == ["XLM/BTC"] * 2
    assert set(asked()) == {"BMX_ETH", "XLM_ETH", "XLM_BTC"}


@kinds
def test_a_market_that_refuses_does_not_spare_the_others(kind):
    books = Books({"ETH": "1"}, BMX_ETH=[{"entrust_id": 7}], XLM_ETH=[{"entrust_id": 8}])
    cancel = books.cancel
    books.cancel = lambda request: (
        Answer({"message": "Hm"}, 400) if request.query["symbol"] == "BMX_ETH" else cancel(request)
    )
    exchange, _, _ = everywhere(kind, books)
    with pytest.raises(ccxt.BadRequest, match="Hm"):
        call(exchange, "cancel_all_orders")
    assert books.cancelled == [("XLM_ETH", "buy"), ("XLM_ETH", "sell")]


@kinds
def test_an_odd_answer_for_one_side_does_not_spare_the_other(kind):
    books = Books({"ETH": "1"}, BMX_ETH=[{"entrust_id": 7}], XLM_ETH=[{"entrust_id": 8}])
    cancel = books.cancel
    books.cancel = lambda request: Answer({"odd": 1}) if request.query["side"] == "buy" else cancel(request)
    exchange, _, _ = everywhere(kind, books)
    with pytest.raises(ccxt.BadResponse, match="any of the orders was cancelled is unknown"):
        call(exchange, "cancel_all_orders")
    assert books.cancelled == [("BMX_ETH", "sell"), ("XLM_ETH", "sell")]


async def test_orders_of_all_markets_are_watched():
    asked = []

    async def wallet():
        return [{"id": "ETH", "frozen": "1"}, {"id": "BMX", "frozen": "0"}]

    async def orders(params):
        asked.append(params["symbol"])
        return {"orders": [{**DETAILS, "status": 1, "executed_amount": "0"}], "total_orders": 1}

    async def symbols():
        return ["BMX_ETH"]

    async with Offline("bitmart2") as venue:
        venue.exchange.public_get_symbols = symbols
        venue.exchange.private_get_wallet, venue.exchange.private_get_orders = wallet, orders
        task = asyncio.ensure_future(venue.exchange.watch_orders())
        (order,) = await asyncio.wait_for(task, 10)
        assert (order["id"], order["symbol"], order["status"]) == ("1223181", "BMX/ETH", "open")
    assert set(asked) == {"BMX_ETH"}


@kinds
def test_markets_that_were_listed_since_are_among_them(kind):
    books = Books({"ETH": "1.5"}, BMX_ETH=[{"entrust_id": 7}], NEW_ETH=[{"entrust_id": 8}])
    books.markets = [*MARKETS, {**MARKETS[0], "id": "NEW_ETH", "base_currency": "NEW"}]
    exchange, wire, _ = everywhere(kind, books)
    for _ in range(2):
        assert [order["symbol"] for order in call(exchange, "fetch_open_orders")] == ["BMX/ETH", "NEW/ETH"]
    assert [request.path for request in wire.requests].count("/v2/symbols_details") == 1
    call(exchange, "cancel_all_orders")
    assert set(books.cancelled) == {(id, side) for id in ("BMX_ETH", "NEW_ETH") for side in ("buy", "sell")}


@kinds
@pytest.mark.parametrize("answer", [Answer("", 503), {"a": 1}, [{}]])
def test_where_nobody_knows_which_markets_there_are_the_known_ones_are_cancelled_in(kind, answer):
    """And what went wrong is raised, as there may be others."""
    books = Books({"ETH": "1.5"}, BMX_ETH=[{"entrust_id": 7}])
    exchange, _ = venue(kind, {**books.answers(), "GET symbols": answer}, markets=MARKETS)
    for method in ("fetch_open_orders", "cancel_all_orders"):
        assert not books.cancelled
        with pytest.raises((ccxt.ExchangeNotAvailable, ccxt.BadResponse)):
            call(exchange, method)
    assert books.cancelled == [("BMX_ETH", "buy"), ("BMX_ETH", "sell")]


@kinds
def test_nothing_is_held(kind):
    exchange, wire, _ = everywhere(kind, Books({}))
    assert call(exchange, "fetch_open_orders") == call(exchange, "cancel_all_orders") == []
    assert {request.path for request in wire.requests} == {"/v2/wallet"}


@kinds
def test_the_caller_names_the_markets(kind):
    exchange, wire, asked = everywhere(kind, Books({}), marketsOfOrders=["XLM/BTC"])
    assert call(exchange, "fetch_open_orders") == []
    assert asked() == ["XLM_BTC"] and len(wire.requests) == 1


# -- requests ---------------------------------------------------------------------------------------


@kinds
def test_blanks_are_signed_as_the_documents_code_encodes_them(kind):
    exchange, wire = venue(kind, {"DELETE orders": {}})
    call(exchange, "private_delete_orders", {"symbol": "A B", "side": "b+%20"})
    (request,) = wire.requests
    text = urlencode(sorted(request.query.items()))
    assert text == "side=b%2B%2520&symbol=A+B"
    assert request.headers["X-BM-SIGNATURE"] == signing.hash_text(exchange, text)


@kinds
@pytest.mark.parametrize("number", [1e-7, 1e21, 0.5, True])
def test_what_is_signed_is_what_is_sent(kind, number):
    exchange, wire = venue(kind, {"DELETE orders": {}, "GET orders": {}})
    call(exchange, "private_delete_orders", {"symbol": "BMX_ETH", "side": number})
    (request,) = wire.requests
    assert "e-" not in request.url and "e+" not in request.url.lower()
    text = urlencode(sorted(request.query.items()))
    assert request.headers["X-BM-SIGNATURE"] == signing.hash_text(exchange, text)


@kinds
def test_the_memo_may_stand_in_the_key(kind):
    given = {"apiKey": "theKey:the memo: of it", "secret": "s", "uid": ""}
    exchange, wire = venue(kind, {"GET wallet": []}, **given)
    call(exchange, "fetch_balance")
    assert (exchange.apiKey, exchange.uid) == ("theKey", "the memo: of it")
    assert signing.login_fields(exchange)["client_id"] == "theKey"
    other, _ = venue(kind, {}, apiKey="a:b", uid="memo")
    assert other.check_required_credentials() and (other.apiKey, other.uid) == ("a:b", "memo")
    with pytest.raises(ccxt.AuthenticationError, match="uid"):
        venue(kind, {}, apiKey="a:", uid="")[0].check_required_credentials()
    assert len(wire.requests) == 1


# -- tickers ----------------------------------------------------------------------------------------


def ticker(id, form):
    row = {
        name: text for name, text in PROFILE.sample("v2-ticker").items() if name not in ("symbol_id", "url")
    }
    forms = {
        "symbol_id": {"symbol_id": id},
        "url": {"url": f"https://www.bitmart.com/trade?symbol={id}"},
        "more": {"url": f"https://www.bitmart.com/trade?layout=basic&symbol={id}&x=1"},
        "pair": {"pair": id, "url": "https://www.bitmart.com/trade.html?symbol=22"},
    }
    return {**row, **forms[form]}


@kinds
@pytest.mark.parametrize("form", ["symbol_id", "url", "more", "pair"])
@pytest.mark.parametrize("times", [1, 6])
def test_a_ticker_may_tell_its_market_in_other_ways(kind, form, times):
    ids = ["BMX_ETH", "XLM_ETH", "XLM_BTC"] * times
    rows = [{**ticker(id, form), "current_price": f"0.{n}1"} for n, id in enumerate(ids)]
    exchange, _ = venue(kind, {"GET ticker": rows}, markets=MARKETS)
    last = {id.replace("_", "/"): float(row["current_price"]) for id, row in zip(ids, rows, strict=True)}
    for method in ("fetch_tickers", "fetch_bids_asks"):
        found = call(exchange, method)
        assert {symbol: each["last"] for symbol, each in found.items()} == last
    prices = call(exchange, "fetch_last_prices", ["XLM/BTC"])
    assert {symbol: each["price"] for symbol, each in prices.items()} == {"XLM/BTC": last["XLM/BTC"]}
    assert call(exchange, "fetch_ticker", "XLM/ETH")["symbol"] == "XLM/ETH"


@kinds
def test_a_ticker_of_nobody_knows_which_market(kind):
    exchange, _ = venue(kind, {"GET ticker": [ticker("BMX_ETH", "symbol_id"), {"current_price": "1"}]})
    for method in ("fetch_tickers", "fetch_bids_asks", "fetch_last_prices"):
        with pytest.raises(ccxt.BadResponse, match="market"):
            call(exchange, method)
