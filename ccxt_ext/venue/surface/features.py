"""Entries of `features` for a venue that has limit orders and nothing more. A venue adds what it has."""

from collections.abc import Mapping
from typing import Any

__all__ = ["Sources", "closed_orders", "create_order", "fetch_order", "history", "order_list", "trades"]

#: By "last", "mark" and "index": whether that price may trigger an order. None, if no price can.
Sources = Mapping[str, bool] | None


def create_order(
    *,
    marginMode: bool = False,
    triggerPrice: bool = False,
    triggerPriceType: Sources = None,
    triggerDirection: bool = False,
    stopLossPrice: bool = False,
    takeProfitPrice: bool = False,
    attachedStopLossTakeProfit: Mapping[str, Any] | None = None,
    timeInForce: Mapping[str, bool] | None = None,
    hedged: bool = False,
    trailing: bool = False,
    leverage: bool = False,
    marketBuyByCost: bool = False,
    marketBuyRequiresPrice: bool = False,
    selfTradePrevention: bool = False,
    iceberg: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """The entry of createOrder: nothing but limit orders, and what is given.

    `timeInForce` needs name only what the venue has: `{"IOC": True, "PO": True}`, where `"PO"` is post-only.
    `triggerPriceType` is `{"last": True, "mark": False, "index": False}`, and
    `attachedStopLossTakeProfit` has such a `triggerPriceType` and a `price`. `marketBuyByCost` says that a
    market buy may tell what it is to cost, `marketBuyRequiresPrice` that it has to, or to give a price.
    """
    return {
        "marginMode": marginMode,
        "triggerPrice": triggerPrice,
        "triggerPriceType": triggerPriceType,
        "triggerDirection": triggerDirection,
        "stopLossPrice": stopLossPrice,
        "takeProfitPrice": takeProfitPrice,
        "attachedStopLossTakeProfit": attachedStopLossTakeProfit,
        "timeInForce": {"IOC": False, "FOK": False, "PO": False, "GTD": False, **(timeInForce or {})},
        "hedged": hedged,
        "trailing": trailing,
        "leverage": leverage,
        "marketBuyByCost": marketBuyByCost,
        "marketBuyRequiresPrice": marketBuyRequiresPrice,
        "selfTradePrevention": selfTradePrevention,
        "iceberg": iceberg,
        **more,
    }


def fetch_order() -> dict[str, Any]:
    """The entry of fetchOrder, for a venue that finds any order by its id alone."""
    return {"marginMode": False, "trigger": False, "trailing": False, "symbolRequired": False}


def order_list(limit: int | None, symbol_required: bool = False, **more: Any) -> dict[str, Any]:
    """The entry of a list of open orders. `limit` is the size of the longest page, if it is documented.

    `more` replaces what stands there: `marginMode`, `trigger` and `trailing`, which are False.
    """
    return {**fetch_order(), "limit": limit, "symbolRequired": symbol_required, **more}


def history(limit: int | None, symbol_required: bool = False, **more: Any) -> dict[str, Any]:
    """The entry of a list that goes back as far as the venue keeps it, such as fetchOrders.

    `more` replaces what stands there: `daysBack`, how many days it goes back, and `untilDays`, how many days
    one call may span, are None, which is "no limit is known"; and the three of `order_list()`.
    """
    return order_list(limit, symbol_required, **{"daysBack": None, "untilDays": None, **more})


def closed_orders(limit: int | None, symbol_required: bool = False, **more: Any) -> dict[str, Any]:
    """The entry of fetchClosedOrders: a `history()` that has `daysBackCanceled` too, which is None."""
    return history(limit, symbol_required, **{"daysBackCanceled": None, **more})


def trades(limit: int | None, symbol_required: bool = False) -> dict[str, Any]:
    """The entry of fetchMyTrades. `limit` is the size of the longest page, if it is documented."""
    return {
        "marginMode": False,
        "limit": limit,
        "daysBack": None,
        "untilDays": None,
        "symbolRequired": symbol_required,
    }
