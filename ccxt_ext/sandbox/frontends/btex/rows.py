"""BTEX's listings, and the texts in which it sends numbers, orders and trades."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Literal

from ccxt_ext.sandbox.engine import (
    MAINTENANCE_AT_ENTRY,
    ClosedPosition,
    Fill,
    Level,
    Market,
    MarketSpec,
    Order,
    Position,
    Tier,
    Trade,
)
from ccxt_ext.sandbox.engine.exact import add, multiply, subtract

CONTRACTS, SPOT = "contracts", "spot"  # an account's wallets
NO_DATE = "0000-00-00 00:00:00"
MONEY = 8  # decimals
SPOT_FEE = Decimal("0.002")
FUNDING_MS = 8 * 3_600_000
_WIDE = Context(prec=200)

CONTRACT_FUNDS = {
    "BTC": Decimal(10),
    "ETH": Decimal(5_000),
    "USDT": Decimal(2_000_000),
    "EOS": Decimal(100_000),
}
SPOT_FUNDS = {
    "BTC": Decimal(200),
    "ETH": Decimal(5_000),
    "USDT": Decimal(2_000_000),
    "LTC": Decimal(20_000),
}


@dataclass(frozen=True)
class Contract:
    """A line of `contracts`, in the venue's own texts, and how its synthetic history goes."""

    id: str
    pair: str
    settle: str
    value: str
    start_price: str
    typical_amount: str
    price_dec: int = 2
    maker_fee: str = "0.00020000"
    taker_fee: str = "0.00060000"
    settle_fee: str = "0.00000000"
    max_leverage: int = 100
    maintenance: str = "0.00500000"
    leverages: str = "1,5,10,25,50,100"
    allow_cross: str = "1"
    status: str = "1"
    dated: bool = False
    min_amount: int = 1
    max_amount: int = 50_000
    max_position: int = 50_000

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.pair.partition("_")
        return base, quote

    @property
    def inverse(self) -> bool:
        return self.settle == self.currencies[0]

    def spec(self, now: int) -> MarketSpec:
        base, quote = self.currencies
        kind: Literal["inverse", "linear"] = "inverse" if self.inverse else "linear"
        rate = _WIDE.divide(Decimal(1), Decimal(self.max_leverage))
        return MarketSpec(
            id=self.id,
            base=base,
            quote=quote,
            tick=Decimal(1).scaleb(-self.price_dec),
            step=Decimal(1),
            min_amount=Decimal(self.min_amount),
            max_amount=Decimal(self.max_amount),
            maker_fee=Decimal(self.maker_fee),
            taker_fee=Decimal(self.taker_fee),
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.status == "1",
            kind=kind,
            wallet=CONTRACTS,
            settle=self.settle,
            settle_digits=MONEY,
            contract_size=Decimal(self.value),
            tiers=(Tier(None, rate, Decimal(self.maintenance), Decimal(self.max_leverage)),),
            allow_cross=self.allow_cross == "1",
            max_position=Decimal(self.max_position),
            liquidation=MAINTENANCE_AT_ENTRY,
            funding_interval_ms=None if self.dated else FUNDING_MS,
            expiry_ms=quarter_end(now) if self.dated else None,
            settle_fee=Decimal(self.settle_fee),
        )

    def describe(self, spec: MarketSpec, open_orders: int) -> dict[str, Any]:
        base, quote = self.currencies
        return {
            "contract_id": self.id,
            "symbol": base,
            "settle_anchor": self.settle,
            "quote_anchor": quote,
            "contract_anchor": quote if self.inverse else base,
            "contract_value": fixed(Decimal(self.value), MONEY),
            "pair": self.pair,
            "type": "2" if self.dated else "1",
            "expiry": NO_DATE if spec.expiry_ms is None else moment(spec.expiry_ms),
            "max_leverage": str(self.max_leverage),
            "maintance_margin": self.maintenance,
            "maker_fee": self.maker_fee,
            "taker_fee": self.taker_fee,
            "settle_fee": self.settle_fee,
            "price_dec": str(self.price_dec),
            "anchor_dec": str(MONEY),
            "status": self.status,
            "isreverse": "1" if self.inverse else "-1",
            "allow_cross": self.allow_cross,
            "allow_leverages": self.leverages,
            "max_order_num": str(open_orders),
            "max_amount": self.max_amount,
            "min_amount": self.min_amount,
            "max_position_amount": self.max_position,
        }


