"""Entries of `features` for a venue that has limit orders and nothing more. A venue adds what it has."""

from typing import Any

__all__ = ["create_order", "fetch_order", "history", "order_list", "trades"]


def create_order(**able: Any) -> dict[str, Any]:
    """The entry of createOrder: nothing but limit orders, and what is given."""
    return {
        "marginMode": False,
        "triggerPrice": False,
        "triggerPriceType": None,
        "triggerDirection": False,
        "stopLossPrice": False,
        "takeProfitPrice": False,
        "attachedStopLossTakeProfit": None,
        "timeInForce": {"IOC": False, "FOK": False, "PO": False, "GTD": False},
        "hedged": False,
        "trailing": False,
        "leverage": False,
        "marketBuyByCost": False,
        "marketBuyRequiresPrice": False,
        "selfTradePrevention": False,
        "iceberg": False,
        **able,
    }


def fetch_order() -> dict[str, Any]:
    """The entry of fetchOrder, for a venue that finds any order by its id alone."""
    return {"marginMode": False, "trigger": False, "trailing": False, "symbolRequired": False}


def order_list(limit: int | None, symbol_required: bool = False, **more: Any) -> dict[str, Any]:
    """The entry of a list of orders. `limit` is the size of the longest page, if it is documented."""
    return {**fetch_order(), "limit": limit, "symbolRequired": symbol_required, **more}


def history(limit: int | None, symbol_required: bool = False, **more: Any) -> dict[str, Any]:
    """The entry of a list that goes back as far as the venue keeps it."""
    return order_list(limit, symbol_required, daysBack=None, untilDays=None, **more)


def trades(limit: int | None, symbol_required: bool = False) -> dict[str, Any]:
    """The entry of fetchMyTrades. `limit` is the size of the longest page, if it is documented."""
    return {
        "marginMode": False,
        "limit": limit,
        "daysBack": None,
        "untilDays": None,
        "symbolRequired": symbol_required,
    }
