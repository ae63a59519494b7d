"""The engine's values: markets, orders, trades, and figures about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from .exact import EXACT, ONE, RATIO, ZERO, units
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
    base: str
    quote: str
    tick: Decimal
    step: Decimal
    min_amount: Decimal
    max_amount: Decimal
    maker_fee: Decimal
    taker_fee: Decimal
    start_price: Decimal
    base_name: str = ""
    quote_name: str = ""
    fee_on: Literal["received", "quote"] = "received"
    min_cost: Decimal = ZERO
    active: bool = True
    kind: Literal["spot", "linear", "inverse"] = "spot"
    wallet: str = ""
    """The wallet of an account from which it takes money; by default, the first one."""
    contract_size: Decimal = ONE
    settle: str = ""
    settle_digits: int = 8
    """How many decimals of the settle currency are used for contracts."""
    tiers: tuple[Tier, ...] = (Tier(None, Decimal("0.01"), Decimal("0.005")),)
    allow_cross: bool = True
    max_position: Decimal | None = None
    liquidation: LiquidationFormula = MAINTENANCE_AT_MARK
    funding_interval_ms: int | None = None
    funding_rate: Decimal | None = None
    """A funding rate that never changes. Without it, one is drawn for each interval."""
    profit_interval_ms: int | None = None
    """How often the profit of open positions is paid out; None if only when they are closed."""
    profit_least: Decimal = ZERO
    """A smaller profit or loss is not paid out before the next time."""
    expiry_ms: int | None = None
    settle_fee: Decimal = ZERO
    basis: float = 0.0002
    """How far the index may be from the market's price, as a share of it. At 0, all prices are the same."""
    daily_volatility: float = 0.03
    typical_amount: Decimal | None = None

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

    @property
    def is_contract(self) -> bool:
        """Whether positions are traded here, not currencies."""
        return self.kind != "spot"

    @property
    def money(self) -> tuple[str, ...]:
        """The currencies that are exchanged."""
        return (self.settle,) if self.is_contract else (self.base, self.quote)

    @property
    def max_leverage(self) -> Decimal:
        """The highest leverage that any of the tiers allows."""
        return max(tier_leverage(tier) for tier in self.tiers)

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


@dataclass(frozen=True, slots=True)
class Level:
    """All orders at one price."""

    price: Decimal
    amount: Decimal
    count: int


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
