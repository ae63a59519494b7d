"""bitmart2's fast parsers give what its protocol gives, to the last bit, exceptions included."""

from typing import Any

import pytest
from ccxt.async_support.base.exchange import Exchange as AsyncExchange
from ccxt.base.errors import BadResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.venue.fast import balances, formulas, order_books, parsing
from ccxt_ext.venue.fast.conditions import FEWEST_ROWS, uses_own_parsers
from ccxt_ext.venues.bitmart2 import market_data
from ccxt_ext.venues.bitmart2 import orders as own_orders
from ccxt_ext.venues.bitmart2.columns import BALANCES
from ccxt_ext.venues.bitmart2.rest import bitmart2 as async_bitmart2
from ccxt_ext.venues.bitmart2.rest_sync import bitmart2
from tests.odd_values import DIRT, NUMBERS, PLAIN
from tests.venue.fast.fast_and_slow import FAST, SLOW, Reference, assert_same, dirty_rows, with_markets

few = settings(max_examples=settings.default.max_examples // 4)

MANY = {"min_size": FEWEST_ROWS, "max_size": 30}
TIMES = st.integers(0, 4_102_444_800_000)
IDS = st.sampled_from(["BMX_ETH", "BTC_USDT", "XRP_ETH", "ABC_USDT"])
SYMBOLS = st.sampled_from([None, "BMX/ETH", "BTC/USDT"])
SINCE = st.one_of(st.none(), st.integers(0, 4_102_444_800_000), st.sampled_from([0, 1_600_000_000_000]))
LIMIT = st.one_of(st.none(), st.integers(0, 40))


def rows(cells: dict[str, Any], some: dict[str, Any] | None = None) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.fixed_dictionaries(cells, optional=some), **MANY)


def public_trades(number: Any) -> Any:
    return st.one_of(
        rows({"order_time": TIMES, "price": number, "count": number, "amount": number, "type": SIDES}),
        rows({"time": TIMES, "price": number, "count": number, "amount": number, "side": SIDES}),
    )


SIDES = st.sampled_from(["buy", "sell"])


def own_trades(number: Any) -> Any:
    cells = {
        "trade_id": st.integers(1, 999),
        "entrust_id": st.integers(1, 9),
        "symbol": IDS,
        "timestamp": TIMES,
    }
    cells |= dict.fromkeys(("price", "amount", "fees"), number)
    return rows(cells, {"entrustType": st.sampled_from([0, 1, "1", 2, None])})


def orders(number: Any) -> Any:
    cells = {"entrust_id": st.integers(1, 999), "symbol": IDS, "timestamp": TIMES, "side": SIDES}
    cells |= dict.fromkeys(
        ("price", "original_amount", "executed_amount", "remaining_amount", "fees"), number
    )
    return rows(cells | {"status": st.sampled_from(["1", "2", "3", "4", 3, 5, "9"])})


def tickers(number: Any) -> Any:
    names = ("volume", "base_volume", "highest_price", "lowest_price", "current_price")
    names += ("bid_1", "bid_1_amount", "ask_1", "ask_1_amount")
    shares = st.one_of(number, st.sampled_from(["-0.0058", "0.01", "0", "-1", "1.5", "-0.00000001"]))
    return rows(dict.fromkeys(names, number) | {"symbol_id": IDS, "fluctuation": shares})


def candles(number: Any) -> Any:
    names = ("open_price", "highest_price", "lowest_price", "current_price", "volume")
    return rows({"timestamp": TIMES} | dict.fromkeys(names, number))


def wallet(number: Any) -> Any:
    ids = st.one_of(
        st.sampled_from(["BMX", "ETH", "XBT", "free", 7]), st.text("ABCDE", min_size=3, max_size=6)
    )
    return rows({"id": ids, "available": number, "frozen": number})


def keys(*names: str) -> list[str]:
    return [*names]


