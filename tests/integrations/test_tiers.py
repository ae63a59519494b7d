"""The one leverage tier of a contract whose venue lists none."""

from ccxt_ext.integrations.freqtrade.tiers import one_tier

MARKET = {
    "symbol": "BTC/USDT:USDT",
    "settle": "USDT",
    "limits": {"leverage": {"min": 1, "max": 50}, "cost": {"min": 5, "max": 2_000_000}},
}


def test_it_is_what_the_market_tells():
    assert one_tier(MARKET, 0.004) == {
        "tier": 1,
        "symbol": "BTC/USDT:USDT",
        "currency": "USDT",
        "minNotional": 0.0,
        "maxNotional": 2_000_000,
        "maintenanceMarginRate": 0.004,
        "maxLeverage": 50.0,
        "info": {},
    }


def test_a_rate_that_is_not_told_is_half_the_margin_at_the_highest_leverage():
    assert one_tier(MARKET, None)["maintenanceMarginRate"] == 0.01
    told = one_tier({**MARKET, "limits": {}}, None)
    assert (told["maxLeverage"], told["maintenanceMarginRate"], told["maxNotional"]) == (1.0, 0.5, None)
