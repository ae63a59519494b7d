"""Whether what a unified method returned is a structure of ccxt's, whatever a venue may have answered."""

import math
from collections.abc import Callable
from typing import Any

Check = Callable[[Any, str], None]


def number(value: Any, where: str) -> None:
    assert value is None or (type(value) in (int, float) and math.isfinite(value)), f"{where} is {value!r}"


def text(value: Any, where: str) -> None:
    assert value is None or (isinstance(value, str) and value), f"{where} is {value!r}"


def needed_text(value: Any, where: str) -> None:
    assert isinstance(value, str) and value, f"{where} is {value!r}"


def moment(value: Any, where: str) -> None:
    if value is not None:
        needed_moment(value, where)


def needed_moment(value: Any, where: str) -> None:
    # Up to the year 9999, the last one that has a date and time as text.
    assert type(value) is int and 0 <= value < 253_402_300_800_000, f"{where} is {value!r}"


def flag(value: Any, where: str) -> None:
    assert value is None or type(value) is bool, f"{where} is {value!r}"


def one_of(*values: Any) -> Check:
    def check(value: Any, where: str) -> None:
        assert value is None or value in values, f"{where} is {value!r}"

    return check


def anything(value: Any, where: str) -> None:
    return None


def record(**fields: Check) -> Check:
    """A dict with all of these."""

    def check(value: Any, where: str) -> None:
        assert isinstance(value, dict), f"{where} is {value!r}"
        for name, inner in fields.items():
            assert name in value, f"{where} has no {name}"
            inner(value[name], f"{where}.{name}")

    return check


def optional(inner: Check) -> Check:
    return lambda value, where: None if value is None else inner(value, where)


def listed(inner: Check) -> Check:
    def check(value: Any, where: str) -> None:
        assert isinstance(value, list), f"{where} is {value!r}"
        for at, item in enumerate(value):
            inner(item, f"{where}[{at}]")

    return check


def keyed(inner: Check) -> Check:
    def check(value: Any, where: str) -> None:
        assert isinstance(value, dict), f"{where} is {value!r}"
        for key, item in value.items():
            needed_text(key, f"{where}'s key")
            inner(item, f"{where}[{key!r}]")

    return check


def timed(inner: Check) -> Check:
    """A list in the order of time."""

    def check(value: Any, where: str) -> None:
        listed(inner)(value, where)
        times = [item["timestamp"] for item in value if item["timestamp"] is not None]
        assert times == sorted(times), f"{where} is not in the order of time"

    return check


side = one_of("buy", "sell")
bounds = record(min=number, max=number)
fee = optional(record(cost=number, currency=text))

currency = record(
    id=needed_text, code=needed_text, name=text, active=flag, deposit=flag, withdraw=flag, precision=number
)
market = record(
    id=needed_text,
    symbol=needed_text,
    base=needed_text,
    quote=needed_text,
    active=flag,
    type=one_of("spot", "swap", "future", "option"),
    precision=record(amount=number, price=number),
    limits=record(amount=bounds, price=bounds, cost=bounds),
    maker=number,
    taker=number,
)
ticker = record(
    symbol=needed_text,
    timestamp=moment,
    datetime=text,
    **dict.fromkeys(("high", "low", "bid", "bidVolume", "ask", "askVolume", "vwap", "open", "close"), number),
    **dict.fromkeys(("last", "change", "percentage", "average", "baseVolume", "quoteVolume"), number),
)
trade = record(
    id=text,
    order=text,
    symbol=needed_text,
    timestamp=moment,
    datetime=text,
    side=side,
    takerOrMaker=one_of("taker", "maker"),
    price=number,
    amount=number,
    cost=number,
    fee=fee,
    fees=listed(fee),
)
STATUSES = ("open", "closed", "canceled", "canceling", "expired", "rejected")
order = record(
    id=needed_text,
    symbol=needed_text,
    timestamp=moment,
    datetime=text,
    type=text,
    side=side,
    status=one_of(*STATUSES),
    **dict.fromkeys(("price", "amount", "filled", "remaining", "cost", "average"), number),
    fee=fee,
    fees=listed(fee),
    trades=listed(anything),
)
# Some venues answer with the whole order, which may have ended before.
answer_to_a_cancel = record(id=text, symbol=needed_text, status=one_of(*STATUSES))


