"""Faster parse_* methods, for venues that say which column of their rows is what.

ccxt parses a list row by row, at 10 to 40 microseconds each. Here, rows that are alike (the same columns
present, of the same kinds, and the same in those columns that decide about the outcome) are parsed together:
the first and the last of them as ever, which gives a template; the others are copies of the template in which
the declared columns are filled in. So the structure's keys, their order and its constants are always those
of the installed ccxt and of the venue's own parse_* method. Whatever is not as expected goes to the inherited
method: odd values, numbers in the template that no declaration explains, a subclass with methods of its own.
"""

import marshal
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import getattr_static
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ccxt.base.exchange import Exchange

from ccxt_ext.base import fast_formulas as formulas
from ccxt_ext.base.fast_columns import ABSENT, ODD, PLAIN, ZERO, Cells, Number, Text, Time, cells, floats
from ccxt_ext.base.fast_formulas import Formulas, Group, Unlike

if TYPE_CHECKING:
    from ccxt_ext.base.venue import Venue as Base
else:
    Base = object

FEWEST_ROWS = 8  # shorter lists, and groups of a quarter of this, are not worth the effort

# What parsing calls besides parse_*() and safe_*(). Who overrides one of these gets the inherited methods.
HELPERS = (
    "account",
    "array_slice",
    "common_currency_code",
    "extend",
    "filter_by_array",
    "filter_by_array_tickers",
    "filter_by_limit",
    "filter_by_since_limit",
    "filter_by_symbol_since_limit",
    "filter_by_value_since_limit",
    "index_by",
    "is_tick_precision",
    "iso8601",
    "market_symbols",
    "number",
    "omit_zero",
    "precision_from_string",
    "reduce_fees_by_currency",
    "sort_by",
    "sort_by_2",
    "to_array",
)


MINUTES = [f"{hour:02d}:{minute:02d}:" for hour in range(24) for minute in range(60)]
SECONDS = [f"{second:02d}." for second in range(60)]
MILLISECONDS = [f"{millisecond:03d}Z" for millisecond in range(1000)]


@dataclass(frozen=True)
class Table:
    """Where the rows of a list have what, for the fields that the venue's parse_* hands to ccxt's safe_*.

    `columns` names a field of the structure (`fee.cost` for one inside another), or an index for candles;
    `by` are the columns, or functions of (exchange, row), that decide about anything else in the structure,
    such as the side; `market` is the column with the market's id, where rows have one.
    """

    columns: Mapping[str | int, Number | Time | Text]
    by: Sequence[str | int | Callable[[Any, Any], Hashable]] = ()
    market: str | int | None = None


@dataclass(frozen=True)
class Balances:
    """Where a balance's rows have what; two of free, used and total are enough."""

    currency: str | int
    amounts: Mapping[str, Number]
    rows: str | None = None  # the key under which the answer has them; None if the answer is the list


