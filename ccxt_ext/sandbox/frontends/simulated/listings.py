"""The markets of a simulated venue: a plain default, or what ccxt tells of the real ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, ROUND_UP, Context, Decimal, InvalidOperation
from typing import Any

from ccxt_ext.sandbox.frontend.engine import MarketSpec, Tier

SPOT, CONTRACTS = "spot", "swap"
"""The wallets of an account."""
DECIMAL_PLACES, SIGNIFICANT_DIGITS, TICK_SIZE = 2, 3, 4
"""How ccxt's `precision` is to be read, by ccxt's own numbers."""

FEE = Decimal("0.001")
STEP = Decimal("0.00000001")
LARGEST_AMOUNT = Decimal(1_000_000_000)
LARGEST_VALUE = Decimal(1_000_000_000_000)
LARGEST_LEVERAGE = Decimal(100)
FUNDING_MS = 8 * 3_600_000
LEAST_TICKS = 1000
"""Where a market starts, in ticks, if its usual price would be less."""
UNKNOWN_TICKS = 20_000
"""The same where nobody knows what it costs: that many digits is what most markets have."""
DOLLARS = Decimal(2000)
"""What an order of the synthetic traders is worth."""
FLOOR = Context(prec=40, rounding=ROUND_FLOOR)
UP = Context(prec=12, rounding=ROUND_UP)

WORTH = {
    "BTC": "63000",
    "XBT": "63000",
    "ETH": "3120",
    "BNB": "580",
    "SOL": "145.5",
    "LTC": "84",
    "BCH": "390",
    "AVAX": "28",
    "LINK": "14",
    "DOT": "6.2",
    "ATOM": "6.5",
    "XRP": "0.585",
    "ADA": "0.41",
    "DOGE": "0.142",
    "TRX": "0.16",
    "XLM": "0.115",
    "EUR": "1.08",
    "GBP": "1.27",
    "TRY": "0.029",
    "BRL": "0.18",
    "JPY": "0.0066",
    "KRW": "0.00073",
    "IDR": "0.000063",
    "INR": "0.012",
    "UAH": "0.0243",
    **dict.fromkeys(("USD", "USDT", "USDC", "BUSD", "TUSD", "FDUSD", "USDE", "DAI", "USD1"), "1"),
}
"""What things cost in dollars."""

KINDS = ("spot", "swap", "future")
SYMBOL = re.compile(r"[^\s/:]{1,40}/[^\s/:]{1,40}(:[^\s/:]{1,40})?")


@dataclass(frozen=True)
class Listing:
    """A market, and what ccxt tells of the real one, if that was given."""

    spec: MarketSpec
    told: Mapping[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    """Which rules have been changed since."""

    @property
    def currencies(self) -> tuple[str, str]:
        return self.spec.base, self.spec.quote


ROW_NAMES = {
    "tick": "tick",
    "step": "step",
    "min_amount": "minAmount",
    "max_amount": "maxAmount",
    "min_cost": "minCost",
    "maker_fee": "maker",
    "taker_fee": "taker",
}
"""What clients call the rules that can be changed."""


def changed(listing: Listing, spec: MarketSpec) -> Listing:
    """A market by other rules."""
    differ = {row for name, row in ROW_NAMES.items() if getattr(spec, name) != getattr(listing.spec, name)}
    return Listing(spec, listing.told, tuple(sorted(differ.union(listing.changed))))


@dataclass(frozen=True)
class Description:
    """What a simulated venue is made of."""

    listings: tuple[Listing, ...]
    given: Mapping[str, Any] = field(default_factory=dict)
    """What it was read from."""


FIELDS = ("markets", "precisionMode")


def described(venue: str, given: Mapping[str, Any] | None) -> Description:
    """What is to be simulated, from what was given: `markets` as ccxt has them, and its `precisionMode`.

    Markets that cannot be simulated, such as options, are left out. Raises ValueError if nothing is left, or
    if it makes no sense.
    """
    given = dict(given or {})
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise ValueError(f"{venue}: a simulated venue takes {' and '.join(FIELDS)}, not {unknown[0]!r}")
    mode = given.get("precisionMode", TICK_SIZE)
    if mode not in (DECIMAL_PLACES, SIGNIFICANT_DIGITS, TICK_SIZE):
        raise ValueError(f"{venue}: precisionMode is 2, 3 or 4, as ccxt's, not {mode!r}")
    markets = given.get("markets")
    if markets is None:
        return Description(plain_listings(), given)
    rows = list(markets.values()) if isinstance(markets, Mapping) else markets
    if (
        not isinstance(rows, Sequence)
        or isinstance(rows, str)
        or not all(isinstance(r, Mapping) for r in rows)
    ):
        raise ValueError(f"{venue}: markets are a list or a table of markets as ccxt has them")
    found: dict[str, Listing] = {}
    for row in rows:
        listing = _listing(venue, row, mode)
        if listing is not None:
            found.setdefault(listing.spec.id, listing)
    if not found:
        raise ValueError(f"{venue}: none of these markets can be simulated; spot, swap and future can")
    return Description(tuple(found.values()), given)


def plain_listings() -> tuple[Listing, ...]:
    """The default: two spot markets and a swap."""
    return tuple(
        Listing(_spec(symbol, Decimal(tick), Decimal(step), min_cost=Decimal(5)))
        for symbol, tick, step in (
            ("BTC/USDT", "0.01", "0.00001"),
            ("ETH/USDT", "0.01", "0.0001"),
            ("BTC/USDT:USDT", "0.1", "0.001"),
        )
    )


def listing_named(like: Listing, symbol: str) -> Listing:
    """A market that differs from another one only in its base currency. Raises ValueError if it cannot be."""
    spec = like.spec
    end = spec.symbol.partition("/")[2]
    base, slash, rest = symbol.partition("/")
    if not SYMBOL.fullmatch(symbol) or slash + rest != f"/{end}" or base == spec.quote:
        raise ValueError(f"a market like {spec.symbol} is named like SOL/{end}, not {symbol!r}")
    return Listing(replace(spec, id=symbol, base=base))


def _listing(venue: str, told: Mapping[str, Any], mode: int) -> Listing | None:
    """A market as ccxt tells of it; None if it cannot be simulated."""
    symbol, kind = told.get("symbol"), told.get("type")
    if not isinstance(symbol, str) or not isinstance(kind, str):
        raise ValueError(f"{venue}: a market needs a symbol and a type, as ccxt's have")
    expiry = told.get("expiry") if kind == "future" else None
    is_wide = kind not in KINDS or not SYMBOL.fullmatch(symbol) or (kind == "future" and not expiry)
    is_odd = told.get("base") == told.get("quote") or (kind != "spot" and bool(told.get("quanto")))
    if is_wide or is_odd:
        return None
    precision, limits = _table(told, "precision"), _table(told, "limits")
    amounts, costs, leverages = (_table(limits, name) for name in ("amount", "cost", "leverage"))
    try:
        digits = _number(precision.get("price"))
        usual = _usual_price(told)
        tick = _unit(digits, mode, usual)
        amounts_mode = DECIMAL_PLACES if mode == SIGNIFICANT_DIGITS else mode
        step = _unit(_number(precision.get("amount")), amounts_mode, None)
        spec = _spec(
            symbol,
            tick if tick is not None else _tick_for(usual),
            step if step is not None else STEP,
            kind="inverse" if told.get("inverse") else "linear" if kind != "spot" else "spot",
            min_amount=_number(amounts.get("min")),
            max_amount=_number(amounts.get("max")),
            min_cost=_number(costs.get("min")) or Decimal(0),
            maker=_number(told.get("maker")),
            taker=_number(told.get("taker")),
            contract_size=_number(told.get("contractSize")) or Decimal(1),
            leverage=_number(leverages.get("max")),
            expiry=int(expiry) if expiry else None,
            active=told.get("active") is not False,
        )
    except (ValueError, ArithmeticError) as error:
        raise ValueError(f"{venue}: {symbol} makes no sense: {error}") from None
    return Listing(spec, told)


def _table(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number") from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(f"{value!r} is no number that can be used")
    return number


def _unit(precision: Decimal | None, mode: int, price: Decimal | None) -> Decimal | None:
    """The tick or step that ccxt's precision means."""
    if precision is None:
        return None
    if mode == TICK_SIZE:
        return precision if precision > 0 else None
    if mode == DECIMAL_PLACES:
        return Decimal(1).scaleb(-int(precision))
    # So many digits of whatever the price is: fine enough for one of a hundredth of the usual one.
    first = (price or Decimal(1)).adjusted() - 2
    return Decimal(1).scaleb(first - int(precision) + 1)


