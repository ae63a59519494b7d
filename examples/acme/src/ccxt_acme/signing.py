"""How requests to Acme Exchange are signed."""

import base64
import hashlib
import hmac

from ccxt.base.exchange import Exchange


def signed_headers(exchange: Exchange, method: str, path: str, query: str, body: str) -> dict[str, str]:
    # Taken as the request leaves, so that it is not old after a wait in the throttle.
    time = str(exchange.nonce())
    signed = signature(str(exchange.secret), method, path, query, time, body)
    return {"Authorization": f"Acme {exchange.apiKey}:{signed}", "Acme-Time": time}


def signature(secret: str, method: str, path: str, query: str, time: str, body: str) -> str:
    """The venue's documents say: HMAC-SHA512 in base64, over five lines. The last is the body's SHA-256."""
    lines = (method, path, query, time, hashlib.sha256(body.encode()).hexdigest())
    return base64.b64encode(hmac.digest(secret.encode(), "\n".join(lines).encode(), "sha512")).decode()
