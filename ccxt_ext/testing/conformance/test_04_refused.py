"""Chapter 4, of what is known to be wrong: it is refused before anything is sent."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.placing import some_order
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.wire import Answer, Request, call

Make = Callable[..., Offline]
Errors = type[Exception] | tuple[type[Exception], ...]

INVALID = (ccxt.ArgumentsRequired, ccxt.InvalidOrder)


class Orders:
    """A good order, and what comes of it with changes."""

    def __init__(self, offline: Make, profile: Profile, **config: Any) -> None:
        self.made = offline(self._answer, **config)
        exchange, self.symbol = self.made.exchange, self.made.symbol
        if profile.amount and profile.price:
            amount, price = profile.amount, profile.price
        else:
            amount, price = some_order(exchange, self.symbol)
        self.good = {
            "symbol": self.symbol,
            "type": "limit",
            "side": "buy",
            "amount": amount,
            "price": price,
            "params": {},
        }

    def _answer(self, request: Request) -> Answer:
        return Answer({}, 503)

    def wrong(self, expected: Errors, word: str = "", **changes: Any) -> str | None:
        """What is wrong with the refusal of an order with these changes; None if all is well."""
        self.made.wire.requests.clear()
        error: Exception | None = None
        try:
            call(self.made.exchange, "createOrder", *{**self.good, **changes}.values())
        except Exception as raised:
            error = raised
        if self.made.wire.requests:
            return f"{self.made.wire.requests[0].line} was sent"
        if not isinstance(error, expected):
            return f"the error is {error!r}"
        if word not in str(error):
            return f"the error does not speak of {word!r}: {error}"
        return None


def good_orders(offline: Make, profile: Profile) -> Orders:
    """Of which it is known that the order is sent if nothing is changed."""
    unchanged = Orders(offline, profile).wrong(ccxt.BaseError) or ""
    assert unchanged.endswith("was sent"), "a good order was not sent, so the case would show nothing"
    return Orders(offline, profile)


def check_refused(found: Mapping[str, str | None]) -> None:
    """All that is wrong at once, as one mistake often leads to many."""
    wrong = [f"createOrder with {what}: {why}" for what, why in found.items() if why]
    assert not wrong, "it is to be refused before anything is sent:\n" + "\n".join(wrong)


# As JSON, a command line or a calculation may hand them over.
NO_NUMBERS: tuple[Any, ...] = (
    *(math.nan, math.inf, -math.inf, 0, 0.0, -1, -0.5, True, False, "", "one", "nan", [], {}, "0", "-1"),
    *(1e70, 1e300, 10**70, "1e400", "1_0", " 1", "\u0661"),
)


@case("4.1", "What is no positive number is refused before sending", needs=("createOrder",), level="trades")
def no_number(offline: Make, profile: Profile) -> None:
    """As an amount or a price: NaN, infinity, zero, negative and boolean values, texts that are no numbers,
    and numbers that no venue means. The error is InvalidOrder and names the field."""
    orders = good_orders(offline, profile)
    check_refused(
        {
            f"{field} {value!r}": orders.wrong(ccxt.InvalidOrder, field, **{field: value})
            for field in ("amount", "price")
            for value in NO_NUMBERS
        }
    )


@case(
    "4.2", "An order that lacks something is refused before sending", needs=("createOrder",), level="trades"
)
def something_missing(offline: Make, profile: Profile) -> None:
    """No amount, no price for a limit order, no side or none of ccxt's, no market or an unknown one."""
    orders = good_orders(offline, profile)
    found = {
        "no amount": orders.wrong(INVALID, amount=None),
        "no price": orders.wrong(INVALID, "price", price=None),
    }
    for side in ("BUY!", "long", "", None, 1, True):
        found[f"side {side!r}"] = orders.wrong(ccxt.InvalidOrder, side=side)
    for symbol in ("NO/SUCH", "", "/", "../../x"):
        found[f"symbol {symbol!r}"] = orders.wrong(ccxt.BadSymbol, symbol=symbol)
    check_refused(found)


