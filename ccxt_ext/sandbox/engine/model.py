"""The engine's values: markets, orders, trades, and figures about them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timezone
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from .exact import EXACT, ONE, RATIO, ZERO, multiply, units
from .formulas import MAINTENANCE_AT_MARK, LiquidationFormula

Side = Literal["buy", "sell"]
"""The side of an order or a trade."""
Status = Literal["open", "closed", "canceled"]
"""The state of an order."""
OrderType = Literal["limit", "market"]
"""The type of an order."""
TimeInForce = Literal["GTC", "IOC", "FOK"]
"""How long an order stands."""
TriggerSource = Literal["last", "mark", "index"]
"""The price that a waiting order waits for."""
MarginMode = Literal["isolated", "cross"]
"""Whether a position has margin of its own."""

SIDES: tuple[Side, Side] = ("buy", "sell")
OPPOSITE: dict[Side, Side] = {"buy": "sell", "sell": "buy"}


class Refused(Exception):
    """The engine refuses what it was asked. `reason` is a fixed word, `details` explain it.

    Of orders: `amount_precision`, `bad_amount`, `bad_price`, `bad_side`, `bad_time_in_force`, `bad_trigger`,
    `bad_type`, `duplicate_client_id`, `insufficient_funds`, `market_closed`, `no_price`, `not_open`,
    `price_precision`, `reduce_only`, `too_large`, `too_small`, `unknown_order` and `would_cross`.
    Of contracts: `bad_leverage`, `bad_margin_mode`, `no_contract`, `no_position`, `position_limit` and
    `position_mode`. Of names: `unknown_account`, `unknown_currency`, `unknown_market` and `unknown_wallet`.
    """

    def __init__(self, reason: str, **details: object) -> None:
        said = ", ".join(f"{name}={value}" for name, value in details.items())
        super().__init__(f"{reason} ({said})" if said else reason)
        self.reason = reason
        """Such as `too_small` or `insufficient_funds`."""
        self.details = details
        """What it is about: the market, the price, the least amount ..."""


class Tier(NamedTuple):
    """Margin rates for positions worth less than `max_notional` (in the settle currency)."""

    max_notional: Decimal | None
    initial_rate: Decimal
    maintenance_rate: Decimal
    max_leverage: Decimal | None = None
    """By default, 1 / initial_rate."""


@dataclass(frozen=True)
class MarketSpec:
    """A market's rules, and hints for its synthetic history.

    Contracts are worth price x size ('linear'), or size / price ('inverse'), of `settle`.
    """

    id: str
    """The market's name at the venue."""
    base: str
    quote: str
    tick: Decimal
    """Prices are multiples of it."""
    step: Decimal
    """Amounts are multiples of it."""
    min_amount: Decimal
    """The least amount of an order."""
    max_amount: Decimal
    """The largest amount of an order."""
    maker_fee: Decimal
    """A share of what is traded, for who stood in the book."""
    taker_fee: Decimal
    """The same for who came."""
    start_price: Decimal
    """The price around which the history was made."""
    fee_on: Literal["received", "quote"] = "received"
    """Whether a spot market's fees are taken from what is received, or always in the quote currency."""
    min_cost: Decimal = ZERO
    """The least value of an order."""
    active: bool = True
    """Whether the market takes orders."""
    kind: Literal["spot", "linear", "inverse"] = "spot"
    wallet: str = ""
    """The wallet of an account from which it takes money; by default, the first one."""
    contract_size: Decimal = ONE
    """How much of the base currency (linear) or of the quote currency (inverse) a contract is."""
    settle: str = ""
    """The currency of margin and profit; only contracts have one."""
    settle_digits: int = 8
    """How many decimals of the settle currency are used for contracts."""
    tiers: tuple[Tier, ...] = (Tier(None, Decimal("0.01"), Decimal("0.005")),)
    """Margin rates, for small positions first."""
    allow_cross: bool = True
    """Whether positions can share the margin of their wallet."""
    max_position: Decimal | None = None
    """The most contracts that an account can have, with those that its open orders would add."""
    liquidation: LiquidationFormula = MAINTENANCE_AT_MARK
    """The venue's formula for liquidation prices."""
    funding_interval_ms: int | None = None
    """How often funding is paid; None for a dated contract."""
    funding_rate: Decimal | None = None
    """A funding rate that never changes. Without it, one is drawn for each interval."""
    profit_interval_ms: int | None = None
    """How often the profit of open positions is paid out; None if only when they are closed."""
    profit_least: Decimal = ZERO
    """A smaller profit or loss is not paid out before the next time."""
    expiry_ms: int | None = None
    """When a dated contract is settled."""
    settle_fee: Decimal = ZERO
    """A share of the value of what is settled."""
    basis: float = 0.0002
    """How far the index may be from the market's price, as a share of it. At 0, all prices are the same."""
    daily_volatility: float = 0.03
    """How much the price of the history moves in a day, as a share of it."""
    typical_amount: Decimal | None = None
    """The size of an order of the synthetic traders; by default, a multiple of the least amount."""

    def __post_init__(self) -> None:
        if self.tick <= 0 or self.step <= 0:
            raise ValueError(f"{self.id}: tick and step must be positive")
        if self.min_amount <= 0 or self.steps_range[0] > self.steps_range[1]:
            raise ValueError(
                f"{self.id}: no amount is a multiple of the step, positive and within the limits"
            )
        if self.start_price <= 0 or units(self.start_price, self.tick) is None:
            raise ValueError(f"{self.id}: start_price must be a positive multiple of the tick")
        if self.is_contract:
            if not self.settle or not self.tiers or self.contract_size <= 0:
                raise ValueError(f"{self.id}: a contract needs a settle currency, a size and tiers")
            bounds = [EXACT.create_decimal(tier.max_notional or "Infinity") for tier in self.tiers]
            if bounds != sorted(set(bounds)):
                raise ValueError(f"{self.id}: tiers go from small to large")

    def changed(self, **rules: Any) -> MarketSpec:
        """The same market with other rules. Where its history started is set on the tick."""
        tick = rules.get("tick", self.tick)
        start_price = multiply(tick, max(1, int(EXACT.divide_int(self.start_price, tick))))
        return replace(self, **{"start_price": start_price, **rules})

    @property
    def is_contract(self) -> bool:
        """Whether positions are traded here, not currencies."""
        return self.kind != "spot"

    @property
    def symbol(self) -> str:
        """The market's name as ccxt writes it, such as `BTC/USDT` or `BTC/USDT:USDT-261225`."""
        pair = f"{self.base}/{self.quote}"
        if not self.is_contract:
            return pair
        day = (
            ""
            if self.expiry_ms is None
            else f"{datetime.fromtimestamp(self.expiry_ms / 1000, timezone.utc):-%y%m%d}"
        )
        return f"{pair}:{self.settle}{day}"

    @property
    def money(self) -> tuple[str, ...]:
        """The currencies that are exchanged."""
        return (self.settle,) if self.is_contract else (self.base, self.quote)

    @cached_property
    def max_leverage(self) -> Decimal:
        """The highest leverage that any of the tiers allows."""
        return max(tier_leverage(tier) for tier in self.tiers)

    @cached_property
    def caps(self) -> tuple[tuple[Decimal | None, Decimal], ...]:  # internal
        """For each tier, up to which value it goes, and the leverage that all tiers so far allow."""
        allowed = accumulate((tier_leverage(tier) for tier in self.tiers), min)
        return tuple(zip((tier.max_notional for tier in self.tiers), allowed, strict=True))

    def tier(self, notional: Decimal) -> Tier:
        """The tier of a position of this value."""
        for tier in self.tiers:
            if tier.max_notional is None or notional < tier.max_notional:
                return tier
        return self.tiers[-1]

    def capped(self, leverage: Decimal | None, notional: Decimal) -> Decimal:
        """The leverage of a position of this value: the wanted one, or the highest that its tier allows."""
        return min(leverage or ONE, tier_leverage(self.tier(notional)))

    @property
    def steps_range(self) -> tuple[int, int]:
        """The smallest and the largest amount of an order, in steps."""
        least = int(EXACT.divide_int(self.min_amount, self.step))
        if units(self.min_amount, self.step) is None:
            least += 1
        return least, int(EXACT.divide_int(self.max_amount, self.step))


