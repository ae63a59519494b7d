"""Chapter 5, of requests whose answer is lost: nobody knows whether they were carried out, and the error
says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ccxt

import ccxt_ext
from ccxt_ext.testing.conformance.cases import ALL, case
from ccxt_ext.testing.conformance.desk import Desk, Doors
from ccxt_ext.testing.conformance.lost import LOST, TOO_MANY, cut, instead
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.raising import raised
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.wire import Answer, Request, finished
from ccxt_ext.venue.venue import Venue

MakeDesk = Callable[..., Desk]
Make = Callable[..., Offline]


def check_unknown(where: str, error: Any) -> tuple[Any, Any]:
    """The `order_id` and `client_order_id` of an error that a program can tell from a refusal."""
    outcome = getattr(error, "outcome", None)
    assert outcome == "unknown", (
        f"{where}: the error has outcome {outcome!r}, not 'unknown': "
        f"a bot would take the request for refused. {type(error).__name__}: {error}"
    )
    for name in ("order_id", "client_order_id"):
        assert hasattr(error, name), f"{where}: the error has no {name}: {error}"
    return error.order_id, error.client_order_id


@case(
    "5.5",
    "An order whose answer is lost is of unknown outcome, and is not sent again",
    needs=("createOrder",),
    kinds=ALL,
    frontend=True,
    level="trades",
)
def lost_order(desk: MakeDesk, doors: Doors) -> None:
    """The venue has it, once, whatever `maxRetriesOnFailure` says. The error has `outcome = 'unknown'`,
    `order_id`, and, where the venue has taken one, the `client_order_id` by which it can be looked up."""
    for name, (happens, expected) in LOST.items():
        where = f"createOrder, answered by {name}"
        made = desk(options={"maxRetriesOnFailure": 3, "maxRetriesOnFailureDelay": 0})
        made.spoil = happens
        error = raised_by(where, expected, made, "createOrder")
        assert len(made.orders) == 1, f"{where}: there are {len(made.orders)} orders"
        assert len(made.sent_to(doors.place)) == 1, f"{where}: it was sent again"
        check_unknown(where, error)
        client_id = made.orders[0].client_id
        assert client_id is None or error.client_order_id == client_id, (
            f"{where}: the error tells client_order_id {error.client_order_id!r}, but {client_id!r} was sent"
        )


def raised_by(where: str, expected: Any, made: Desk, method: str, *args: Any) -> Any:
    if method == "createOrder":
        args = (made.symbol, "limit", "buy", made.amount, made.price)
    return raised(where, expected, made.exchange, method, *args)


@case(
    "5.6",
    "A cancel whose answer is lost is of unknown outcome",
    needs=("createOrder", "cancelOrder"),
    kinds=ALL,
    frontend=True,
    level="trades",
)
def lost_cancel(desk: MakeDesk) -> None:
    """It tells the `order_id`, so that the caller can look, and cancel again what is open."""
    for name, (happens, expected) in LOST.items():
        where = f"cancelOrder, answered by {name}"
        made = desk()
        id = made.place()["id"]
        made.spoil = happens
        error = raised_by(where, expected, made, "cancelOrder", id, made.symbol)
        assert made.orders[0].status == "canceled", f"{where}: the venue was not asked"
        check_unknown(where, error)
        assert error.order_id == id, f"{where}: the error tells order_id {error.order_id!r}, not {id!r}"


@case(
    "5.7",
    "A clear refusal is not of unknown outcome",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="trades",
)
def clear_refusal(desk: MakeDesk, doors: Doors) -> None:
    """An order or a cancel that the venue turned away with too many requests was not carried out: the error
    has no `outcome`, and an order is not sent again."""
    made = desk(options={"maxRetriesOnFailure": 3, "maxRetriesOnFailureDelay": 0})
    made.instead = doors.place, instead(TOO_MANY)
    error = raised_by("createOrder, refused with 429", ccxt.RateLimitExceeded, made, "createOrder")
    assert not hasattr(error, "outcome"), f"createOrder, refused with 429: outcome {error.outcome!r}"
    assert len(made.sent_to(doors.place)) == 1, "createOrder, refused with 429: it was sent again"
    made = desk()
    id = made.place()["id"]
    made.instead = doors.cancel, instead(TOO_MANY)
    where = "cancelOrder, refused with 429"
    error = raised_by(where, ccxt.RateLimitExceeded, made, "cancelOrder", id, made.symbol)
    assert not hasattr(error, "outcome"), f"{where}: outcome {error.outcome!r}"


@case(
    "5.8",
    "A cancel may be repeated, and knows what came of it",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="trades",
)
def repeated_cancel(desk: MakeDesk, doors: Doors) -> None:
    """As often as `maxRetriesOnFailure` says. Once nobody knows what came of a try, a refusal of another one
    does not make it known; the venue's word that the order is gone does."""
    options = {"maxRetriesOnFailure": 2, "maxRetriesOnFailureDelay": 0}
    made = desk(options=options)
    id = made.place()["id"]
    made.instead = doors.cancel, cut
    where = "cancelOrder, cut each time"
    error = raised_by(where, ccxt.NetworkError, made, "cancelOrder", id, made.symbol)
    sent = len(made.sent_to(doors.cancel))
    assert sent == 3, f"{where}: it was sent {sent} times, where two more tries were asked for"
    check_unknown(where, error)

    made = desk(options=options)
    id = made.place()["id"]
    answers = [cut, instead(TOO_MANY), instead(TOO_MANY)]
    made.instead = doors.cancel, lambda answer: answers.pop(0)(answer)
    where = "cancelOrder, cut and then refused with 429"
    check_unknown(where, raised_by(where, ccxt.NetworkError, made, "cancelOrder", id, made.symbol))

    made = desk(options=options)
    id = made.place()["id"]
    made.spoil = cut
    where = "cancelOrder, cut once it was carried out, and sent again"
    try:
        made("cancelOrder", id, made.symbol)
    except ccxt.OrderNotFound as gone:
        assert not hasattr(gone, "outcome"), f"{where}: outcome {vars(gone)['outcome']!r}"
    assert made.orders[0].status == "canceled"


