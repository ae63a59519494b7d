"""Contracts: markets, margin requirements and fees. No I/O."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import answers

HIGHEST_LEVERAGE = 100

# Bounds of a bracket under all the names that the venue's documents and programs have for them.
LOWER_BOUNDS = ("positionNotionalLowerbound", "positionNotionalLowerBound", "positionLB")
UPPER_BOUNDS = ("positionNotionalUpperbound", "positionNotionalUpperBound", "positionUB")


def parse_market(exchange: Exchange, market: Any) -> Any:
    id = reading.required_text(exchange, market, "symbol")
    base_id, _, quote_id = (exchange.safe_string(market, "underlying") or "").partition("/")
    base_id = base_id or id.partition("-PERP")[0]
    quote_id = quote_id or reading.required_text(exchange, market, "settlementAsset")
    settle_id = reading.required_text(exchange, market, "settlementAsset")
    base, quote, settle = (exchange.safe_currency_code(id) for id in (base_id, quote_id, settle_id))
    prices = answers.record_in(exchange, market, "priceFilter")
    lots = answers.record_in(exchange, market, "lotSizeFilter")
    status = exchange.safe_string(market, "status")
    reserve = reading.number_text(exchange, market, "commissionReserveRate")
    fees = {**exchange.fees["trading"], **(exchange.options["fees"] or {})}
    if reserve is not None:
        fees = {"maker": exchange.parse_number(reserve), "taker": exchange.parse_number(reserve)}
    return exchange.safe_market_structure(
        {
            "id": id,
            "symbol": f"{base}/{quote}:{settle}",
            "base": base,
            "quote": quote,
            "settle": settle,
            "baseId": base_id,
            "quoteId": quote_id,
            "settleId": settle_id,
            "type": "swap",
            "spot": False,
            "margin": False,
            "swap": True,
            "future": False,
            "option": False,
            "contract": True,
            "linear": True,
            "inverse": False,
            "subType": "linear",
            "contractSize": exchange.parse_number("1"),
            "active": None if status is None else status == "Normal",
            "taker": fees["taker"],
            "maker": fees["maker"],
            "expiry": None,
            "expiryDatetime": None,
            "marginModes": {"cross": True, "isolated": True},
            "precision": {
                "amount": exchange.parse_number(reading.number_text(exchange, lots, "lotSize")),
                "price": exchange.parse_number(reading.number_text(exchange, prices, "tickSize")),
            },
            "limits": {
                "leverage": {
                    "min": exchange.parse_number("1"),
                    "max": answers.finite_number(exchange, highest_leverage(exchange, market)),
                },
                "amount": {
                    "min": exchange.parse_number(reading.number_text(exchange, lots, "minQty")),
                    "max": exchange.parse_number(reading.number_text(exchange, lots, "maxQty")),
                },
                "price": {
                    "min": exchange.parse_number(reading.number_text(exchange, prices, "minPrice")),
                    "max": exchange.parse_number(reading.number_text(exchange, prices, "maxPrice")),
                },
                "cost": {"min": None, "max": None},
            },
            "created": reading.integer(exchange, market, "tradingStartTime"),
            "info": market,
        }
    )


def currencies_with_bases(exchange: Exchange, currencies: Any, markets: Any) -> Any:
    """The venue lists collaterals only as currencies. The bases of its contracts are currencies, too."""
    if not currencies:
        return currencies
    listed = markets.values() if isinstance(markets, Mapping) else markets
    bases = {market["base"]: market["baseId"] for market in listed}
    known = {code: exchange.safe_currency_structure({"id": id, "code": code}) for code, id in bases.items()}
    return {**known, **currencies}


def trading_fee(exchange: Exchange, contract: Any) -> Any:
    market = exchange.parse_market(contract)
    names = ("info", "symbol", "maker", "taker")
    return {**{name: market[name] for name in names}, "percentage": True, "tierBased": False}


# -- margin requirements ----------------------------------------------------------------------------


def parse_market_leverage_tiers(exchange: Exchange, info: Any, market: Any = None) -> Any:
    market = exchange.safe_market(exchange.safe_string(info, "symbol"), market)
    return [
        {
            "tier": number,
            "symbol": market["symbol"],
            "currency": market["settle"],
            "minNotional": exchange.parse_number(bracket["lower"]),
            "maxNotional": exchange.parse_number(bracket["upper"]),
            "maintenanceMarginRate": exchange.parse_number(bracket["maintenance"]),
            "maxLeverage": answers.finite_number(exchange, Precise.string_div("1", bracket["initial"])),
            "info": bracket["info"],
        }
        for number, bracket in enumerate(brackets(exchange, info), 1)
    ]


def brackets(exchange: Exchange, contract: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The margin requirements by notional, the lowest first."""
    rows = contract.get("marginRequirements")
    found: list[dict[str, Any]] = []
    for row in [] if rows is None else reading.rows(exchange, rows):
        bracket = {
            "lower": answers.number_under(exchange, row, *LOWER_BOUNDS),
            "upper": answers.number_under(exchange, row, *UPPER_BOUNDS),
            "initial": reading.number_text(exchange, row, "initialMarginRate"),
            "maintenance": reading.number_text(exchange, row, "maintenanceMarginRate"),
            "info": row,
        }
        if None in bracket.values():
            raise BadResponse(
                f"{exchange.id} sent an incomplete margin requirement: {reading.excerpt(exchange, row)}"
            )
        found.append(bracket)
    return sorted(found, key=lambda bracket: float(bracket["upper"]))


def bracket_of(exchange: Exchange, contract: Mapping[str, Any], notional: str) -> dict[str, Any] | None:
    """The first whose upper bound is above the notional; above all of them, the last."""
    found = brackets(exchange, contract)
    fitting = (bracket for bracket in found if Precise.string_gt(bracket["upper"], notional))
    return next(fitting, found[-1] if found else None)


def highest_leverage(exchange: Exchange, contract: Mapping[str, Any]) -> str:
    rates = [bracket["initial"] for bracket in brackets(exchange, contract)]
    most = str(HIGHEST_LEVERAGE)
    for rate in rates[:1]:
        inverse = Precise.string_div("1", rate)
        if inverse is not None and Precise.string_gt(rate, "0"):
            most = Precise.string_min(most, inverse)
    return most
