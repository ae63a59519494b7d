"""BitexAsia's listings, the checks of an order's fields, and the texts in which it tells orders."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from ccxt_ext.sandbox.engine import Level, Market, MarketSpec, Order
from ccxt_ext.sandbox.engine.exact import multiply
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Refusal, decimal_text

FEE = Decimal("0.001")
STEP = Decimal("0.00000001")
LARGEST_SIZE = Decimal(1_000_000_000)
AVERAGE_STEP = Decimal("1e-8")
_WIDE = Context(prec=200)

FUNDS: dict[str, Decimal] = {
    "BTC": Decimal(500),
    "ETH": Decimal(5_000),
    "SOL": Decimal(100_000),
    "DOGE": Decimal(20_000_000),
    "USD": Decimal(20_000_000),
    "USDT": Decimal(5_000_000),
}
# Nothing can be done with these; they are there to be told.
MARGIN_FUNDS = {"USD": Decimal(2_500)}
EARN_FUNDS = {"USDT": Decimal(1_200)}


class Declined(Refusal):
    """The venue says no, with one of its codes."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, message)
        self.code = code


@dataclass(frozen=True)
class Listing:
    pair: str
    tick_size: str
    min_size: str
    start_price: str
    typical_amount: str
    supply: int  # of the base currency, for its market cap
    status: str = "online"

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.pair.partition("-")
        return base, quote

    @property
    def decimals(self) -> int:
        """Of its prices."""
        return len(self.tick_size.partition(".")[2])

    def spec(self) -> MarketSpec:
        base, quote = self.currencies
        return MarketSpec(
            id=self.pair,
            base=base,
            quote=quote,
            tick=Decimal(self.tick_size),
            step=STEP,
            min_amount=Decimal(self.min_size),
            max_amount=LARGEST_SIZE,
            maker_fee=FEE,
            taker_fee=FEE,
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.status == "online",
        )

    def describe(self) -> dict[str, str]:
        base, quote = self.currencies
        return {
            "pair": self.pair,
            "base": base,
            "quote": quote,
            "status": self.status,
            "tick_size": self.tick_size,
            "min_size": self.min_size,
        }


LISTINGS = (
    Listing("BTC-USD", "0.01", "0.0001", "63000.00", "0.08", 19_700_000),
    Listing("ETH-USD", "0.01", "0.001", "3120.00", "1.2", 120_000_000),
    Listing("SOL-USDT", "0.01", "0.01", "145.50", "20", 460_000_000),
    Listing("ETH-BTC", "0.00001", "0.001", "0.04950", "1.5", 120_000_000),
    Listing("DOGE-USDT", "0.00001", "10", "0.14200", "8000", 144_000_000_000, "halted"),
)


# Orders as they come

