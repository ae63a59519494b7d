"""How requests to Acme Exchange are signed."""

import hashlib
import hmac

from ccxt.base.exchange import Exchange


def signed_headers(exchange: Exchange, method: str, target: str, body: str) -> dict[str, str]:
    # Taken as the request leaves, so that it is not old after a wait in the throttle.
    timestamp = str(exchange.nonce())
    return {
        "X-Api-Key": exchange.apiKey,
        "X-Api-Timestamp": timestamp,
        "X-Api-Signature": signature(str(exchange.secret), timestamp, method, target, body),
    }


def signature(secret: str, timestamp: str, method: str, target: str, body: str) -> str:
    """The venue's documents say: HMAC-SHA256 of time, method, path with its query, and body, in hex."""
    message = timestamp + method + target + body
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
