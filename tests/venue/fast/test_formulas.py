"""Fast parsing for venues of other kinds: positional rows, contracts, other fields given and left out."""

from typing import Any

import pytest
from ccxt.base.exchange import Exchange
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccxt_ext.venue.fast import balances, formulas, parsing
from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import Number, Text, Time
from ccxt_ext.venue.fast.conditions import FEWEST_ROWS, uses_own_parsers
from ccxt_ext.venue.fast.parsing import Table, Tables, candles
from ccxt_ext.venue.rest_client_sync import SyncRestClient
from ccxt_ext.venues.bitmart2.protocol import Protocol
from tests.odd_values import NUMBERS, PLAIN
from tests.venue.fast.fast_and_slow import assert_same, dirty_rows

MARKETS = {
    "SPOT": {"id": "SPOT", "symbol": "A/B", "base": "A", "quote": "B", "type": "spot", "spot": True},
    "LINEAR": {"id": "LINEAR", "symbol": "A/B:B", "base": "A", "quote": "B", "type": "swap", "contract": True}
    | {"swap": True, "linear": True, "inverse": False, "contractSize": 0.01, "precision": {"price": 0.5}},
    "INVERSE": {
        "id": "INVERSE",
        "symbol": "A/B:A",
        "base": "A",
        "quote": "B",
        "type": "swap",
        "contract": True,
    }
    | {"swap": True, "linear": False, "inverse": True, "contractSize": 100, "precision": {"price": 1e-05}},
    "COARSE": {"id": "COARSE", "symbol": "C/D", "base": "C", "quote": "D", "type": "spot", "spot": True}
    | {"precision": {"price": 10}},
}

TICKER_FIELDS = (
    "open",
    "close",
    "change",
    "percentage",
    "average",
    "vwap",
    "baseVolume",
    "quoteVolume",
    "bid",
    "low",
    "high",
)
ORDER_FIELDS = ("price", "amount", "filled", "remaining", "cost", "average")


class ManyShapes(Protocol):
    """A venue whose rows carry whatever ccxt knows, under ccxt's own names."""

    __module__ = "ccxt_ext.venues.many_shapes"

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(trade, 6), market)
        timestamp = self.safe_timestamp(trade, 1)
        return self.safe_trade(
            {
                "id": self.safe_string(trade, 0),
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "symbol": market["symbol"],
                "price": self.safe_string(trade, 2),
                "amount": self.safe_string(trade, 3),
                "cost": self.safe_string(trade, 4),
                "side": self.safe_string(trade, 5),
                "info": trade,
            },
            market,
        )

    def parse_order(self, order: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(order, "market"), market)
        parsed = {name: self.safe_string(order, name) for name in ORDER_FIELDS}
        parsed |= {name: self.safe_string(order, name) for name in ("id", "type", "side", "status")}
        timestamp = self.safe_integer(order, "timestamp")
        parsed |= {"timestamp": timestamp, "datetime": self.iso8601(timestamp), "symbol": market["symbol"]}
        return self.safe_order({**parsed, "info": order}, market)

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(ticker, "market"), market)
        parsed = {name: self.safe_string(ticker, name) for name in TICKER_FIELDS}
        return self.safe_ticker({**parsed, "symbol": market["symbol"], "info": ticker}, market)

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> Any:
        return Exchange.parse_ohlcv(self, ohlcv, market)

    def parse_balance(self, response: Any) -> Any:
        result = {"info": response, "timestamp": self.safe_integer(response, "time"), "datetime": None}
        for row in response["assets"]:
            account = self.account()
            for place, name in enumerate(response["names"], 1):
                account[name] = self.safe_string(row, place)
            result[self.safe_currency_code(self.safe_string(row, 0))] = account
        return self.safe_balance(result)


class ManyShapesTables(Tables):
    def trades(self, exchange: Any, rows: Any) -> Table:
        columns = {"id": Text(0), "timestamp": Time(1, unit=1000), "price": Number(2), "amount": Number(3)}
        return Table({**columns, "cost": Number(4)}, by=(5,), market=6)

    def orders(self, exchange: Any, rows: Any) -> Table:
        numbers = {name: Number(name) for name in ORDER_FIELDS}
        columns = {"id": Text("id"), "timestamp": Time("timestamp"), **numbers}
        return Table(columns, by=("type", "side", "status"), market="market")

    def tickers(self, exchange: Any, rows: Any) -> Table:
        return Table({name: Number(name) for name in TICKER_FIELDS}, market="market")

    def ohlcvs(self, exchange: Any, rows: Any) -> Table:
        return candles(Time(0), *range(1, 6))