def tier_leverage(tier: Tier) -> Decimal:
    return tier.max_leverage or RATIO.divide(ONE, tier.initial_rate)


@dataclass(slots=True)
class Order:
    """An order. The engine keeps changing it, so copy it to keep a state."""

    id: int
    account: str
    client_id: str | None
    market: str
    side: Side
    type: OrderType
    price: Decimal | None
    """The limit price; None for a market order."""
    amount: Decimal
    remaining: Decimal
    created: int
    updated: int
    ticks: int = field(repr=False)
    """The price in ticks, which is the key of its level. For a market order, any price meets it."""
    filled: Decimal = ZERO
    cost: Decimal = ZERO
    fees: dict[str, Decimal] = field(default_factory=dict)
    status: Status = "open"
    seq: int = 0
    """The market's change count when this order last changed."""
    average: Decimal | None = None
    """The average price of its fills, to 20 digits; None before the first."""
    time_in_force: TimeInForce = "GTC"
    post_only: bool = False
    reduce_only: bool = False
    trigger_price: Decimal | None = None
    trigger_by: TriggerSource = "last"
    trigger_above: bool = False
    """Whether it waits for the price to rise to its trigger price; else for the price to fall to it."""
    triggered: bool = False
    leverage: Decimal | None = None
    margin_mode: MarginMode | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    origin: Literal["", "stop_loss", "take_profit"] = ""
    """What has placed this order, if not its owner."""
    reason: str = ""
    """Why it was canceled, if not by its owner: 'ioc', 'fok', 'no_liquidity', 'insufficient_funds', ..."""

    def copy(self) -> Order:
        """The order as it is now."""
        other = Order(*_fields_of(self))
        other.fees = dict(self.fees)
        return other

    @property
    def limit(self) -> Decimal:
        """The price of an order that has one."""
        if self.price is None:
            raise ValueError(f"order {self.id} has no limit")
        return self.price

    @property
    def waits(self) -> bool:
        """Whether it is open, but not in the book, as its trigger price was not reached yet."""
        return self.trigger_price is not None and not self.triggered and self.status == "open"