def candle(value: Any, where: str) -> None:
    assert isinstance(value, list) and len(value) == 6, f"{where} is {value!r}"
    needed_moment(value[0], f"{where}[0]")
    listed(number)(value[1:], where)


def book(value: Any, where: str) -> None:
    record(symbol=needed_text, timestamp=moment, datetime=text, nonce=moment)(value, where)
    for name, falling in (("bids", True), ("asks", False)):
        levels = value[name]
        for level in levels:
            assert len(level) >= 2 and None not in level[:2], f"{where}.{name} has {level!r}"
            listed(number)(level, f"{where}.{name}")
        prices = [level[0] for level in levels]
        assert prices == sorted(prices, reverse=falling), f"{where}.{name} is not sorted"


def balance(value: Any, where: str) -> None:
    parts = record(free=keyed(number), used=keyed(number), total=keyed(number), info=anything)
    parts(value, where)
    codes = set(value) - {"free", "used", "total", "info", "timestamp", "datetime", "debt"}
    for code in codes:
        record(free=number, used=number, total=number)(value[code], f"{where}[{code!r}]")
    assert codes == set(value["total"])


def candles(value: Any, where: str) -> None:
    listed(candle)(value, where)
    times = [item[0] for item in value]
    assert times == sorted(times), f"{where} is not in the order of time"


position = record(
    symbol=needed_text,
    side=one_of("long", "short"),
    marginMode=one_of("cross", "isolated"),
    **dict.fromkeys(
        ("contracts", "contractSize", "entryPrice", "markPrice", "notional", "leverage", "collateral"), number
    ),
    **dict.fromkeys(("initialMargin", "initialMarginPercentage", "maintenanceMargin"), number),
    **dict.fromkeys(("maintenanceMarginPercentage", "unrealizedPnl", "liquidationPrice"), number),
    **dict.fromkeys(("marginRatio", "percentage", "stopLossPrice", "takeProfitPrice"), number),
)
tier = record(
    tier=number,
    **dict.fromkeys(("minNotional", "maxNotional", "maintenanceMarginRate", "maxLeverage"), number),
)
funding_rate = record(
    symbol=needed_text,
    timestamp=moment,
    datetime=text,
    fundingTimestamp=moment,
    interval=text,
    **dict.fromkeys(("fundingRate", "markPrice", "indexPrice"), number),
)
open_interest = record(
    symbol=needed_text, openInterestAmount=number, openInterestValue=number, timestamp=moment, datetime=text
)
mark_price = record(symbol=needed_text, markPrice=number, indexPrice=number, timestamp=moment)
leverage = record(symbol=needed_text, marginMode=text, longLeverage=number, shortLeverage=number)
margin_mode = record(symbol=needed_text, marginMode=one_of("cross", "isolated"))
margin_change = record(symbol=needed_text, type=one_of("add", "reduce"), amount=number, code=text)
transfer = record(id=text, currency=needed_text, amount=number, fromAccount=text, toAccount=text, status=text)
transaction = record(
    id=text,
    txid=text,
    type=one_of("deposit", "withdrawal"),
    currency=needed_text,
    amount=number,
    timestamp=needed_moment,
    status=one_of("pending", "ok", "failed", "canceled"),
    fee=fee,
)
deposit_address = record(currency=needed_text, address=needed_text, network=text)
fee_rate = record(symbol=needed_text, maker=number, taker=number, percentage=flag, tierBased=flag)
money_fee = record(fee=number, percentage=flag)
deposit_withdraw_fee = record(
    withdraw=money_fee, deposit=money_fee, networks=keyed(record(withdraw=money_fee, deposit=money_fee))
)