FIELDS = ("pair", "side", "type", "price", "size", "stop_price", "time_in_force", "client_order_id")
NUMBERS = {"price": "INVALID_PRICE", "size": "INVALID_SIZE", "stop_price": "INVALID_PRICE"}
CHOICES = {
    "side": ("buy", "sell"),
    "type": ("limit", "market", "stop"),
    "time_in_force": ("GTC", "IOC", "FOK"),
}
CLIENT_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def order_fields(body: bytes) -> dict[str, str]:
    """The fields of an order request, each for itself as it has to be."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise invalid_request("The body is not JSON") from None
    if not isinstance(fields, dict):
        raise invalid_request("The body is not a JSON object")
    for name, value in fields.items():
        if name not in FIELDS:
            raise invalid_request(f"Unknown field {name}")
        if not isinstance(value, str):
            raise invalid_request(f"Field {name} must be a string")
    for name in ("pair", "side", "type", "size"):
        if name not in fields:
            raise invalid_request(f"Field {name} is missing")
    for name, choices in CHOICES.items():
        if name in fields and fields[name] not in choices:
            raise invalid_request(f"Field {name} must be one of {', '.join(choices)}")
    for name in NUMBERS:
        if name in fields and not PLAIN_DECIMAL.fullmatch(fields[name]):
            raise invalid_request(f"Field {name} must be a decimal number")
    if "client_order_id" in fields and not CLIENT_ORDER_ID.fullmatch(fields["client_order_id"]):
        raise invalid_request("Field client_order_id must be 1 to 36 of A-Z a-z 0-9 _ -")
    _check_kind(fields)
    return fields


def _check_kind(fields: dict[str, str]) -> None:
    kind = fields["type"]
    if kind == "limit" and "price" not in fields:
        raise invalid_order("Limit orders need a price")
    if kind == "market" and "price" in fields:
        raise invalid_order("Market orders have no price")
    if kind == "stop" and "stop_price" not in fields:
        raise invalid_order("Stop orders need a stop_price")
    if kind != "stop" and "stop_price" in fields:
        raise invalid_order("Only stop orders have a stop_price")
    for name, code in NUMBERS.items():
        if name in fields and Decimal(fields[name]) <= 0:
            raise Declined(400, code, f"Field {name} must be positive")


def content(fields: dict[str, str]) -> tuple[Any, ...]:
    """What an order says, however its numbers are written."""
    values: list[Any] = []
    for name in FIELDS[:-1]:
        text = fields.get(name, "GTC" if name == "time_in_force" else None)
        values.append(Decimal(text).normalize(_WIDE) if text is not None and name in NUMBERS else text)
    return tuple(values)


def invalid_request(message: str) -> Declined:
    return Declined(400, "INVALID_REQUEST", message)


def invalid_order(message: str) -> Declined:
    return Declined(400, "INVALID_ORDER", message)


# Reasons of the engine
REFUSALS = {
    "bad_price": ("INVALID_PRICE", "Price is not valid"),
    "price_precision": ("INVALID_PRICE", "Price is not a multiple of the tick size"),
    "bad_trigger": ("INVALID_PRICE", "Stop price is not a multiple of the tick size"),
    "bad_amount": ("INVALID_SIZE", "Size is not valid"),
    "too_small": ("INVALID_SIZE", "Size is below the minimum order size"),
    "too_large": ("INVALID_SIZE", "Size is above the maximum order size"),
    "amount_precision": ("INVALID_SIZE", "Size has more than 8 decimals"),
    "market_closed": ("MARKET_CLOSED", "Pair is halted"),
    "no_price": ("INVALID_ORDER", "There is nobody to trade with"),
}


# Answers


def order_row(order: Order, name: str, time_in_force: str | None, decimals: int) -> dict[str, Any]:
    # The document calls this field nullable and then allows text only, so without an id it is left out.
    client_id = {} if order.client_id is None else {"client_order_id": order.client_id}
    return {
        "id": name,
        **client_id,
        "pair": order.market,
        "side": order.side,
        "type": order.type if order.trigger_price is None else "stop",
        "status": order_status(order),
        "price": None if order.price is None else decimal_text(order.price),
        "size": decimal_text(order.amount),
        "filled_size": decimal_text(order.filled),
        "remaining_size": decimal_text(order.remaining),
        "avg_fill_price": None if order.average is None else average_text(order, decimals),
        "stop_price": None if order.trigger_price is None else decimal_text(order.trigger_price),
        "time_in_force": time_in_force,
        "created_at": order.created,
    }


def order_status(order: Order) -> str:
    if order.status == "open":
        return "partially_filled" if order.filled else "open"
    if order.status == "closed":
        return "filled"
    return "rejected" if order.reason == "insufficient_funds" and not order.filled else "cancelled"


def average_text(order: Order, decimals: int) -> str:
    assert order.average is not None
    rounded = order.average.quantize(AVERAGE_STEP, ROUND_HALF_EVEN, _WIDE)
    return decimal_text(rounded, decimals)


def ticker_row(market: Market, listing: Listing, now: int) -> dict[str, Any]:
    ticker = market.ticker()
    decimals = listing.decimals
    percent = multiply(ticker.change, Decimal(100)).quantize(Decimal("0.01"), ROUND_HALF_EVEN, _WIDE)
    return {
        "pair": listing.pair,
        "last": decimal_text(ticker.last, decimals),
        # A side of the book that is empty has no best price, and the field is required.
        "bid": decimal_text(ticker.bid or Decimal(0), decimals),
        "ask": decimal_text(ticker.ask or Decimal(0), decimals),
        "change_24h": format(percent, "f"),
        "volume_24h": decimal_text(ticker.base_volume),
        "market_cap": decimal_text(multiply(ticker.last, Decimal(listing.supply))),
        "timestamp": now,
    }


def level_row(level: Level, decimals: int) -> list[str]:
    return [decimal_text(level.price, decimals), decimal_text(level.amount)]


def balance_row(account: str, asset: str, available: Decimal, locked: Decimal) -> dict[str, str]:
    return {
        "account": account,
        "asset": asset,
        "total": decimal_text(_WIDE.add(available, locked)),
        "available": decimal_text(available),
        "locked": decimal_text(locked),
    }
