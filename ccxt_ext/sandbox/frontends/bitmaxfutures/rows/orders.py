"""BitMax's contracts and collaterals, and the texts in which it sends numbers and orders."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.engine import (
    Candle,
    Collateral,
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
from ccxt_ext.sandbox.frontend import decimal_text

FEE = Decimal("0.001")
FUTURES, CASH = "futures", "cash"
SETTLE = "USDT"
FUNDING_MS = 8 * 3_600_000
PROFIT_MS, LEAST_PROFIT = 15 * 60_000, Decimal(10)
DAY_MS = 86_400_000

# Of trades' numbers; with it they are as long as the real ones, beyond what a float can hold.
FIRST_SEQNUM = 180_143_985_000_000_000

# Bar's name -> its length; months are made of days.
INTERVALS = {
    "1": 60_000,
    "5": 300_000,
    "15": 900_000,
    "30": 1_800_000,
    "60": 3_600_000,
    "120": 7_200_000,
    "240": 14_400_000,
    "360": 21_600_000,
    "720": 43_200_000,
    "1d": DAY_MS,
    "1w": 7 * DAY_MS,
    "1m": 30 * DAY_MS,
}
# Four years of weeks, two of days; months are made of days.
HORIZONS = [
    (step, 500 if step < DAY_MS else 750 if step == DAY_MS else 200 if step < 30 * DAY_MS else 24)
    for step in INTERVALS.values()
]

# (asset, name, conversion factor, discount factor, status, price or None where a contract tells it)
COLLATERALS = (
    ("BTC", "Bitcoin", "0.995", "0.98", "Normal", None),
    ("ETH", "Ethereum", "0.99", "0.95", "Normal", None),
    ("USDT", "Tether", "1", "1", "Normal", "1"),
    ("USDC", "USD Coin", "1", "0.99", "Normal", "0.9994"),
    ("PAX", "Paxos Standard", "1", "0.99", "Normal", "0.99645"),
    ("USDTR", "Futures Reward Token", "1", "1", "NoTransaction", "1"),
)
NOT_TRANSFERABLE = {asset for asset, *_, status, _ in COLLATERALS if status == "NoTransaction"}

# Other collaterals can be transferred from the cash account.
FUNDS = {"USDT": Decimal(2_000_000)}
CASH_FUNDS = {"USDT": Decimal(500_000), "BTC": Decimal(20), "ETH": Decimal(200)}


@dataclass(frozen=True)
class Listing:
    symbol: str
    underlying: str
    tick: str
    lot: str
    max_price: str
    max_amount: str
    started: int
    start_price: str
    typical_amount: str
    tiers: tuple[tuple[str, str, str], ...]  # upper bound, initial rate, maintenance rate

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.underlying.partition("/")
        return base, quote

    def spec(self) -> MarketSpec:
        base, quote = self.currencies
        return MarketSpec(
            id=self.symbol,
            base=base,
            quote=quote,
            tick=Decimal(self.tick),
            step=Decimal(self.lot),
            min_amount=Decimal(self.lot),
            max_amount=Decimal(self.max_amount),
            maker_fee=FEE,
            taker_fee=FEE,
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            fee_on="quote",
            kind="linear",
            settle=SETTLE,
            settle_digits=9,
            tiers=tuple(
                Tier(Decimal(upper), Decimal(initial), Decimal(maintenance))
                for upper, initial, maintenance in self.tiers
            ),
            funding_interval_ms=FUNDING_MS,
            profit_interval_ms=PROFIT_MS,
            profit_least=LEAST_PROFIT,
            wallet=FUTURES,
        )

    def describe(self) -> dict[str, Any]:
        lower = "0"
        brackets = []
        for upper, initial, maintenance in self.tiers:
            brackets.append(
                {
                    "positionNotionalLowerbound": lower,
                    "positionNotionalUpperbound": upper,
                    "initialMarginRate": initial,
                    "maintenanceMarginRate": maintenance,
                }
            )
            lower = upper
        return {
            "symbol": self.symbol,
            "status": "Normal",
            "displayName": self.underlying.replace("/", ""),
            "settlementAsset": SETTLE,
            "underlying": self.underlying,
            "tradingStartTime": self.started,
            "priceFilter": {"minPrice": self.tick, "maxPrice": self.max_price, "tickSize": self.tick},
            "lotSizeFilter": {"minQty": self.lot, "maxQty": self.max_amount, "lotSize": self.lot},
            "marginRequirements": brackets,
        }


_TIERS = (
    ("50000", "0.01", "0.006"),
    ("200000", "0.02", "0.012"),
    ("1000000", "0.04", "0.024"),
    ("5000000", "0.1", "0.06"),
)
LISTINGS = (
    # The documented contract.
    Listing(
        "BTC-PERP",
        "BTC/USDT",
        "0.25",
        "0.0001",
        "1000000",
        "1000000000",
        1579701600000,
        "50657.25",
        "0.05",
        _TIERS,
    ),
    Listing(
        "ETH-PERP",
        "ETH/USDT",
        "0.05",
        "0.001",
        "100000",
        "1000000000",
        1585000000000,
        "1582.30",
        "1.5",
        _TIERS,
    ),
    Listing(
        "XRP-PERP",
        "XRP/USDT",
        "0.0001",
        "1",
        "1000",
        "1000000000",
        1590000000000,
        "0.4521",
        "2000",
        (("20000", "0.02", "0.012"), ("100000", "0.04", "0.024"), ("1000000", "0.1", "0.06")),
    ),
)


def as_the_demo_reads_it(contract: Mapping[str, Any]) -> dict[str, Any]:
    """The venue's own bot takes three more fields, and another spelling of the bounds; no others will do."""
    brackets = [
        {name.replace("bound", "Bound"): value for name, value in row.items()}
        for row in contract["marginRequirements"]
    ]
    return {
        **contract,
        "marginRequirements": brackets,
        "commissionType": "Quote",
        "commissionReserveRate": decimal_text(FEE),
        "marketOrderPriceMarkup": "0.03",
    }


