"""Calculates for many rows what ccxt's safe_trade(), safe_order() and safe_ticker() derive from other fields.

Numbers are integers, in units of 10 ** -18. ccxt's Precise is exact in sums and products, and cuts quotients
off after 18 decimals, so integers give the same digits. In cases that are not covered here, rows are parsed
one by one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ccxt_ext.venue.answers.tickers import nearest_prices
from ccxt_ext.venue.fast.columns import ABOVE, ABSENT, BELOW, DECIMALS, UNIT, ZERO, Cells, exact

__all__ = ["Formulas", "Group", "NotAlike", "Numbers", "quotients"]

#: Exact numbers, in units of 10 ** -18.
Numbers = list[int]
#: A function of a group and its template. It returns the fields that it has calculated, with their values.
Formulas = Callable[["Group", Mapping[str, Any]], Mapping[str, list[float]]]


class NotAlike(Exception):
    """Raised where rows are not what was expected, so that they are parsed one by one."""


class Group:
    """Rows that can be parsed together: in each column, all their cells are of the same kind."""

    def __init__(
        self, places: Sequence[int], columns: Mapping[str, Cells], market: Mapping[str, Any], decimals: int
    ) -> None:  # internal
        #: which of the list's rows these are
        self.places = places
        #: the columns by name, with the cells of all rows, not only of the group's
        self.columns = columns
        self.kinds = {name: column.kind(places[0]) for name, column in columns.items()}
        self.decimals = decimals  # how many ccxt gives the mean of two prices
        #: whether the group's market has inverse contracts
        self.inverse = market.get("inverse") is True
        step = market.get("precision", {}).get("price")
        self.step = None if step is None else exact([step])[0]  # the step of prices
        size = market.get("contractSize")
        #: the size of a contract, as an exact number
        self.contract = UNIT if size is None else exact([size])[0]
        self._exact: dict[str, Numbers] = {}
        self._added: dict[str, list[float]] = {}

    def add(self, name: str, numbers: Numbers) -> None:
        """Add a calculated column. All its numbers have to have the same sign."""
        kinds = {ABOVE if number > 0 else BELOW if number else ZERO for number in numbers}
        if len(kinds) > 1:
            raise NotAlike("a calculated column of several signs")
        self.kinds[name] = kinds.pop()
        self._exact[name] = numbers
        self._added[name] = as_floats(numbers)

    def drop(self, name: str) -> None:
        """Leave a column out of the structures."""
        self.kinds[name] = ABSENT

    def pick(self, column: list[Any]) -> list[Any]:
        """The cells of the group's rows."""
        return column if len(self.places) == len(column) else [column[place] for place in self.places]

    def values(self, name: str) -> list[Any]:
        """A column's values in the group's rows."""
        return self._added[name] if name in self._added else self.pick(self.columns[name].values)

    def kind(self, name: str) -> str:
        """The kind of a column's cells; `ABSENT` if there is no such column."""
        return self.kinds.get(name, ABSENT)

    def get(self, name: str, zero: bool = True) -> Numbers | None:
        """A column's numbers, or None if it is absent. With `zero=False`, zeros count as absent."""
        kind = self.kind(name)
        if kind in (ABOVE, BELOW):
            if name not in self._exact:
                self._exact[name] = self.columns[name].exact(self.pick)
            return self._exact[name]
        return [0] * len(self.places) if kind == ZERO and zero else None

    def has(self, name: str, zero: bool = True) -> bool:
        """Whether a column has numbers. With `zero=False`, zeros count as absent."""
        return self.kind(name) in ((ABOVE, BELOW, ZERO) if zero else (ABOVE, BELOW))

    def pairs(self, one: str, other: str) -> Iterator[tuple[int, int]]:
        """The numbers of two columns, row by row."""
        return zip(self.get(one) or [], self.get(other) or [], strict=True)

    def sizes(self, amount: Numbers) -> Numbers:
        """Amounts of contracts, in the currency of the contract size."""
        if self.contract == UNIT:
            return amount
        sizes = [divmod(a * self.contract, UNIT) for a in amount]
        if any(rest for _, rest in sizes):
            raise NotAlike("more decimals than are calculated with")
        return [size for size, _ in sizes]

    def cost(self, amount: Numbers, price: Numbers) -> list[float]:
        """What amounts at prices cost, as ccxt calculates it for the market's kind of contract."""
        if self.inverse:
            return as_floats(quotients([a * self.contract for a in amount], price))
        if self.contract == UNIT:
            return as_floats([a * p for a, p in zip(amount, price, strict=True)], UNIT**2)
        return as_floats([a * p * self.contract for a, p in zip(amount, price, strict=True)], UNIT**3)


def quotient(a: int, b: int) -> int:
    """a / b, rounded towards zero."""
    return a // b if (a < 0) == (b < 0) else -(-a // b)


