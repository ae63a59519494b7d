"""What bitexbit takes for trades, deposits and withdrawals."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading


def of_methods(exchange: Exchange, methods: Sequence[Mapping[str, Any]], codes: Any) -> dict[str, Any]:
    """Deposit and withdrawal fees by currency, from the gateway's list of tickers and networks."""
    by_ticker: dict[str, list[Any]] = {}
    for method in methods:
        by_ticker.setdefault(reading.required_text(exchange, method, "ticker"), []).append(method)
    fees = {}
    for ticker, rows in by_ticker.items():
        code = exchange.safe_currency_code(ticker)
        if codes is None or code in codes:
            fee = exchange.deposit_withdraw_fee(rows)
            for row in rows:
                network = exchange.network_id_to_code(reading.required_text(exchange, row, "network"))
                fee["networks"][network] = {
                    way: of_method(exchange, row, way) for way in ("withdraw", "deposit")
                }
            fees[code] = exchange.assign_default_deposit_withdraw_fees(fee, {"code": code})
    return fees


def of_method(exchange: Exchange, method: Mapping[str, Any], way: str) -> dict[str, Any]:
    """The fixed fee, or the rate where there is none. Where both are charged, both are told, though
    ccxt's structure has no place for the second."""
    fixed = reading.number_text(exchange, method, f"{way}_fee_amount")
    rate = reading.number_text(exchange, method, f"{way}_fee_rate")
    has_fixed, has_rate = (exchange.omit_zero(part) is not None for part in (fixed, rate))
    only_rate = has_rate and not has_fixed
    told = {"fee": exchange.parse_number(rate if only_rate else fixed), "percentage": only_rate}
    return {**told, "rate": exchange.parse_number(rate)} if has_fixed and has_rate else told


def of_trading(exchange: Exchange, answer: Any) -> dict[str, Any]:
    """The venue's rates are by side in the sample, by taker and maker in the text beside it."""
    rates = reading.record(exchange, answer)
    pairs = reading.rows(exchange, rates, "pair_fee_rates") if rates.get("pair_fee_rates") else []
    special = {reading.required_text(exchange, row, "symbol"): row for row in pairs}
    fees = {}
    for symbol in exchange.symbols:
        row = special.get(exchange.market(symbol)["id"], rates)
        taker, maker = rates_of(exchange, row)
        fees[symbol] = {
            "info": row,
            "symbol": symbol,
            "maker": exchange.parse_number(maker),
            "taker": exchange.parse_number(taker),
            "percentage": True,
            "tierBased": False,
        }
    return fees


def rates_of(exchange: Exchange, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Taker's and maker's rate."""
    if "taker_fee_rate" in row or "maker_fee_rate" in row:
        return reading.number_text(exchange, row, "taker_fee_rate"), reading.number_text(
            exchange, row, "maker_fee_rate"
        )
    sell, buy = (
        reading.number_text(exchange, row, "sell_fee_rate"),
        reading.number_text(exchange, row, "buy_fee_rate"),
    )
    if sell is None and buy is None:
        raise BadResponse(f"{exchange.id} expected rates of fees in {reading.excerpt(exchange, row)}")
    if exchange.options["tradingFeeMode"] == "sellTaker" or sell is None or buy is None:
        return sell, buy
    highest = Precise.string_max(sell, buy)
    return highest, highest
