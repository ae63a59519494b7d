"""Signatures and order ids of bitmaxfutures, as the venue's documents print them."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmaxfutures.orderids import (
    demo_order_id,
    is_client_id,
    new_client_id,
    page_order_id,
)
from ccxt_ext.venues.bitmaxfutures.signing import signature as signature_of
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
KEYS = {"apiKey": "CEcrjGyipqt0OflgdQQSRGdrDXdDUY2x"}
SECRET = "hV8FgjyJtpvVeAcMAgzgAFQCN36wmbWuN7o3WPcYcYhFd8qvE43gzFGVsFcCqMNk"
OLD_SECRET = "98dRnVqbIhriRMZJfax3EvSPRBJrIuZ6J755KcLz6napGUpzmApJmfBY7EY3yYZn"

kinds = pytest.mark.parametrize("kind", ["sync", "async"])

# What is signed, with the raw secret, with the decoded one. The first two are printed by the venue.
VECTORS = [
    (
        "1608133910000+info",
        "/pwaAgWZQ1Xd/J4yZ4ReHSPQxd3ORP/YR8TvAttqqYM=",
        "iT09ogK94xN6wScfMs0CXbE4jsYkQJpJ5egMfIo1U4I=",
    ),
    (
        "1562952827927+user/info",
        "vBZf8OQuiTJIVbNpNHGY3zcUsK5gJpwb5lgCgarpxYI=",
        "yyBYygeATY3mgiR+zPkgDJDl4CEebYb4S5Zn26xvfb8=",
    ),
    (
        "1605677683714+v2/futures/order",
        "jPXwcQQCuic66CuizelJu+AIZouuFZ16WSP/WpbLxfQ=",
        "/dOyGOJ4o2PBsn6gbH3pG+KSW3o3TaDaU3qmsZ0+bBU=",
    ),
    (
        "1613878579169+v2/futures/order/batch",
        "90wubE07sYKgHfDCKN7Vy86+8ewhcTbeBxsTJtSEYoM=",
        "RQKGiuEGX9zBhD/dZRU/hd17jRh91cgiFiMyERsXGn4=",
    ),
    (
        "1608133910000+v2/stream",
        "OdBOWATz1QnFxiTMnCoBXk4f6CLxIJ8i6kdIsVIehiU=",
        "s3Ja+gCZOboP4/zVlOe+rCv4ruZO3UC5mApNwQlOOHU=",
    ),
    (
        "1608133910000+v2/account/info",
        "QNIIHExASsjPvcXnXsMK6ThYiG7MeJv+Eu1ICamWMPs=",
        "Y2OwQv9CmOTQZro3OCz1OmyvA24DIhPjDCpckuOUuzo=",
    ),
    (
        "1608133910000+v2/futures/position",
        "JcC39DRxVQqJ0n3kcrW/dJ0LOW/sWaI/OVv1Ldg5Qkg=",
        "rxRXhMYJU7P3Inztr5Ax+RXjw/DRBni7H4+p0qtCdA0=",
    ),
    (
        "1608133910000+v2/futures/free-margin",
        "pgTSSAR8+P70cug9sdzBtVUUDL/REGuPq7fUWONWrx4=",
        "719IGpPCNdzix5wWCH4Bmm8krz5O//FQKIOHGClQFn4=",
    ),
    (
        "1608133910000+v2/futures/order/hist/current",
        "Kx6C8Kg/4KznMbP6MEqoRCLsJV6nH8df59YoEKekarc=",
        "22ND1kT8v+eKvZX3ptrRD5ta2Hw7uZHhR5W/UUiCObY=",
    ),
    (
        "1608133910000+v2/futures/position/all",
        "j2mxP0kt31uvAAvmEHDUVKEfy7+laTK1NfiqHHqBP14=",
        "1H79Hlbkv60wupZbRH0ZgRWX2NOKRa+1EWbpe7RRhoU=",
    ),
    (
        "1608133910000+order/hist",
        "y1vtIs5LbCEV+32IqusIKwC4rfEsoBGTg3GE5scxueU=",
        "IA4BESjnar16/jkgKB5F7vZEdUEhbSm0D0Ydgzc3PS4=",
    ),
]

# The implicit method that signs such a text.
SIGNED_BY = {
    "info": "v1_private_get_info",
    "v2/futures/order": "v2_group_post_futures_order",
    "v2/futures/order/batch": "v2_group_post_futures_order_batch",
    "v2/account/info": "v2_private_get_account_info",
    "v2/futures/position": "v2_group_get_futures_position",
    "v2/futures/free-margin": "v2_group_get_futures_free_margin",
    "v2/futures/order/hist/current": "v2_group_get_futures_order_hist_current",
    "v2/futures/position/all": "v2_group_delete_futures_position_all",
    "order/hist": "v2_group_get_order_hist",
}


def signing(kind, secret, secret_format="raw", answer=None):
    options = {"accountGroup": 0, "userUID": "U0123456789", "secretFormat": secret_format}
    return PROFILE.offline(
        kind, answer or (lambda request: Answer({"code": 0})), **KEYS, secret=secret, options=options
    )


@pytest.mark.parametrize(("text", "raw", "decoded"), VECTORS, ids=[text for text, *_ in VECTORS])
def test_signature(text, raw, decoded):
    assert signature_of(signing("sync", SECRET)[0], text) == raw
    assert signature_of(signing("sync", SECRET, "base64")[0], text) == decoded


def test_the_older_vector():
    exchange, _ = signing("sync", OLD_SECRET)
    text = "1562952827927000+user/info"
    assert signature_of(exchange, text) == "UlpDqbDlNYydgT57It2IGiZGts13GnfF+D6Cmzq7xQE="


@kinds
@pytest.mark.parametrize(("text", "raw", "decoded"), VECTORS, ids=[text for text, *_ in VECTORS])
def test_requests_are_signed_so(kind, text, raw, decoded):
    time, _, path = text.partition("+")
    if path not in SIGNED_BY:
        return
    for secret_format, signature in (("raw", raw), ("base64", decoded)):
        exchange, wire = signing(kind, SECRET, secret_format)
        exchange.milliseconds = lambda: int(time)
        call(exchange, SIGNED_BY[path], {"symbol": "BTC-PERP"})
        headers = wire.requests[0].headers
        assert headers["x-auth-key"] == KEYS["apiKey"]
        assert headers["x-auth-timestamp"] == time
        assert headers["x-auth-signature"] == signature
        assert wire.requests[0].path.startswith("/0/") is ("group" in SIGNED_BY[path])


@kinds
def test_other_paths_that_sign_something_else(kind):
    exchange, wire = signing(kind, SECRET)
    exchange.milliseconds = lambda: 1608133910000
    for method, signs in (
        ("v1_group_get_cash_balance", "balance"),
        ("v1_group_post_transfer", "transfer"),
        ("v1_private_get_wallet_transactions", "wallet/transactions"),
        ("v1_group_get_order_hist", "order/hist"),
    ):
        call(exchange, method, {"asset": "USDT"})
        expected = signature_of(exchange, f"1608133910000+{signs}")
        assert wire.requests[-1].headers["x-auth-signature"] == expected


def test_a_secret_that_is_not_base64():
    exchange, wire = signing("sync", "not base64!", "base64")
    with pytest.raises(ccxt.AuthenticationError, match="base64"):
        call(exchange, "fetch_balance")
    assert wire.requests == []


# (time, user, client id, source, order id), printed by the venue
ORDER_IDS = [
    (1613878579169, "U0123456789", "sampleRequestId2", "a", "a177c2a8cfe1U0123456789equestId2"),
    (
        1613753879921,
        "U5051470287",
        "22eb9a8355fc41bd9bf5b08bc0d18f6c",
        "s",
        "s177bb3a0d71U5051470287bc0d18f6c",
    ),
    (1613762032055, "U1234567890", "sampleOrderId", "s", "s177bbb671b7U1234567890leOrderId"),
    (1606335351127, "U6846912707", "abcd1234abcd1234", "a", "a176010c4957U68469127074abcd1234"),
]


@pytest.mark.parametrize(("time", "uid", "client_id", "source", "id"), ORDER_IDS)
def test_order_id(time, uid, client_id, source, id):
    assert page_order_id(client_id, time, uid, source) == id


@pytest.mark.parametrize("client_id", ["short", "with-a-dash-in-it", "under_score_d"])
def test_client_ids_that_do_not_enter_the_order_id(client_id):
    assert page_order_id(client_id, 1613878579169, "U0123456789") is None
    assert is_client_id(client_id)


@pytest.mark.parametrize(
    "client_id", ["", "a", "-ab", "ab-", "a b", "jHAfoOqZmRv3GP1URJ5624moJ9RCG2@3", "a" * 33]
)
def test_what_is_no_client_id(client_id):
    assert not is_client_id(client_id)


def test_new_client_ids_enter_the_order_id():
    ids = {new_client_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(page_order_id(id, 1613878579169, "U0123456789") for id in ids)


def test_order_id_of_the_demo_programs():
    id = demo_order_id("abcd1234", 1606335351127, "sample-futures-account-id", "BTC-PERP", "buy")
    assert id is not None and len(id) == 32
    assert id.startswith("176010c4957a") and id[12:24] == "s-account-id"[-12:]
    assert demo_order_id("abcd1234", 1606335351127, None, "BTC-PERP", "buy") is None