def _usual_price(told: Mapping[str, Any]) -> Decimal | None:
    base, quote = (WORTH.get(str(told.get(name))) for name in ("base", "quote"))
    return FLOOR.divide(Decimal(base), Decimal(quote)) if base and quote else None


def _tick_for(price: Decimal | None) -> Decimal:
    return STEP if price is None else Decimal(1).scaleb(price.adjusted() - 5)


def _spec(
    symbol: str,
    tick: Decimal,
    step: Decimal,
    *,
    kind: str | None = None,
    min_amount: Decimal | None = None,
    max_amount: Decimal | None = None,
    min_cost: Decimal = Decimal(0),
    maker: Decimal | None = None,
    taker: Decimal | None = None,
    contract_size: Decimal = Decimal(1),
    leverage: Decimal | None = None,
    expiry: int | None = None,
    active: bool = True,
) -> MarketSpec:
    pair, _, settle = symbol.partition(":")
    base, _, quote = pair.partition("/")
    settle = settle.partition("-")[0]
    kind = kind or ("linear" if settle else "spot")
    usual = _usual_price({"base": base, "quote": quote})
    wanted = FLOOR.divide(usual or FLOOR.multiply(tick, Decimal(UNKNOWN_TICKS)), tick).to_integral_value()
    price = FLOOR.multiply(max(wanted, Decimal(LEAST_TICKS)), tick)
    least = max(step, min_amount or step)
    most = max(least, max_amount or LARGEST_AMOUNT, _up_to(least, step))
    is_contract = kind != "spot"
    if is_contract:
        min_cost = FLOOR.divide(min_cost, contract_size)
    worth = FLOOR.multiply(contract_size, price) if kind != "inverse" else contract_size
    cost = Decimal(WORTH.get(quote, "1"))
    typical = _up_to(max(FLOOR.divide(FLOOR.divide(DOLLARS, cost), worth), least), step)
    margin = UP.divide(Decimal(1), leverage if leverage and leverage >= 1 else LARGEST_LEVERAGE)
    rules: dict[str, Any] = {}
    if is_contract:
        rules = {
            "settle": settle,
            "tiers": (Tier(LARGEST_VALUE, margin, FLOOR.divide(margin, Decimal(2)), _leverage(leverage)),),
            "contract_size": contract_size,
            "funding_interval_ms": None if expiry else FUNDING_MS,
            "expiry_ms": expiry,
            "fee_on": "quote",
        }
    return MarketSpec(
        id=symbol,
        base=base,
        quote=quote,
        tick=tick,
        step=step,
        min_amount=least,
        max_amount=most,
        min_cost=max(Decimal(0), min_cost),
        maker_fee=FEE if maker is None or abs(maker) >= 1 else maker,
        taker_fee=FEE if taker is None or abs(taker) >= 1 else taker,
        start_price=price,
        typical_amount=min(typical, most),
        active=active,
        kind=kind,  # type: ignore[arg-type]
        wallet=CONTRACTS if is_contract else SPOT,
        **rules,
    )


def _leverage(leverage: Decimal | None) -> Decimal:
    return leverage if leverage is not None and leverage >= 1 else LARGEST_LEVERAGE


def _up_to(amount: Decimal, step: Decimal) -> Decimal:
    """The next multiple of the step."""
    steps = FLOOR.divide(amount, step).to_integral_value(ROUND_UP)
    return FLOOR.multiply(steps, step)


def funds_of(listings: Sequence[Listing], wallet: str) -> dict[str, Decimal]:
    """What an account has at first in a wallet: of each currency about as much as a million dollars."""
    funds: dict[str, Decimal] = {}
    for listing in listings:
        spec = listing.spec
        if spec.wallet != wallet:
            continue
        quote = Decimal(WORTH.get(spec.quote, "1"))
        worth = {spec.quote: quote, spec.base: FLOOR.multiply(spec.start_price, quote)}
        for currency in spec.money:
            price = Decimal(WORTH[currency]) if currency in WORTH else worth.get(currency, Decimal(1))
            number = FLOOR.divide(Decimal(1_000_000), price)
            funds.setdefault(currency, Decimal(1).scaleb(max(number.adjusted(), 0)))
    return funds
