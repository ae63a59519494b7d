"""Orders: what is sent for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import (
    ArgumentsRequired,
    BadRequest,
    InvalidOrder,
    NotSupported,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.calls.unified import sent
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.bitmaxfutures.metadata import UNDERSTANDS
from ccxt_ext.venues.bitmaxfutures.orderids import is_client_id, new_client_id
from ccxt_ext.venues.bitmaxfutures.sending import NAMING_PARAMS, Sending

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


class OrderRequests(Sending):
    def order_request(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        rest = dict(params)
        wish = {name: rest.pop(name, None) for name in UNDERSTANDS["createOrder"]}
        trigger = wish["triggerPrice"] if wish["triggerPrice"] is not None else wish["stopPrice"]
        if self.options["stopLossTakeProfit"] == "order":
            trigger = self.closing_trigger(wish, trigger)
        exits = self.exit_prices(wish, rest)
        amount_text, price_text = checks.check_order(self, symbol, side, amount, price, type)
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
            checks.positive(self, trigger, "triggerPrice")
            request["stopPrice"] = checks.to_precision(self, "price", symbol, trigger)
            checks.check_limits(self, self.market(symbol), "price", request["stopPrice"])
        request.update(self.how(type, wish, trigger is not None, reduce))
        for name, value in exits.items():
            checks.positive(self, value, name)
            request[name] = checks.to_precision(self, "price", symbol, value)
        request["respInst"] = self.options["respInst"][self.response_kind(request, type)]
        return {**request, **rest}

    def response_kind(self, request: Mapping[str, Any], type: str) -> str:
        if "stopPrice" in request:
            return "stop"
        # It is over at once, and only an answer that waits for that can tell how.
        return "immediate" if request.get("timeInForce") in ("IOC", "FOK") else type

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
            price = wish.get(flat)
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

    def closing_trigger(self, wish: dict[str, Any], trigger: Any) -> Any:
        """What ccxt's flat stopLossPrice means: a stop order that closes the position."""
        price = wish.pop("stopLossPrice")
        if wish["takeProfitPrice"] is not None:
            raise NotSupported(
                f"{self.id} createOrder() does not support takeProfitPrice as an order of its own: orders are"
                " triggered on the side that loses"
            )
        if price is None:
            return trigger
        if trigger is not None:
            raise InvalidOrder(f"{self.id} an order has a stopLossPrice or a triggerPrice, not both")
        if wish["reduceOnly"] is False:
            raise InvalidOrder(f"{self.id} an order with a stopLossPrice closes a position: it is reduceOnly")
        wish["reduceOnly"] = True
        return price

    # -- what would be triggered at once ------------------------------------------------------------

    def trigger_source_of(self, request: Mapping[str, Any]) -> str:
        """By which price an order is triggered."""
        execution = request.get("execInst", "")
        if execution.endswith("Mark"):
            return "markPrice"
        return "indexPrice" if execution.endswith("Ref") else "close"

    def check_trigger(self, request: Mapping[str, Any], price: str | None) -> None:
        """Refuse an order that waits for a price which is there already: it would trade now."""
        trigger, buys = request["stopPrice"], request["side"].lower() == "buy"
        if price is None:
            return
        there = Precise.string_ge(price, trigger) if buys else Precise.string_le(price, trigger)
        if there:
            raise InvalidOrder(
                f"{self.id} a {request['side']} order with the trigger price {trigger} would be triggered at"
                f" once, as the price is {price} (options['createOrder']['immediateTrigger'] allows it)"
            )

    def stop_loss_params(self, price: Any, params: Mapping[str, Any]) -> dict[str, Any]:
        if price is None:
            raise ArgumentsRequired(f"{self.id} createStopLossOrder() requires a stopLossPrice")
        return {"triggerPrice": price, **params, "reduceOnly": True}

    def batch_request(self, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
        self.check_batch(orders, "createOrders")
        requests = []
        for order in orders:
            given = {**(order.get("params") or {}), "respInst": self.options["respInst"]["batch"]}
            symbol, type, side, amount, price = (
                order.get(name) for name in ("symbol", "type", "side", "amount", "price")
            )
            requests.append(sent(self.id, self.order_request(str(symbol), type, side, amount, price, given)))
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