TRADE_KEYS = keys("order_time", "time", "price", "count", "amount", "type", "side")
OWN_KEYS = keys("trade_id", "entrust_id", "symbol", "price", "amount", "fees", "timestamp", "entrustType")
ORDER_KEYS = keys("entrust_id", "symbol", "timestamp", "side", "price", "fees", "status") + keys(
    "original_amount", "executed_amount", "remaining_amount"
)
TICKER_KEYS = keys(
    "symbol_id", "volume", "base_volume", "current_price", "bid_1", "ask_1_amount", "fluctuation"
)
CANDLE_KEYS = keys("timestamp", "open_price", "current_price", "volume")
WALLET_KEYS = keys("id", "available", "frozen")


def market(exchange: Any, symbol: str | None) -> Any:
    return None if symbol is None else exchange.market(symbol)


@few
@given(st.one_of(public_trades(PLAIN), public_trades(NUMBERS), own_trades(NUMBERS)), SYMBOLS, SINCE, LIMIT)
def test_trades(trades: Any, symbol: Any, since: Any, limit: Any) -> None:
    assert_same("parse_trades", trades, market(SLOW, symbol), since, limit)


@few
@given(
    st.one_of(dirty_rows(public_trades(PLAIN), TRADE_KEYS), dirty_rows(own_trades(PLAIN), OWN_KEYS)),
    SYMBOLS,
    SINCE,
    LIMIT,
)
def test_dirty_trades(trades: Any, symbol: Any, since: Any, limit: Any) -> None:
    assert_same("parse_trades", trades, market(SLOW, symbol), since, limit)


@few
@given(
    st.one_of(orders(PLAIN), orders(NUMBERS), dirty_rows(orders(PLAIN), ORDER_KEYS)), SYMBOLS, SINCE, LIMIT
)
def test_orders(listed: Any, symbol: Any, since: Any, limit: Any) -> None:
    assert_same("parse_orders", listed, market(SLOW, symbol), since, limit)


@few
@given(
    st.one_of(tickers(PLAIN), tickers(NUMBERS), dirty_rows(tickers(PLAIN), TICKER_KEYS)),
    st.sampled_from([None, [], ["BMX/ETH"], ["BTC/USDT", "XRP/ETH"], ["NO/SUCH"]]),
)
def test_tickers(listed: Any, symbols: Any) -> None:
    assert_same("parse_tickers", listed, symbols)


@few
@given(
    st.one_of(candles(PLAIN), candles(NUMBERS), dirty_rows(candles(PLAIN), CANDLE_KEYS)),
    SINCE,
    LIMIT,
    st.booleans(),
)
def test_candles(listed: Any, since: Any, limit: Any, tail: bool) -> None:
    assert_same("parse_ohlcvs", listed, None, "1m", since, limit, tail)


@few
@given(st.one_of(wallet(PLAIN), wallet(NUMBERS), dirty_rows(wallet(PLAIN), WALLET_KEYS)))
def test_balance(listed: Any) -> None:
    assert_same("parse_balance", listed)


LEVELS = rows({"price": PLAIN, "amount": PLAIN, "total": PLAIN, "count": PLAIN})
SIDE = st.one_of(LEVELS, dirty_rows(LEVELS, ["price", "amount", "count"]), st.just([]), DIRT)


@few
@given(SIDE, SIDE, LIMIT)
def test_order_book(buys: Any, sells: Any, limit: Any) -> None:
    assert_same(market_data.parse_book, {"buys": buys, "sells": sells}, "BMX/ETH", limit)


@few
@given(st.one_of(DIRT, st.lists(DIRT, max_size=12)))
def test_anything(answer: Any) -> None:
    for method in ("parse_trades", "parse_orders", "parse_tickers", "parse_ohlcvs", "parse_balance"):
        assert_same(method, answer)
    assert_same(market_data.parse_book, answer, "BMX/ETH")


# -- that it is fast at all -----------------------------------------------------------------------

