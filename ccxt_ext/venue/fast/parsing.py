"""Faster parse_* methods, for venues that declare which column of their rows holds what.

ccxt parses a list row by row, which takes 10 to 40 microseconds for each row. Here, rows that are alike are
parsed together: they have the same columns, of the same kinds, and the same values in those columns that
decide about the rest. The first and the last row of such a group are parsed by the ordinary method. The first
result is the template: the others are copies of it, with the values of the declared columns filled in.

So the structure's keys, their order and its constants are always those of the installed ccxt and of the
venue's own parse_* method. Anything unexpected is left to the inherited method: odd values, numbers in the
template that no declaration explains, a subclass with methods of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.fast import conditions, formulas
from ccxt_ext.venue.fast.columns import ODD, PLAIN, Cells, Column, Key, Text, Time, amount, cells, inner_rows
from ccxt_ext.venue.fast.conditions import FEWEST_ROWS, are_of_one_type, result_or_none
from ccxt_ext.venue.fast.filling import fill
from ccxt_ext.venue.fast.formulas import Formulas, Group

__all__ = ["Table", "Tables", "candles"]

MINUTES = [f"{hour:02d}:{minute:02d}:" for hour in range(24) for minute in range(60)]
SECONDS = [f"{second:02d}." for second in range(60)]
MILLISECONDS = [f"{millisecond:03d}Z" for millisecond in range(1000)]


@dataclass(frozen=True)
class Table:
    """Declares which column of a list's rows holds what.

    - `columns`: by field of the structure that the venue's parse_* method passes to ccxt's safe_* method
      (`fee.cost` for a field inside another), by index for candles, or by a name that only `derive` uses.
    - `by`: the columns, or functions of (exchange, row), that decide about anything else in the structure,
      such as an order's status. Rows with different values there are parsed in different groups.
    - `market`: the column with the market's id, if rows have one.
    - `derive`: calculates what the venue's own method calculates, from a group of rows and its template.
    - `inside`: the key under which rows have all these columns, if they are nested.
    """

    columns: Mapping[str | int, Column]
    by: Sequence[Key | Callable[[Any, Any], Hashable]] = ()
    market: Key | None = None
    derive: Formulas | None = None
    inside: str | None = None


def candles(time: Time, *keys: Key, inside: str | None = None) -> Table:
    """The table of candles: their time, then the keys of open, high, low, close and volume."""
    columns: dict[str | int, Column] = {place: amount(key) for place, key in enumerate(keys, 1)}
    return Table({0: time, **columns}, inside=inside)


class Tables:
    """The table for the rows of a list. Venues override its methods. None has rows parsed one by one."""

    def trades(self, exchange: Exchange, rows: Sequence[Any]) -> Table | None:
        """The table for rows of trades."""
        return None

    def orders(self, exchange: Exchange, rows: Sequence[Any]) -> Table | None:
        """The table for rows of orders."""
        return None

    def tickers(self, exchange: Exchange, rows: Sequence[Any]) -> Table | None:
        """The table for rows of tickers."""
        return None

    def ohlcvs(self, exchange: Exchange, rows: Sequence[Any]) -> Table | None:
        """The table for rows of candles."""
        return None


def trades(exchange: Exchange, rows: Any, market: Any) -> list[Any] | None:
    """The trades of these rows, in ccxt's order; None if they have to be parsed one by one."""
    made = parse_rows(exchange, rows, exchange.tables.trades, exchange.parse_trade, market, formulas.trade)
    if made is None:
        return None
    return in_order(made, "timestamp", unique=True) or exchange.sort_by_2(made, "timestamp", "id")


def orders(exchange: Exchange, rows: Any, market: Any) -> list[Any] | None:
    """The orders of these rows, in ccxt's order; None if they have to be parsed one by one."""
    made = parse_rows(exchange, rows, exchange.tables.orders, exchange.parse_order, market, formulas.order)
    return None if made is None else in_order(made, "timestamp") or exchange.sort_by(made, "timestamp")


def tickers(exchange: Exchange, rows: Any) -> list[Any] | None:
    """The tickers of these rows; None if they have to be parsed one by one."""
    return parse_rows(exchange, rows, exchange.tables.tickers, exchange.parse_ticker, None, formulas.ticker)


def ohlcvs(exchange: Exchange, rows: Any, market: Any) -> list[Any] | None:
    """The candles of these rows, in ccxt's order; None if they have to be parsed one by one."""
    made = parse_rows(exchange, rows, exchange.tables.ohlcvs, exchange.parse_ohlcv, market, formulas.none)
    return None if made is None else in_order(made, 0) or exchange.sort_by(made, 0)


