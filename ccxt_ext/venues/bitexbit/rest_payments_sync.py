# Generated from rest_payments.py by `ccxt-ext twins`. Do not edit.
"""What came and went at bitexbit, and the ways by which money is moved."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venues.bitexbit import payments, requests, rest_pages_sync

# Networks of which the documents show wallets.
CHAINS = ("bitcoin", "ethereum", "tron")

# What tells a row from others, and does not change.
DEPOSIT = ("txid", "wallet_slug", "address", "created_at", "amount")
WITHDRAWAL = ("id", "client_order_id", "created_at")


def fetch_movements(
    exchange: Exchange, name: str, v1: Any, gateway: Any, code: Any, since: Any, limit: Any, params: Any
) -> Any:
    """Deposits or withdrawals, of v1 or of the gateway."""
    exchange.load_markets()
    api, params = requests.chosen(exchange, name, params)
    currency = None if code is None else exchange.currency(code)
    in_time, params = until_filter.handle_until(exchange, params, exchange.parse_transaction, currency)
    if api == "gateway":
        request = {} if currency is None else {"ticker": currency["id"]}
        ids = DEPOSIT if name == "fetchDeposits" else WITHDRAWAL
        rows = rest_pages_sync.fetch_numbered_pages(exchange, gateway, exchange.extend(request, params), ids)
    else:
        request = {}
        # Only withdrawals have the filter, by a code or a number that is not documented.
        if currency is not None and name == "fetchWithdrawals" and exchange.options["v1SendCurrencyFilter"]:
            request["currency_id"] = currency["id"]
        rows = reading.rows(exchange, v1(exchange.extend(request, params)))
    return exchange.parse_transactions(until_filter.apply(in_time, rows), currency, since, limit)


def find_method(exchange: Exchange, code: str, flag: str, params: Any, name: str) -> Any:
    """The network by which `code` is to be moved: as told, or the only one that the gateway has."""
    network = exchange.safe_string(params, "network")
    if network is not None:
        currency = exchange.currency(code)
        known = {"ticker": currency["id"], "network": exchange.network_code_to_id(network, code)}
        is_told = currency.get("type") is not None or known["network"] in CHAINS
        if name != "withdraw" or is_told:
            return known
        # Whether the address is that of a wallet or of a card, the gateway alone tells.
        rows = reading.rows(exchange, exchange.gateway_get_payment_methods())
        return next((row for row in rows if row.get("ticker") == currency["id"]), {}) | known
    return payments.only_method(
        exchange, reading.rows(exchange, exchange.gateway_get_payment_methods()), code, flag, name
    )
