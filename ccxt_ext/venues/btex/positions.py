"""Positions in BTEX's contracts."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.answers.reading import SECONDS
from ccxt_ext.venues.btex import contracts

SIDES = {"1": "long", "-1": "short"}


def parse_position(exchange: Exchange, position: Any, market: Any = None) -> Any:
    """An open position, or a closed one, of which the venue tells little.

    What stands behind a crossed position is the wallet's, see `with_wallet()`.
    """
    market = contracts.market_of(exchange, position, market)
    closed = "start_time" in position
    opened = reading.timestamp_in_unit(exchange, SECONDS, position, "start_time") if closed else None
    margin_text = reading.number_text(exchange, position, "margin")
    gain = reading.number_text(exchange, position, "unrlz_pnl")
    margin = exchange.parse_number(margin_text)
    notional = notional_of(exchange, position, market)
    # Zero where there is none.
    liquidation = exchange.parse_number(
        exchange.omit_zero(reading.number_text(exchange, position, "liquidation_price"))
    )
    maintenance = maintenance_of(exchange, position, market)
    mode = margin_mode(exchange, position)
    collateral = Precise.string_add(margin_text, gain) if mode == "isolated" else None
    parsed = exchange.safe_position(
        {
            "info": position,
            "id": reading.required_text(exchange, position, "position_id"),
            "symbol": market["symbol"],
            "timestamp": opened,
            "datetime": exchange.iso8601(opened),
            "lastUpdateTimestamp": reading.timestamp_in_unit(exchange, SECONDS, position, "end_time")
            if closed
            else None,
            "hedged": False,
            "side": side_of(exchange, position),
            "contracts": exchange.parse_number(reading.number_text(exchange, position, "amount")),
            "contractSize": market["contractSize"],
            "entryPrice": exchange.parse_number(reading.number_text(exchange, position, "price")),
            "markPrice": None,
            "lastPrice": None,
            "notional": exchange.parse_number(notional),
            "leverage": exchange.parse_number(reading.number_text(exchange, position, "leverage")),
            "initialMargin": margin,
            "initialMarginPercentage": exchange.parse_number(Precise.string_div(margin_text, notional)),
            "collateral": exchange.parse_number(collateral),
            "positionMargin": margin,
            "maintenanceMargin": exchange.parse_number(maintenance),
            "maintenanceMarginPercentage": exchange.parse_number(maintenance_rate(exchange, market)),
            "liquidationPrice": liquidation,
            "marginMode": mode,
            "marginRatio": None,
            "percentage": exchange.parse_number(
                Precise.string_mul(Precise.string_div(gain, margin_text, 4), "100")
            ),
            "realizedPnl": exchange.parse_number(reading.number_text(exchange, position, "rlz_pnl")),
            "unrealizedPnl": exchange.parse_number(gain),
            "stopLossPrice": None,
            "takeProfitPrice": None,
        }
    )
    # Newer releases of ccxt fill in what is missing: of a crossed position by what holds for an
    # isolated one only, and a liquidation price by a guess.
    told = {"liquidationPrice": liquidation, "collateral": exchange.parse_number(collateral)}
    return {**parsed, **told, "marginRatio": margin_ratio(exchange, maintenance, collateral)}


def margin_ratio(exchange: Exchange, needed: str | None, there: str | None) -> Any:
    """What is needed of what is there: one at the liquidation price, None where nothing is left."""
    if there is None or Precise.string_le(there, "0"):
        return None
    return exchange.parse_number(Precise.string_div(needed, there, 4))


def margin_mode(exchange: Exchange, row: Mapping[str, Any]) -> str | None:
    crossed = exchange.safe_string(row, "is_cross")
    return None if crossed is None else "cross" if crossed == "1" else "isolated"


def side_of(exchange: Exchange, position: Mapping[str, Any]) -> str | None:
    return SIDES.get(exchange.safe_string(position, "direction", ""))


def maintenance_rate(exchange: Exchange, market: Mapping[str, Any]) -> str | None:
    return reading.number_text(exchange, exchange.safe_dict(market, "info", {}), "maintance_margin")


def entry_of(exchange: Exchange, position: Mapping[str, Any], market: Any) -> str | None:
    """What it was worth at entry."""
    return contracts.worth(
        exchange,
        market,
        reading.number_text(exchange, position, "amount"),
        reading.number_text(exchange, position, "price"),
    )


def gains_with_worth(exchange: Exchange, position: Mapping[str, Any], market: Any) -> bool:
    """A contract that is worth 1/price of its currency loses worth when it gains."""
    return (side_of(exchange, position) == "long") is not market["inverse"]


def notional_of(exchange: Exchange, position: Mapping[str, Any], market: Any) -> str | None:
    """What a position is worth now: its worth at entry, and what it gained or lost since."""
    entry, gain = entry_of(exchange, position, market), reading.number_text(exchange, position, "unrlz_pnl")
    change = Precise.string_add if gains_with_worth(exchange, position, market) else Precise.string_sub
    found: str | None = change(entry, gain)
    return found


def maintenance_of(exchange: Exchange, position: Mapping[str, Any], market: Any) -> str | None:
    """What has to be left of its margin: all that is, at the price at which it is liquidated.

    That price shows that the venue takes its rate of the worth at entry, and keeps a reserve for fees. A
    crossed position's depends on the wallet, so that only the rate tells what it needs.
    """
    entry = entry_of(exchange, position, market)
    end = reading.number_text(exchange, position, "liquidation_price")
    if margin_mode(exchange, position) == "isolated" and exchange.omit_zero(end) is not None:
        at_end = contracts.worth(exchange, market, reading.number_text(exchange, position, "amount"), end)
        gain = Precise.string_sub(at_end, entry)
        if not gains_with_worth(exchange, position, market):
            gain = Precise.string_neg(gain)
        left = Precise.string_add(reading.number_text(exchange, position, "margin"), gain)
        if left is not None and Precise.string_gt(left, "0"):
            return str(left)
    needed: str | None = Precise.string_mul(entry, maintenance_rate(exchange, market))
    return needed


def with_wallet(exchange: Exchange, position: Any, rows: Sequence[Any], balances: Sequence[Any]) -> Any:
    """A crossed position, with what the wallet has behind it and all other crossed ones (`rows`)."""
    market = exchange.market(position["symbol"])
    coin = market["settleId"]
    row = next((row for row in balances if exchange.safe_string(row, "coin") == coin), None)
    equity = None if row is None else reading.number_text(exchange, row, "total")
    needed: str | None = "0"
    for each in rows:
        of = contracts.market_of(exchange, each)
        if of["settleId"] != coin:
            continue
        if margin_mode(exchange, each) == "cross":
            equity = Precise.string_add(equity, reading.number_text(exchange, each, "unrlz_pnl"))
            needed = Precise.string_add(needed, maintenance_of(exchange, each, of))
        else:  # it has its own, which the others cannot use
            equity = Precise.string_sub(equity, reading.number_text(exchange, each, "margin"))
    told = {
        "collateral": exchange.parse_number(equity),
        "marginRatio": margin_ratio(exchange, needed, equity),
    }
    return {**position, **told}