@case("4.3", "An order of another type is refused before sending", needs=("createOrder",), level="trades")
def another_type(offline: Make, profile: Profile) -> None:
    """Than limit, and market where `has` claims it: NotSupported or InvalidOrder."""
    orders = good_orders(offline, profile)
    able = orders.made.exchange.has.get("createMarketOrder")
    types = ("stop", "stop_limit", "trailing", "LIMIT?", "", None, *(() if able else ("market",)))
    check_refused(
        {f"type {each!r}": orders.wrong((ccxt.NotSupported, ccxt.InvalidOrder), type=each) for each in types}
    )


@case(
    "4.4",
    "An order beyond the market's limits is refused before sending",
    needs=("createOrder",),
    level="trades",
)
def beyond_limits(offline: Make, profile: Profile) -> None:
    """An amount below the least or above the most that `limits` tell, and a price or an amount of which
    nothing is left once it is rounded."""
    orders = good_orders(offline, profile)
    limits = orders.made.exchange.market(orders.symbol)["limits"].get("amount") or {}
    found = {
        "price 1e-18": orders.wrong(ccxt.InvalidOrder, price=1e-18),
        "amount 1e-18": orders.wrong(ccxt.InvalidOrder, amount=1e-18),
    }
    if limits.get("min"):
        found["half of the least amount"] = orders.wrong(ccxt.InvalidOrder, amount=limits["min"] / 2)
    if limits.get("max"):
        found["twice the largest amount"] = orders.wrong(ccxt.InvalidOrder, amount=limits["max"] * 2)
    check_refused(found)


@case(
    "4.5",
    "What the venue has nothing for is refused before sending",
    needs=("createOrder",),
    profile=("unsupported_order_params",),
    level="proven",
)
def unsupported(offline: Make, profile: Profile) -> None:
    """ccxt's unified parameters of orders that the profile names, and an order that is only a test: whoever
    asks for a stop, or to reduce only, never gets a plain order instead."""
    orders = good_orders(offline, profile)
    wishes = {**profile.unsupported_order_params, "test": True}
    check_refused(
        {
            f"{name} {value!r}": orders.wrong(ccxt.NotSupported, name, params={name: value})
            for name, value in wishes.items()
        }
    )


@case("4.6", "Without a credential nothing is sent", needs=("createOrder",), level="trades")
def without_credential(offline: Make, profile: Profile) -> None:
    """Each that `requiredCredentials` asks for, empty or None: AuthenticationError, and it is named."""
    needed = offline().exchange.requiredCredentials
    found = {}
    for name in (each for each, wanted in needed.items() if wanted):
        for empty in ("", None):
            orders = Orders(offline, profile, **{name: empty})
            found[f"{name} {empty!r}"] = orders.wrong(ccxt.AuthenticationError, name)
    assert found
    check_refused(found)


@case("4.7", "A method that needs a symbol says so", level="trades")
def symbol_required(offline: Make) -> None:
    """Where `features` tell `symbolRequired`: ArgumentsRequired, and nothing is sent."""
    made = offline()
    for method in ("fetchMyTrades", "fetchOpenOrders", "fetchClosedOrders", "fetchOrders"):
        exchange = made.exchange
        if exchange.has.get(method) and exchange.feature_value(made.symbol, method, "symbolRequired"):
            check_without(made, method, "symbol")


@case("4.8", "Without an order's id nothing is sent", level="trades")
def without_id(offline: Make) -> None:
    """ArgumentsRequired: without it, the endpoint may be another one, such as that which cancels all."""
    made = offline()
    for method in ("fetchOrder", "cancelOrder", "fetchOrderTrades"):
        for id in (None, "", " "):
            if made.exchange.has.get(method):
                check_without(made, method, "", id, made.symbol)


def check_without(made: Offline, method: str, word: str, *args: Any) -> None:
    where = f"{method}{args!r}"
    try:
        told = call(made.exchange, method, *args)
    except ccxt.ArgumentsRequired as error:
        assert word in str(error), f"{where}: the error does not speak of the {word}: {error}"
    except AssertionError as sent:
        raise AssertionError(f"{where}: it was not refused before sending, {sent}") from None
    else:
        raise AssertionError(f"{where}: no error, but {told!r}")
    assert made.wire.requests == [], f"{where}: {made.wire.requests[0].line} was sent"