class Fast(ManyShapes, SyncRestClient):
    __module__ = "ccxt_ext.venues.many_shapes"
    tables = ManyShapesTables()
    amounts = ("free", "used")

    def parse_balance(self, response: Any) -> Any:
        parse = super().parse_balance
        table = Balances(0, {name: Number(place) for place, name in enumerate(self.amounts, 1)})
        made = balances.fast_balance(
            self,
            lambda rows: table,
            response["assets"],
            lambda rows: {**parse({**response, "assets": rows}), "info": response},
        )
        return parse(response) if made is None else made


class Slow(ManyShapes, SyncRestClient):
    __module__ = "ccxt_ext.venues.many_shapes"
    tables = Tables()  # none


def with_markets(exchange: Any) -> Any:
    exchange.set_markets([exchange.safe_market_structure(market) for market in MARKETS.values()], {})
    return exchange


FAST, SLOW = with_markets(Fast()), with_markets(Slow())

LONG = {"min_size": FEWEST_ROWS, "max_size": 24}
IDS = st.sampled_from([*MARKETS])
ROUND = st.sampled_from(["1", "2", "0.5", "10", "100", "0.01", "1.10"])  # for quotients that come out even
PRICES = st.one_of(PLAIN, NUMBERS, ROUND)


def same(method: str, *args: Any) -> None:
    assert_same(method, *args, fast=FAST, slow=SLOW)


@st.composite
def objects(draw: st.DrawFn, fields: tuple[str, ...], fixed: dict[str, Any]) -> list[Any]:
    """Rows with some of the fields, mostly the same ones in all of them."""
    present = draw(st.sets(st.sampled_from(fields)))
    numbers = draw(st.sampled_from([PLAIN, PRICES, ROUND]))
    missing = draw(st.sampled_from([[], [*present]]))
    cells = {name: numbers for name in present if name not in missing}
    return draw(
        st.lists(st.fixed_dictionaries({**fixed, **cells}, optional=dict.fromkeys(missing, numbers)), **LONG)
    )


ORDERS = objects(
    ORDER_FIELDS,
    {
        "id": st.integers(1, 99),
        "timestamp": st.integers(0, 2 * 10**12),
        "market": IDS,
        "type": st.sampled_from(["limit", "market"]),
        "side": st.just("buy"),
        "status": st.sampled_from(["open", "closed", "canceled"]),
    },
)
TICKERS = objects(TICKER_FIELDS, {"market": IDS})


@settings(max_examples=150)
@given(ORDERS)
def test_orders(orders: Any) -> None:
    same("parse_orders", orders)


@settings(max_examples=150)
@given(TICKERS)
def test_tickers(tickers: Any) -> None:
    same("parse_tickers", tickers)


TRADES = st.lists(
    st.tuples(
        st.integers(1, 99),
        st.integers(0, 2 * 10**9),
        PRICES,
        PRICES,
        st.one_of(st.none(), PRICES),
        st.sampled_from(["buy", "sell"]),
        IDS,
    ).map(list),
    **LONG,
)


@given(st.one_of(TRADES, dirty_rows(TRADES, [*range(7)])), st.sampled_from([None, *MARKETS]))
def test_positional_trades(trades: Any, market: Any) -> None:
    same("parse_trades", trades, None if market is None else SLOW.markets_by_id[market][0])


CANDLES = st.lists(st.tuples(st.integers(0, 2 * 10**12), *[PRICES] * 5).map(list), **LONG)


@given(st.one_of(CANDLES, dirty_rows(CANDLES, [*range(6)])), st.one_of(st.none(), st.integers(1, 10)))
def test_positional_candles(candles: Any, limit: Any) -> None:
    same("parse_ohlcvs", candles, None, "1m", None, limit)


LEVELS = st.integers(2, 3).flatmap(
    lambda width: st.lists(
        st.tuples(PRICES, PRICES, st.integers(0, 9)).map(lambda row: list(row[:width])), **LONG
    )
)
SIDE = st.one_of(LEVELS, dirty_rows(LEVELS, [0, 1, 2]))


@given(SIDE, SIDE, st.sampled_from([None, 1_600_000_000_123, "x"]))
def test_positional_levels(bids: Any, asks: Any, timestamp: Any) -> None:
    same("parse_order_book", {"bids": bids, "asks": asks}, "A/B", timestamp)


@given(SIDE, st.sampled_from([(0, 1, 2), (1, 0, 2), (0, 1, 1), (0, 1, "x"), (2, 1, 0), (-1, 0, 2)]))
def test_other_places_in_a_level(rows: Any, keys: Any) -> None:
    same("parse_order_book", {"b": rows, "a": []}, "A/B", None, "b", "a", *keys)