def collaterals() -> list[Collateral]:
    return [
        Collateral(
            asset,
            Decimal(discount),
            None if price is None else Decimal(price),
            f"{asset}-PERP" if price is None else None,
        )
        for asset, _, _, discount, _, price in COLLATERALS
    ]


def contract_prices(market: Market, now: int) -> dict[str, Any]:
    return {
        "symbol": market.spec.id,
        "time": now,
        "fundingRate": decimal_text(market.funding_rate or Decimal(0)),
        "indexPrice": decimal_text(market.index_price),
        "markPrice": decimal_text(market.mark_price),
        "openInterest": decimal_text(market.open_interest),
        "nextFundingTime": market.next_funding_time,
    }


def level_rows(levels: Sequence[Level]) -> list[list[str]]:
    return [[decimal_text(level.price), decimal_text(level.amount)] for level in levels]


def trade_row(trade: Trade) -> dict[str, Any]:
    return {
        "seqnum": FIRST_SEQNUM + trade.id,
        "p": decimal_text(trade.price),
        "q": decimal_text(trade.amount),
        "ts": trade.timestamp,
        "bm": trade.side == "sell",
    }


def ticker_row(market: Market) -> dict[str, Any]:
    ticker = market.ticker()
    bid, ask = (ticker.bid, ticker.bid_amount), (ticker.ask, ticker.ask_amount)
    return {
        "symbol": market.spec.id,
        "open": decimal_text(ticker.open),
        "close": decimal_text(ticker.last),
        "high": decimal_text(ticker.high),
        "low": decimal_text(ticker.low),
        "volume": decimal_text(ticker.base_volume),
        "ask": [decimal_text(number or Decimal(0)) for number in ask],
        "bid": [decimal_text(number or Decimal(0)) for number in bid],
    }


