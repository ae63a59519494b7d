"""Positions. No I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import answers, contracts, pricing


def open_or_listed(exchange: Exchange, answer: Any) -> list[dict[str, Any]]:
    """What is open, and what is listed."""
    rows = answers.rows_of(exchange, answer, "contracts")
    return [
        row
        for row in rows
        if reading.required_text(exchange, row, "symbol") in exchange.markets_by_id
        or not is_flat(exchange, row)
    ]


def listed_contracts(exchange: Exchange, answer: Any) -> list[dict[str, Any]]:
    """What is listed."""
    return answers.of_known_markets(exchange, answers.rows_of(exchange, answer, "contracts"))


def is_flat(exchange: Exchange, row: Mapping[str, Any]) -> bool:
    size = reading.number_text(exchange, row, "position")
    return size is None or Precise.string_eq(size, "0")


def lacks_mark_price(exchange: Exchange, rows: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        pricing.known_price(exchange, row, "markPrice") is None for row in rows if not is_flat(exchange, row)
    )


def margin_mode(exchange: Exchange, row: Mapping[str, Any]) -> str | None:
    mode = exchange.safe_string_lower(row, "marginType", "")
    return {"cross": "cross", "crossed": "cross", "isolated": "isolated"}.get(mode)


# -- what a position comes to -----------------------------------------------------------------------


def position_list(exchange: Exchange, answer: Any, prices: Any, flat: bool) -> list[Any]:
    """All positions, with what the venue does not send but tells how to calculate."""
    rows = open_or_listed(exchange, answer)
    marks = {row["symbol"]: pricing.known_price(exchange, row, "markPrice") for row in prices or ()}
    figures = [figures_of(exchange, row, marks.get(row["symbol"])) for row in rows]
    crossed = crossed_group(exchange, answer, figures)
    return [
        position_of(exchange, row, known, crossed)
        for row, known in zip(rows, figures, strict=True)
        if flat or not is_flat(exchange, row)
    ]


def parse_position(exchange: Exchange, position: Any, market: Any = None) -> Any:
    """A position by itself, without what depends on others."""
    return position_of(exchange, position, figures_of(exchange, position, None), None)


def figures_of(exchange: Exchange, row: Mapping[str, Any], mark: str | None) -> dict[str, Any]:
    market = exchange.safe_market(reading.required_text(exchange, row, "symbol"))
    size = reading.number_text(exchange, row, "position")
    side = {"LONG": "long", "SHORT": "short"}.get(exchange.safe_string_upper(row, "side", ""))
    if side is None and not is_flat(exchange, row):
        side = "long" if Precise.string_gt(size, "0") else "short"
    mark = pricing.known_price(exchange, row, "markPrice") or mark
    mode = margin_mode(exchange, row)
    figures: dict[str, Any] = {
        "market": market,
        "side": side,
        "size": Precise.string_abs(size),
        "mark": mark,
        "mode": mode,
        # As it counts: what was moved to the balance before is not in it any more.
        "unrealized": reading.number_text(exchange, row, "unrealizedPnl"),
        "margin": reading.number_text(exchange, row, "isolatedMargin") if mode == "isolated" else None,
    }
    figures["profit"] = profit_of(exchange, row, size, mark)
    if size is not None and mark is not None:
        notional = Precise.string_abs(Precise.string_mul(size, mark))
        bracket = contracts.bracket_of(exchange, market["info"] or {}, notional)
        figures["notional"] = notional
        if bracket is not None:
            figures["rates"] = bracket
            figures["initial"] = initial_margin(exchange, notional, bracket["initial"], row)
            figures["maintenance"] = Precise.string_mul(notional, bracket["maintenance"])
    return figures


def profit_of(exchange: Exchange, row: Mapping[str, Any], size: str | None, mark: str | None) -> str | None:
    """Since it was opened, before fees; the venue's own figure begins anew whenever the profit is moved
    to the balance."""
    if is_flat(exchange, row):
        return reading.number_text(exchange, row, "unrealizedPnl")
    entry = answers.unless_zero(reading.number_text(exchange, row, "avgOpenPrice"))
    if entry is None or mark is None:
        return None
    return str(Precise.string_mul(Precise.string_sub(mark, entry), size))


def initial_margin(exchange: Exchange, notional: str, rate: str, row: Mapping[str, Any]) -> str | None:
    """By the bracket's rate, as the page has it, and by the leverage where that asks for more."""
    by_rate = Precise.string_mul(notional, rate)
    leverage = answers.unless_zero(reading.number_text(exchange, row, "leverage"))
    if exchange.options["initialMarginBy"] == "bracket" or leverage is None:
        return by_rate
    return Precise.string_max(by_rate, Precise.string_div(notional, leverage))