@pytest.mark.parametrize(
    "names", [("free", "used"), ("used", "total"), ("total", "free"), ("free", "used", "total")]
)
@given(rows=st.data())
def test_balances(names: Any, rows: Any) -> None:
    codes = st.text("ABC", min_size=4, max_size=5)
    row = st.tuples(codes, *[st.one_of(PLAIN, PRICES)] * len(names)).map(list)
    assets = rows.draw(st.lists(row, **LONG))
    FAST.amounts = names
    same("parse_balance", {"time": 5, "names": names, "assets": assets})


@pytest.mark.parametrize(
    "fields",
    [
        {"close": "3.3", "percentage": "1.7", "baseVolume": "7", "quoteVolume": "9.1"},
        {"close": "3.3", "open": "3.1"},
        {"close": "3.3", "change": "0.7", "vwap": "3.2"},
        {"close": "3.3", "open": "3.1", "change": "0.2", "percentage": "6.45"},
        {"close": "3.3", "open": "3.1", "change": "0.2", "percentage": "6.45", "average": "3.2"},
        {"bid": "1.1"},
    ],
)
def test_tickers_of_these_kinds_are_calculated_together(fields: dict[str, str]) -> None:
    rows = [
        {"market": "SPOT", **{name: f"{number}{n}" for name, number in fields.items()}} for n in range(1, 10)
    ]
    assert together(rows, "ticker", FAST.parse_ticker) == 2


@pytest.mark.parametrize("market", ["SPOT", "LINEAR", "INVERSE"])
@pytest.mark.parametrize(
    "fields",
    [
        {"price": "3.3", "amount": "5.1", "filled": "1.2", "remaining": "3.9"},
        {"price": "3.3", "amount": "5.1", "filled": "1.2"},
        {"price": "3.3", "amount": "5.1", "remaining": "3.9"},
        {"price": "3.3", "filled": "1.2", "remaining": "3.9"},
        {"price": "3.3", "amount": "5.1", "filled": "1.2", "cost": "3.7"},
        {"amount": "5.1", "filled": "1.2", "average": "3.7", "type": "market"},
        {"amount": "5.1", "filled": "1.2", "cost": "3.7", "type": "market", "price": "0"},
    ],
)
def test_orders_of_these_kinds_are_calculated_together(market: str, fields: dict[str, str]) -> None:
    common = {"market": market, "side": "buy", "type": "limit", "status": "open"}
    rows = [
        {**common, "id": n, "timestamp": n}
        | {name: text if name == "type" or text == "0" else f"{text}{n}" for name, text in fields.items()}
        for n in range(1, 10)
    ]
    assert together(rows, "order", FAST.parse_order) == 2


def test_orders_that_are_filled_and_others_that_are_not() -> None:
    remaining = ["1", "0.4", "1", "1.5", "0.1", "1", "0.7", "0.2", "1"]
    common = {"market": "SPOT", "side": "buy", "type": "limit", "status": "open", "timestamp": 1}
    same(
        "parse_orders",
        [{**common, "price": "1", "amount": "1", "remaining": r, "cost": "0.3"} for r in remaining],
    )


def together(rows: list[Any], kind: str, parse: Any) -> int:
    """How many of the rows were parsed one by one."""
    alone = []

    def counted(row: Any, *args: Any) -> Any:
        alone.append(row)
        return parse(row, *args)

    table_of = getattr(FAST.tables, f"{kind}s")
    assert parsing.parse_rows(FAST, rows, table_of, counted, None, getattr(formulas, kind)) is not None
    same(f"parse_{kind}s", rows)
    return len(alone)


class OnlyClose(Tables):
    def tickers(self, exchange: Any, rows: Any) -> Table:
        return Table({"close": Number("close")}, market="market")


def test_numbers_that_no_declaration_explains_are_left_to_the_protocol() -> None:
    class Forgetful(Fast):
        __module__ = "ccxt_ext.venues.forgetful"

        tables = OnlyClose()

    exchange = with_markets(Forgetful())
    rows = [{"market": "SPOT", "close": f"1.{n}", "bid": "7.5"} for n in range(1, 20)]
    assert uses_own_parsers(exchange)
    assert parsing.tickers(exchange, rows) is None
    assert_same("parse_tickers", rows, fast=exchange, slow=SLOW)


@given(st.integers(-(10**60), 10**60), st.integers(-(10**40), 10**40).filter(bool))
@example(-7, 2)
@example(7, -2)
def test_quotients_are_cut_off(a: int, b: int) -> None:
    whole = abs(a) // abs(b)
    assert formulas.quotient(a, b) == (whole if (a < 0) == (b < 0) else -whole)