_fields_of = attrgetter(*(each.name for each in fields(Order)))


class Fill(NamedTuple):
    """A trade from the point of view of one of its two accounts."""

    id: int
    order_id: int
    market: str
    side: Side
    price: Decimal
    amount: Decimal
    cost: Decimal
    fee: Decimal
    fee_currency: str
    maker: bool
    timestamp: int
    account: str


class Trade(NamedTuple):
    """A trade as the public sees it; `side` is the taker's."""

    id: int
    market: str
    price: Decimal
    amount: Decimal
    side: Side
    timestamp: int


class Candle(NamedTuple):
    """The trades of a span of time; `timestamp` is its beginning."""

    timestamp: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    quote_volume: Decimal
    trades: int


class Deposit(NamedTuple):
    """Money that came into an account from outside."""

    account: str
    wallet: str
    currency: str
    amount: Decimal
    timestamp: int


class Level(NamedTuple):
    """All orders at one price."""

    price: Decimal
    amount: Decimal
    count: int  # type: ignore[assignment]


class Ticker(NamedTuple):
    """Figures of the last 24 hours. Before the first trade, all prices are the market's start price."""

    last: Decimal
    open: Decimal
    high: Decimal
    low: Decimal
    base_volume: Decimal
    quote_volume: Decimal
    change: Decimal
    bid: Decimal | None
    bid_amount: Decimal | None
    ask: Decimal | None
    ask_amount: Decimal | None


class Balance(NamedTuple):
    """What an account has of a currency, and how much of it is held for orders."""

    free: Decimal
    held: Decimal