LISTS = {
    "trade": [
        {"order_time": 9 * n, "price": f"1.{n}", "count": f"{n}.5", "amount": "3.25", "type": "buy"}
        for n in range(1, 50)
    ],
    "order": [
        {
            "entrust_id": n,
            "symbol": "BMX_ETH",
            "timestamp": 9 * n,
            "side": "buy",
            "status": "2",
            "price": f"0.0{n}",
            "fees": "0.1",
            "original_amount": f"{n}.5",
            "executed_amount": f"{n}.2",
            "remaining_amount": "0.3",
        }
        for n in range(1, 50)
    ],
    "ticker": [
        {
            "symbol_id": ("BMX_ETH", "XRP_ETH")[n % 2],
            "current_price": f"0.0{n}",
            "fluctuation": "0.01",
            "volume": f"{n}00.5",
            "base_volume": "77.1",
        }
        for n in range(1, 50)
    ],
    "ohlcv": [
        {
            "timestamp": 9 * n,
            "open_price": "1",
            "highest_price": "2.1",
            "lowest_price": "1",
            "current_price": "1.5",
        }
        | {"volume": f"{n}"}
        for n in range(1, 50)
    ],
}


@pytest.mark.parametrize("kind", LISTS)
def test_only_two_of_many_rows_are_parsed_one_by_one(kind: str) -> None:
    parsed = []

    def parse(row: Any, *args: Any) -> Any:
        parsed.append(row)
        return getattr(FAST, f"parse_{kind}")(row, *args)

    derive = getattr(formulas, kind, formulas.none)
    made = parsing.parse_rows(FAST, LISTS[kind], getattr(FAST.tables, f"{kind}s"), parse, None, derive)
    assert parsed == [LISTS[kind][0], LISTS[kind][-1]]
    assert repr(made) == repr([getattr(SLOW, f"parse_{kind}")(row) for row in LISTS[kind]])


def test_a_wallet_and_a_book_are_parsed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = with_markets(bitmart2())
    rows = [{"id": f"C{n}", "available": "1", "frozen": "0.5"} for n in range(9)]
    assert balances.fast_balance(exchange, lambda rows: BALANCES, rows, SLOW.parse_balance)
    buys = [{"price": f"{n}.5", "amount": "1"} for n in range(9, 0, -1)]
    sells = [{"price": f"{n}.5", "amount": "1"} for n in range(10, 19)]
    places = ("A/B", None, "buys", "sells", "price", "amount")
    assert order_books.fast_order_book(exchange, {"buys": buys, "sells": sells}, *places)
    # What cannot be is left to the other way, which says so.
    for wrong in ("9.5", "9.4", "0", "-1"):
        sells[-1] = {"price": wrong, "amount": "1"}
        assert order_books.fast_order_book(exchange, {"buys": buys, "sells": sells}, *places) is None
        with pytest.raises(BadResponse, match="cannot be"):
            order_books.parse_levels(exchange, {"buys": buys, "sells": sells}, "A/B", None, *places[2:])


def test_structures_share_nothing() -> None:
    trades = FAST.parse_trades(LISTS["trade"])
    parts = [trade[name] for trade in trades for name in ("fee", "fees")]
    assert len(set(map(id, parts))) == len(parts)
    assert all(trade["info"] is row for trade, row in zip(trades, LISTS["trade"], strict=True))
    order = FAST.parse_orders(LISTS["order"])[3]
    alone = SLOW.parse_order(LISTS["order"][3])
    assert (order["fee"] is order["fees"][0]) == (alone["fee"] is alone["fees"][0])


def test_sides_of_remembered_orders() -> None:
    exchanges = [with_markets(bitmart2()), with_markets(Reference())]
    trade = {"symbol": "BMX_ETH", "timestamp": 5, "price": "1", "amount": "2", "fees": "0.001"}
    trades = [trade | {"trade_id": n, "entrust_id": n % 3} for n in range(20)]
    for exchange in exchanges:
        own_orders.remember(exchange, {"id": "1", "side": "sell"})
        own_orders.remember(exchange, {"id": "2", "side": "buy"})
    fast, slow = (exchange.parse_trades(trades) for exchange in exchanges)
    assert repr(fast) == repr(slow)
    assert {item["side"] for item in fast} == {None, "buy", "sell"}


