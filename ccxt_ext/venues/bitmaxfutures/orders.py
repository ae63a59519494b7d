"""Orders: what is sent for them, and what comes back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ccxt.base.errors import (
    ArgumentsRequired,
    BadRequest,
    BadResponse,
    BaseError,
    DuplicateOrderId,
    InvalidOrder,
    NotSupported,
    OperationFailed,
    OrderImmediatelyFillable,
    OrderNotFound,
)
from ccxt.base.precise import Precise

from ccxt_ext.base.errors import UNKNOWN
from ccxt_ext.venues.bitmaxfutures.accounts import Account, AccountState
from ccxt_ext.venues.bitmaxfutures.market_data import MarketData
from ccxt_ext.venues.bitmaxfutures.orderids import (
    REST,
    demo_order_id,
    is_client_id,
    new_client_id,
    page_order_id,
)

STATUSES = {
    "New": "open",
    "PartiallyFilled": "open",
    "PendingNew": "open",
    "Ready": "open",
    "Filled": "closed",
    "Canceled": "canceled",
    "Cancelled": "canceled",
    "Rejected": "rejected",
    "Reject": "rejected",
}

# (post-only, reduce-only) -> the name without a trigger and those with one
EXECUTIONS: dict[tuple[bool, bool], dict[str | None, str]] = {
    (False, False): {"last": "StopOnMarket", "mark": "StopOnMark", "index": "StopOnRef"},
    (True, False): {
        None: "Post",
        "last": "PostStopMarket",
        "mark": "PostStopMark",
        "index": "PostStopRef",
    },
    (False, True): {
        None: "ReduceOnly",
        "last": "ReduceOnlyMarket",
        "mark": "ReduceOnlyMark",
        "index": "ReduceOnlyRef",
    },
    (True, True): {
        None: "PostReduceOnly",
        "last": "PostReduceMarket",
        "mark": "PostReduceMark",
        "index": "PostReduceRef",
    },
}

# By which an order is named in place of its id.
NAMING_PARAMS = ("clientOrderId", "orderTime", "orderSource")

OFFERED = (
    "clientOrderId",
    "postOnly",
    "reduceOnly",
    "stopLoss",
    "stopLossPrice",
    "stopPrice",
    "takeProfit",
    "takeProfitPrice",
    "timeInForce",
    "triggerPrice",
)


class Orders(MarketData):
    def account_state(self) -> AccountState:
        raise NotImplementedError

    def known_account(self) -> Account | None:
        raise NotImplementedError

    # -- requests -----------------------------------------------------------------------------------

    def order_request(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        rest = self.refuse_order_params(params, allowed=OFFERED)
        wish = {name: rest.pop(name, None) for name in (*OFFERED, "triggerPriceType", "triggerDirection")}
        trigger = wish["triggerPrice"] if wish["triggerPrice"] is not None else wish["stopPrice"]
        exits = self.exit_prices(wish, rest)
        if exits and self.options["stopLossTakeProfit"] == "order":
            trigger = self.stop_of(wish, exits, trigger)
        amount_text, price_text = self.check_order(symbol, side, amount, price, type)
        reduce = bool(wish["reduceOnly"])
        request = {
            "id": self.client_id_of(wish, rest),
            "symbol": self.market(symbol)["id"],
            "orderQty": amount_text,
            "orderType": self.type_name(type, trigger is not None),
            "side": self.cased(side),
        }
        request.update(self.price_fields(price_text))
        if trigger is not None:
            self.positive(trigger, "triggerPrice")
            request["stopPrice"] = self.to_precision("price", symbol, trigger)
            self.check_limits(self.market(symbol), "price", request["stopPrice"])
        request.update(self.how(type, wish, trigger is not None, reduce))
        for name, value in exits.items():
            self.positive(value, name)
            request[name] = self.to_precision("price", symbol, value)
        kind = "stop" if trigger is not None else type
        request["respInst"] = self.options["respInst"][kind]
        return {**request, **rest}

    def new_client_order_id(self) -> str:
        return new_client_id()

    def client_id_of(self, wish: Mapping[str, Any], rest: Mapping[str, Any]) -> str:
        given = wish["clientOrderId"] if wish["clientOrderId"] is not None else rest.get("id")
        if given is None:
            return self.new_client_order_id()
        if not isinstance(given, str) or not is_client_id(given):
            raise InvalidOrder(
                f"{self.id} takes a clientOrderId of 2 to 32 letters, digits, - and _ that begins and ends"
                f" with a letter or digit, not {given!r}"
            )
        return given

    def type_name(self, type: str, triggered: bool) -> str:
        name = {"limit": "StopLimit", "market": "StopMarket"}[type] if triggered else type
        return name if triggered and self.options["orderTypeCase"] == "samples" else self.cased(name)

    def cased(self, word: str) -> str:
        case = self.options["orderTypeCase"]
        if case == "capitalised":
            return word[:1].upper() + word[1:]
        return word.lower()

    def price_fields(self, price: str | None) -> dict[str, str]:
        if price is None:
            return {}
        key = self.options["priceKey"]
        return dict.fromkeys(("orderPrice", "price") if key == "both" else (key,), price)

    def how(self, type: str, wish: Mapping[str, Any], triggered: bool, reduce: bool) -> dict[str, Any]:
        """Time in force, post-only, reduce-only and the price that triggers, in the venue's words."""
        given = wish["timeInForce"]
        in_force = None if given in (None, "") else str(given).upper()
        if in_force not in (None, "GTC", "IOC", "FOK", "PO"):
            raise NotSupported(f"{self.id} createOrder() does not support timeInForce={given!r}")
        post = bool(wish["postOnly"]) or in_force == "PO"
        if post and (type == "market" or in_force in ("IOC", "FOK")):
            raise InvalidOrder(f"{self.id} a post-only order cannot be {in_force or 'a market order'}")
        fields: dict[str, Any] = {}
        if in_force in ("IOC", "FOK"):
            # A market order is immediate or cancelled anyway.
            if triggered or (type == "market" and in_force == "FOK"):
                kind = "a stop order" if triggered else "a market order"
                raise NotSupported(
                    f"{self.id} createOrder() does not support timeInForce={given!r} on {kind}"
                )
            if type == "limit":
                fields["timeInForce"] = in_force
        elif in_force == "GTC" and type == "limit" and not triggered:
            fields["timeInForce"] = in_force
        by = self.trigger_source(wish["triggerPriceType"]) if triggered else None
        if wish["triggerDirection"] is not None:
            raise NotSupported(f"{self.id} createOrder() does not support triggerDirection")
        if triggered and by is None and (post or reduce):
            by = "last"
        if post and not triggered:
            fields["postOnly"] = True
        if (reduce or by is not None) and (triggered or reduce):
            fields["execInst"] = EXECUTIONS[post, reduce][by]
        if reduce and self.options["sendReduceOnlyFlag"]:
            fields["reduceOnly"] = True
        return fields

    def trigger_source(self, given: Any) -> str | None:
        source = given if given is not None else self.options["defaultTriggerBy"]
        if source not in (None, "last", "mark", "index"):
            raise NotSupported(f"{self.id} createOrder() does not support triggerPriceType={source!r}")
        return None if source is None else str(source)

    def exit_prices(self, wish: Mapping[str, Any], rest: Mapping[str, Any]) -> dict[str, Any]:
        """The prices at which the position is to end."""
        found = {}
        for attached, flat, name in (
            ("stopLoss", "stopLossPrice", "posStopLossPrice"),
            ("takeProfit", "takeProfitPrice", "posTakeProfitPrice"),
        ):
            price = wish[flat]
            if price is not None and wish["reduceOnly"] and self.options["stopLossTakeProfit"] == "position":
                # It would end at once what it is meant to protect.
                raise InvalidOrder(
                    f"{self.id} {flat} is the position's; for a stop order that closes it, give triggerPrice"
                )
            if wish[attached] is not None:
                price = self.attached_price(attached, wish[attached])
            if price is not None and name not in rest:
                found[name] = price
        return found

    def attached_price(self, name: str, wanted: Any) -> Any:
        if not isinstance(wanted, Mapping):
            return wanted
        extra = {key for key, value in wanted.items() if value is not None} - {"triggerPrice", "stopPrice"}
        told = {key: wanted[key] for key in extra}
        told = {
            key: value
            for key, value in told.items()
            if (key, value) not in (("type", "market"), ("triggerPriceType", "last"), ("priceType", "last"))
        }
        if told:
            raise NotSupported(f"{self.id} createOrder() does not support {name} with {', '.join(told)}")
        price = wanted.get("triggerPrice", wanted.get("stopPrice"))
        if price is None:
            raise ArgumentsRequired(f"{self.id} createOrder() requires {name}.triggerPrice")
        return price

    def stop_of(self, wish: dict[str, Any], exits: dict[str, Any], trigger: Any) -> Any:
        """What ccxt's flat stopLossPrice means elsewhere: a stop order that closes the position."""
        if wish["takeProfitPrice"] is not None:
            raise NotSupported(
                f"{self.id} createOrder() does not support takeProfitPrice as an order of its own"
            )
        if wish["stopLossPrice"] is None:
            return trigger
        if trigger is not None:
            raise InvalidOrder(f"{self.id} an order has a stopLossPrice or a triggerPrice, not both")
        wish["reduceOnly"] = True
        return exits.pop("posStopLossPrice")

    def stop_loss_params(self, price: Any, params: Mapping[str, Any]) -> dict[str, Any]:
        if price is None:
            raise ArgumentsRequired(f"{self.id} createStopLossOrder() requires a stopLossPrice")
        return {"triggerPrice": price, "reduceOnly": True, **params}

    def batch_request(self, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
        self.check_batch(orders, "createOrders")
        requests = []
        for order in orders:
            given = {**(order.get("params") or {}), "respInst": self.options["respInst"]["batch"]}
            symbol, type, side, amount, price = (
                order.get(name) for name in ("symbol", "type", "side", "amount", "price")
            )
            requests.append(self.order_request(str(symbol), type, side, amount, price, given))
        if len({request["id"] for request in requests}) < len(requests):
            raise InvalidOrder(f"{self.id} createOrders() needs a clientOrderId of its own for each order")
        return {"orders": requests, **params}

    def check_batch(self, orders: Any, method: str) -> None:
        most = self.options["batchLimit"]
        if not isinstance(orders, Sequence) or isinstance(orders, str) or not orders:
            raise ArgumentsRequired(f"{self.id} {method}() requires a list of orders")
        if len(orders) > most:
            # In parts it would not be all or nothing any more.
            raise BadRequest(f"{self.id} {method}() takes {most} orders at most, not {len(orders)}")

    def cancel_request(self, id: Any, symbol: str | None, params: Mapping[str, Any]) -> dict[str, Any]:
        if symbol is None:
            raise ArgumentsRequired(f"{self.id} cancelOrder() requires a symbol")
        market = self.market(symbol)
        request = {
            "orderId": self.given_id(id, params),
            "symbol": market["id"],
            "respInst": self.options["respInst"]["cancel"],
        }
        client_id = params.get("clientOrderId")
        if client_id is not None and not self.is_given(id):
            request["id"] = client_id
        return {**request, **self.omit(params, list(NAMING_PARAMS))}

    def cancel_item(self, id: Any, symbol: str | None) -> dict[str, Any]:
        """A request among others in a batch, with an id to tell it by."""
        return {
            "id": self.new_client_order_id(),
            **self.omit(self.cancel_request(id, symbol, {}), "respInst"),
        }

    # -- ids ----------------------------------------------------------------------------------------

    def is_given(self, id: Any) -> bool:
        return id is not None and bool(str(id).strip())

    def given_id(self, id: Any, params: Mapping[str, Any]) -> str:
        """The venue's id of an order, which may be given by its client order id."""
        client_id = params.get("clientOrderId")
        if client_id is None or self.is_given(id):
            return self.required_id(id, "cancelOrder() or fetchOrder")
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
            if getattr(error, "outcome", None) != UNKNOWN:
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

    # -- answers ------------------------------------------------------------------------------------

    def parse_order(self, order: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(order, "symbol"), market)
        kind = self.safe_string_lower(order, "orderType", "")
        filled = self.amount_of(order, "cumFilledQty", "fillQty", "cumQty")
        created = self.optional_moment(order, "time", "createTime", "sendingTime")
        touched = self.optional_moment(order, "lastExecTime")
        has_fills = filled is not None and Precise.string_gt(filled, "0")
        execution = self.safe_string(order, "execInst")
        post = None if execution is None else "Post" in execution and execution != "InternalPost"
        reduce = None if execution is None else "Reduce" in execution or execution.startswith("PosStop")
        id = self.required(order, "orderId")
        return self.safe_order(
            {
                "id": id,
                # The venue does not tell it.
                "clientOrderId": self.account_state().orders.client_id(id),
                "timestamp": created,
                "datetime": self.iso8601(created),
                "lastTradeTimestamp": touched if has_fills else None,
                "lastUpdateTimestamp": touched,
                "symbol": market["symbol"],
                "type": self.type_of(kind),
                "timeInForce": "PO" if post else None,
                "postOnly": post,
                "reduceOnly": reduce,
                "side": self.side_of(order, "side"),
                "price": self.unless_zero(self.number_text(order, "price")),
                "triggerPrice": self.unless_zero(self.number_text(order, "stopPrice")),
                "stopLossPrice": self.unless_zero(self.number_text(order, "posStopLossPrice")),
                "takeProfitPrice": self.unless_zero(self.number_text(order, "posTakeProfitPrice")),
                "amount": self.number_text(order, "orderQty"),
                "filled": filled,
                "remaining": None,
                "cost": None,
                "average": self.unless_zero(self.amount_of(order, "avgFilledPx", "avgFillPrice", "avgPx")),
                "status": self.status_of(order),
                "fee": self.order_fee(order),
                "trades": None,
                "info": order,
            },
            market,
        )

    def type_of(self, name: str) -> str | None:
        return {"stoplimit": "limit", "stopmarket": "market"}.get(name, name or None)

    def status_of(self, order: Mapping[str, Any]) -> str | None:
        """A mere acknowledgement, without a sequence number, has none that means anything."""
        if self.safe_string(order, "seqNum") == "-1":
            return None
        return STATUSES.get(self.safe_string(order, "status", ""))

    def order_fee(self, order: Mapping[str, Any]) -> Any:
        cost = self.number_text(order, "cumFee")
        if cost is None and "createTime" in order:
            # The long history has the sum under this name; on the sign, its documents differ.
            cost = Precise.string_abs(self.number_text(order, "fee"))
        if cost is None:
            return None
        asset = self.safe_string(order, "feeAsset")
        return {"cost": self.parse_number(cost), "currency": self.safe_currency_code(asset)}

    def parse_execution(self, order: Mapping[str, Any], market: Any) -> Any:
        parsed = self.parse_order(order, market)
        timestamp = self.moment(order, "lastExecTime")
        at_market = parsed["type"] == "market" and parsed["triggerPrice"] is None
        return self.safe_trade(
            {
                "id": parsed["id"],
                "order": parsed["id"],
                "symbol": parsed["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": parsed["type"],
                "side": parsed["side"],
                "takerOrMaker": "taker" if at_market else "maker" if parsed["postOnly"] else None,
                "price": self.amount_of(order, "avgFilledPx", "avgFillPrice", "avgPx"),
                "amount": self.amount_of(order, "cumFilledQty", "fillQty", "cumQty"),
                "cost": None,
                "fee": self.order_fee(order),
                "info": order,
            },
            market,
        )

    def executed(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The orders among these that have fills."""
        amounts = ((row, self.amount_of(row, "cumFilledQty", "fillQty", "cumQty")) for row in rows)
        return [row for row, amount in amounts if amount is not None and Precise.string_gt(amount, "0")]

    def parse_new_order(self, answer: Any, request: Mapping[str, Any], market: Any) -> Any:
        """What the answer does not say yet is what was asked for."""
        data = self.record(self.data_of(answer))
        row = data.get("order", data.get("info"))
        meta = self.inner(data, "meta")
        return self.new_order(self.record(row), request, market, self.safe_string(meta, "id"))

    def new_order(
        self, row: dict[str, Any], request: Mapping[str, Any], market: Any, client_id: str | None = None
    ) -> Any:
        order = self.parse_order(row, market)
        sent = self.safe_string(request, "id")
        if sent is not None:
            self.note_order_id(sent, order["id"])
        order["clientOrderId"] = client_id or self.safe_string(row, "id") or sent
        asked: dict[str, Any] = {
            "type": self.type_of(request["orderType"].lower()),
            "side": request["side"].lower(),
            "amount": self.parse_number(request["orderQty"]),
            "price": self.safe_number_2(request, "orderPrice", "price"),
            "triggerPrice": self.safe_number(request, "stopPrice"),
            "stopLossPrice": self.safe_number(request, "posStopLossPrice"),
            "takeProfitPrice": self.safe_number(request, "posTakeProfitPrice"),
            "timeInForce": self.safe_string(
                request, "timeInForce", "PO" if request.get("postOnly") else None
            ),
            "postOnly": "postOnly" in request or "Post" in request.get("execInst", ""),
            "reduceOnly": "Reduce" in request.get("execInst", ""),
        }
        if order["timestamp"] is None:
            timestamp = self.optional_moment(row, "timestamp")
            asked.update(timestamp=timestamp, datetime=self.iso8601(timestamp))
        order.update({name: value for name, value in asked.items() if order.get(name) is None})
        if order["status"] == "rejected" and self.options["raiseOnRejected"]:
            reason = self.safe_string(row, "errorCode", "")
            kind = OrderImmediatelyFillable if reason == "PostOnlyWouldTake" else InvalidOrder
            raise kind(f"{self.id} rejected the order: {reason}")
        return order

    def parse_batch(self, answer: Any, requests: Sequence[Mapping[str, Any]]) -> list[Any]:
        rows = self.rows(self.data_of(answer), "orders")
        if len(rows) != len(requests):
            raise BadResponse(f"{self.id} answered for {len(rows)} of {len(requests)} orders")
        by_client_id = {str(request["id"]): request for request in requests}
        orders = []
        for row, request in zip(rows, requests, strict=True):
            meant = by_client_id.get(self.safe_string(row, "id", ""), request)
            orders.append(self.new_order(row, meant, self.safe_market(meant["symbol"])))
        return orders

    def parse_cancel(self, answer: Any, market: Any) -> Any:
        data = self.record(self.data_of(answer))
        return self.parse_order(self.record(data.get("order", data.get("info"))), market)

    def check_gone(self, old: Mapping[str, Any], acknowledged: bool) -> None:
        """Refuse to replace an order that was filled, or of which only a request to cancel it is known."""
        if old["status"] == "closed":
            raise OrderNotFound(f"{self.id} {old['id']} was filled before it could be cancelled")
        if acknowledged and old["status"] == "open":
            raise OperationFailed(f"{self.id} {old['id']} is not cancelled yet: nothing was placed anew")

    def parse_canceled_batch(self, answer: Any, market: Any) -> list[Any]:
        """Each answer says that the request was accepted, and no more: the status is not known."""
        return [
            self.safe_order(
                {
                    "id": self.required(row, "orderId"),
                    "symbol": market["symbol"],
                    "info": row,
                },
                market,
            )
            for row in self.rows(self.data_of(answer), "orders")
        ]