def crossed_group(
    exchange: Exchange, answer: Any, positions: Sequence[Mapping[str, Any]]
) -> dict[str, str] | None:
    """Sums over the crossed positions; None if one of them has a value that is not known."""
    data = answers.record_of(exchange, answer)
    total = "0"
    for row in reading.rows(exchange, data, "collaterals"):
        parts = [
            reading.number_text(exchange, row, key) for key in ("balance", "referencePrice", "discountFactor")
        ]
        if None in parts:
            return None
        worth = Precise.string_mul(Precise.string_mul(parts[0], parts[1]), parts[2])
        total = Precise.string_add(total, worth)
    unrealized, maintenance = "0", "0"
    for known in positions:
        if known["size"] is None or Precise.string_eq(known["size"], "0"):
            continue
        if known["mode"] == "isolated":
            if exchange.options["isolatedMarginAccounting"] == "demo":
                total = Precise.string_sub(total, known["margin"] or "0")
            continue
        if known.get("maintenance") is None or known["unrealized"] is None:
            return None
        unrealized = Precise.string_add(unrealized, known["unrealized"])
        maintenance = Precise.string_add(maintenance, known["maintenance"])
    return {"margin": total, "unrealized": unrealized, "maintenance": maintenance}


def position_of(
    exchange: Exchange,
    row: dict[str, Any],
    known: Mapping[str, Any],
    crossed: Mapping[str, str | None] | None,
) -> Any:
    market = known["market"]
    group: Mapping[str, str | None] | None = crossed
    if known["mode"] == "isolated":
        group = {
            "margin": known["margin"],
            "unrealized": known["unrealized"],
            "maintenance": known.get("maintenance"),
        }
    notional, initial = known.get("notional"), known.get("initial")
    rates = known.get("rates") or {}
    profit, size = known["profit"], known["size"]
    equity = liquidation = ratio = None
    if group is not None and None not in group.values():
        equity = Precise.string_add(group["margin"], group["unrealized"])
        spare = Precise.string_sub(equity, group["maintenance"])
        liquidation = liquidation_price(known, spare)
        if Precise.string_gt(equity, "0"):
            ratio = Precise.string_div(group["maintenance"], equity)
    isolated = known["mode"] == "isolated"
    leverage = reading.number_text(exchange, row, "leverage")
    entry = answers.unless_zero(reading.number_text(exchange, row, "avgOpenPrice"))
    percentage = None
    if profit is not None and answers.unless_zero(initial) is not None:
        percentage = Precise.string_mul(Precise.string_div(profit, initial), "100")
    return {
        "info": row,
        "id": None,
        "symbol": market["symbol"],
        "timestamp": None,
        "datetime": None,
        "lastUpdateTimestamp": None,
        "isolated": isolated,
        "hedged": False,
        "side": known["side"],
        "contracts": exchange.parse_number(size),
        "contractSize": exchange.parse_number("1"),
        "entryPrice": exchange.parse_number(entry),
        "markPrice": exchange.parse_number(known["mark"]),
        "lastPrice": None,
        "notional": answers.finite_number(exchange, notional),
        "leverage": exchange.parse_number(leverage),
        "collateral": answers.finite_number(exchange, known["margin"]),
        "positionMargin": answers.finite_number(exchange, known["margin"]),
        "initialMargin": answers.finite_number(exchange, initial),
        "initialMarginPercentage": answers.finite_number(
            exchange, Precise.string_div(initial, answers.unless_zero(notional), 8)
        ),
        "maintenanceMargin": answers.finite_number(exchange, known.get("maintenance")),
        "maintenanceMarginPercentage": exchange.safe_number(rates, "maintenance"),
        "unrealizedPnl": answers.finite_number(exchange, profit),
        "realizedPnl": exchange.parse_number(reading.number_text(exchange, row, "realizedPnl")),
        "liquidationPrice": answers.finite_number(exchange, liquidation),
        "marginMode": known["mode"],
        "marginRatio": answers.finite_number(exchange, ratio),
        "percentage": answers.finite_number(exchange, percentage),
        "stopLossPrice": exchange.parse_number(
            answers.unless_zero(reading.number_text(exchange, row, "stopLossPrice"))
        ),
        "takeProfitPrice": exchange.parse_number(
            answers.unless_zero(reading.number_text(exchange, row, "takeProfitPrice"))
        ),
    }


def liquidation_price(known: Mapping[str, Any], spare: str) -> str | None:
    """Where the group's equity falls to its maintenance margin, all other prices being the same."""
    if "rates" not in known:
        return None
    rate = known["rates"]["maintenance"]
    long = known["side"] == "long"
    share = Precise.string_sub("1", rate) if long else Precise.string_add("1", rate)
    distance = Precise.string_div(spare, Precise.string_mul(known["size"], share))
    if distance is None or known["side"] is None:
        return None
    price = (Precise.string_sub if long else Precise.string_add)(known["mark"], distance)
    return price if Precise.string_gt(price, "0") else None
