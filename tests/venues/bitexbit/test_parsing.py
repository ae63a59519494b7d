"""bitexbit's rows, field by field: what each API calls things, alone and many at once."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venues.bitexbit import account, fields, fills, market_data, markets, orders
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitexbit"]
TIME = 1600000000123


def made(**options):
    exchange, _ = PROFILE.offline("sync", lambda request: Answer({}), options=options)
    return exchange


@pytest.fixture(scope="module")
def exchange():
    return made()


def parsed(exchange, what, row, *args):
    """Of one row, which is the same among many."""
    one = getattr(exchange, f"parse_{what}")(row, *args)
    many = getattr(exchange, f"parse_{what}s")([row] * 20, *args)
    assert many == [one] * 20
    return one


def told(structure, expected):
    assert {name: structure[name] for name in expected} == expected


# -- pieces ------------------------------------------------------------------------------------------


def test_numbers_of_an_answer_keep_their_digits(exchange):
    assert exchange.parse_json('{"a": 0.10000000000000001, "b": 5}') == {"a": "0.10000000000000001", "b": 5}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        (0, 0),
        ("1600000000.1239", 1600000000123),
        (99999999999, 99999999999000),
        (10**11, 10**11),
        (TIME, TIME),
        ("99999999999999.9", 99999999999999),
        (10**14, None),
        (-1, None),
        (None, None),
        ("x", None),
    ],
)
def test_a_time_is_in_seconds_or_in_milliseconds(exchange, text, time):
    if time is None:
        with pytest.raises(ccxt.BadResponse):
            fields.time_of(exchange, {"date": text}, "date")
    else:
        assert fields.time_of(exchange, {"date": text}, "date") == time


def test_a_time_in_words(exchange):
    assert fields.iso_time(exchange, {"date": "2020-09-13T12:26:40.123Z"}, "date") == TIME
    for text in (None, "x"):
        with pytest.raises(ccxt.BadResponse, match="time as date"):
            fields.iso_time(exchange, {"date": text}, "date")


@pytest.mark.parametrize(
    ("id", "number"), [("7", 7), ("9" * 40, int("9" * 40)), ("9" * 41, None), ("x", None)]
)
def test_lists_are_ordered_by_numbers(exchange, id, number):
    if number is None:
        with pytest.raises(ccxt.BadResponse, match="number as id"):
            fields.id_number(exchange, {"id": id})
    else:
        assert fields.id_number(exchange, {"id": id}) == number


def test_a_row_is_told_by_its_id_and_ones_own_side(exchange):
    assert fields.row_key(exchange, {"id": 7, "my_side": "sell", "type": "buy"}) == ("7", "sell")
    assert fields.row_key(exchange, {"id": 7, "type": "buy"}) == ("7", "buy")


@pytest.mark.parametrize(
    ("row", "market", "symbol"),
    [
        ({"symbol": "BTC_USD"}, None, "BTC/USD"),
        ({"pair": "ETH_USDT"}, "BTC/USD", "ETH/USDT"),
        ({"pair": "A_B"}, None, "A/B"),
        ({}, "BTC/USD", "BTC/USD"),
        ({}, None, None),
    ],
)
def test_a_row_tells_its_market_or_is_of_the_one_that_was_asked_for(exchange, row, market, symbol):
    market = symbols.optional_market(exchange, market)
    if symbol is None:
        with pytest.raises(ccxt.BadResponse, match="expected a pair"):
            fields.market_of(exchange, row, market)
    else:
        assert fields.market_of(exchange, row, market)["symbol"] == symbol
        assert list(fields.pair_ids(exchange, [row])) == [next(iter(row.values()), None)]


BUY, SELL, UNTOLD = ("7", "buy"), ("7", "sell"), ("7", None)


@pytest.mark.parametrize(
    ("row", "wanted", "found"),
    [
        ({"my_side": "buy"}, {BUY, SELL}, [BUY]),
        ({"my_side": "sell"}, {BUY}, []),
        ({}, {BUY}, [BUY]),
        ({}, {SELL}, [SELL]),
        ({}, {UNTOLD}, [UNTOLD]),
        ({}, {BUY, SELL}, []),
        ({}, {("8", "buy")}, []),
    ],
)
def test_which_fill_a_row_is(exchange, row, wanted, found):
    assert fills.fills_of_row(exchange, {"id": 7, "type": "buy", **row}, wanted) == found


@pytest.mark.parametrize(
    ("digits", "tick"),
    [(0, "1"), ("3", "0.001"), (30, "0." + "0" * 29 + "1"), (31, None), ("x", None), (None, "0.01")],
)
def test_a_step_is_told_by_its_decimals(exchange, digits, tick):
    assert markets.step_of(exchange, {"precision": digits}, "precision", "2") == tick
    assert markets.step_of(exchange, {}, "precision") is None


# -- markets -----------------------------------------------------------------------------------------

V1_MARKET = {
    "name": "BTC_USD",
    "currency1": "BTC",
    "currency2": "USD",
    "minimum_order_size": "0.1",
    "maximum_order_size": "1000",
    "price_precision": 3,
}
V2_MARKET = {
    "symbol": "BTC_USD",
    "base": "BTC",
    "quote": "USD",
    "price_precision": 2,
    "amount_precision": 6,
    "min_amount": "0.2",
    "max_amount": "2000",
    "min_value": "5",
    "can_create_order": True,
    "is_enabled": True,
}


@pytest.mark.parametrize(
    ("row", "step", "tick", "amounts", "least_cost"),
    [
        (V1_MARKET, 1e-8, 0.001, (0.1, 1000), None),
        (V2_MARKET, 1e-6, 0.01, (0.2, 2000), 5),
        ({**V1_MARKET, **V2_MARKET}, 1e-6, 0.01, (0.2, 2000), 5),
    ],
)
def test_a_market_of_either_api_or_of_both(exchange, row, step, tick, amounts, least_cost):
    market = exchange.parse_market(row)
    named = {"id": "BTC_USD", "baseId": "BTC", "quoteId": "USD", "symbol": "BTC/USD"}
    told(market, {**named, "active": True, "precision": {"amount": step, "price": tick}})
    told(
        market["limits"],
        {
            "amount": {"min": amounts[0], "max": amounts[1]},
            "price": {"min": tick, "max": None},
            "cost": {"min": least_cost, "max": None},
        },
    )


@pytest.mark.parametrize(
    ("enabled", "creates", "active"),
    [(True, True, True), (True, False, False), (False, True, False), (None, None, True)],
)
def test_a_market_is_active_where_orders_can_be_placed(exchange, enabled, creates, active):
    row = {**V2_MARKET, "is_enabled": enabled, "can_create_order": creates}
    assert exchange.parse_market(row)["active"] is active


def test_rows_of_v1_are_joined_with_those_of_v2(exchange):
    rows = [{"name": "A", "x": 1, "y": 1}, {"name": "B", "x": 1}]
    more = [{"symbol": "C", "y": 3}, {"symbol": "A", "y": 2}]
    merged = [{"name": "A", "x": 1, "y": 2, "symbol": "A"}, {"name": "B", "x": 1}]
    assert markets.merged(exchange, rows, "name", more, "symbol") == merged


NO_LIMITS = {"min": None, "max": None}
METHOD = {
    "ticker": "LTC",
    "network": "litecoin",
    "is_fiat": False,
    "min_deposit": "1",
    "max_deposit": "2",
    "min_withdraw": "3",
    "max_withdraw": "4",
    "withdraw_fee_amount": "5",
    "withdraw_fee_rate": "0",
    "is_deposit_enabled": True,
    "is_withdraw_enabled": False,
}
NETWORK = {
    "id": "litecoin",
    "network": "litecoin",
    "name": None,
    "active": False,
    "deposit": True,
    "withdraw": False,
    "fee": 5,
    "precision": None,
    "limits": {"deposit": {"min": 1, "max": 2}, "withdraw": {"min": 3, "max": 4}},
    "info": METHOD,
}


@pytest.mark.parametrize(
    "named", [{"short_name": "LTC"}, {"code": "LTC", "short_name": "X"}, {"short_name": "LTC", "code": None}]
)
def test_a_currency_and_its_networks(exchange, named):
    row = {**named, "name": "Litecoin", "precision": 5, "is_enabled": True, "methods": [METHOD]}
    currency = exchange.parse_currency(row)
    known = {"id": "LTC", "code": "LTC", "name": "Litecoin", "active": True, "precision": 1e-5}
    told(currency, {**known, "type": "crypto", "networks": {"litecoin": NETWORK}, "info": row})
    assert currency["limits"] == {"amount": NO_LIMITS, **NETWORK["limits"]}


def test_a_currency_of_which_no_networks_are_told(exchange):
    currency = exchange.parse_currency({"short_name": "LTC"})
    told(currency, {"networks": {}, **dict.fromkeys(("name", "active", "precision", "type", "fee"))})
    assert currency["limits"] == dict.fromkeys(("amount", "deposit", "withdraw"), NO_LIMITS)


@pytest.mark.parametrize(("rate", "fee"), [("0", 5), (None, 5), ("0.01", None)])
def test_a_fee_that_is_a_part_is_not_told_as_the_whole(exchange, rate, fee):
    told(markets.parse_network(exchange, {**METHOD, "withdraw_fee_rate": rate}), {"fee": fee})


# -- public data -------------------------------------------------------------------------------------

TICKER = {
    "date": TIME,
    "symbol": "BTC_USD",
    "last": "8",
    "buy": "7",
    "sell": "9",
    "change": "-2.5",
    "vol1": "11",
    "vol2": "88",
    "high": "10",
    "low": "6",
}


@pytest.mark.parametrize("count", [1, 20])
def test_a_ticker(exchange, count):
    ticker = exchange.parse_tickers([TICKER] * count)["BTC/USD"]
    prices = {"last": 8, "close": 8, "bid": 7, "ask": 9, "high": 10, "low": 6, "percentage": -2.5}
    told(ticker, {"symbol": "BTC/USD", "timestamp": TIME, **prices, "baseVolume": 11, "quoteVolume": 88})
    assert ticker["datetime"] == "2020-09-13T12:26:40.123Z"
    price = {"symbol": "BTC/USD", "timestamp": TIME, "datetime": ticker["datetime"], "info": TICKER}
    assert exchange.parse_last_price(ticker) == {**price, "price": 8, "side": None}
    assert exchange.parse_ticker(TICKER) == ticker


@pytest.mark.parametrize("count", [1, 20])
def test_a_ticker_of_a_market_without_trades(exchange, count):
    zeros = dict.fromkeys(("last", "buy", "sell", "high", "low", "vol1"), "0.000")
    ticker = exchange.parse_tickers([{**TICKER, **zeros}] * count)["BTC/USD"]
    told(ticker, {**dict.fromkeys(("last", "close", "bid", "ask", "high", "low")), "baseVolume": 0})
    assert exchange.parse_ticker({**TICKER, **zeros}) == ticker


def test_candles_of_either_api(exchange):
    charts = {"time": 1600000000, "open": 1, "high": 4, "low": 0.5, "close": 2, "volume": 9}
    for row in (charts, [1600000000, "1", "4", "0.5", "2", "9"]):
        assert exchange.parse_ohlcv(row) == [1600000000000, 1, 4, 0.5, 2, 9]
        assert exchange.parse_ohlcvs([row]) == [[1600000000000, 1, 4, 0.5, 2, 9]]
        assert market_data.candle_rows(exchange, [row, row]) == [row, row]
    assert market_data.candle_rows(exchange, []) == []
    assert market_data.candle_rows(exchange, [charts, []]) == [charts, []]
    for answer in ({}, ["x"], [charts, "x"], None):
        with pytest.raises(ccxt.BadResponse, match="list of candles"):
            market_data.candle_rows(exchange, answer)


# Fast or row by row.
any_order_book = pytest.mark.parametrize(
    "order_book", [market_data.order_book, market_data.checked_order_book], ids=["fast", "slow"]
)


NAMED = {
    "buy": [{"price": 5, "amount": 2, "id": 50}, {"price": 6, "amount": 1, "id": 60}],
    "sell": [{"price": 8, "amount": 3, "id": 80}, {"price": 7, "amount": 4, "id": 70}],
}
LISTED = {"date": 1600000000.123, "bids": [[5, 2], [6, 1]], "asks": [[8, 3], [7, 4]]}
LONGER = {"bids": [[5, 2, 50, 9]], "asks": []}  # not documented; ccxt keeps the third


@pytest.mark.parametrize(
    ("answer", "by_id", "limit", "bids", "asks", "time"),
    [
        (NAMED, False, None, [[6, 1], [5, 2]], [[7, 4], [8, 3]], None),
        (NAMED, False, 1, [[6, 1]], [[7, 4]], None),
        (NAMED, True, None, [[6, 1, "60"], [5, 2, "50"]], [[7, 4, "70"], [8, 3, "80"]], None),
        (LISTED, False, None, [[6, 1], [5, 2]], [[7, 4], [8, 3]], TIME),
        (LONGER, False, None, [[5, 2, "50"]], [], None),
    ],
)
@any_order_book
def test_a_book_of_either_api(exchange, order_book, answer, by_id, limit, bids, asks, time):
    book = order_book(exchange, answer, "BTC/USD", limit, by_id)
    levels = [[[*level[:2], *map(str, level[2:])] for level in book[side]] for side in ("bids", "asks")]
    assert levels == [bids, asks]
    told(book, {"symbol": "BTC/USD", "timestamp": time})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"buy": []}, "expected a book"),
        ({"sell": []}, "expected a book"),
        ({"bids": [], "asks": {}}, "expected a book"),
        ({}, "expected a book"),
        ({"buy": [], "sell": [[5, 2]]}, "without price or amount"),
        ({"buy": [{"price": 5}], "sell": []}, "without price or amount"),
        ({"buy": [{"amount": 5}], "sell": []}, "without price or amount"),
        ({"bids": [[5]], "asks": []}, "without price or amount"),
        ({"bids": [{"price": 5, "amount": 2}], "asks": []}, "without price or amount"),
    ],
)
@any_order_book
def test_what_is_no_book(exchange, order_book, answer, words):
    with pytest.raises(ccxt.BadResponse, match=words):
        order_book(exchange, answer, "BTC/USD", None, False)


V1_TRADE = {
    "id": 7,
    "pair": "BTC_USD",
    "type": "sell",
    "price": 5,
    "amount": "0.4",
    "timestamp": "1600000000.123",
}
V2_TRADE = {"id": 7, "symbol": "BTC_USD", "type": "sell", "price": "5", "amount": "0.4", "date": TIME}
FEE = {"fee_amount": "0.01", "fee_rate": "0.002", "fee_symbol": "USD"}
TRADED = {
    "id": "7",
    "symbol": "BTC/USD",
    "timestamp": TIME,
    "datetime": "2020-09-13T12:26:40.123Z",
    "side": "sell",
    "takerOrMaker": None,
    "price": 5,
    "amount": 0.4,
    "cost": 2,
}
NO_FEE = {"cost": None, "currency": None}
CHARGED = {"cost": 0.01, "currency": "USD", "rate": 0.002}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (V1_TRADE, {"order": None, "type": None, "fee": NO_FEE}),
        (V2_TRADE, {"order": None, "type": None, "fee": NO_FEE}),
        ({**V1_TRADE, "type": "buy", "my_side": "sell", "o_id": 9}, {"order": "9", "type": "limit"}),
        ({**V1_TRADE, "my_side": None}, {"type": "limit", "fee": NO_FEE}),
        ({**V2_TRADE, **FEE}, {"type": "limit", "fee": CHARGED}),
        ({**V2_TRADE, **FEE, "fee_amount": None}, {"type": "limit", "fee": NO_FEE}),
        ({**V1_TRADE, "type": "?"}, {"side": None}),
    ],
)
def test_a_trade_of_either_api(exchange, row, expected):
    told(parsed(exchange, "trade", row), {**TRADED, **expected, "info": row})


# -- the account -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "figures"),
    [
        ({"symbol": "BTC", "available": "3", "reserved": "1"}, {"free": 3, "used": 1, "total": 4}),
        ({"currency": "BTC", "balance": 3, "reserve": 1}, {"free": 2, "used": 1, "total": 3}),
    ],
)
@pytest.mark.parametrize("many", [[], ["ETH", *(f"C{number}" for number in range(20))]])
@pytest.mark.parametrize("parse_balance", [account.parse_balance, account.balance_of], ids=["fast", "slow"])
def test_balances_of_either_api(exchange, parse_balance, row, figures, many):
    name = "symbol" if "symbol" in row else "currency"
    rows = [row, *({**row, name: code} for code in many)]
    balance = parse_balance(exchange, rows)
    codes = ["BTC", *many]
    assert {code: balance[code] for code in codes} == dict.fromkeys(codes, figures)
    told(balance, {"timestamp": None, "datetime": None, "info": rows})


V1_ORDER = {"id": 7, "pair": "BTC_USD", "type": "sell", "price": 5, "amount": "1", "status": 1}
V2_ORDER = {
    "id": 7,
    "date": TIME,
    "symbol": "BTC_USD",
    "type": "sell-limit",
    "price": "5",
    "amount": "1",
    "amount_unfilled": "0.6",
    "amount_filled": "0.4",
    "amount_cancelled": None,
    "value_filled": "2.5",
    "fee_filled": "0.03",
    "price_avg": "6",
    "done_at": TIME + 5,
    "state": "partial-filled",
}
ORDERED = {
    "id": "7",
    "clientOrderId": None,
    "symbol": "BTC/USD",
    "side": "sell",
    "type": "limit",
    "timeInForce": "GTC",
    "postOnly": False,
    "triggerPrice": None,
    "price": 5,
    "amount": 1,
    "trades": [],
}


@pytest.mark.parametrize(
    ("status", "known"),
    [(1, "open"), ("1", "open"), (2, "canceled"), ("3", "closed"), (4, None), (None, None)],
)
def test_an_order_of_v1(exchange, status, known):
    row = {**V1_ORDER, "status": status}
    order = parsed(exchange, "order", row)
    timeless = dict.fromkeys(("timestamp", "datetime", "lastTradeTimestamp"))
    told(
        order,
        {**ORDERED, **timeless, "status": known, "filled": 1 if known == "closed" else None, "info": row},
    )


@pytest.mark.parametrize(
    ("more", "amounts"),
    [
        ({"amount_original": "4"}, (4, 3, 1)),
        ({"amount_filled": "0.3"}, (1, 0.3, 0.7)),
        ({"amount_original": "4", "amount_filled": "3", "status": 3}, (4, 3, 1)),
        ({"amount_original": "4", "amount": "0", "status": 3}, (4, 4, 0)),
        ({"amount_original": None}, (1, None, None)),
    ],
)
def test_amounts_of_an_order_of_v1(exchange, more, amounts):
    order = parsed(exchange, "order", {**V1_ORDER, **more})
    assert (order["amount"], order["filled"], order["remaining"]) == amounts


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("submitted", "open"),
        ("partial-filled", "open"),
        ("filled", "closed"),
        ("partial-canceled", "canceled"),
        ("canceled", "canceled"),
        ("?", None),
        (None, None),
    ],
)
def test_an_order_of_v2(exchange, state, status):
    row = {**V2_ORDER, "state": state}
    times = {"timestamp": TIME, "datetime": "2020-09-13T12:26:40.123Z", "lastUpdateTimestamp": TIME + 5}
    amounts = {"filled": 0.4, "remaining": 0.6, "cost": 2.5, "average": 6, "status": status}
    fee = {"cost": 0.03, "currency": "USD"}
    told(parsed(exchange, "order", row), {**ORDERED, **times, **amounts, "fee": fee, "info": row})


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"done_at": None}, {"lastUpdateTimestamp": None}),
        ({"amount_filled": None}, {"filled": 0, "remaining": 1}),
        ({"amount": None, "amount_unfilled": "0.5"}, {"filled": 0.4, "remaining": 0.5, "amount": 0.9}),
        ({"amount": "0", "amount_unfilled": "0.5"}, {"remaining": 0.5}),
        ({"fee_filled": None}, {"fee": None}),
        ({"type": "buy-limit"}, {"side": "buy", "type": "limit"}),
        ({"type": "buy"}, {"side": "buy", "type": None}),
        ({"type": None}, {"side": None, "type": None}),
        ({"type": "odd-market"}, {"side": None, "type": "market"}),
    ],
)
def test_what_an_order_of_v2_may_lack(exchange, more, expected):
    told(parsed(exchange, "order", {**V2_ORDER, **more}), expected)


# -- answers to a new order and to a cancel ----------------------------------------------------------

REQUEST = {"type": "buy", "pair": "BTC_USD", "amount": "0.5", "price": "6"}
V1_FILL = {"tid": 3, "id": 4, "type": "sell", "price": "5", "amount": "0.2", "o_id": 8}
FILLED = {
    "id": "3",
    "order": "7",
    "symbol": "BTC/USD",
    "timestamp": TIME,
    "datetime": "2020-09-13T12:26:40.123Z",
    "type": "limit",
    "side": "buy",
    "takerOrMaker": "taker",
    "price": 5,
    "amount": 0.2,
    "cost": 1,
    "info": V1_FILL,
}


def test_a_new_order_of_v1(exchange):
    answer = {
        "success": True,
        "oid": 7,
        "date": "1600000000.123",
        "type": "buy",
        "amount": "0.2",
        "trades": [V1_FILL],
    }
    order = orders.parse_new_v1_order(exchange, answer, REQUEST)
    times = {"timestamp": TIME, "datetime": "2020-09-13T12:26:40.123Z"}
    # What is left counts, though its trades may not be all told.
    amounts = {"price": 6, "amount": 0.5, "filled": 0.3, "remaining": 0.2, "status": "open"}
    told(
        order,
        {"id": "7", "symbol": "BTC/USD", "side": "buy", "type": "limit", **times, **amounts, "info": answer},
    )
    [trade] = order["trades"]
    told(trade, FILLED)
    for trades in ([], None):
        assert orders.parse_new_v1_order(exchange, {**answer, "trades": trades}, REQUEST)["trades"] == []
    unlisted = orders.parse_new_v1_order(exchange, answer, {**REQUEST, "pair": "A_B"})
    assert unlisted["symbol"] == unlisted["trades"][0]["symbol"] == "A/B"


def test_a_new_order_of_v2(exchange):
    fill = {"id": 3, "price": "5", "amount": "0.2", "side_order": 8}
    answer = {"order": {**V2_ORDER, "type": "buy-limit"}, "trades": [fill], "funds": []}
    order = orders.parse_new_v2_order(exchange, answer, REQUEST)
    told(order, {"id": "7", "side": "buy", "filled": 0.4, "status": "open", "info": answer})
    [trade] = order["trades"]
    told(trade, {**FILLED, "info": fill})
    for trades in ([], None):
        assert orders.parse_new_v2_order(exchange, {**answer, "trades": trades}, REQUEST)["trades"] == []
    unlisted = {**answer, "order": {**answer["order"], "symbol": None}}
    order = orders.parse_new_v2_order(exchange, unlisted, {**REQUEST, "pair": "A_B"})
    assert order["symbol"] == order["trades"][0]["symbol"] == "A/B"


@pytest.mark.parametrize(
    ("answer", "id"),
    [
        ({"oid": 7, "order": {"id": 8}}, "7"),
        ({"order": {"id": 8}}, "8"),
        ({"order": None}, None),
        ({}, None),
        ([], None),
        (None, None),
    ],
)
def test_the_id_in_an_answer_to_a_new_order(exchange, answer, id):
    assert orders.new_order_id(exchange, answer) == id


def test_a_cancel_that_worked(exchange):
    market = exchange.market("BTC/USD")
    order = orders.parse_canceled_v1_order(exchange, {"order": 7}, "7", market)
    told(order, {"id": "7", "symbol": "BTC/USD", "status": "canceled", "info": {"order": 7}})
    assert orders.parse_canceled_v1_order(exchange, {"order": 7}, "7", None)["symbol"] is None
    answer = {"cancel": {"id": 9}, "order": {**V2_ORDER, "state": "canceled"}}
    order = orders.parse_canceled_v2_order(exchange, answer, "7", None)
    told(order, {"id": "7", "symbol": "BTC/USD", "status": "canceled", "amount": 1, "info": answer})
    filled = {"order": {**V2_ORDER, "state": "filled"}}
    assert orders.parse_canceled_v2_order(exchange, filled, "7", None)["status"] == "closed"
    for other in ({"id": 8}, {"state": "?"}, {"state": "submitted"}):
        with pytest.raises(ccxt.BadResponse, match="expected order 7 cancelled"):
            orders.parse_canceled_v2_order(exchange, {"order": {**answer["order"], **other}}, "7", None)
