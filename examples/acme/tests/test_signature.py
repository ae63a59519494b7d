"""The worked examples of signatures in the venue's documents, byte for byte."""

import pytest

from ccxt_acme.signing import signature

SECRET, TIME = "acme-documents-secret", "1717243200000"
ORDER = '{"pair":"BTC_USDT","side":"buy","rate":"67510","quantity":"0.01","tag":"first-1"}'


@pytest.mark.parametrize(
    ("method", "query", "body", "expected"),
    [
        (
            "GET",
            "limit=50&pair=BTC_USDT",
            "",
            "R+2VTsEwSA/FaLY1UNGRnyeQeRh4dIxMbZylDQq0G8tBQ1Azirm8gldPK2yHjvua2Aih+9W/+dFUI3LuxpAGKw==",
        ),
        (
            "POST",
            "",
            ORDER,
            "qdbkRyxVhF+ezMeg0m4pl1qvGcRdUUqvzQi8CD2idCAEyRDuErmQajWB0U2QL14IY6nWakPudj0VkWXA3VPeMw==",
        ),
    ],
)
def test_documented_signature(method, query, body, expected):
    assert signature(SECRET, method, "/v2/account/orders", query, TIME, body) == expected
