"""The worked examples of signatures in the venue's documents, byte for byte."""

import pytest

from ccxt_acme.signing import signature

SECRET, TIME = "documented-secret", "1714521600000"
ORDER = (
    '{"market":"BTC-USDT","side":"buy","type":"limit","price":"63000.00","size":"0.01","client_id":"mine-1"}'
)


# printf '1714521600000GET/v1/orders?limit=100&market=BTC-USDT' | openssl dgst -sha256 -hmac documented-secret
@pytest.mark.parametrize(
    ("method", "target", "body", "expected"),
    [
        (
            "GET",
            "/v1/orders?limit=100&market=BTC-USDT",
            "",
            "0aa2f21185a0ca18a0950d8cfe84ebe22cae02b872b47b7cc7b29a6597f76162",
        ),
        (
            "POST",
            "/v1/orders",
            ORDER,
            "ac758d6c79fd7a25b7dc2f5205fb95cdea9f4db19faf6e494c754aa998d64730",
        ),
    ],
)
def test_documented_signature(method, target, body, expected):
    assert signature(SECRET, TIME, method, target, body) == expected
