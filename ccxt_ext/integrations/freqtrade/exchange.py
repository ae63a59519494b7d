"""What freqtrade's classes of all our venues have in common."""

from __future__ import annotations

import atexit
import logging
import weakref
from datetime import datetime
from typing import Any

from freqtrade.enums import TradingMode
from freqtrade.exceptions import InvalidOrderException
from freqtrade.exchange import Exchange

from ccxt_ext.integrations.freqtrade.database import Database
from ccxt_ext.integrations.freqtrade.funding import SeenFunding, seen_funding
from ccxt_ext.integrations.freqtrade.in_flight import InFlight, path_for
from ccxt_ext.integrations.freqtrade.lost import LostOrders
from ccxt_ext.integrations.freqtrade.tiers import one_tier
from ccxt_ext.venue.rest_client_sync import SyncRestClient

logger = logging.getLogger(__name__)


def close_at_exit(known: weakref.ref[Any]) -> None:
    """freqtrade leaves that to the end of the object, which may come after that of its connections."""
    exchange = known()
    if exchange is not None and hasattr(exchange, "loop"):
        exchange.close()


def new_to_freqtrade(method: Any) -> Any:
    """Marks a method that takes the place of none of freqtrade's."""
    method.new_to_freqtrade = True
    return method


class VenueExchange(Exchange):
    """A class of freqtrade's for a venue that is built from `ccxt_ext.venue`, or for any other of ccxt's.

    It loses no order (`lost.py`), counts the funding that it sees where the venue tells nothing of the past,
    and has leverage tiers where the venue lists none.
    """

    _lost: LostOrders | None = None
    _funding: SeenFunding | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        atexit.register(close_at_exit, weakref.ref(self))
        super().__init__(*args, **kwargs)

    def additional_exchange_init(self) -> None:
        super().additional_exchange_init()
        self._funding = seen_funding(self, self._api, self._config)
        if not self._config["dry_run"] and isinstance(self._api, SyncRestClient):
            self._lost = LostOrders(self._api, InFlight(path_for(self._config)), Database())

    def create_order(self, **order: Any) -> Any:
        if self._lost is None:
            return super().create_order(**order)
        is_exit = (
            order["side"] == "sell"
            if self.trading_mode == TradingMode.SPOT
            else order.get("reduceOnly", False)
        )
        with self._lost.exits(is_exit):
            return super().create_order(**order)

    @new_to_freqtrade
    def unsettled_orders(self) -> list[Any]:
        """What those orders ask for that may be on the venue, and of which nothing is known yet."""
        return [] if self._lost is None else self._lost.unsettled()

    def fetch_orders(self, pair: str, since: datetime, params: dict[str, Any] | None = None) -> list[Any]:
        """Each with a price and an amount, as freqtrade stores those that it does not know yet."""
        found = []
        for order in super().fetch_orders(pair, since, params):
            if order["filled"] and order.get("average") is None:
                # A list does not tell at what price an order was filled, and for which fee.
                order = self.fetch_order(order["id"], pair)
            price = order["price"] or order["average"]
            if price is not None:  # else it is a market order of which nothing was filled
                found.append({**order, "price": price, "amount": order["amount"] or order["filled"]})
        return found

    def reload_markets(self, force: bool = False, *, load_leverage_tiers: bool = True) -> None:
        super().reload_markets(force, load_leverage_tiers=load_leverage_tiers)
        if self._lost is not None:
            self._lost.look_again()  # freqtrade comes here at the start of each round
        if self._funding is not None:
            self._funding.look()

    def get_funding_fees(self, pair: str, amount: float, is_short: bool, open_date: datetime) -> float:
        if self._funding is None:
            return float(super().get_funding_fees(pair, amount, is_short, open_date))
        return self._funding.fees(pair, amount, is_short, open_date)

    async def _fetch_funding_rate_history(
        self, pair: str, timeframe: str, limit: int, since_ms: int | None = None
    ) -> list[list[Any]]:
        if not self.exchange_has("fetchFundingRateHistory"):
            return []
        rates: list[list[Any]] = await super()._fetch_funding_rate_history(pair, timeframe, limit, since_ms)
        return rates

    def cancel_stoploss_order_with_result(self, order_id: str, pair: str, amount: float) -> Any:
        try:
            return super().cancel_stoploss_order_with_result(order_id, pair, amount)
        except InvalidOrderException:
            # It has ended meanwhile. Without this, freqtrade goes on to take it for open.
            return self.fetch_stoploss_order(order_id, pair)

    def load_leverage_tiers(self) -> dict[str, list[dict[str, Any]]]:
        has = self._api.has
        listed = bool(has.get("fetchLeverageTiers") or has.get("fetchMarketLeverageTiers"))
        tiers: dict[str, list[dict[str, Any]]] = super().load_leverage_tiers() if listed else {}
        for symbol, market in self.markets.items():
            if self.market_is_future(market) and symbol not in tiers:
                tiers[symbol] = [one_tier(market, self.maintenance_rate(market))]
        if not listed:
            # It looks rates up only where an exchange lists tiers.
            self._ft_has["exchange_has_overrides"]["fetchLeverageTiers"] = True
        return tiers

    @new_to_freqtrade
    def maintenance_rate(self, market: dict[str, Any]) -> float | None:
        """The rate of a contract's maintenance margin; None if the venue does not tell it."""
        return None
