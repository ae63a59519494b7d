"""The strategies that trade live, each on its venues, with what their users would write into files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Market:
    """One pair of one connector's, and the account that trades it."""

    connector: str
    venue: str
    places: str
    """A pattern of the path by which orders are placed."""
    pair: str = "BTC-USDT"
    symbol: str = "BTC/USDT"
    size: str = "1"
    """Of a contract, in what is traded."""
    balances: Mapping[str, str] = field(default_factory=lambda: {"USDT": "1000000", "BTC": "20"})
    wallet: str = ""
    streams: bool = False
    fill_ids: bool = True
    """Whether the venue tells of each fill by itself."""

    @property
    def is_perpetual(self) -> bool:
        return self.connector.endswith("_perpetual")


BITMART2 = Market("bitmart2", "bitmart2", "^/v2/orders$", streams=True)
BITEXBIT = Market("bitexbit", "bitexbit", "/order/create$")
# hummingbot gives up, each second, if the taker's book is not so deep as all that the account has.
TAKER = replace(BITEXBIT, balances={"USDT": "200000", "BTC": "20"})
BTEX = Market("btex", "btex", "/auth_api$", wallet="spot")
BITEXASIA = Market(
    "bitexasia",
    "bitexasia",
    "^/v1/orders$",
    pair="BTC-USD",
    symbol="BTC/USD",
    balances={"USD": "1000000", "BTC": "20"},
    fill_ids=False,
)
CONTRACTS = {"symbol": "BTC/USDT:USDT", "balances": {"USDT": "1000000"}}
BTEX_PERPETUAL = Market("btex_perpetual", "btex", "/place_order$", size="0.001", **CONTRACTS)  # type: ignore[arg-type]
BITMAX_PERPETUAL = Market(
    "bitmaxfutures_perpetual",
    "bitmaxfutures",
    "/futures/order$",
    streams=True,
    fill_ids=False,
    **CONTRACTS,  # type: ignore[arg-type]
)
MARKETS = (BITMART2, BITEXBIT, BTEX, BITEXASIA, BTEX_PERPETUAL, BITMAX_PERPETUAL)


@dataclass(frozen=True)
class Live:
    """A strategy on its markets."""

    strategy: str
    markets: Sequence[Market]
    files: Mapping[str, Mapping[str, Any]]
    """Its configuration, by the path below conf/."""

    @property
    def name(self) -> str:
        return "-".join([self.strategy, *(market.connector for market in self.markets)])

    @property
    def at(self) -> str:
        return " and ".join(market.connector for market in self.markets)


CLOSE = {"bid_spread": 0.003, "ask_spread": 0.003, "order_refresh_time": 3, "filled_order_delay": 1}
LEVELS = {"order_levels": 2, "order_level_amount": 0, "order_level_spread": 0.004}


def pure_market_making(market: Market) -> Live:
    config = {"strategy": "pure_market_making", "exchange": market.connector, "market": market.pair}
    config |= {"template_version": 24, "order_amount": 0.01, **CLOSE, **LEVELS}
    # Otherwise it waits until each cancel is certain, which takes a minute after some faults.
    config |= {"should_wait_order_cancel_confirmation": False}
    return live("pure_market_making", [market], config)


def perpetual_market_making(market: Market) -> Live:
    config = {"strategy": "perpetual_market_making", "derivative": market.connector, "market": market.pair}
    config |= {"template_version": 6, "order_amount": 0.02, **CLOSE, **LEVELS}
    config |= {
        "leverage": 5,
        "position_mode": "One-way",
        "long_profit_taking_spread": 0.004,
        "short_profit_taking_spread": 0.004,
        "stop_loss_spread": 0.05,
        "stop_loss_slippage_buffer": 0.1,
        "time_between_stop_loss_orders": 10,
    }
    return live("perpetual_market_making", [market], config)


def cross_exchange_market_making(maker: Market, taker: Market) -> Live:
    config = {
        "strategy": "cross_exchange_market_making",
        "maker_market": maker.connector,
        "taker_market": taker.connector,
        "maker_market_trading_pair": maker.pair,
        "taker_market_trading_pair": taker.pair,
        "min_profitability": -0.003,
        "order_amount": 0.001,  # of which the accounts have enough for an hour, whatever side is filled
        "adjust_order_enabled": False,
        "anti_hysteresis_duration": 2.0,
        "order_refresh_mode": {},
        "conversion_rate_mode": {
            "taker_to_maker_base_conversion_rate": 1,
            "taker_to_maker_quote_conversion_rate": 1,
        },
        "slippage_buffer": 1.0,
        # It asks the book for the price of all that it may hedge, and waits while that is not so deep.
        "order_size_taker_balance_factor": 0.2,
    }
    return live("cross_exchange_market_making", [maker, taker], config)


def pmm_simple(market: Market) -> Live:
    script = {"script_file_name": "v2_with_controllers.py", "controllers_config": ["pmm.yml"]}
    controller = {
        "id": "pmm",
        "controller_name": "pmm_simple",
        "controller_type": "market_making",
        "total_amount_quote": "4000",
        "connector_name": market.connector,
        "trading_pair": market.pair,
        "buy_spreads": "0.00003,0.00007",
        "sell_spreads": "0.00003,0.00007",
        "buy_amounts_pct": None,
        "sell_amounts_pct": None,
        "executor_refresh_time": 4,
        "cooldown_time": 1,
        "leverage": 5,
        "position_mode": "ONEWAY",
        "stop_loss": "0.001",
        "take_profit": "0.0001",
        "time_limit": 20,
        "take_profit_order_type": "LIMIT",
    }
    files = {"scripts/live.yml": script, "controllers/pmm.yml": controller}
    return Live("pmm_simple", [market], files)


def live(strategy: str, markets: Sequence[Market], config: Mapping[str, Any]) -> Live:
    return Live(strategy, markets, {"strategies/live.yml": config})


LIVE = {
    each.name: each
    for each in (
        *map(pure_market_making, (BITMART2, BTEX, BITEXBIT, BITEXASIA)),
        cross_exchange_market_making(BITMART2, TAKER),
        *map(perpetual_market_making, (BTEX_PERPETUAL, BITMAX_PERPETUAL)),
        pmm_simple(BITMAX_PERPETUAL),
    )
}
