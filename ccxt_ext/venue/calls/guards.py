"""Checks and tidies the arguments of unified methods, before the methods themselves see them.

After that, `since` and `limit` are integers, an order's type and side are in lower case, and `params` has
nothing that the method does not understand (see unified.py).
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.calls.arguments import integer_argument
from ccxt_ext.venue.calls.market_choice import check_markets, chosen_symbols, type_word
from ccxt_ext.venue.calls.unified import CHOOSING, declared_params, read_params
from ccxt_ext.venue.settling.tracking import tracked

PREFIXES = (
    "add_",
    "cancel_",
    "close_",
    "create_",
    "edit_",
    "fetch_",
    "reduce_",
    "set_",
    "sign_in",
    "transfer",
    "un_watch_",
    "watch_",
    "withdraw",
)
_HAS = frozenset(name.lower() for name in Exchange.describe(Exchange)["has"])

# The arguments that may need work.
NUMBERS = ("since", "limit")
WORDS = ("type", "side")
OTHERS = ("params", "tag", "orders")
# The values that WORDS have in most calls. They need no work.
COMMON_WORDS = (None, "limit", "market", "buy", "sell")
SYMBOLS = ("symbol", "symbols", "symbolsAndTimeframes", "orders")


def guard_methods(kind: type) -> type:
    """Wrap each unified method that the class itself defines, sync or async."""
    for name, method in list(vars(kind).items()):
        if inspect.isfunction(method) and is_unified(name, method):
            setattr(kind, name, guarded(tracked(method, camel_case(name), names_of(method))))
    return kind


def is_unified(name: str, method: Any) -> bool:
    """Whether it is a unified method of ccxt's, not a helper with a similar name."""
    if not name.startswith(PREFIXES) or name.endswith("_params") or "params" not in names_of(method):
        return False
    return hasattr(Exchange, name) or name.replace("_", "") in _HAS


def names_of(method: Any) -> tuple[str, ...]:
    """The names of a method's arguments, without `self`."""
    code = inspect.unwrap(method).__code__
    return code.co_varnames[1 : code.co_argcount]


def camel_case(name: str) -> str:
    """A method's name as it stands in `has`."""
    first, *words = name.split("_")
    return first + "".join("OHLCV" if word == "ohlcv" else word[:1].upper() + word[1:] for word in words)


def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, with a guard that checks its arguments first."""
    guard = Guard(camel_case(method.__name__), names_of(method))

    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def wrapper(self: Any, *args: Any, **named: Any) -> Any:
            if guard.needs_no_work(args, named):
                return await method(self, *args, **named)
            given = guard.by_name(args, named)
            if guard.chooses(given):
                await self.load_markets()
            return await method(self, **guard.tidied(self, given))
    else:

        @functools.wraps(method)
        def wrapper(self: Any, *args: Any, **named: Any) -> Any:
            if guard.needs_no_work(args, named):
                return method(self, *args, **named)
            given = guard.by_name(args, named)
            if guard.chooses(given):
                self.load_markets()
            return method(self, **guard.tidied(self, given))

    wrapper.guard = guard  # type: ignore[attr-defined]
    return wrapper


class Guard:
    """Checks and tidies the arguments of one method."""

    def __init__(self, method: str, names: tuple[str, ...]) -> None:
        self.method = method
        self.names = names
        self.numbers, self.words, self.others = (
            tuple(names.index(name) for name in kind if name in names) for kind in (NUMBERS, WORDS, OTHERS)
        )
        self.watched = frozenset((*NUMBERS, *WORDS, *OTHERS))

    def needs_no_work(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
        """Whether the arguments are fine as they are. They are in most calls, so this has to be fast."""
        if named and not self.watched.isdisjoint(named):
            return False
        count = len(args)
        for place in self.words:
            if place < count and args[place] not in COMMON_WORDS:
                return False
        for place in self.others:
            if place < count and args[place]:
                return False
        for place in self.numbers:
            if place < count:
                value = args[place]
                if value is not None and (type(value) is not int or value < 0):
                    return False
        return True

    def by_name(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
        given = dict(zip(self.names, args, strict=False))
        if len(args) > len(self.names) or given.keys() & named.keys():
            raise TypeError(f"{self.method}() takes {', '.join(self.names)}")
        return {**given, **named}

    def chooses(self, given: Mapping[str, Any]) -> bool:
        """Whether the call chooses markets by type, so that the markets have to be loaded."""
        if not any(name in self.names for name in SYMBOLS):
            return False
        orders = given.get("orders") or ()
        all_params = [
            given.get("params"),
            *(each.get("params") for each in orders if isinstance(each, Mapping)),
        ]
        return any(isinstance(params, Mapping) and CHOOSING & params.keys() for params in all_params)

    def tidied(self, venue: Any, given: dict[str, Any]) -> dict[str, Any]:
        for name in NUMBERS:
            if name in given:
                given[name] = integer_argument(venue.id, name, given[name])
        for name in WORDS:
            if isinstance(given.get(name), str):
                given[name] = given[name].lower()
        if isinstance(given.get("tag"), Mapping):  # newer releases of ccxt have `params` in its place
            given["params"] = {**given.pop("tag"), **given.get("params", {})}
        if "orders" in given:
            given["orders"] = self.tidied_orders(venue, given["orders"])
        if given.get("params"):
            given["params"] = self.understood(venue, self.method, given["params"], given)
        return given

    def tidied_orders(self, venue: Any, orders: Any) -> Any:
        """The orders of a list, each treated as if it were placed alone."""
        if not isinstance(orders, (list, tuple)) or not all(isinstance(order, Mapping) for order in orders):
            return orders
        tidied = []
        for order in orders:
            order = dict(order)
            for name in WORDS:
                if isinstance(order.get(name), str):
                    order[name] = order[name].lower()
            if order.get("params"):
                order["params"] = self.understood(venue, "createOrder", order["params"], order)
            tidied.append(order)
        return tidied

    def understood(self, venue: Any, method: str, params: Any, given: dict[str, Any]) -> dict[str, Any]:
        """The parameters that the method reads. Those that choose markets are resolved to symbols."""
        reads, anyway = declared_params(venue.__class__, method)
        rest = read_params(venue, method, params, reads, anyway)
        if not CHOOSING & rest.keys():
            return rest
        type_, subtype = (
            type_word(venue, method, name, rest.pop(name, None)) for name in ("type", "subType")
        )
        symbols = list(named_symbols(given))
        if symbols:
            check_markets(venue, method, type_, subtype, symbols)
            return rest
        for name, value in (("type", type_), ("subType", subtype)):
            if value is not None and name in reads:
                rest[name] = value
        left = (None if "type" in reads else type_), (None if "subType" in reads | anyway else subtype)
        if left != (None, None):
            chosen = chosen_symbols(venue, method, *left, can_name="symbols" in self.names)
            if chosen is not None:
                given["symbols"] = chosen
        return rest


def named_symbols(given: Mapping[str, Any]) -> Iterator[str]:
    """The symbols that a call names. The method itself refuses what cannot be a symbol."""
    found = [given.get("symbol")]
    for name in ("symbols", "symbolsAndTimeframes", "orders"):
        listed = given.get(name)
        if not isinstance(listed, (list, tuple)):
            continue
        for each in listed:
            if isinstance(each, (list, tuple)):
                each = each[0] if each else None
            found.append(each.get("symbol") if isinstance(each, Mapping) else each)
    yield from (symbol for symbol in found if isinstance(symbol, str))
