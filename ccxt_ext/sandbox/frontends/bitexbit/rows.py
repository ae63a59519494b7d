"""bitexbit's listings, and the forms in which its APIs send numbers, times, orders and trades.

v1 sends JSON numbers with trailing zeros and times in seconds, v2 strings and milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any

from ccxt_ext.sandbox.engine import Fill, Market, MarketSpec, Order, Trade
from ccxt_ext.sandbox.engine.exact import multiply
from ccxt_ext.sandbox.frontend import Response, decimal_text

FEE = Decimal("0.002")
PLACES = 8
_WIDE = Context(prec=200)

OPEN, CANCELED, DONE = 1, 2, 3


@dataclass(frozen=True)
class Money:
    """A currency, and how it comes and goes: the networks with their fees."""

    code: str
    name: str
    sign: str
    precision: int
    funds: str
    networks: tuple[str, ...]
    withdraw_fee: str
    withdraw_rate: str = "0"
    deposit_fee: str = "0"
    deposit_rate: str = "0"
    fiat: bool = False
    least: str = "0.001"

    def methods(self) -> list[dict[str, Any]]:
        return [
            {
                "ticker": self.code,
                "network": network,
                "min_deposit": text(Decimal(self.least)),
                "max_deposit": "10000000000.00000000",
                "deposit_fee_amount": text(Decimal(self.deposit_fee)),
                "deposit_fee_rate": text(Decimal(self.deposit_rate)),
                "min_withdraw": text(Decimal(self.least)),
                "max_withdraw": text(Decimal(self.funds)),
                "withdraw_fee_amount": text(Decimal(self.withdraw_fee)),
                "withdraw_fee_rate": text(Decimal(self.withdraw_rate)),
                "withdraw_fee_currency": self.code,
                "is_fiat": self.fiat,
                "is_deposit_enabled": True,
                # One network only takes deposits, so that a choice has to be made by what is enabled.
                "is_withdraw_enabled": network != "payeer",
            }
            for network in self.networks
        ]


CURRENCIES = {
    money.code: money
    for money in (
        Money("BTC", "Bitcoin", "Ƀ", 8, "500", ("bitcoin",), "0.0004"),
        Money("ETH", "Ethereum", "Ξ", 8, "5000", ("ethereum",), "0.005"),
        Money("LTC", "Litecoin", "Ł", 8, "20000", ("litecoin",), "0.01"),
        Money("USDT", "Tether USD", "₮", 8, "5000000", ("ethereum", "tron", "payeer"), "2", least="5"),
        Money("USD", "US Dollar", "$", 8, "5000000", ("wiretransfer",), "10", "0.01", fiat=True, least="20"),
        Money(
            "UAH",
            "Hryvnia",
            "₴",
            8,
            "50000000",
            ("wiretransfer",),
            "5",
            "0.015",
            "5",
            "0.01",
            fiat=True,
            least="25.2",
        ),
    )
}


def _name(code: str) -> str:
    return CURRENCIES[code].name if code in CURRENCIES else code


@dataclass(frozen=True)
class Listing:
    id: str
    price_precision: int
    amount_precision: int
    start_price: str
    typical_amount: str
    fee: Decimal = FEE
    enabled: bool = True

    min_amount = Decimal("0.00001")
    max_amount = Decimal(100_000_000)
    min_value = Decimal("0.00001")

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.id.partition("_")
        return base, quote

    def spec(self) -> MarketSpec:
        base, quote = self.currencies
        return MarketSpec(
            id=self.id,
            base=base,
            quote=quote,
            tick=Decimal(1).scaleb(-self.price_precision),
            step=Decimal(1).scaleb(-self.amount_precision),
            min_amount=self.min_amount,
            max_amount=self.max_amount,
            min_cost=self.min_value,
            maker_fee=self.fee,
            taker_fee=self.fee,
            fee_on="quote",
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            base_name=_name(base),
            quote_name=_name(quote),
            active=self.enabled,
        )

    def v1(self) -> dict[str, Any]:
        base, quote = self.currencies
        return {
            "currency2": quote,
            "maximum_order_size": number(self.max_amount),
            "minimum_order_size": number(self.min_amount),
            "currency1": base,
            "name": self.id,
            "price_precision": self.price_precision,
        }

    def v2(self, can_cancel: bool = True) -> dict[str, Any]:
        base, quote = self.currencies
        return {
            "symbol": self.id,
            "label": f"{base}/{quote}",
            "base": base,
            "quote": quote,
            "price_precision": self.price_precision,
            "amount_precision": self.amount_precision,
            "min_amount": text(self.min_amount),
            "max_amount": decimal_text(self.max_amount),
            "min_value": text(self.min_value),
            "can_create_order": self.enabled,
            "can_cancel_order": can_cancel,
            "is_enabled": self.enabled,
        }


# BTC_USD and LTC_USD are the documented listings. LTC_USDT takes no orders.
LISTINGS = (
    Listing("BTC_USD", 3, 6, "911.519", "10"),
    Listing("LTC_USD", 4, 8, "4.1250", "4"),
    Listing("ETH_USD", 3, 6, "132.330", "1.5"),
    Listing("BTC_USDT", 3, 6, "911.871", "0.05"),
    Listing("ETH_USDT", 3, 6, "132.281", "1.5"),
    Listing("ETH_BTC", 6, 6, "0.145100", "2"),
    Listing("USDT_UAH", 4, 6, "28.5285", "500", fee=Decimal("0.001")),
    Listing("LTC_USDT", 4, 8, "4.1250", "4", enabled=False),
)


# -- forms ------------------------------------------------------------------------------------------


def text(amount: Decimal) -> str:
    """As v2 and the gateway write amounts."""
    return decimal_text(amount, PLACES)


def number(amount: Decimal) -> Decimal:
    """As v1 writes amounts: a JSON number with eight decimals or, where it is exact, more."""
    return Decimal(text(amount))


def seconds(time_ms: int) -> Decimal:
    return Decimal(time_ms).scaleb(-3)


def iso(time_ms: int) -> str:
    moment = datetime.fromtimestamp(time_ms / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time_ms % 1000:03d}000Z"


def answer(obj: Any, status: int = 200) -> Response:
    """JSON in which decimals keep the digits they have."""
    return Response(
        status, dumps(obj).encode("utf-8", "replace"), {"Content-Type": "application/json; charset=utf-8"}
    )


def dumps(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{dumps(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dumps, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


# -- v1 ---------------------------------------------------------------------------------------------


def v1_status(order: Order) -> int:
    return {"open": OPEN, "canceled": CANCELED, "closed": DONE}[order.status]


def v1_order(order: Order) -> dict[str, Any]:
    """Neither a time nor what was filled."""
    return {
        "amount": number(order.amount),
        "pair": order.market,
        "type": order.side,
        "status": v1_status(order),
        "price": number(order.limit),
        "id": order.id,
    }


def v1_trade(trade: Trade | Fill) -> dict[str, Any]:
    return {
        "id": trade.id,
        "price": number(trade.price),
        "pair": trade.market,
        "type": trade.side,
        "timestamp": seconds(trade.timestamp),
        "amount": number(trade.amount),
    }


def v1_own_trade(fill: Fill) -> dict[str, Any]:
    taker = fill.side if not fill.maker else "sell" if fill.side == "buy" else "buy"
    return {**v1_trade(fill), "type": taker, "my_side": fill.side, "o_id": fill.order_id}


def candle_numbers(candle: Any) -> dict[str, Any]:
    return {
        "volume": candle.volume,
        "high": candle.high,
        "low": candle.low,
        "close": candle.close,
        "time": candle.timestamp // 1000,
        "open": candle.open,
    }


# -- v2 ---------------------------------------------------------------------------------------------


def v2_state(order: Order) -> str:
    if order.status == "closed":
        return "filled"
    if order.status == "canceled":
        return "partial-canceled" if order.filled else "canceled"
    return "partial-filled" if order.filled else "submitted"


def v2_order(order: Order, listed: bool = False) -> dict[str, Any]:
    """In lists, amounts that are nothing are null."""

    def amount(value: Decimal) -> str | None:
        return None if listed and not value else text(value)

    canceled = order.status == "canceled"
    average = None
    if order.filled:
        average = _WIDE.divide(order.cost, order.filled).quantize(Decimal("1e-8"), ROUND_DOWN, _WIDE)
    fee = sum(order.fees.values(), Decimal(0))
    return {
        "id": order.id,
        "date": order.created,
        "symbol": order.market,
        "type": f"{order.side}-limit",
        "price": text(order.limit),
        "amount": text(order.amount),
        "amount_unfilled": text(Decimal(0) if canceled else order.remaining),
        "amount_filled": amount(order.filled),
        "amount_cancelled": text(order.remaining) if canceled else None,
        "value_filled": amount(order.cost),
        "fee_filled": amount(fee),
        "price_avg": None if average is None else text(average),
        "done_at": None if order.status == "open" else order.updated,
        "state": v2_state(order),
    }


def v2_public_order(order: Order) -> dict[str, Any]:
    row = v2_order(order, listed=True)
    del row["fee_filled"]
    return row


def v2_trade(trade: Trade | Fill) -> dict[str, Any]:
    return {
        "date": trade.timestamp,
        "id": trade.id,
        "symbol": trade.market,
        "price": text(trade.price),
        "amount": text(trade.amount),
        "type": trade.side,
    }


def v2_own_trade(fill: Fill, fee: Decimal) -> dict[str, Any]:
    return {
        **v2_trade(fill),
        "fee_amount": text(fill.fee),
        "fee_rate": text(fee),
        "fee_symbol": fill.fee_currency,
    }


def v2_ticker(market: Market, date: int) -> dict[str, Any]:
    ticker = market.ticker()
    return {
        "date": date,
        "symbol": market.spec.id,
        "last": text(ticker.last),
        "buy": text(ticker.bid or Decimal(0)),
        "sell": text(ticker.ask or Decimal(0)),
        "change": text(multiply(ticker.change, Decimal(100))),
        "vol1": text(ticker.base_volume),
        "vol2": text(ticker.quote_volume),
        "high": text(ticker.high),
        "low": text(ticker.low),
    }
