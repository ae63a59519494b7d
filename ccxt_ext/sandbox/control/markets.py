"""Calls about the markets of a venue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.engine import Market
from ccxt_ext.sandbox.engine.checks import is_nonsense
from ccxt_ext.sandbox.fields import BadCall, Fields, amount, check_names, decimal, one_of
from ccxt_ext.sandbox.frontend import decimal_text

STEPS = ("tick", "step", "min_amount", "max_amount", "min_cost")
FEES = ("maker_fee", "taker_fee")
STATUSES = {"open": True, "halted": False}
LEAST_TICKS = 10
"""A market's price has to have so many ticks, or its makers have no room."""


class MarketCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/markets"): self.markets,
            ("POST", "/markets"): self.list_market,
            ("PATCH", "/markets"): self.change,
            ("DELETE", "/markets"): self.delist,
        }

    def markets(self, fields: Fields) -> Any:
        check_names(fields, "venue")
        chosen = [self.venue(fields)] if "venue" in fields else self.world.settings.all_venues
        return {
            venue: [_row(market) for market in self.world.frontends[venue].engine.markets.values()]
            for venue in chosen
        }

    def list_market(self, fields: Fields) -> Any:
        """List another market. Only its name differs from one that exists."""
        check_names(fields, "venue", "like", "market", "pair")
        frontend = self.frontend(fields)
        like = self.market(fields, "like")
        market, pair = fields.get("market"), fields.get("pair")
        if not isinstance(market, str) or market in frontend.engine.markets:
            raise BadCall("'market' must be the name of one that there is not yet")
        if pair is not None and not isinstance(pair, str):
            raise BadCall("'pair' must be text, such as \"SOL_USDT\"")
        if not frontend.engine.markets[like].is_listed:
            raise BadCall(f"{like} was delisted")
        try:
            frontend.list_market(like, market, pair)
        except ValueError as error:
            raise BadCall(str(error)) from None
        return {"markets": list(frontend.engine.markets)}

    def change(self, fields: Fields) -> Any:
        """Change what a market goes by, while clients run."""
        check_names(fields, "venue", "market", *STEPS, *FEES, "funding_rate", "status")
        frontend, name = self.frontend(fields), self.market(fields)
        rules = _rules(fields, frontend.engine.markets[name])
        if not rules:
            known = ", ".join((*STEPS, *FEES, "funding_rate", "status"))
            raise BadCall(f"nothing to change; there are {known}")
        try:
            frontend.change_market(name, rules)
        except ValueError as error:
            raise BadCall(str(error)) from None
        return _row(frontend.engine.markets[name])

    def delist(self, fields: Fields) -> Any:
        check_names(fields, "venue", "market")
        frontend, name = self.frontend(fields), self.market(fields)
        try:
            frontend.delist_market(name)
        except ValueError as error:
            raise BadCall(str(error)) from None
        return _row(frontend.engine.markets[name])


def _rules(fields: Fields, market: Market) -> dict[str, Any]:
    """The fields of the spec that are to be others."""
    rules: dict[str, Any] = {}
    for name in STEPS:
        if name in fields:
            rules[name] = decimal(fields, name) if name == "min_cost" else amount(fields, name)
    for name in FEES:
        if name in fields:
            rules[name] = _share(fields, name)
    if "funding_rate" in fields:
        if market.spec.funding_interval_ms is None:
            raise BadCall(f"{market.spec.id} has no funding")
        given = fields["funding_rate"]
        rules["funding_rate"] = None if given is None else _share(fields, "funding_rate")
    if "status" in fields:
        rules["active"] = STATUSES[one_of(fields, "status", tuple(STATUSES))]
    _check(rules, market)
    return rules


def _share(fields: Fields, name: str) -> Decimal:
    share = decimal(fields, name)
    if not -1 < share < 1:
        raise BadCall(f'{name!r} must be a share between -1 and 1, such as "0.001"')
    return share


def _check(rules: Mapping[str, Any], market: Market) -> None:
    for name, value in rules.items():
        if isinstance(value, Decimal) and is_nonsense(value):
            raise BadCall(f"{name!r} has too many digits")
    if rules.get("min_cost", 0) < 0:
        raise BadCall("'min_cost' must not be negative")
    if "tick" in rules and rules["tick"] * LEAST_TICKS > market.last_price:
        raise BadCall(f"'tick' must be at most a {LEAST_TICKS}th of the price")


def _row(market: Market) -> dict[str, Any]:
    spec = market.spec
    row: dict[str, Any] = {"market": spec.id, "symbol": spec.symbol, "kind": spec.kind}
    row["status"] = _status(market)
    row |= {name: decimal_text(getattr(spec, name)) for name in (*STEPS, *FEES)}
    rate = market.funding_rate
    row["funding_rate"] = None if rate is None else decimal_text(rate)
    return row


def _status(market: Market) -> str:
    if not market.is_listed:
        return "delisted"
    if not market.spec.active:
        return "halted"
    return "open" if market.active else "expired"
