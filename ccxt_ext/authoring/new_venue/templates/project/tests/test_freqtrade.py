# with --swap
"""The venue in freqtrade, which these tests need: pip install freqtrade. Without it they are left out."""

import pytest
from symbols import SYMBOL

pytest.importorskip("freqtrade.exchange")

from freqtrade.enums import CandleType, RunMode
from freqtrade.resolvers import ExchangeResolver

CONTRACT = "BTC/USDT:USDT"
PRICING = {"price_side": "other", "use_order_book": True, "order_book_top": 1}
MODES = {"spot": ("", SYMBOL), "futures": ("isolated", CONTRACT)}


@pytest.fixture(params=MODES)
def made(request, configs):
    """freqtrade's own exchange, as a bot in dry run has it, and the pair that it trades."""
    margin_mode, pair = MODES[request.param]
    config = dict(configs[0])
    keys = {"key": config.pop("apiKey"), "secret": config.pop("secret")}
    exchange = ExchangeResolver.load_exchange(
        {
            "dry_run": True,
            "dry_run_wallet": 10_000,
            "runmode": RunMode.DRY_RUN,
            "trading_mode": request.param,
            "margin_mode": margin_mode,
            "stake_currency": "USDT",
            "timeframe": "5m",
            "entry_pricing": PRICING,
            "exit_pricing": PRICING,
            "exchange": {
                "name": "acme",
                "pair_whitelist": [pair],
                **keys,
                "ccxt_config": config,
            },
        },
        load_leverage_tiers=True,
    )
    yield exchange, pair
    exchange.close()


def test_it_is_the_venues_own_class(made):
    exchange, pair = made
    assert type(exchange).__module__ == "ccxt_acme.freqtrade"
    assert pair in exchange.get_markets(tradable_only=True, active_only=True)


def test_candles_come(made):
    exchange, pair = made
    kind = CandleType.get_default(exchange.trading_mode.value)
    candles = exchange.refresh_latest_ohlcv([(pair, "5m", kind)])[pair, "5m", kind]
    assert len(candles) > 20


def test_an_order_in_dry_run(made):
    exchange, pair = made
    leverage = exchange.get_max_leverage(pair, 100)
    assert leverage >= 1
    rate = exchange.get_rate(pair, side="entry", is_short=False, refresh=True)
    amount = exchange.amount_to_precision(pair, 1_000 / rate)
    order = exchange.create_order(
        pair=pair,
        ordertype="limit",
        side="buy",
        amount=amount,
        rate=rate,
        leverage=min(2.0, leverage),
        reduceOnly=False,
        time_in_force="GTC",
    )
    assert (order["status"], order["filled"]) == ("closed", amount)