class FastParsing(Base):
    """Mixed into a venue's class in front of its protocol class."""

    def trade_table(self, trades: Sequence[Any]) -> Table | None:
        return None

    def order_table(self, orders: Sequence[Any]) -> Table | None:
        return None

    def ticker_table(self, tickers: Sequence[Any]) -> Table | None:
        return None

    def ohlcv_table(self, ohlcvs: Sequence[Any]) -> Table | None:
        return None

    def balances(self) -> Balances | None:
        return None

    # -- ccxt's methods -----------------------------------------------------------------------------

    def parse_trades(
        self, trades: Any, market: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        made = (
            None
            if params
            else self.parsed(trades, self.trade_table, self.parse_trade, market, formulas.trade)
        )
        if made is None:
            return super().parse_trades(trades, market, since, limit, params)
        made = in_order(made, "timestamp", unique=True) or self.sort_by_2(made, "timestamp", "id")
        return self.of_market(made, market, since, limit)

    def parse_orders(
        self, orders: Any, market: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        made = (
            None
            if params
            else self.parsed(orders, self.order_table, self.parse_order, market, formulas.order)
        )
        if made is None:
            return super().parse_orders(orders, market, since, limit, params)
        made = in_order(made, "timestamp") or self.sort_by(made, "timestamp")
        return self.of_market(made, market, since, limit)

    def parse_tickers(self, tickers: Any, symbols: Any = None, params: Any = {}) -> Any:
        made = None
        if not params:
            made = self.parsed(tickers, self.ticker_table, self.parse_ticker, None, formulas.ticker)
        if made is None:
            return super().parse_tickers(tickers, symbols, params)
        return self.filter_by_array_tickers(made, "symbol", self.market_symbols(symbols))

    def parse_ohlcvs(
        self,
        ohlcvs: Any,
        market: Any = None,
        timeframe: str = "1m",
        since: Any = None,
        limit: Any = None,
        tail: Any = False,
    ) -> Any:
        made = self.parsed(ohlcvs, self.ohlcv_table, self.parse_ohlcv, market, formulas.none)
        if made is None:
            return super().parse_ohlcvs(ohlcvs, market, timeframe, since, limit, tail)
        made = in_order(made, 0) or self.sort_by(made, 0)
        return self.filter_by_since_limit(made, since, limit, 0, tail)

    def parse_balance(self, response: Any) -> Any:
        balances = self.balances() if self.parses_as_ever() else None
        made = None if balances is None else attempt(self.balance_of, response, balances)
        return super().parse_balance(response) if made is None else made

    def parse_order_book(
        self,
        orderbook: Any,
        symbol: Any,
        timestamp: Any = None,
        bidsKey: Any = "bids",
        asksKey: Any = "asks",
        priceKey: Any = 0,
        amountKey: Any = 1,
        countOrIdKey: Any = 2,
    ) -> Any:
        args = (symbol, timestamp, bidsKey, asksKey, priceKey, amountKey, countOrIdKey)
        made = self.fast_order_book(orderbook, *args)
        return super().parse_order_book(orderbook, *args) if made is None else made

    # -- how they do it -----------------------------------------------------------------------------

    def parses_as_ever(self) -> bool:
        """Whether the methods that parse are those of the venue's own class, and give floats."""
        return self.number is float and is_unchanged(self)

    def parsed(self, rows: Any, table_of: Any, parse: Any, market: Any, derive: Formulas) -> list[Any] | None:
        """`parse(row, market)` of each row; None if it has to be done one by one."""
        if type(rows) is not list or len(rows) < FEWEST_ROWS or not self.parses_as_ever():
            return None
        table = attempt(table_of, rows)
        return None if table is None else attempt(self.parse_table, rows, table, parse, market, derive)

    def parse_table(
        self, rows: list[Any], table: Table, parse: Any, market: Any, derive: Formulas
    ) -> list[Any] | None:
        if not are_of_one_type(rows):
            return None
        given = () if market is None else (market,)  # parse_tickers() names no market
        result: list[Any] = [None] * len(rows)
        done = 0
        for group in self.groups(rows, table, market, symbols=derive is formulas.ticker):
            if len(group.places) < FEWEST_ROWS // 4:
                continue
            probes = {place: parse(rows[place], *given) for place in (group.places[0], group.places[-1])}
            made = fill(rows, group, probes, derive)
            if made is None:
                continue
            done += len(made)
            if done == len(made) == len(rows):
                return made
            for place, structure in zip(group.places, made, strict=True):
                result[place] = structure
        if done < len(rows) // 2:
            return None
        if done < len(rows):
            for place, row in enumerate(rows):
                if result[place] is None:
                    result[place] = parse(row, *given)
        return result

    def groups(self, rows: list[Any], table: Table, market: Any, symbols: bool) -> Iterator[Group]:
        columns = {str(name): column.read(rows) for name, column in table.columns.items()}
        if "timestamp" in columns:
            columns["datetime"] = self.datetimes(columns["timestamp"])
        deciding: list[Sequence[Hashable]] = [
            c.kinds for c in columns.values() if not isinstance(c.kinds, str)
        ]
        for by in table.by:
            raw = cells(rows, by) if isinstance(by, (str, int)) else [by(self, row) for row in rows]
            types = set(map(type, raw))
            if len(types) > 1:
                deciding.append(list(zip(map(type, raw), raw, strict=True)))  # for 1 is equal to True
            elif len(set(raw)) > 1:
                deciding.append(raw)
        markets: dict[Any, Mapping[str, Any]] = {}
        ids: list[Any] = []
        if table.market is not None:
            ids = cells(rows, table.market)
            known = self.markets_by_id
            markets = {id: known[id][0] for id in set(ids) if type(id) is str and len(known.get(id, ())) == 1}
            if symbols:  # of each row; besides, all markets with the same traits are alike
                traits = {id: self.traits(of) for id, of in markets.items()}
                deciding.append([traits.get(id, ODD) for id in ids])
                names = [markets[id]["symbol"] if id in markets else None for id in ids]
                columns["symbol"] = Cells(names, PLAIN, ids)
            else:
                deciding.append([id if id in markets else ODD for id in ids])
        alike: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
        if not deciding:
            alike[()] = list(range(len(rows)))
        for place, key in enumerate(zip(*deciding, strict=True)):
            alike[key].append(place)
        for key, places in alike.items():
            if ODD not in key and not any(column.kind(places[0]) == ODD for column in columns.values()):
                of = markets[ids[places[0]]] if ids else market or {}
                yield Group(places, columns, of, self.mean_decimals(of))

    def traits(self, market: Mapping[str, Any]) -> Hashable:
        """What ccxt's calculations take from a market."""
        return market["precision"]["price"], market["contractSize"], market["inverse"]

    def mean_decimals(self, market: Mapping[str, Any]) -> int:
        step = self.safe_string(market.get("precision"), "price") if self.is_tick_precision() else None
        return 18 if step is None else self.precision_from_string(step)

    def datetimes(self, times: Cells) -> Cells:
        """iso8601() of each, called once a day of them."""
        minutes = {time // 60_000 for time in times.values if time is not None}
        dates = {day: self.iso8601(day * 86_400_000)[:11] for day in {minute // 1440 for minute in minutes}}
        heads = {minute: dates[minute // 1440] + MINUTES[minute % 1440] for minute in minutes}
        made = [
            time
            if time is None
            else heads[time // 60_000] + SECONDS[time // 1000 % 60] + MILLISECONDS[time % 1000]
            for time in times.values
        ]
        return Cells(made, times.kinds, made)

    def of_market(self, made: list[Any], market: Any, since: Any, limit: Any) -> Any:
        symbol = self.safe_string(market, "symbol")
        if {structure["symbol"] for structure in made} == {symbol}:
            symbol = None  # nothing to sort out
        return self.filter_by_symbol_since_limit(made, symbol, since, limit)

    def balance_of(self, response: Any, balances: Balances) -> Any:
        key = balances.rows
        rows = response if key is None else response[key]
        if len(rows) < FEWEST_ROWS or not are_of_one_type(rows):
            return None
        columns = {name: column.read(rows) for name, column in balances.amounts.items()}
        ids = Text(balances.currency).read(rows)
        if any(column.has(ODD, ABSENT) for column in (ids, *columns.values())):
            return None
        amounts = {name: column.values for name, column in columns.items()}
        amounts.update(formulas.balance(columns))
        codes = [self.code_of(id) for id in ids.values]
        answers = [[row] if key is None else {**response, key: [row]} for row in (rows[0], rows[-1])]
        first, last = (super(FastParsing, self).parse_balance(answer) for answer in answers)
        accounts = Filling(amounts, (), len(rows)).like(first[codes[0]])
        result: dict[str, Any] = {}
        for name, value in first.items():
            if name == codes[0]:
                result.update(zip(codes, accounts, strict=True))
            elif name in amounts:
                result[name] = dict(zip(codes, amounts[name], strict=True))
            elif name == "info" and value is answers[0]:
                result[name] = response
            elif value is None or type(value) in (str, int):
                result[name] = value
            else:
                return None
        if len(result) != len(first) - 1 + len(codes):  # a code twice, or one that is a name
            return None
        for expected, code in ((first, codes[0]), (last, codes[-1])):
            same = {
                name: {code: result[name][code]} if name in amounts else result[name] for name in expected
            }
            if not identical({**same, "info": None}, {**expected, "info": None}):
                return None
        return result

    def code_of(self, id: str) -> Any:
        known = self.currencies_by_id.get(id) if self.currencies_by_id else None
        return self.safe_currency_code(id) if known is None else known["code"]

    def fast_order_book(self, orderbook: Any, *args: Any) -> Any:
        """What parse_order_book() with these arguments gives, if all levels are plain; else None."""
        return attempt(self.order_book_of, orderbook, *args) if self.parses_as_ever() else None

    def order_book_of(
        self,
        orderbook: Any,
        symbol: Any,
        timestamp: Any = None,
        bids: Any = "bids",
        asks: Any = "asks",
        price: Any = 0,
        amount: Any = 1,
        count: Any = 2,
    ) -> Any:
        sides = {"bids": orderbook[bids], "asks": orderbook[asks]}
        if any(type(rows) is not list for rows in sides.values()):
            return None
        if max(map(len, sides.values())) < FEWEST_ROWS:
            return None
        top = {bids: sides["bids"][:1], asks: sides["asks"][:1]}
        book = super().parse_order_book(top, symbol, timestamp, bids, asks, price, amount, count)
        for side, rows in sides.items():
            prices, levels = parse_levels(rows, price, amount, count)
            if not identical(levels[:1], book[side]):
                return None
            falls = side == "bids"
            if sorted(prices, reverse=falls) != prices:
                levels = self.sort_by(levels, 0, falls)
            book[side] = levels
        return book


class Filling:
    """Makes structures like a template, with the columns filled in."""

    def __init__(self, columns: Mapping[str, list[Any]], zeros: Sequence[str], count: int) -> None:
        self.columns = columns
        self.zeros = zeros
        self.count = count
        self.made: dict[int, list[Any]] = {}  # what stands twice in the template stands twice in its likes

    def like(self, template: Any, path: str = "") -> list[Any]:
        made = self.made.get(id(template))
        if made is None:
            is_dict = isinstance(template, dict)
            parts = {
                key: self.part(value, f"{path}{key}")
                for key, value in (template.items() if is_dict else enumerate(template))
            }
            if not is_dict and parts and None not in parts.values():
                made = list(map(list, zip(*parts.values(), strict=True)))
            else:
                made = [template.copy() for _ in range(self.count)]
                for key, column in parts.items():
                    if column is not None:
                        for structure, value in zip(made, column, strict=True):
                            structure[key] = value
            self.made[id(template)] = made
        return made

    def part(self, value: Any, path: str) -> list[Any] | None:
        """The column at this place; None for a constant."""
        path = path.replace("fees.0.", "fee.")
        if path in self.columns:
            return self.columns[path]
        if type(value) in (dict, list):
            return self.like(value, path + ".")
        if value is None or type(value) in (str, bool) or (value == 0 and path in self.zeros):
            return None
        raise Unlike(f"{path} is {value!r} for reasons unknown")


def fill(rows: list[Any], group: Group, probes: Mapping[int, Any], derive: Formulas) -> list[Any] | None:
    """The structures of a group's rows; None if they cannot be told from the columns."""
    template = probes[group.places[0]]
    columns = {name: group.values(name) for name, kind in group.kinds.items() if kind not in (ABSENT, ZERO)}
    zeros = [name for name, kind in group.kinds.items() if kind == ZERO]
    if isinstance(template, dict):
        if template.get("info") is not rows[group.places[0]]:
            return None
        columns["info"] = group.pick(rows)
    try:
        columns.update(derive(group, template))
        made = Filling(columns, zeros, len(group.places)).like(template)
    except Unlike:
        return None
    return made if all(identical(probes[group.places[at]], made[at]) for at in (0, -1)) else None


def identical(one: Any, other: Any) -> bool:
    """Equal to the last bit and type, keys in the same order."""
    return marshal.dumps(one, 2) == marshal.dumps(other, 2)  # later formats depend on references


def parse_levels(
    rows: Sequence[Any], price: Any, amount: Any, count: Any
) -> tuple[list[float], list[list[Any]]]:
    """A side's prices and its levels."""
    size = len(rows)
    if not size:
        return [], []
    if isinstance(rows[0], dict):
        counted = isinstance(count, str) and any(count in row for row in rows)
    elif are_of_one_type(rows) and len(set(map(len, rows))) == 1:
        counted = len(rows[0]) > count
    else:
        raise Unlike("levels of several shapes")
    numbers = floats([*map(itemgetter(price), rows), *map(itemgetter(amount), rows)])
    if numbers is None:
        raise Unlike("a level that is not of plain decimals")
    columns: list[Sequence[Any]] = [numbers[:size], numbers[size:]]
    if counted:
        counts = [row[count] for row in rows]
        if set(map(type, counts)) != {int} or max(counts) > 2**53 or min(counts) < 0:
            raise Unlike("counts that are not plain")
        columns.append(counts)
    return numbers[:size], list(map(list, zip(*columns, strict=True)))


def in_order(structures: list[Any], key: str | int, unique: bool = False) -> list[Any] | None:
    """The structures sorted by `key`, if they come sorted or the other way round; else None."""
    values = [structure[key] for structure in structures]
    try:
        ordered = sorted(values)
    except TypeError:  # None among them
        return None
    if ordered == values and not (unique and len(set(values)) < len(values)):
        return structures
    if ordered == values[::-1] and len(set(values)) == len(values):
        return structures[::-1]
    return None


def are_of_one_type(rows: Any) -> bool:
    return type(rows) is list and type(rows[0]) in (dict, list) and len(set(map(type, rows))) == 1


def attempt(parse: Callable[..., Any], *args: Any) -> Any:
    """The result; None if it cannot be had, and then the inherited method raises what there is to raise."""
    try:
        return parse(*args)
    except Exception:
        return None


_unchanged: WeakKeyDictionary[type, tuple[bool, frozenset[str]]] = WeakKeyDictionary()


def is_unchanged(exchange: Any) -> bool:
    """Whether neither a subclass nor this very instance has put another method in a parser's place."""
    cls = type(exchange)
    if cls not in _unchanged:
        own = next(base for base in cls.__mro__ if base.__module__.startswith("ccxt_ext."))
        ours = [base for base in own.__mro__ if base.__module__.startswith("ccxt_ext.")]
        names = {name for base in ours if not issubclass(base, Exchange) for name in vars(base)}
        names = {name for name in names if not name.startswith("_") and callable(getattr(own, name))} | {
            *HELPERS
        }
        names |= {name for name in dir(own) if name.startswith(("parse", "safe_"))}
        same = all(getattr_static(cls, name, None) is getattr_static(own, name, None) for name in names)
        _unchanged[cls] = same, frozenset(names)
    same, watched = _unchanged[cls]
    return same and vars(exchange).keys().isdisjoint(watched)