# Contract 1 is the documented listing.
CONTRACT_LISTINGS = (
    Contract(
        "1",
        "BTC_USD",
        "BTC",
        "1",
        "3902.07",
        "2500",
        maker_fee="-0.00050000",
        taker_fee="0.00150000",
        min_amount=10,
    ),
    Contract("2", "ETH_USD", "ETH", "10", "134.11", "400", maintenance="0.01000000", max_leverage=50),
    Contract("3", "BTC_USDT", "USDT", "0.001", "3905.40", "300"),
    Contract(
        "4",
        "ETH_USDT",
        "USDT",
        "0.01",
        "134.25",
        "500",
        max_leverage=20,
        maintenance="0.02500000",
        leverages="1,5,10,20",
        allow_cross="-1",
    ),
    Contract("5", "EOS_USD", "EOS", "1", "3.6120", "900", price_dec=4, status="0"),
    Contract("101", "BTC_USD", "BTC", "10", "3921.50", "250", settle_fee="0.00050000", dated=True),
    Contract("102", "BTC_USDT", "USDT", "0.01", "3924.00", "40", settle_fee="0.00050000", dated=True),
)


@dataclass(frozen=True)
class Pair:
    """An entry of `pairs`, in the venue's own texts."""

    id: str
    price_digits: int
    amount_digits: int
    least: str
    most: str
    start_price: str
    typical_amount: str
    status: str = "2"

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
            tick=Decimal(1).scaleb(-self.price_digits),
            step=Decimal(1).scaleb(-self.amount_digits),
            min_amount=Decimal(self.least),
            max_amount=Decimal(self.most),
            maker_fee=SPOT_FEE,
            taker_fee=SPOT_FEE,
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.status == "2",
            wallet=SPOT,
        )

    def describe(self, market: Market, now: int, alone: bool) -> dict[str, Any]:
        """Asked for alone, a pair tells its price bounds as well; zeros are none."""
        bounds = {name: fixed(Decimal(0), self.price_digits) for name in ("limit_up", "limit_down")}
        fee = fixed(SPOT_FEE, 6)
        return {
            "price_float_num": str(self.price_digits),
            "amount_float_num": str(self.amount_digits),
            "max_trade_num": self.most,
            "min_trade_num": self.least,
            "buy_fee": fee,
            "sell_fee": fee,
            **(bounds if alone else {}),
            "status": self.status,
            "ticker": self.ticker(market, now),
        }

    def ticker(self, market: Market, now: int) -> dict[str, str]:
        ticker = market.ticker()
        digits = self.price_digits
        average = ratio(ticker.quote_volume, ticker.base_volume) if ticker.base_volume else ticker.last
        return {
            "min_24h_price": fixed(ticker.low, digits),
            "min_24h_time": str(last_time_of(market, ticker.low, now) // 1000),
            "max_24h_price": fixed(ticker.high, digits),
            "max_24h_time": str(last_time_of(market, ticker.high, now) // 1000),
            "trade_price": fixed(ticker.last, digits),
            # Of all that was traded, not the price of a day ago.
            "price_24h": fixed(average, digits + 8),
            "change_24h": fixed(subtract(ratio(ticker.last, average), Decimal(1)), 4),
            "amount": fixed(ticker.base_volume, MONEY),
            "total": fixed(ticker.quote_volume, MONEY),
        }


# BTC_USDT and ETH_USDT are the documented ones.
PAIR_LISTINGS = (
    Pair("BTC_USDT", 2, 4, "0.00100000", "1.00000000", "3930.84", "0.15"),
    Pair("ETH_USDT", 2, 4, "0.00100000", "20.00000000", "134.11", "3"),
    Pair("ETH_BTC", 6, 3, "0.01000000", "100.00000000", "0.034120", "5"),
    Pair("LTC_USDT", 2, 2, "0.01000000", "500.00000000", "59.80", "12", status="1"),
)


def rounded(number: Decimal, decimals: int) -> Decimal:
    found = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    return found or found.copy_abs()


def fixed(number: Decimal, decimals: int) -> str:
    return format(rounded(number, decimals), "f")


def ratio(above: Decimal, below: Decimal) -> Decimal:
    return _WIDE.divide(above, below)


def moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def quarter_end(now: int) -> int:
    """Eight o'clock on the last Friday of a quarter, at least a week from now."""
    day = datetime.fromtimestamp(now / 1000, timezone.utc).replace(hour=8, minute=0, second=0, microsecond=0)
    day += timedelta(days=8)
    while day.weekday() != 4 or day.month % 3 or (day + timedelta(days=7)).month == day.month:
        day += timedelta(days=1)
    return int(day.timestamp()) * 1000


def last_time_of(market: Market, price: Decimal, now: int) -> int:
    """When the day's highest or lowest price was last traded."""
    for trade in market.trades():
        if trade.price == price or trade.timestamp < now - 86_400_000:
            return trade.timestamp
    return now


def hash_of(rows: Any) -> str:
    return hashlib.md5(json.dumps(rows).encode(), usedforsecurity=False).hexdigest()


# Contracts


def contract_ticker(market: Market, listing: Contract) -> dict[str, str]:
    ticker, size = market.ticker(), Decimal(listing.value)
    turnover = multiply(size, ticker.quote_volume)
    if listing.inverse and ticker.quote_volume:
        turnover = ratio(
            multiply(size, multiply(ticker.base_volume, ticker.base_volume)), ticker.quote_volume
        )
    return {
        "contract_id": listing.id,
        "pair": listing.pair,
        "min": fixed(ticker.low, MONEY),
        "max": fixed(ticker.high, MONEY),
        "latest": fixed(ticker.last, MONEY),
        "change_24h": fixed(ticker.change, 4),
        "amount": fixed(ticker.base_volume, 0),
        "volumn": fixed(turnover, 7),
        "open_interest": fixed(market.open_interest, 0),
        "index_price": fixed(market.index_price, 10),
        "fair_price": fixed(market.mark_price, 9),
        "next_funding_rate": fixed(market.funding_rate or Decimal(0), 8),
    }


def number_levels(levels: Sequence[Level]) -> list[dict[str, Any]]:
    return [{"price": float(level.price), "amount": int(level.amount)} for level in levels]


def contract_trade(trade: Trade) -> dict[str, Any]:
    return {
        "trade_id": str(trade.id),
        "time": trade.timestamp // 1000,
        "price": fixed(trade.price, MONEY),
        "num": fixed(trade.amount, 0),
        "type": trade.side,
    }


def side_number(order: Order) -> str:
    return "1" if order.side == "buy" else "-1"


def crossed(mode: str | None) -> str:
    return "1" if mode == "cross" else "-1"


def contract_order(order: Order, listing: Contract, price: Decimal, batch: bool) -> dict[str, Any]:
    """`price` is what the order named; the batch call tells it, and the order, a little differently."""
    status = {"open": "0", "closed": "1", "canceled": "-1"}[order.status]
    row = {
        "order_id": str(order.id),
        "contract_id": order.market,
        "amount": fixed(order.amount, 0),
        "price": fixed(price, listing.price_dec if batch else MONEY),
        "type": order.type,
        "leverage": plain_text(order.leverage or Decimal(1)),
        "direction": side_number(order),
        "order_status": status,
        "available": fixed(order.remaining, 0),
        "time": order.created // 1000,
        "pair": listing.pair,
    }
    return row if batch else {**row, "is_cross": crossed(order.margin_mode)}


def plain_text(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def own_contract_trade(fill: Fill, order: Order, listing: Contract) -> dict[str, Any]:
    return {
        "trade_id": str(fill.id),
        "contract_id": fill.market,
        "pair": listing.pair,
        "price": fixed(fill.price, MONEY),
        "num": fixed(fill.amount, 0),
        "order_id": str(fill.order_id),
        "type": fill.side,
        "trade_fee": fixed(fill.fee, MONEY),
        "leverage": plain_text(order.leverage or Decimal(1)),
        "is_cross": crossed(order.margin_mode),
        "time": fill.timestamp // 1000,
    }


def match_result(fill: Fill, order: Order, listing: Contract, price: Decimal) -> dict[str, Any]:
    row = own_contract_trade(fill, order, listing)
    row["trade_num"] = row.pop("num")
    return {**row, "order_price": fixed(price, MONEY)}


def position_row(position: Position, listing: Contract) -> dict[str, str]:
    return {
        "position_id": str(position.id),
        "contract_id": position.market,
        "price": fixed(position.entry_price, MONEY),
        "direction": "1" if position.side == "long" else "-1",
        "amount": fixed(position.amount, 0),
        "liquidation_price": fixed(position.liquidation_price or Decimal(0), MONEY),
        "rlz_pnl": fixed(subtract(position.realized, add(position.fees, position.funding)), MONEY),
        "unrlz_pnl": fixed(position.unrealized, MONEY),
        "margin": fixed(position.margin, MONEY),
        "leverage": fixed(position.leverage, MONEY),
        "is_cross": crossed(position.margin_mode),
        "pair": listing.pair,
    }


def closed_position_row(position: ClosedPosition, listing: Contract) -> dict[str, Any]:
    return {
        "position_id": str(position.id),
        "contract_id": position.market,
        "rlz_pnl": fixed(subtract(position.realized, add(position.fees, position.funding)), MONEY),
        "end_time": position.closed // 1000,
        "start_time": position.opened // 1000,
        "pair": listing.pair,
    }


# Spot


def spot_levels(levels: Sequence[Level], spec: MarketSpec) -> list[dict[str, str]]:
    rows, total = [], Decimal(0)
    for level in levels:
        cost = multiply(level.price, level.amount)
        total = add(total, cost)
        rows.append(
            {
                "price": plain_text(level.price),
                "amount": plain_text(level.amount),
                "total": fixed(cost, 2),
                "sum": fixed(total, 2),
            }
        )
    return rows


def spot_trade(trade: Trade) -> dict[str, str]:
    return {
        "time": str(trade.timestamp // 1000),
        "price": fixed(trade.price, MONEY),
        "num": fixed(trade.amount, MONEY),
        "total": fixed(multiply(trade.price, trade.amount), MONEY),
        "trade_info": trade.side,
    }


def spot_order(order: Order, user: str) -> dict[str, str]:
    base, _, quote = order.market.partition("_")
    fees = Decimal(0)
    for fee in order.fees.values():
        fees = add(fees, fee)
    return {
        "order_id": str(order.id),
        "user_id": user,
        "type": base,
        "danwei": quote,
        "ctime": str(order.created // 1000),
        "price": plain_text(order.limit),
        "num": plain_text(order.amount),
        "total": plain_text(multiply(order.limit, order.amount)),
        "rest_num": plain_text(order.remaining),
        "rest_total": plain_text(multiply(order.limit, order.remaining)),
        "fee": fixed(fees, MONEY),
        "order_type": order.side,
    }


def own_spot_trade(fill: Fill) -> dict[str, str]:
    return {
        "trade_id": str(fill.id),
        "pair": fill.market,
        "ctime": str(fill.timestamp // 1000),
        "price": plain_text(fill.price),
        "num": plain_text(fill.amount),
        "total": plain_text(fill.cost),
        "fee": plain_text(fill.fee),
        "order_id": str(fill.order_id),
        "trade_type": fill.side,
    }