RESULTS: dict[str, Check] = {
    "fetchTime": needed_moment,
    "fetchStatus": record(status=needed_text, updated=moment),
    "fetchCurrencies": keyed(currency),
    "fetchMarkets": listed(market),
    "fetchTicker": ticker,
    "fetchTickers": keyed(ticker),
    "fetchBidsAsks": keyed(ticker),
    "fetchOrderBook": book,
    "fetchL2OrderBook": book,
    "fetchTrades": timed(trade),
    "fetchOHLCV": candles,
    "signIn": anything,
    "fetchBalance": balance,
    "createOrder": order,
    "createLimitOrder": order,
    "createLimitBuyOrder": order,
    "createLimitSellOrder": order,
    "createMarketOrder": order,
    "createMarketBuyOrder": order,
    "createMarketBuyOrderWithCost": order,
    "createMarketOrderWithCost": order,
    "createMarketSellOrder": order,
    "createMarketSellOrderWithCost": order,
    "createStopOrder": order,
    "createStopLimitOrder": order,
    "createStopLossOrder": order,
    "createStopMarketOrder": order,
    "createTakeProfitOrder": order,
    "createTrailingAmountOrder": order,
    "createTrailingPercentOrder": order,
    "createTriggerOrder": order,
    "cancelOrder": answer_to_a_cancel,
    "cancelAllOrders": listed(answer_to_a_cancel),
    "fetchOrder": order,
    "fetchOrders": timed(order),
    "fetchOpenOrders": timed(order),
    "fetchClosedOrders": timed(order),
    "fetchCanceledOrders": timed(order),
    "fetchCanceledAndClosedOrders": timed(order),
    "fetchMyTrades": timed(trade),
    "fetchOrderTrades": timed(trade),
    "addMargin": margin_change,
    "cancelOrderWithClientOrderId": answer_to_a_cancel,
    "cancelOrders": listed(answer_to_a_cancel),
    "closeAllPositions": listed(record(info=anything)),
    "closePosition": record(symbol=needed_text),
    "createOrders": listed(order),
    "createOrderWithTakeProfitAndStopLoss": order,
    "createPostOnlyOrder": order,
    "createReduceOnlyOrder": order,
    "editOrder": order,
    "editOrderWithClientOrderId": order,
    "fetchAccounts": listed(record(id=needed_text, type=text)),
    "fetchDepositAddress": deposit_address,
    "fetchDepositAddressesByNetwork": keyed(deposit_address),
    "fetchDeposits": timed(transaction),
    "fetchDepositsWithdrawals": timed(transaction),
    "fetchFundingInterval": funding_rate,
    "fetchFundingIntervals": keyed(funding_rate),
    "fetchFundingRate": funding_rate,
    "fetchFundingRates": keyed(funding_rate),
    "fetchLastPrices": keyed(record(symbol=needed_text, timestamp=moment, price=number, side=side)),
    "fetchLeverage": leverage,
    "fetchLeverages": keyed(leverage),
    "fetchLeverageTiers": keyed(listed(tier)),
    "fetchMarginMode": margin_mode,
    "fetchMarginModes": keyed(margin_mode),
    "fetchMarketLeverageTiers": listed(tier),
    "fetchMarkPrice": mark_price,
    "fetchMarkPrices": keyed(mark_price),
    "fetchOpenInterest": open_interest,
    "fetchOpenInterests": keyed(open_interest),
    "fetchOrderWithClientOrderId": order,
    "fetchPosition": optional(position),  # None where there is none
    "fetchPositionHistory": timed(position),
    "fetchPositions": listed(position),
    "fetchPositionsForSymbol": listed(position),
    "fetchPositionsHistory": timed(position),
    "fetchWithdrawals": timed(transaction),
    "reduceMargin": margin_change,
    "setLeverage": leverage,
    "setMarginMode": anything,
    "transfer": transfer,
    "createDepositAddress": deposit_address,
    "fetchDepositAddresses": listed(deposit_address),
    "fetchDepositWithdrawFee": deposit_withdraw_fee,
    "fetchDepositWithdrawFees": keyed(deposit_withdraw_fee),
    "fetchL3OrderBook": book,
    "fetchTradingFee": fee_rate,
    "fetchTradingFees": keyed(fee_rate),
    "fetchTransfers": timed(transfer),
    "withdraw": transaction,
}


def check_result(method: str, value: Any) -> None:
    """Of methods whose structure is not known here, anything will do."""
    RESULTS.get(method, anything)(value, method)