@case(
    "5.11",
    "A failure inside the venue leaves the outcome unknown, in the venue's own words too",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="trades",
)
def failure_inside(desk: MakeDesk) -> None:
    """What the venue answers where others have status 500, by its frontend's `error()`: with that status, or
    as a venue does whose status is always 200. The order or the cancel was carried out. The error is one of
    ccxt's NetworkErrors, such as ExchangeNotAvailable: a refusal would say that nothing was done."""
    for method in ("createOrder", "cancelOrder"):
        made = desk(options={"maxRetriesOnFailure": 0})
        args = (made.place()["id"], made.symbol) if method == "cancelOrder" else ()
        told = made.bench.frontend.error(500, "Internal error")
        answer = Answer(told.body.decode(), told.status, told.headers.get("Content-Type", ""))
        made.spoil = instead(answer)
        where = f"{method}, answered {answer.status} {answer.text[:200]}"
        error = raised_by(where, ccxt.BaseError, made, method, *args)
        check_unknown(where, error)
        assert isinstance(error, ccxt.NetworkError), f"{where}: a NetworkError was expected, not {error!r}"


@case(
    "5.12",
    "What became of an order whose answer is lost is found out",
    needs=("createOrder",),
    kinds=ALL,
    frontend=True,
    level="trades",
)
def settled_order(desk: MakeDesk, doors: Doors) -> None:
    """By `settle()`, for a class that is built from `ccxt_ext.venue`: it gives the order that the venue has,
    open or filled, and None if it has none. One that is sent again, as its id is honoured once, is there
    once. `options["settle"]` may say how long that takes; here, it takes no time."""
    for fate in ("open", "filled", "absent"):
        made = desk(options={"settle": {"takenFor": 0, "listedAfter": 0}})
        if not isinstance(made.exchange, Venue):
            return
        price = crossing(made) if fate == "filled" else made.price
        if price is None:
            continue
        where = f"settle(), of an order that is {fate}"
        if fate == "absent":
            made.instead = doors.place, cut
        else:
            made.spoil = cut
        order = (made.symbol, "limit", "buy", made.amount, price)
        error = raised(where, ccxt.NetworkError, made.exchange, "createOrder", *order)
        made.spoil = made.instead = None
        found = settled(made, error)
        assert len(made.orders) <= 1, f"{where}: there are {len(made.orders)} orders"
        names = [name for order in made.orders for name in made.names(order)]
        told = None if found is None else found["id"]
        assert (told is None) == (not names) and (not names or told in names), (
            f"{where}: the venue has {names}, and it gave {told}"
        )
        if fate == "filled":
            assert found["status"] in ("closed", None), f"{where}: its status is {found['status']!r}"


