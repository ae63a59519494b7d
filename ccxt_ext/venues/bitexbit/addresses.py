"""Addresses for deposits, and the tags that go with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import InvalidAddress
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading

TAG_FIELDS = ("memo", "payment_id", "destination_tag")


def tag_of(row: Mapping[str, Any]) -> str | None:
    return next((row[name] for name in TAG_FIELDS if isinstance(row.get(name), str) and row[name]), None)


def parse_deposit_address(exchange: Exchange, depositAddress: Any, currency: Any = None) -> Any:
    code = exchange.safe_currency_code(reading.required_text(exchange, depositAddress, "ticker"), currency)
    return {
        "info": depositAddress,
        "currency": code,
        "network": exchange.network_id_to_code(reading.required_text(exchange, depositAddress, "network")),
        "address": reading.required_text(exchange, depositAddress, "address"),
        "tag": tag_of(depositAddress),
    }


def of_currency(exchange: Exchange, wallets: Sequence[Any], code: str, network: str | None) -> list[Any]:
    """The addresses of one currency, if there are any: the first of each network first."""
    ticker = exchange.currency(code)["id"]
    wanted = exchange.network_code_to_id(network, code)
    fitting = [w for w in wallets if w.get("ticker") == ticker and wanted in (None, w.get("network"))]
    if not fitting:
        where = "" if network is None else f" on {network}"
        raise InvalidAddress(f"{exchange.id} has no address for {code}{where}: call createDepositAddress()")
    return [exchange.parse_deposit_address(wallet) for wallet in fitting]
