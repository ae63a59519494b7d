"""Orders on their way: their ids, and what is known of those that were sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BaseError, DuplicateOrderId

from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.requests import building
from ccxt_ext.venues.bitmaxfutures.accounts import Account, AccountState
from ccxt_ext.venues.bitmaxfutures.market_data import MarketData
from ccxt_ext.venues.bitmaxfutures.orderids import REST, demo_order_id, page_order_id

# By which an order is named in place of its id.
NAMING_PARAMS = ("clientOrderId", "orderTime", "orderSource")


class Sending(MarketData):
    def account_state(self) -> AccountState:
        raise NotImplementedError

    def known_account(self) -> Account | None:
        raise NotImplementedError

    def is_given(self, id: Any) -> bool:
        return id is not None and bool(str(id).strip())

    def given_id(self, id: Any, params: Mapping[str, Any]) -> str:
        """The venue's id of an order, which may be given by its client order id."""
        client_id = params.get("clientOrderId")
        if client_id is None or self.is_given(id):
            return building.required_id(self, id, "cancelOrder() or fetchOrder")
        sent = self.account_state().orders
        found = sent.order_id(str(client_id))
        time = self.safe_integer(params, "orderTime")
        if found is None and time is not None and sent.predictable:
            account = self.known_account()
            source = self.safe_string(params, "orderSource", REST)
            found = page_order_id(str(client_id), time, account.uid if account else None, source)
        if found is None:
            help = "; its time as params.orderTime would help" if sent.predictable else ""
            raise ArgumentsRequired(
                f"{self.id} cannot tell the order's id from clientOrderId {client_id}: this process has not"
                f" sent it, or has no answer and cannot compute the id{help}"
            )
        return found

    def predicted_id(self, request: Mapping[str, Any], account: Account, source: str) -> str | None:
        """The id that the order of a request will have."""
        client_id, time = str(request["id"]), int(request["time"])
        if self.options["orderIdAlgorithm"] == "demo":
            of = (account.futures, request["symbol"], request["side"])
            return demo_order_id(client_id, time, *of, source)
        return page_order_id(client_id, time, account.uid, source)

    def note_leaving(self, requests: Iterable[Mapping[str, Any]], source: str = REST) -> None:
        """These orders are being sent, with the time that they have now."""
        account = self.known_account()
        for request in requests:
            id = None if account is None else self.predicted_id(request, account, source)
            self.account_state().orders.leaves(str(request["id"]), id)

    def note_order_id(self, client_id: str, order_id: str) -> None:
        if not self.account_state().orders.told(client_id, order_id):
            # Not by the module warnings, which can be made to raise: this order is placed.
            self.logger.warning(
                f"{self.id} gave the order {client_id} the id {order_id}, and not the one that was expected:"
                " ids of orders are not computed any more before they are told"
            )

    @contextmanager
    def placing(self, client_ids: Sequence[str]) -> Iterator[None]:
        """Orders are sent: their client ids are for no others, unless these are known to be refused."""
        orders = self.account_state().orders
        taken = orders.claim(client_ids)
        if taken is not None:
            raise self.sent_before(taken)
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

    def sent_before(self, client_id: str) -> DuplicateOrderId:
        known = self.account_state().orders.order_id(client_id)
        id = "" if known is None else f" with the id {known}"
        return DuplicateOrderId(
            f"{self.id} an order{id} was sent with the clientOrderId {client_id} before; the venue would make"
            " another one of it"
        )
