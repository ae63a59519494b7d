"""freqtrade's class for BTEX."""

from __future__ import annotations

from typing import Any, ClassVar

from freqtrade.enums import TRADE_MODES, MarginMode, TradingMode
from freqtrade.exceptions import ConfigurationError

from ccxt_ext.integrations.freqtrade import known_orders
from ccxt_ext.integrations.freqtrade.exchange import VenueExchange, new_to_freqtrade
from ccxt_ext.integrations.freqtrade.exits import refuse_to_open
from ccxt_ext.integrations.freqtrade.funding import when_paid

# How often funding is paid is not documented. This is common, and only counts for a rate of the user's own.
FUNDING = "8h"


class Btex(VenueExchange):
    """BTEX: linear contracts with isolated margin, and spot."""

    _ft_has: ClassVar[dict[str, Any]] = {
        # A ticker has the last price only, so prices are taken from the order book.
        "tickers_have_bid_ask": False,
        # The depths of a book that can be asked for. Spot knows no more than 30.
        "l2_limit_range": [5, 10, 15, 20, 30],
    }
    _ft_has_futures: ClassVar[dict[str, Any]] = {
        "l2_limit_range": [5, 10, 15, 20, 30, 50],
        # The venue has no candles of mark prices.
        "mark_ohlcv_price": "futures",
        # When a backtest counts the configuration's futures_funding_rate.
        "funding_fee_timeframe": FUNDING,
        # A market order has to name a price; without one, the last price would be asked for first.
        "marketOrderRequiresPrice": True,
        # The venue keeps neither: they go with each order.
        "exchange_has_overrides": {"setLeverage": False, "setMarginMode": False},
    }

    _supported_trading_mode_margin_pairs: ClassVar[list[Any]] = [
        (TradingMode.SPOT, MarginMode.NONE),
        (TradingMode.FUTURES, MarginMode.ISOLATED),
    ]

    @property
    def _ccxt_config(self) -> dict[str, Any]:
        """ccxt's class reads the contracts' wallet unless it is told otherwise."""
        if self.trading_mode == TradingMode.SPOT:
            return {"options": {"defaultType": "spot"}}
        config: dict[str, Any] = super()._ccxt_config
        return config

    def validate_required_startup_candles(self, startup_candles: int, timeframe: str) -> int:
        """The venue gives the newest candles: a second call would get the same."""
        calls: int = super().validate_required_startup_candles(startup_candles, timeframe)
        if calls > 1 and self._config["runmode"] in TRADE_MODES:
            most = self.ohlcv_candle_limit(timeframe, self._config["candle_type_def"]) - 1
            raise ConfigurationError(
                f"This strategy requires {startup_candles} candles to start, "
                f"which is more than the {most} that {self.name} provides for {timeframe}."
            )
        return calls

    @new_to_freqtrade
    def maintenance_rate(self, market: dict[str, Any]) -> float | None:
        told = market["info"].get("maintance_margin")  # that is how the venue spells it
        return None if told is None else float(told)

    def dry_run_liquidation_price(
        self,
        pair: str,
        open_rate: float,
        is_short: bool,
        amount: float,
        stake_amount: float,
        leverage: float,
        wallet_balance: float,
        open_trades: list[Any],
    ) -> float | None:
        """The price at which what is left of the margin is the maintenance rate times the worth at entry."""
        rate, _ = self.get_maintenance_ratio_and_amt(pair, stake_amount)
        room = wallet_balance / amount - rate * open_rate
        return max(open_rate + room if is_short else open_rate - room, 0.0)

    @staticmethod
    def combine_funding_and_mark(
        funding_rates: Any, mark_rates: Any, futures_funding_rate: float | None = None
    ) -> Any:
        """With no rates of the past, freqtrade takes that of the configuration for every hour."""
        combined = VenueExchange.combine_funding_and_mark(funding_rates, mark_rates, futures_funding_rate)
        return combined if len(funding_rates) else when_paid(combined, FUNDING)

    # -- orders -------------------------------------------------------------------------------------

    def create_order(self, **order: Any) -> Any:
        if order.get("reduceOnly") and not self._config["dry_run"]:
            pair = order["pair"]
            contracts = self.amount_to_precision(pair, self._amount_to_contracts(pair, order["amount"]))
            refuse_to_open(self, self._api, pair, order["side"], contracts)
        return super().create_order(**order)

    def _get_params(
        self,
        side: str,
        ordertype: str,
        leverage: float,
        reduceOnly: bool,
        time_in_force: str = "GTC",
    ) -> dict[str, Any]:
        """Leverage and margin mode are those of the trade, for its exits too, whatever was set before."""
        params: dict[str, Any] = super()._get_params(side, ordertype, leverage, False, time_in_force)
        if self.trading_mode == TradingMode.FUTURES:
            params |= {"leverage": leverage, "marginMode": self.margin_mode.value}
        return params

    def fetch_order(self, order_id: str, pair: str, params: dict[str, Any] | None = None) -> Any:
        if self.trading_mode == TradingMode.SPOT and not self._config["dry_run"]:
            known_orders.remind(self._api.memory, order_id)
        return super().fetch_order(order_id, pair, params)

    def _fetch_orders_emulate(self, pair: str, since_ms: int) -> list[Any]:
        """Of a spot market: it lists the open orders, and fills tell of those that have ended."""
        if self.trading_mode != TradingMode.SPOT:
            orders: list[Any] = super()._fetch_orders_emulate(pair, since_ms)
            return orders
        return known_orders.listed(self._api, pair, since_ms)
