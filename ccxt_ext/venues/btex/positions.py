"""Positions of BTEX's contract API, and the leverage and margin mode that orders to come have."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.btex.contracts import SECONDS, Contracts

SIDES = {"1": "long", "-1": "short"}


class Positions(Contracts):
    def parse_position(self, position: Any, market: Any = None) -> Any:
        """An open one, or one of the closed of which the venue tells little.

        What stands behind a crossed one is the wallet's, see `with_wallet()`.
        """
        market = self.contract_market(position, market)
        closed = "start_time" in position
        opened = reading.moment_in(self, SECONDS, position, "start_time") if closed else None
        margin_text, gain = (
            reading.number_text(self, position, "margin"),
            reading.number_text(self, position, "unrlz_pnl"),
        )
        margin = self.parse_number(margin_text)
        notional = self.notional_of(position, market)
        # Zero where there is none.
        liquidation = self.parse_number(
            self.omit_zero(reading.number_text(self, position, "liquidation_price"))
        )
        maintenance = self.maintenance_of(position, market)
        mode = self.margin_mode(position)
        collateral = Precise.string_add(margin_text, gain) if mode == "isolated" else None
        parsed = self.safe_position(
            {
                "info": position,
                "id": reading.required(self, position, "position_id"),
                "symbol": market["symbol"],
                "timestamp": opened,
                "datetime": self.iso8601(opened),
                "lastUpdateTimestamp": reading.moment_in(self, SECONDS, position, "end_time")
                if closed
                else None,
                "hedged": False,
                "side": self.side_of_position(position),
                "contracts": self.parse_number(reading.number_text(self, position, "amount")),
                "contractSize": market["contractSize"],
                "entryPrice": self.parse_number(reading.number_text(self, position, "price")),
                "markPrice": None,
                "lastPrice": None,
                "notional": self.parse_number(notional),
                "leverage": self.parse_number(reading.number_text(self, position, "leverage")),
                "initialMargin": margin,
                "initialMarginPercentage": self.parse_number(Precise.string_div(margin_text, notional)),
                "collateral": self.parse_number(collateral),
                "positionMargin": margin,
                "maintenanceMargin": self.parse_number(maintenance),
                "maintenanceMarginPercentage": self.parse_number(self.maintenance_rate(market)),
                "liquidationPrice": liquidation,
                "marginMode": mode,
                "marginRatio": None,
                "percentage": self.parse_number(
                    Precise.string_mul(Precise.string_div(gain, margin_text, 4), "100")
                ),
                "realizedPnl": self.parse_number(reading.number_text(self, position, "rlz_pnl")),
                "unrealizedPnl": self.parse_number(gain),
                "stopLossPrice": None,
                "takeProfitPrice": None,
            }
        )
        # Newer releases of ccxt fill in what is missing: of a crossed position by what holds for an
        # isolated one only, and a liquidation price by a guess.
        told = {"liquidationPrice": liquidation, "collateral": self.parse_number(collateral)}
        return {**parsed, **told, "marginRatio": self.margin_ratio(maintenance, collateral)}

    def margin_ratio(self, needed: str | None, there: str | None) -> Any:
        """One at the liquidation price; None where nothing is left to compare with."""
        if there is None or Precise.string_le(there, "0"):
            return None
        return self.parse_number(Precise.string_div(needed, there, 4))

    def side_of_position(self, position: Mapping[str, Any]) -> str | None:
        return SIDES.get(self.safe_string(position, "direction", ""))

    def maintenance_rate(self, market: Mapping[str, Any]) -> str | None:
        return reading.number_text(self, self.safe_dict(market, "info", {}), "maintance_margin")

    def entry_of(self, position: Mapping[str, Any], market: Any) -> str | None:
        """What it was worth at entry."""
        return self.worth(
            market,
            reading.number_text(self, position, "amount"),
            reading.number_text(self, position, "price"),
        )

    def gains_with_worth(self, position: Mapping[str, Any], market: Any) -> bool:
        """A contract that is worth 1/price of its currency loses worth when it gains."""
        return (self.side_of_position(position) == "long") is not market["inverse"]

    def notional_of(self, position: Mapping[str, Any], market: Any) -> str | None:
        """What a position is worth now: its worth at entry, and what it gained or lost since."""
        entry, gain = self.entry_of(position, market), reading.number_text(self, position, "unrlz_pnl")
        change = Precise.string_add if self.gains_with_worth(position, market) else Precise.string_sub
        found: str | None = change(entry, gain)
        return found

    def maintenance_of(self, position: Mapping[str, Any], market: Any) -> str | None:
        """What has to be left of its margin: all that is, at the price at which it is liquidated.

        That price shows that the venue takes its rate of the worth at entry, and keeps a reserve for fees. A
        crossed position's depends on the wallet, so that only the rate tells what it needs.
        """
        entry, end = self.entry_of(position, market), reading.number_text(self, position, "liquidation_price")
        if self.margin_mode(position) == "isolated" and self.omit_zero(end) is not None:
            at_end = self.worth(market, reading.number_text(self, position, "amount"), end)
            gain = Precise.string_sub(at_end, entry)
            if not self.gains_with_worth(position, market):
                gain = Precise.string_neg(gain)
            left = Precise.string_add(reading.number_text(self, position, "margin"), gain)
            if left is not None and Precise.string_gt(left, "0"):
                return str(left)
        needed: str | None = Precise.string_mul(entry, self.maintenance_rate(market))
        return needed

    def with_wallet(self, position: Any, rows: Sequence[Any], balances: Sequence[Any]) -> Any:
        """A crossed position, with what the wallet has behind it and all other crossed ones (`rows`)."""
        market = self.market(position["symbol"])
        coin = market["settleId"]
        row = next((row for row in balances if self.safe_string(row, "coin") == coin), None)
        equity = None if row is None else reading.number_text(self, row, "total")
        needed: str | None = "0"
        for each in rows:
            of = self.contract_market(each)
            if of["settleId"] != coin:
                continue
            if self.margin_mode(each) == "cross":
                equity = Precise.string_add(equity, reading.number_text(self, each, "unrlz_pnl"))
                needed = Precise.string_add(needed, self.maintenance_of(each, of))
            else:  # it has its own, which the others cannot use
                equity = Precise.string_sub(equity, reading.number_text(self, each, "margin"))
        told = {"collateral": self.parse_number(equity), "marginRatio": self.margin_ratio(needed, equity)}
        return {**position, **told}

    # -- what orders to come have -------------------------------------------------------------------

    def are_set(self, symbol: str) -> bool:
        """Whether both leverage and margin mode were, so that no position has to tell them."""
        return symbol in self.options["leverages"] and symbol in self.options["marginModes"]

    def parse_leverage(self, leverage: Any, market: Any = None) -> Any:
        symbol = market["symbol"]
        value = self.parse_number(self.leverage_of(symbol, leverage))
        return {
            "info": leverage,
            "symbol": symbol,
            "marginMode": self.margin_mode_of(symbol, leverage),
            "longLeverage": value,
            "shortLeverage": value,
        }

    def parse_margin_mode(self, marginMode: Any, market: Any = None) -> Any:
        symbol = market["symbol"]
        return {"info": marginMode, "symbol": symbol, "marginMode": self.margin_mode_of(symbol, marginMode)}

    def leverage_of(self, symbol: str, position: Mapping[str, Any]) -> str:
        """Of the orders to come in a market, as far as they do not tell their own: what was set, or else what
        an open position has, which an order with other terms would not simply add to."""
        told = self.omit_zero(reading.number_text(self, position, "leverage"))
        default = self.options["defaultLeverage"] if told is None else str(Precise(told))
        return self.number_to_string(self.options["leverages"].get(symbol, default))

    def margin_mode_of(self, symbol: str, position: Mapping[str, Any]) -> str:
        default = self.margin_mode(position) or self.options["defaultMarginMode"]
        return str(self.options["marginModes"].get(symbol, default))