@pytest.mark.parametrize(
    "path", [("fetchOHLCV", "volumeIsQuote", True), ("fetchMyTrades", "inferSideFromFee", False)]
)
def test_options(path: Any) -> None:
    method, name, value = path
    exchanges = [with_markets(bitmart2()), with_markets(Reference())]
    for exchange in exchanges:
        exchange.options[method] = {**exchange.options[method], name: value}
    own = [
        {
            "trade_id": n,
            "entrust_id": n,
            "symbol": "BTC_USDT",
            "timestamp": n,
            "price": "9.5",
            "amount": "1",
            "fees": "0.001",
        }
        for n in range(20)
    ]
    assert_same("parse_trades", own, fast=exchanges[0], slow=exchanges[1])
    assert_same("parse_ohlcvs", LISTS["ohlcv"], fast=exchanges[0], slow=exchanges[1])


# -- that a user's own methods win ------------------------------------------------------------------


def _marked(name: str) -> Any:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return {**getattr(super(self.mine, self), name)(*args, **kwargs), "note": "mine"}

    return method


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("parse_trade", "parse_trades"),
        ("safe_trade", "parse_trades"),
        ("parse_order", "parse_orders"),
        ("safe_order", "parse_orders"),
        ("parse_ticker", "parse_tickers"),
        ("safe_ticker", "parse_tickers"),
    ],
)
def test_methods_of_a_subclass(name: str, method: str) -> None:
    mine = type("mine", (bitmart2,), {name: _marked(name)})
    mine.mine = mine
    made = getattr(with_markets(mine()), method)(LISTS[method.removeprefix("parse_").removesuffix("s")])
    made = list(made.values()) if isinstance(made, dict) else made
    assert [item.get("note") for item in made] == ["mine"] * len(made)


def test_a_number_check_of_a_subclass() -> None:
    class Strict(bitmart2):
        def safe_string(self, row: Any, key: Any, default: Any = None) -> Any:
            if key in ("price", "open_price"):
                raise BadResponse(f"no {key}")
            return super().safe_string(row, key, default)

    exchange = with_markets_of(Strict)
    for method, listed in (("parse_trades", LISTS["trade"]), ("parse_ohlcvs", LISTS["ohlcv"])):
        with pytest.raises(BadResponse, match="no "):
            getattr(exchange, method)(listed)


def with_markets_of(kind: Any) -> Any:
    exchange = kind()
    exchange.markets, exchange.markets_by_id = FAST.markets, FAST.markets_by_id
    exchange.currencies, exchange.currencies_by_id = FAST.currencies, FAST.currencies_by_id
    return exchange


def test_methods_of_an_instance() -> None:
    exchange = with_markets(bitmart2())
    exchange.parse_trade = lambda trade, market=None: {"symbol": None, "timestamp": 1, "id": trade["price"]}
    made = exchange.parse_trades(LISTS["trade"])
    assert sorted(trade["id"] for trade in made) == sorted(row["price"] for row in LISTS["trade"])


def test_a_subclass_that_adds_methods_only_stays_fast() -> None:
    class Bot(bitmart2):
        def my_own(self) -> None:
            return None

    assert uses_own_parsers(Bot())


def test_numbers_as_text() -> None:
    exchanges = [with_markets(bitmart2()), with_markets(Reference())]
    for exchange in exchanges:
        exchange.number = str
    for kind, listed in LISTS.items():
        assert_same(f"parse_{kind}s", listed, fast=exchanges[0], slow=exchanges[1])


def test_the_async_class_is_as_fast() -> None:
    exchange = async_bitmart2()
    assert isinstance(exchange, AsyncExchange)
    assert uses_own_parsers(exchange)
