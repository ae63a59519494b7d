"""Positions, margin and leverage."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadRequest
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures.market_data import HIGHEST_LEVERAGE, MarketData

MARGIN_MODES = {"cross": "crossed", "crossed": "crossed", "isolated": "isolated"}


class Positions(MarketData):
    def position_rows(self, answer: Any) -> list[dict[str, Any]]:
        """What is open, and what is listed."""
        rows = reading.rows(self, self.data_of(answer), "contracts")
        return [
            row
            for row in rows
            if reading.required(self, row, "symbol") in self.markets_by_id or not self.is_flat(row)
        ]

    def contract_rows(self, answer: Any) -> list[dict[str, Any]]:
        """What is listed."""
        return self.of_known_markets(reading.rows(self, self.data_of(answer), "contracts"))

    def is_flat(self, row: Mapping[str, Any]) -> bool:
        size = reading.number_text(self, row, "position")
        return size is None or Precise.string_eq(size, "0")

    def lacks_mark_price(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        return any(self.known_price(row, "markPrice") is None for row in rows if not self.is_flat(row))

    def parse_position_list(self, answer: Any, prices: Any, flat: bool) -> list[Any]:
        """All positions, with what the venue does not send but tells how to calculate."""
        rows = self.position_rows(answer)
        marks = {row["symbol"]: self.known_price(row, "markPrice") for row in prices or ()}
        figures = [self.position_figures(row, marks.get(row["symbol"])) for row in rows]
        crossed = self.crossed_group(answer, figures)
        return [
            self.position_of(row, known, crossed)
            for row, known in zip(rows, figures, strict=True)
            if flat or not self.is_flat(row)
        ]

    def parse_position(self, position: Any, market: Any = None) -> Any:
        """A position by itself, without what depends on others."""
        return self.position_of(position, self.position_figures(position, None), None)

    def position_figures(self, row: Mapping[str, Any], mark: str | None) -> dict[str, Any]:
        market = self.safe_market(reading.required(self, row, "symbol"))
        size = reading.number_text(self, row, "position")
        side = {"LONG": "long", "SHORT": "short"}.get(self.safe_string_upper(row, "side", ""))
        if side is None and not self.is_flat(row):
            side = "long" if Precise.string_gt(size, "0") else "short"
        mark = self.known_price(row, "markPrice") or mark
        mode = self.mode_of(row)
        figures: dict[str, Any] = {
            "market": market,
            "side": side,
            "size": Precise.string_abs(size),
            "mark": mark,
            "mode": mode,
            # As it counts: what was moved to the balance before is not in it any more.
            "unrealized": reading.number_text(self, row, "unrealizedPnl"),
            "margin": reading.number_text(self, row, "isolatedMargin") if mode == "isolated" else None,
        }
        figures["profit"] = self.profit_of(row, size, mark)
        if size is not None and mark is not None:
            notional = Precise.string_abs(Precise.string_mul(size, mark))
            bracket = self.bracket_of(market["info"] or {}, notional)
            figures["notional"] = notional
            if bracket is not None:
                figures["rates"] = bracket
                figures["initial"] = self.initial_margin(notional, bracket["initial"], row)
                figures["maintenance"] = Precise.string_mul(notional, bracket["maintenance"])
        return figures

    def profit_of(self, row: Mapping[str, Any], size: str | None, mark: str | None) -> str | None:
        """Since it was opened, before fees; the venue's own figure begins anew whenever the profit is moved
        to the balance."""
        if self.is_flat(row):
            return reading.number_text(self, row, "unrealizedPnl")
        entry = self.unless_zero(reading.number_text(self, row, "avgOpenPrice"))
        if entry is None or mark is None:
            return None
        return str(Precise.string_mul(Precise.string_sub(mark, entry), size))

    def initial_margin(self, notional: str, rate: str, row: Mapping[str, Any]) -> str | None:
        """By the bracket's rate, as the page has it, and by the leverage where that asks for more."""
        by_rate = Precise.string_mul(notional, rate)
        leverage = self.unless_zero(reading.number_text(self, row, "leverage"))
        if self.options["initialMarginBy"] == "bracket" or leverage is None:
            return by_rate
        return Precise.string_max(by_rate, Precise.string_div(notional, leverage))

    def mode_of(self, row: Mapping[str, Any]) -> str | None:
        mode = self.safe_string_lower(row, "marginType", "")
        return {"cross": "cross", "crossed": "cross", "isolated": "isolated"}.get(mode)

    def crossed_group(self, answer: Any, positions: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
        """Sums over the crossed positions; None if one of them has a value that is not known."""
        data = reading.record(self, self.data_of(answer))
        total = "0"
        for row in reading.rows(self, data, "collaterals"):
            parts = [
                reading.number_text(self, row, key) for key in ("balance", "referencePrice", "discountFactor")
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
                if self.options["isolatedMarginAccounting"] == "demo":
                    total = Precise.string_sub(total, known["margin"] or "0")
                continue
            if known.get("maintenance") is None or known["unrealized"] is None:
                return None
            unrealized = Precise.string_add(unrealized, known["unrealized"])
            maintenance = Precise.string_add(maintenance, known["maintenance"])
        return {"margin": total, "unrealized": unrealized, "maintenance": maintenance}

    def position_of(
        self, row: dict[str, Any], known: Mapping[str, Any], crossed: Mapping[str, str | None] | None
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
            liquidation = self.liquidation_price(known, spare)
            if Precise.string_gt(equity, "0"):
                ratio = Precise.string_div(group["maintenance"], equity)
        isolated = known["mode"] == "isolated"
        leverage = reading.number_text(self, row, "leverage")
        entry = self.unless_zero(reading.number_text(self, row, "avgOpenPrice"))
        percentage = None
        if profit is not None and self.unless_zero(initial) is not None:
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
            "contracts": self.parse_number(size),
            "contractSize": self.parse_number("1"),
            "entryPrice": self.parse_number(entry),
            "markPrice": self.parse_number(known["mark"]),
            "lastPrice": None,
            "notional": self.finite(notional),
            "leverage": self.parse_number(leverage),
            "collateral": self.finite(known["margin"]),
            "positionMargin": self.finite(known["margin"]),
            "initialMargin": self.finite(initial),
            "initialMarginPercentage": self.finite(
                Precise.string_div(initial, self.unless_zero(notional), 8)
            ),
            "maintenanceMargin": self.finite(known.get("maintenance")),
            "maintenanceMarginPercentage": self.safe_number(rates, "maintenance"),
            "unrealizedPnl": self.finite(profit),
            "realizedPnl": self.parse_number(reading.number_text(self, row, "realizedPnl")),
            "liquidationPrice": self.finite(liquidation),
            "marginMode": known["mode"],
            "marginRatio": self.finite(ratio),
            "percentage": self.finite(percentage),
            "stopLossPrice": self.parse_number(
                self.unless_zero(reading.number_text(self, row, "stopLossPrice"))
            ),
            "takeProfitPrice": self.parse_number(
                self.unless_zero(reading.number_text(self, row, "takeProfitPrice"))
            ),
        }

    def liquidation_price(self, known: Mapping[str, Any], spare: str) -> str | None:
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

    # -- leverage and margin ------------------------------------------------------------------------

    def parse_leverage(self, leverage: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(leverage, "symbol"), market)
        times = self.parse_number(reading.number_text(self, leverage, "leverage"))
        return {
            "info": leverage,
            "symbol": market["symbol"],
            "marginMode": self.mode_of(leverage),
            "longLeverage": times,
            "shortLeverage": times,
        }

    def parse_leverage_set(self, answer: Any, market: Any) -> dict[str, Any]:
        return self.parse_leverage(reading.record(self, self.data_of(answer)), market)

    def parse_margin_mode(self, marginMode: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(marginMode, "symbol"), market)
        return {"info": marginMode, "symbol": market["symbol"], "marginMode": self.mode_of(marginMode)}

    def leverage_request(
        self, leverage: Any, symbol: str | None, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        market = self.market(self.needed(symbol, "setLeverage"))
        try:
            whole = int(leverage)
        except (TypeError, ValueError, OverflowError):
            whole = 0
        most = min(HIGHEST_LEVERAGE, market["limits"]["leverage"]["max"] or HIGHEST_LEVERAGE)
        if isinstance(leverage, bool) or whole != leverage or not 1 <= whole <= most:
            raise BadRequest(
                f"{self.id} setLeverage() takes a whole number from 1 to {most:g}, not {leverage!r}"
            )
        return {"symbol": market["id"], "leverage": whole, **params}

    def mode_request(self, mode: Any, symbol: str | None, params: Mapping[str, Any]) -> dict[str, Any]:
        market = self.market(self.needed(symbol, "setMarginMode"))
        if str(mode).lower() not in MARGIN_MODES:
            raise BadRequest(f"{self.id} setMarginMode() takes cross or isolated, not {mode!r}")
        return {"symbol": market["id"], "marginType": MARGIN_MODES[str(mode).lower()], **params}

    def margin_request(
        self, symbol: str | None, amount: Any, adds: bool, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        market = self.market(self.needed(symbol, "addMargin" if adds else "reduceMargin"))
        text = self.money(amount, "addMargin" if adds else "reduceMargin")
        return {"symbol": market["id"], "amount": text if adds else f"-{text}", **params}

    def parse_margin_modification(self, data: Any, market: Any = None) -> Any:
        return {
            "info": data,
            "symbol": self.safe_string(market, "symbol"),
            "type": None,
            "marginMode": "isolated",
            "amount": None,
            "total": None,
            "code": self.safe_string(market, "settle"),
            "status": "ok",
            "timestamp": None,
            "datetime": None,
        }

    def needed(self, symbol: str | None, method: str) -> str:
        if symbol is None:
            raise ArgumentsRequired(f"{self.id} {method}() requires a symbol")
        return symbol
