"""The entries of `features` for a venue with nothing beyond limit orders; it names what it has more."""

from typing import Any


def create_order(**able: Any) -> dict[str, Any]:
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
    return {"marginMode": False, "trigger": False, "trailing": False, "symbolRequired": False}


def order_list(limit: int | None, symbol_required: bool = False, **more: Any) -> dict[str, Any]:
    """Of a list of orders; `limit` is the longest page, if that is documented."""
    return {**fetch_order(), "limit": limit, "symbolRequired": symbol_required, **more}


def history(limit: int | None, symbol_required: bool = False, **more: Any) -> dict[str, Any]:
    """Of a list that goes back as far as the venue keeps it."""
    return order_list(limit, symbol_required, daysBack=None, untilDays=None, **more)


def trades(limit: int | None, symbol_required: bool = False) -> dict[str, Any]:
    return {
        "marginMode": False,
        "limit": limit,
        "daysBack": None,
        "untilDays": None,
        "symbolRequired": symbol_required,
    }