def quotients(tops: Numbers, bottoms: Numbers) -> Numbers:
    """Each number of `tops` divided by that of `bottoms`, rounded towards zero, as ccxt does it."""
    if min(tops) >= 0 and min(bottoms) > 0:
        return [a // b for a, b in zip(tops, bottoms, strict=True)]
    return [quotient(a, b) for a, b in zip(tops, bottoms, strict=True)]


def as_floats(column: list[int], unit: int = UNIT) -> list[float]:
    """The numbers as floats, each rounded only once."""
    return [number / unit for number in column]


def trade(rows: Group, template: Mapping[str, Any]) -> dict[str, list[float]]:
    if rows.kind("cost") != ABSENT or rows.inverse:
        return {}
    amount, price = rows.get("amount"), rows.get("price")
    return {} if amount is None or price is None else {"cost": rows.cost(amount, price)}


def order(rows: Group, template: Mapping[str, Any]) -> dict[str, list[float]]:
    made: dict[str, list[float]] = {}
    sized, left = rows.has("amount", zero=False), rows.has("remaining")
    filled = rows.get("filled")
    if filled is None:
        if sized and left:
            filled = [a - b for a, b in rows.pairs("amount", "remaining")]
            if min(filled) <= 0 < max(filled):
                raise NotAlike("an average price for some of these orders only")
            made["filled"] = as_floats(filled)
    elif not sized and left:
        made["amount"] = as_floats([a + b for a, b in rows.pairs("filled", "remaining")])
    elif sized and not left:
        made["remaining"] = as_floats([a - b for a, b in rows.pairs("amount", "filled")])
    average, cost = rows.get("average", zero=False), rows.get("cost")
    if average is None and cost is not None and filled is not None and min(filled) > 0:
        contracts = [a * rows.contract for a in filled]
        if rows.inverse:
            average = quotients(contracts, cost)
        else:
            average = quotients([number * UNIT**2 for number in cost], contracts)
        made["average"] = as_floats(average)
    at = rows.get("price", zero=False) if average is None else average
    # If an order has fills, its cost does not follow from its limit price: see safe_order() in venue.py.
    if cost is None and filled is not None and at is not None and template["cost"] is not None:
        made["cost"] = rows.cost(filled, at)
    if average is not None and template["type"] == "market" and not rows.has("price", zero=False):
        made["price"] = as_floats(average)
    return made


def ticker(rows: Group, template: Mapping[str, Any]) -> dict[str, list[float]]:
    made: dict[str, list[float]] = {}
    base, quote = rows.get("baseVolume", zero=False), rows.get("quoteVolume", zero=False)
    if rows.kind("vwap") == ABSENT and base is not None and quote is not None:
        made["vwap"] = as_floats(quotients([number * UNIT for number in quote], base))
    opening, close = rows.get("open", zero=False), rows.get("close", zero=False)
    change, percentage = rows.get("change", zero=False), rows.get("percentage", zero=False)
    if close is None or rows.kind("change") == ZERO:
        return made
    made["last"] = rows.values("close")
    if opening is None:
        if change is not None:
            opening = [c - d for c, d in zip(close, change, strict=True)]
        elif percentage is not None:
            shares = [UNIT + quotient(p, 100) for p in percentage]
            opening = quotients([number * UNIT for number in close], shares)
        else:
            return made
        if min(opening) <= 0:
            raise NotAlike("an opening price that is not above zero")
        opening = nearest_prices(
            opening, rows.step, rows.get("low", zero=False), rows.get("high", zero=False)
        )
        made["open"] = as_floats(opening)
    if min(opening) <= 0:
        raise NotAlike("an opening price that is not above zero")
    if change is None:
        change = [c - o for c, o in zip(close, opening, strict=True)]
        made["change"] = as_floats(change)
    if percentage is None:
        made["percentage"] = [
            quotient(d * UNIT, o) * 100 / UNIT for d, o in zip(change, opening, strict=True)
        ]
    if rows.kind("average") in (ABSENT, ZERO):
        if min(close) <= 0 or not 0 <= rows.decimals <= DECIMALS:
            raise NotAlike("an average that is cut off in another way")
        sums = [o + c for o, c in zip(opening, close, strict=True)]
        unit = 2 * 10 ** (DECIMALS - rows.decimals)
        made["average"] = as_floats([s // unit for s in sums], 10**rows.decimals)
    return made


def balance(columns: Mapping[str, Cells]) -> dict[str, list[float]]:
    amounts = {name: column.exact() for name, column in columns.items()} if len(columns) == 2 else {}
    free, used, total = (amounts.get(name) for name in ("free", "used", "total"))
    if free and used:
        return {"total": as_floats([a + b for a, b in zip(free, used, strict=True)])}
    if total and used:
        return {"free": as_floats([a - b for a, b in zip(total, used, strict=True)])}
    if total and free:
        return {"used": as_floats([a - b for a, b in zip(total, free, strict=True)])}
    return {}


def none(rows: Group, template: Mapping[str, Any]) -> dict[str, list[float]]:
    return {}