def crossing(desk: Desk) -> float | None:
    """A price at which a buy is filled at once, if the venue tells what is offered."""
    if not desk.exchange.has.get("fetchOrderBook"):
        return None
    asks = desk("fetchOrderBook", desk.symbol)["asks"]
    return float(desk.exchange.price_to_precision(desk.symbol, asks[0][0] * 1.01)) if asks else None


def settled(desk: Desk, error: Any) -> Any:
    home = ccxt_ext if desk.exchange.synchronous else ccxt_ext.async_support
    return finished(desk.exchange, home.settle(desk.exchange, error, timeout_ms=2_000))


# -- by documented calls ------------------------------------------------------------------------------------

CANCELS = ("cancelOrder", "cancelOrders", "cancelAllOrders", "cancelOrderWithClientOrderId")
SETTINGS = ("setLeverage", "setMarginMode", "closePosition", "closeAllPositions")


def lost(profile: Profile, offline: Make, method: str, happens: Any) -> tuple[Any, list[Request]]:
    """The error of a call none of whose own requests is answered, and these requests."""
    made = offline(lambda request: happens(None))
    error = raised(method, ccxt.BaseError, made.exchange, method, *profile.calls[method])
    return error, [request for request in made.wire.requests if profile.backdrop(request) is None]


@case(
    "5.9",
    "Every documented cancel whose answer is lost tells which orders it was about",
    profile=("calls",),
    level="proven",
)
def documented_cancels(profile: Profile, offline: Make, fresh: Callable[..., Any]) -> None:
    """By the venue's ids, or by the caller's own; what a single cancel may tell is `order_id` or
    `client_order_id`."""
    able = fresh().has
    for method in CANCELS:
        if method not in profile.calls or able.get(method) == "emulated":
            continue  # what is emulated begins by looking what there is
        for name, (happens, expected) in LOST.items():
            where = f"{method}, answered by {name}"
            error, sent = lost(profile, offline, method, happens)
            assert isinstance(error, expected), f"{where}: {error!r}"
            assert len(sent) == 1 or method == "cancelAllOrders", f"{where}: sent {len(sent)} times"
            told = check_unknown(where, error)
            first = profile.calls[method][0]
            if method == "cancelOrderWithClientOrderId":
                assert told[0] and told[1] == first, f"{where}: {told}"
                continue
            ids = {"cancelOrder": [first], "cancelOrders": first, "cancelAllOrders": []}[method]
            assert told == (ids[0] if len(ids) == 1 else None, None), f"{where}: {told}"


@case(
    "5.10",
    "Every documented change whose answer is lost is of unknown outcome",
    profile=("calls",),
    level="proven",
)
def documented_changes(profile: Profile, offline: Make) -> None:
    """Of leverage, the mode of margin, and positions that are closed: they may be asked for again."""
    for method in SETTINGS:
        if method not in profile.calls:
            continue
        for name, (happens, expected) in LOST.items():
            where = f"{method}, answered by {name}"
            error, _ = lost(profile, offline, method, happens)
            assert isinstance(error, expected), f"{where}: {error!r}"
            assert check_unknown(where, error) == (None, None), where
