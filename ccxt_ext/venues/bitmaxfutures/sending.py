"""Orders on their way: their ids, and what is known of those that were sent. No I/O."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BaseError, DuplicateOrderId
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.requests import building
from ccxt_ext.venues.bitmaxfutures import accounts
from ccxt_ext.venues.bitmaxfutures.accounts import Account
from ccxt_ext.venues.bitmaxfutures.orderids import REST, demo_order_id, page_order_id

# By which an order is named in place of its id.
NAMING_PARAMS = ("clientOrderId", "orderTime", "orderSource")


@contextmanager
def placing(exchange: Exchange, client_ids: Sequence[str]) -> Iterator[None]:
    """Orders are sent: their client ids are for no others, unless these are known to be refused."""
    orders = accounts.state_of(exchange).orders
    taken = orders.claim(client_ids)
    if taken is not None:
        raise sent_before(exchange, taken)
    try:
        yield
    except BaseError as error:
        if not is_unknown(error):
            orders.release(client_ids)
        raise
    except BaseException:  # cancelled, perhaps before it was sent
        if not orders.have_left(client_ids):
            orders.release(client_ids)
        raise


def sent_before(exchange: Exchange, client_id: str) -> DuplicateOrderId:
    known = accounts.state_of(exchange).orders.order_id(client_id)
    id = "" if known is None else f" with the id {known}"
    return DuplicateOrderId(
        f"{exchange.id} an order{id} was sent with the clientOrderId {client_id} before; the venue would make"
        " another one of it"
    )


def note_leaving(exchange: Exchange, requests: Iterable[Mapping[str, Any]], source: str = REST) -> None:
    """These orders are being sent, with the time that they have now."""
    account = accounts.known_account(exchange)
    for request in requests:
        id = None if account is None else predicted_id(exchange, request, account, source)
        accounts.state_of(exchange).orders.leaves(str(request["id"]), id)


def note_order_id(exchange: Exchange, client_id: str, order_id: str) -> None:
    if not accounts.state_of(exchange).orders.told(client_id, order_id):
        # Not by the module warnings, which can be made to raise: this order is placed.
        exchange.logger.warning(
            f"{exchange.id} gave the order {client_id} the id {order_id}, and not the one that was expected:"
            " ids of orders are not computed any more before they are told"
        )


def orders_in(params: Any) -> list[Any]:
    """The new orders that a request carries."""
    listed = params.get("orders", [params])
    return [order for order in listed if isinstance(order, Mapping) and "orderQty" in order and "id" in order]


# -- ids of orders ----------------------------------------------------------------------------------


def is_given(id: Any) -> bool:
    return id is not None and bool(str(id).strip())


def given_id(exchange: Exchange, id: Any, params: Mapping[str, Any]) -> str:
    """The venue's id of an order, which may be given by its client order id."""
    client_id = params.get("clientOrderId")
    if client_id is None or is_given(id):
        return building.required_id(exchange, id, "cancelOrder() or fetchOrder")
    sent = accounts.state_of(exchange).orders
    found = sent.order_id(str(client_id))
    time = exchange.safe_integer(params, "orderTime")
    if found is None and time is not None and sent.predictable:
        account = accounts.known_account(exchange)
        source = exchange.safe_string(params, "orderSource", REST)
        found = page_order_id(str(client_id), time, account.uid if account else None, source)
    if found is None:
        help = "; its time as params.orderTime would help" if sent.predictable else ""
        raise ArgumentsRequired(
            f"{exchange.id} cannot tell the order's id from clientOrderId {client_id}: this process has not"
            f" sent it, or has no answer and cannot compute the id{help}"
        )
    return found


def known_order_ids(exchange: Exchange, client_ids: Iterable[str]) -> list[str]:
    found = (accounts.state_of(exchange).orders.order_id(id) for id in client_ids)
    return [id for id in found if id is not None]


def predicted_id(exchange: Exchange, request: Mapping[str, Any], account: Account, source: str) -> str | None:
    """The id that the order of a request will have."""
    client_id, time = str(request["id"]), int(request["time"])
    if exchange.options["orderIdAlgorithm"] == "demo":
        of = (account.futures, request["symbol"], request["side"])
        return demo_order_id(client_id, time, *of, source)
    return page_order_id(client_id, time, account.uid, source)
