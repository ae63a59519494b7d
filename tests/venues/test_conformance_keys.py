"""What is told has all the fields of ccxt's structure, and no others; `info` is the venue's own answer."""

import json

import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.profiles import PROFILES

TIMES = {"timestamp", "datetime"}
ADDRESS = {"info", "currency", "network", "address", "tag"}
FEE = {"info", "symbol", "maker", "taker", "percentage", "tierBased"}
LEVERAGE = {"info", "symbol", "marginMode", "longLeverage", "shortLeverage"}
MARGIN_MODE = {"info", "symbol", "marginMode"}
MARGIN = {"info", "symbol", "type", "marginMode", "amount", "total", "code", "status"} | TIMES
MOVED = {"info", "id", "currency", "amount", "fromAccount", "toAccount", "status"} | TIMES
TIER = {"tier", "currency", "minNotional", "maxNotional", "maintenanceMarginRate", "maxLeverage"}
TRANSACTION = {
    *("info", "id", "txid", "timestamp", "datetime", "address", "addressFrom", "addressTo", "tag", "tagFrom"),
    *("tagTo", "type", "amount", "currency", "status", "updated", "network", "comment", "internal", "fee"),
}
FUNDING = {
    *("info", "symbol", "markPrice", "indexPrice", "interestRate", "estimatedSettlePrice", "interval"),
    *TIMES,
    *(
        f"{which}{name}"
        for which in ("next", "previous")
        for name in ("FundingRate", "FundingTimestamp", "FundingDatetime")
    ),
    *("fundingRate", "fundingTimestamp", "fundingDatetime"),
}
OPEN_INTEREST = {
    *("symbol", "openInterestAmount", "openInterestValue", "baseVolume", "quoteVolume", "info"),
    *TIMES,
}
LAST_PRICE = {"symbol", "price", "side", "info"} | TIMES
POSITION = {
    *("info", "id", "symbol", "timestamp", "datetime", "lastUpdateTimestamp", "hedged", "side", "contracts"),
    *("contractSize", "entryPrice", "markPrice", "lastPrice", "notional", "leverage", "collateral"),
    *("initialMargin", "initialMarginPercentage", "maintenanceMargin", "maintenanceMarginPercentage"),
    *("unrealizedPnl", "realizedPnl", "liquidationPrice", "marginMode", "marginRatio", "percentage"),
    *("stopLossPrice", "takeProfitPrice"),
}
ORDER = {
    *("id", "clientOrderId", "timestamp", "datetime", "symbol", "type", "side", "price", "amount", "cost"),
    *("average", "filled", "remaining", "timeInForce", "postOnly", "trades", "reduceOnly", "stopPrice"),
    *(
        "triggerPrice",
        "takeProfitPrice",
        "stopLossPrice",
        "status",
        "fee",
        "fees",
        "info",
        "lastTradeTimestamp",
    ),
    "lastUpdateTimestamp",
}
STRUCTURES = {
    "addMargin": MARGIN,
    "createDepositAddress": ADDRESS,
    "createOrder": ORDER,
    "cancelOrder": ORDER,
    "fetchAccounts": {"id", "type", "code", "info"},
    "fetchDepositAddress": ADDRESS,
    "fetchDepositAddresses": ADDRESS,
    "fetchDepositAddressesByNetwork": ADDRESS,
    "fetchDepositWithdrawFee": {"info", "deposit", "withdraw", "networks"},
    "fetchDepositWithdrawFees": {"info", "deposit", "withdraw", "networks"},
    "fetchDeposits": TRANSACTION,
    "fetchDepositsWithdrawals": TRANSACTION,
    "fetchFundingInterval": FUNDING,
    "fetchFundingIntervals": FUNDING,
    "fetchFundingRate": FUNDING,
    "fetchFundingRates": FUNDING,
    "fetchLastPrices": LAST_PRICE,
    "fetchLeverage": LEVERAGE,
    "fetchLeverages": LEVERAGE,
    "fetchLeverageTiers": {*TIER, "symbol", "info"},
    "fetchMarginMode": MARGIN_MODE,
    "fetchMarginModes": MARGIN_MODE,
    "fetchMarketLeverageTiers": {*TIER, "symbol", "info"},
    "fetchOpenInterest": OPEN_INTEREST,
    "fetchOpenInterests": OPEN_INTEREST,
    "fetchOrder": ORDER,
    "fetchPosition": POSITION,
    "fetchPositionHistory": POSITION,
    "fetchPositions": POSITION,
    "fetchPositionsForSymbol": POSITION,
    "fetchPositionsHistory": POSITION,
    "fetchStatus": {"status", "updated", "eta", "url", "info"},
    "fetchTradingFee": FEE,
    "fetchTradingFees": FEE,
    "fetchTransfers": MOVED,
    "fetchWithdrawals": TRANSACTION,
    "reduceMargin": MARGIN,
    "setLeverage": LEVERAGE,
    "setMarginMode": MARGIN_MODE,
    "transfer": MOVED,
    "withdraw": TRANSACTION,
}
# ccxt's own maker of a structure adds these, in some releases or for some venues.
BESIDES = {"positionMargin", "isolated"}


def rows_of(told):
    if isinstance(told, list):
        return told
    if "info" in told:
        return [told]
    return [row for value in told.values() for row in (value if isinstance(value, list) else [value])]


CASES = [
    (id, method, sample)
    for id, profile in PROFILES.items()
    for method in STRUCTURES
    for sample in (*profile.samples.get(method, ()), *([None] if method in profile.unsent else ()))
]


@pytest.mark.parametrize(("id", "method", "sample"), CASES)
def test_it_has_the_fields_of_its_structure(id, method, sample):
    profile = PROFILES[id]
    told = None if sample is None else profile.sample(sample)
    exchange, _ = profile.offline("sync", lambda request: Answer(json.dumps(told)))
    args = profile.unsent[method] if sample is None else profile.calls[method]
    rows = rows_of(call(exchange, method, *args))
    assert rows
    for row in rows:
        assert set(row) - BESIDES == STRUCTURES[method] - BESIDES
        assert row["info"] or not told
