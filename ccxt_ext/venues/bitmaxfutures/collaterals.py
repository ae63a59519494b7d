"""Currencies: the venue lists them as collaterals. No I/O."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import answers


def parse_currency(exchange: Exchange, currency: Any) -> Any:
    return currency_of(exchange, currency, None)


def currencies_of(exchange: Exchange, answer: Any, assets: Any = None) -> dict[str, Any]:
    details = {}
    for row in () if assets is None else answers.rows_of(exchange, assets):
        details[reading.required_text(exchange, row, "assetCode")] = row
    found = [
        currency_of(exchange, row, details.get(reading.required_text(exchange, row, "asset")))
        for row in answers.rows_of(exchange, answer)
    ]
    return exchange.index_by(found, "code")


def currency_of(exchange: Exchange, row: Mapping[str, Any], asset: Mapping[str, Any] | None) -> Any:
    id = reading.required_text(exchange, row, "asset")
    status = exchange.safe_string(row, "statusCode")
    asset = asset or {}
    digits = reading.integer(exchange, asset, "nativeScale")
    precision = None if digits is None or not 0 <= digits <= 30 else exchange.parse_precision(str(digits))
    deposit = withdraw = None
    if status is not None:
        deposit = status not in ("NoTransaction", "NoDeposit")
        withdraw = status not in ("NoTransaction", "NoWithdraw")
    return exchange.safe_currency_structure(
        {
            "id": id,
            "code": exchange.safe_currency_code(id),
            "name": exchange.safe_string(row, "assetName"),
            "active": None if status is None else status != "NoTransaction",
            "deposit": deposit,
            "withdraw": withdraw,
            "fee": exchange.parse_number(
                answers.number_under(exchange, asset, "withdrawalFee", "withdrawFee")
            ),
            "precision": exchange.parse_number(precision),
            "limits": {
                "amount": {"min": None, "max": None},
                "deposit": {"min": None, "max": None},
                "withdraw": {
                    "min": exchange.parse_number(reading.number_text(exchange, asset, "minWithdrawalAmt")),
                    "max": None,
                },
            },
            "networks": {},
            "type": "crypto",
            "info": row,
        }
    )
