"""bitexbit's markets and currencies, as v1, v2 and the gateway tell them."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, spot_markets
from ccxt_ext.venues.bitexbit import fields

LEAST_STEP = "8"  # decimals of an amount where v2 does not tell them


def step_of(exchange: Exchange, row: Mapping[str, Any], key: str, default: str | None = None) -> str | None:
    """The step that numbers with so many decimals have."""
    digits = exchange.safe_string(row, key, default)
    if digits is None or not digits.isdigit() or int(digits) > 30:
        return None
    return exchange.parse_precision(digits)


def merged(
    exchange: Exchange, rows: list[dict[str, Any]], key: str, more: list[dict[str, Any]], more_key: str
) -> list[dict[str, Any]]:
    """v1's rows with what v2's tell of the same thing."""
    known = {reading.required_text(exchange, row, more_key): row for row in more}
    return [{**row, **known.get(reading.required_text(exchange, row, key), {})} for row in rows]


def parse_market(exchange: Exchange, market: Any) -> Any:
    """A row of v1, of v2, or of both in one."""
    id = exchange.safe_string(market, "symbol") or reading.required_text(exchange, market, "name")
    base_id = exchange.safe_string(market, "base") or reading.required_text(exchange, market, "currency1")
    quote_id = exchange.safe_string(market, "quote") or reading.required_text(exchange, market, "currency2")
    enabled = exchange.safe_bool(market, "is_enabled")
    tick = step_of(exchange, market, "price_precision")
    least = reading.number_text(exchange, market, "min_amount") or reading.number_text(
        exchange, market, "minimum_order_size"
    )
    most = reading.number_text(exchange, market, "max_amount") or reading.number_text(
        exchange, market, "maximum_order_size"
    )
    return spot_markets.spot_market(
        exchange,
        market,
        id,
        base_id,
        quote_id,
        # v1 alone lists what can be traded and does not tell more.
        active=True if enabled is None else enabled and exchange.safe_bool(market, "can_create_order"),
        step=step_of(exchange, market, "amount_precision", LEAST_STEP),
        tick=tick,
        amounts=(least, most),
        prices=(tick, None),
        costs=(reading.number_text(exchange, market, "min_value"), None),
    )


def parse_currency(exchange: Exchange, currency: Any) -> Any:
    """A row of v1, of v2, or of both in one, with the gateway's methods under `methods`."""
    id = exchange.safe_string(currency, "code") or reading.required_text(exchange, currency, "short_name")
    code = exchange.safe_currency_code(id)
    networks = {}
    fiat = None
    for method in currency.get("methods") or []:
        network = parse_network(exchange, method)
        networks[network["network"]] = network
        fiat = exchange.safe_bool(method, "is_fiat")
    return exchange.safe_currency_structure(
        {
            "id": id,
            "code": code,
            "name": exchange.safe_string(currency, "name"),
            "active": exchange.safe_bool(currency, "is_enabled"),
            "deposit": None,
            "withdraw": None,
            "fee": None,
            "precision": exchange.parse_number(step_of(exchange, currency, "precision")),
            "limits": {
                "amount": {"min": None, "max": None},
                "deposit": {"min": None, "max": None},
                "withdraw": {"min": None, "max": None},
            },
            "networks": networks,
            "type": None if fiat is None else "fiat" if fiat else "crypto",
            "info": currency,
        }
    )


def parse_network(exchange: Exchange, method: Mapping[str, Any]) -> dict[str, Any]:
    id = reading.required_text(exchange, method, "network")
    deposit = exchange.safe_bool(method, "is_deposit_enabled")
    withdraw = exchange.safe_bool(method, "is_withdraw_enabled")

    def number(key: str) -> Any:
        return fields.number_of(exchange, method, key)

    return {
        "id": id,
        "network": exchange.network_id_to_code(id),
        "name": None,
        "active": None if deposit is None or withdraw is None else deposit and withdraw,
        "deposit": deposit,
        "withdraw": withdraw,
        # A part of it would pass for the whole.
        "fee": None if number("withdraw_fee_rate") else number("withdraw_fee_amount"),
        "precision": None,
        "limits": {
            "deposit": {"min": number("min_deposit"), "max": number("max_deposit")},
            "withdraw": {"min": number("min_withdraw"), "max": number("max_withdraw")},
        },
        "info": method,
    }
