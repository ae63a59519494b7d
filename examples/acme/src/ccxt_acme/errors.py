"""What refusals of Acme Exchange look like, and what they mean."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import refusals


def told_error(answer: Any) -> dict[str, Any] | None:
    """The venue's documents say: {"ok": false, "error": {"number": 304, "text": "No such order"}}."""
    error = answer.get("error") if isinstance(answer, dict) else None
    return error if isinstance(error, dict) else None


def raise_told(exchange: Exchange, status: int, reason: str, error: dict[str, Any]) -> None:
    code = exchange.safe_string(error, "number", "")
    text = f"{code} {exchange.safe_string(error, 'text', '')}".strip() or "an error without a text"
    # A 5xx says that something broke, whatever else it says: of an order, nobody knows what came of it.
    if status < 500:
        exchange.throw_exactly_matched_exception(
            exchange.exceptions["exact"], code, f"{exchange.id} {exchange.redact(text)}"
        )
    refusals.raise_refusal(exchange, status, reason, text, None)
