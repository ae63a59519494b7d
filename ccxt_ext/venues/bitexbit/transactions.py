"""bitexbit's deposits, withdrawals and transfers."""

from collections.abc import Callable, Mapping
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitexbit import addresses, fields

DEPOSIT_STATUSES = {"1": "pending", "5": "ok", "6": "failed"}
TRANSFER_STATUSES = {"10": "pending", "20": "canceled", "30": "ok"}


def of_one(exchange: Exchange, parse: Callable[..., Any], answer: Any, code: str) -> Any:
    """What `parse` makes of an answer about one thing, in a currency that was named."""
    return parse(reading.record(exchange, answer), exchange.currency(code))


def parse_transaction(exchange: Exchange, transaction: Any, currency: Any = None) -> Any:
    if "ticker" not in transaction:
        return parse_v1_transaction(exchange, transaction, currency)
    outgoing = "fee_payer" in transaction or "client_order_id" in transaction
    parse = parse_withdrawal if outgoing else parse_deposit
    return parse(exchange, transaction, currency)


def parse_v1_transaction(exchange: Exchange, row: Mapping[str, Any], currency: Any) -> Any:
    """Of v1, only withdrawals have a status; a deposit is listed once it has arrived."""
    outgoing = "status" in row
    return structure(
        exchange,
        row,
        {
            "id": reading.required_text(exchange, row, "id"),
            "type": "withdrawal" if outgoing else "deposit",
            "currency": exchange.safe_currency_code(
                reading.required_text(exchange, row, "currency"), currency
            ),
            "status": withdrawal_status(exchange, row) if outgoing else "ok",
        },
        fields.time_of(exchange, row, "timestamp"),
    )


def parse_deposit(exchange: Exchange, row: Mapping[str, Any], currency: Any) -> Any:
    code = exchange.safe_currency_code(reading.required_text(exchange, row, "ticker"), currency)
    fee = reading.number_text(exchange, row, "fee")
    address = exchange.safe_string(row, "address")
    return structure(
        exchange,
        row,
        {
            "id": exchange.safe_string(row, "txid"),
            "txid": exchange.safe_string(row, "txid"),
            "type": "deposit",
            "currency": code,
            "network": exchange.network_id_to_code(exchange.safe_string(row, "network")),
            "address": address,
            "addressTo": address,
            "tag": addresses.tag_of(row),
            "tagTo": addresses.tag_of(row),
            "status": DEPOSIT_STATUSES.get(exchange.safe_string(row, "status", ""), "pending"),
            "fee": None if fee is None else {"cost": exchange.parse_number(fee), "currency": code},
        },
        fields.iso_time(exchange, row, "date" if "date" in row else "created_at"),
    )


def parse_withdrawal(exchange: Exchange, row: Mapping[str, Any], currency: Any) -> Any:
    address = exchange.safe_string_2(row, "address", "card")
    return structure(
        exchange,
        row,
        {
            "id": reading.required_text(exchange, row, "id"),
            "txid": exchange.safe_string(row, "txid"),
            "type": "withdrawal",
            "currency": exchange.safe_currency_code(reading.required_text(exchange, row, "ticker"), currency),
            "network": exchange.network_id_to_code(exchange.safe_string(row, "network")),
            "address": address,
            "addressTo": address,
            "tag": addresses.tag_of(row),
            "tagTo": addresses.tag_of(row),
            "status": withdrawal_status(exchange, row),
            "comment": exchange.safe_string(row, "comment"),
        },
        fields.iso_time(exchange, row, "created_at"),
    )


def withdrawal_status(exchange: Exchange, row: Mapping[str, Any]) -> str:
    return exchange.options["withdrawStatuses"].get(exchange.safe_string(row, "status"), "pending")


def structure(
    exchange: Exchange, row: Mapping[str, Any], known: Mapping[str, Any], timestamp: int | None
) -> Any:
    """ccxt's structure of what came or went: what is `known` of it, and None for all else."""
    unknown = dict.fromkeys(
        ("txid", "network", "address", "addressFrom", "addressTo", "tag", "tagFrom", "tagTo", "comment")
    )
    return {
        "info": row,
        **unknown,
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
        "updated": None,
        "amount": fields.number_of(exchange, row, "amount"),
        "internal": None,
        "fee": None,
        **known,
    }


def parse_transfer(exchange: Exchange, transfer: Any, currency: Any = None) -> Any:
    """To another user. The answer to a new one names things otherwise than the list."""
    code = transfer.get("currency")
    receiver = transfer.get("receiver")
    status = exchange.safe_dict(transfer, "status", {})
    timestamp = fields.iso_time(exchange, transfer, "date") if "date" in transfer else None
    id = (
        reading.required_text(exchange, code, "code")
        if isinstance(code, dict)
        else reading.required_text(exchange, transfer, "currency")
    )
    to = exchange.safe_string(receiver, "uid") if isinstance(receiver, dict) else None
    return {
        "info": transfer,
        "id": reading.required_text(exchange, transfer, "txid"),
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
        "currency": exchange.safe_currency_code(id, currency),
        "amount": fields.number_of(exchange, transfer, "amount"),
        "fromAccount": exchange.safe_string(transfer, "sender"),
        "toAccount": to if isinstance(receiver, dict) else exchange.safe_string(transfer, "receiver"),
        "status": TRANSFER_STATUSES.get(exchange.safe_string(status, "key", "")),
    }