def in_order(structures: list[Any], key: str | int, unique: bool = False) -> list[Any] | None:
    """The structures sorted by `key`, if they came in that order or in its reverse; else None."""
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


def parse_rows(
    exchange: Exchange, rows: Any, table_of: Any, parse: Any, market: Any, derive: Formulas
) -> list[Any] | None:
    """`parse(row, market)` of each row; None if it has to be done one by one."""
    if type(rows) is not list or len(rows) < FEWEST_ROWS or not conditions.uses_own_parsers(exchange):
        return None
    table = result_or_none(table_of, exchange, rows)
    return (
        None if table is None else result_or_none(parse_table, exchange, rows, table, parse, market, derive)
    )


def parse_table(
    exchange: Exchange, rows: list[Any], table: Table, parse: Any, market: Any, derive: Formulas
) -> list[Any] | None:
    if not are_of_one_type(rows):
        return None
    given = () if market is None else (market,)  # parse_tickers() does not know the market
    steps = (derive,) if table.derive is None else (table.derive, derive)
    result: list[Any] = [None] * len(rows)
    done = 0
    for group in groups(exchange, rows, table, market, symbols=derive is formulas.ticker):
        if len(group.places) < FEWEST_ROWS // 4:
            continue
        probes = {place: parse(rows[place], *given) for place in (group.places[0], group.places[-1])}
        made = fill(rows, group, probes, steps)
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


def groups(exchange: Exchange, rows: list[Any], table: Table, market: Any, symbols: bool) -> Iterator[Group]:
    """The groups of rows that can be parsed together. Rows with odd cells are in none of them.

    With `symbols`, a group may have rows of several markets.
    """
    read = rows if table.inside is None else inner_rows(rows, table.inside)
    columns = {str(name): column.read(read) for name, column in table.columns.items()}
    if "timestamp" in columns:
        columns["datetime"] = datetimes(exchange, columns["timestamp"])
    deciding: list[Sequence[Hashable]] = [c.kinds for c in columns.values() if not isinstance(c.kinds, str)]
    for by in table.by:
        raw = [by(exchange, row) for row in rows] if callable(by) else cells(rows, by)
        types = set(map(type, raw))
        if len(types) > 1:
            deciding.append(list(zip(map(type, raw), raw, strict=True)))  # with types, as 1 == True
        elif len(set(raw)) > 1:
            deciding.append(raw)
    markets: dict[Any, Mapping[str, Any]] = {}
    ids: list[Any] = []
    if table.market is not None:
        ids = Text(table.market).read(rows).values
        known = exchange.markets_by_id
        markets = {id: known[id][0] for id in set(ids) if len(known.get(id, ())) == 1}
        if not any(ids):  # no row has one
            ids = []
        elif symbols:  # the symbol is a column; besides it, markets with the same traits are alike
            traits = {id: traits_of(exchange, of) for id, of in markets.items()}
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
            yield Group(places, columns, of, mean_decimals(exchange, of))


def traits_of(exchange: Exchange, market: Mapping[str, Any]) -> Hashable:
    """What ccxt's calculations use of a market."""
    return market["precision"]["price"], market["contractSize"], market["inverse"], market["linear"]


def mean_decimals(exchange: Exchange, market: Mapping[str, Any]) -> int:
    """How many decimals ccxt gives the mean of two prices."""
    step = exchange.safe_string(market.get("precision"), "price") if exchange.is_tick_precision() else None
    return 18 if step is None else exchange.precision_from_string(step)


def datetimes(exchange: Exchange, times: Cells) -> Cells:
    """The result of iso8601() for each time, which is called only once for each day."""
    known = [time for time in times.values if time is not None] if None in times.values else times.values
    minutes = {time // 60_000 for time in known}
    dates = {day: exchange.iso8601(day * 86_400_000)[:11] for day in {minute // 1440 for minute in minutes}}
    heads = {minute: dates[minute // 1440] + MINUTES[minute % 1440] for minute in minutes}
    made: list[Any] = [
        heads[time // 60_000] + SECONDS[time // 1000 % 60] + MILLISECONDS[time % 1000] for time in known
    ]
    if known is not times.values:
        rest = iter(made)
        made = [None if time is None else next(rest) for time in times.values]
    return Cells(made, times.kinds, made)


def only_of_market(exchange: Exchange, made: list[Any], market: Any, since: Any, limit: Any) -> Any:
    """The structures of a market, filtered by `since` and `limit`."""
    symbol = exchange.safe_string(market, "symbol")
    if {structure["symbol"] for structure in made} == {symbol}:
        symbol = None  # all are of this market
    return exchange.filter_by_symbol_since_limit(made, symbol, since, limit)