def bars(market: Market, interval: str, start: int | None, end: int, count: int) -> list[Candle]:
    """The last `count` bars that open from `start` to `end`, both included, oldest first."""
    step = INTERVALS[interval]
    first = max(0, end - (count + 1) * step if start is None else start, end - (count + 1) * step)
    if interval == "1m":
        days = market.candles(DAY_MS, month_start(first), next_month(end) - 1)
        found = months(days)
    else:
        found = market.candles(step, first, end)
    least = -1 if start is None else start
    return [bar for bar in found if least <= bar.timestamp <= end][-count:]


def month_start(time: int) -> int:
    then = datetime.datetime.fromtimestamp(time // 1000, datetime.timezone.utc)
    first = then.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int(first.timestamp()) * 1000


def next_month(time: int) -> int:
    return month_start(month_start(time) + 32 * DAY_MS)


def months(days: Sequence[Candle]) -> list[Candle]:
    made: list[Candle] = []
    for day in days:
        start = month_start(day.timestamp)
        if made and made[-1].timestamp == start:
            month = made[-1]
            made[-1] = Candle(
                start,
                month.open,
                max(month.high, day.high),
                min(month.low, day.low),
                day.close,
                add(month.volume, day.volume),
                add(month.quote_volume, day.quote_volume),
                month.trades + day.trades,
            )
        else:
            made.append(day._replace(timestamp=start))
    return made


def bar_row(symbol: str, interval: str, bar: Candle) -> dict[str, Any]:
    return {
        "m": "bar",
        "s": symbol,
        "data": {
            "i": interval,
            "ts": bar.timestamp,
            "o": decimal_text(bar.open),
            "c": decimal_text(bar.close),
            "h": decimal_text(bar.high),
            "l": decimal_text(bar.low),
            "v": decimal_text(bar.volume),
        },
    }


# -- orders ---------------------------------------------------------------------------------------------


def status_of(order: Order) -> str:
    if order.status == "closed":
        return "Filled"
    if order.status == "canceled":
        return "Rejected" if order.reason == "would_cross" else "Canceled"
    if order.waits:
        return "PendingNew"
    return "PartiallyFilled" if order.filled else "New"


def type_of(order: Order) -> str:
    return ("Stop" if order.trigger_price is not None else "") + order.type.capitalize()


def short_row(
    order: Order, id: str, account: Mapping[str, str], last: Fill | None, accepted: bool = False
) -> dict[str, Any]:
    """An order as it is told when it is placed or cancelled, and among the open ones.

    `accepted` tells it as it was when it came in.
    """
    filled, fees = order.filled, order.fees.get(SETTLE, Decimal(0))
    status, updated = status_of(order), order.updated
    if accepted and status != "Rejected":
        filled, fees, last = Decimal(0), Decimal(0), None
        status = "PendingNew" if order.trigger_price is not None else "New"
        updated = order.created
    return {
        **account,
        "seqNum": order.seq,
        "time": order.created,
        "orderId": id,
        "orderType": type_of(order),
        "side": order.side.capitalize(),
        "symbol": order.market,
        "price": decimal_text(order.price or Decimal(0)),
        "orderQty": decimal_text(order.amount),
        "stopPrice": decimal_text(order.trigger_price or Decimal(0)),
        "stopBy": ""
        if order.trigger_price is None
        else {"last": "market"}.get(order.trigger_by, order.trigger_by),
        "status": status,
        "lastExecTime": updated,
        "lastPx": decimal_text(last.price if last else Decimal(0)),
        "lastQty": decimal_text(last.amount if last else Decimal(0)),
        "avgFilledPx": decimal_text(order.average if order.average is not None and filled else Decimal(0)),
        "cumFilledQty": decimal_text(filled),
        "fee": decimal_text(last.fee if last else Decimal(0)),
        "cumFee": decimal_text(fees),
        "feeAsset": SETTLE,
        "errorCode": "PostOnlyWouldTake" if order.reason == "would_cross" else "",
    }


def full_row(
    order: Order, id: str, account: Mapping[str, str], last: Fill | None, execution: str
) -> dict[str, Any]:
    """An order as it is told by its id and in the history."""
    exits = {}
    for name, price in (("StopLoss", order.stop_loss), ("TakeProfit", order.take_profit)):
        exits[f"pos{name}Price"] = decimal_text(price or Decimal(0))
        exits[f"pos{name}Trigger"] = "None" if price is None else "market"
    return {**short_row(order, id, account, last), "execInst": execution, **exits}


def long_history_row(order: Order, id: str, account: Mapping[str, str]) -> dict[str, Any]:
    return {
        "orderId": id,
        "seqNum": order.id,
        "accountId": account["accountId"],
        "symbol": order.market,
        "orderType": type_of(order),
        "side": order.side.capitalize(),
        "price": decimal_text(order.price or Decimal(0)),
        "stopPrice": decimal_text(order.trigger_price or Decimal(0)),
        "orderQty": decimal_text(order.amount),
        "status": status_of(order),
        "createTime": order.created,
        "lastExecTime": order.updated,
        "avgFillPrice": decimal_text(order.average or Decimal(0)),
        "fillQty": decimal_text(order.filled),
        "fee": decimal_text(order.fees.get(SETTLE, Decimal(0))),
        "feeAsset": SETTLE,
    }


def old_history_row(order: Order, id: str, account: Mapping[str, str], execution: str) -> dict[str, Any]:
    return {
        **account,
        "avgPx": decimal_text(order.average or Decimal(0)),
        "cumFee": decimal_text(order.fees.get(SETTLE, Decimal(0))),
        "cumQty": decimal_text(order.filled),
        "errorCode": "PostOnlyWouldTake" if order.reason == "would_cross" else "NULL_VAL",
        "execInst": execution,
        "feeAsset": SETTLE,
        "lastExecTime": order.updated,
        "orderId": id,
        "orderQty": decimal_text(order.amount),
        "orderType": type_of(order),
        "price": decimal_text(order.price or Decimal(0)),
        "sendingTime": order.created,
        "seqNum": order.id,
        "side": order.side.capitalize(),
        "status": status_of(order),
        "stopPrice": decimal_text(order.trigger_price) if order.trigger_price else "",
        "symbol": order.market,
    }


# -- positions ------------------------------------------------------------------------------------------


def position_row(
    market: Market, position: Position | None, mode: str, leverage: Decimal, orders: Sequence[Order]
) -> dict[str, Any]:
    size = unrealized = realized = entry = margin = Decimal(0)
    stop = take = None
    side = "NULL_VAL"
    if position is not None:
        side = position.side.upper()
        size = position.amount if position.side == "long" else position.amount.copy_negate()
        unrealized, realized = position.unrealized, position.realized
        entry = position.entry_price
        mode, leverage = position.margin_mode, position.leverage
        margin = position.margin if mode == "isolated" else margin
        stop, take = position.stop_loss, position.take_profit
    mark = market.mark_price
    notional = {"buy": Decimal(0), "sell": Decimal(0)}
    for order in orders:
        price = order.price or order.trigger_price or mark
        notional[order.side] = add(notional[order.side], multiply(price, order.remaining))
    return {
        "symbol": market.spec.id,
        "side": side,
        "position": decimal_text(size),
        "referenceCost": decimal_text(subtract(unrealized, multiply(size, mark))),
        "unrealizedPnl": decimal_text(unrealized),
        "realizedPnl": decimal_text(realized),
        "avgOpenPrice": decimal_text(entry),
        "marginType": "isolated" if mode == "isolated" else "crossed",
        "isolatedMargin": decimal_text(margin),
        "leverage": decimal_text(leverage),
        "takeProfitPrice": decimal_text(take or Decimal(0)),
        "takeProfitTrigger": "market",
        "stopLossPrice": decimal_text(stop or Decimal(0)),
        "stopLossTrigger": "market",
        "buyOpenOrderNotional": decimal_text(notional["buy"]),
        "sellOpenOrderNotional": decimal_text(notional["sell"]),
        "indexPrice": decimal_text(market.index_price),
        "markPrice": decimal_text(mark),
    }
