"""What the answers of Acme Exchange come in."""

from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading


def result(exchange: Exchange, answer: Any) -> Any:
    """The venue's documents say: {"ok": true, "result": ...}."""
    told = reading.record(exchange, answer)
    if told.get("ok") is True and "result" in told:
        return told["result"]
    raise BadResponse(f"{exchange.id} answered without a result: {reading.excerpt(exchange, answer)}")
