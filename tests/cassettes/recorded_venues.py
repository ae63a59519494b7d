"""What a venue's recordings need to know of the venue."""

import base64
import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ccxt

from ccxt_ext.venue.answers.redact import MASK
from ccxt_ext.venue.streams.connection import Connection
from tests.cassettes.conversations import CONVERSATIONS

# The hour at which all recordings play, and the keys that play them.
NOW = 1_750_000_000_000
KEYS = {"apiKey": "canary-api-key", "secret": "canary-secret-key", "uid": "canary-memo"}


@dataclass(frozen=True)
class Profile:
    url: str
    symbol: str  # of a market whose best levels have more than twice the least amount
    least: float = 1  # that the market takes
    order_id: str | None = None  # of the documented order, where the venue does not tell any under another id
    listed_id: str | None = None  # of the documented order in a list, where orders are looked up in one
    too_much: tuple[str, float, float] = ("sell", 99_999_999, 2)  # side, amount, how many times the best bid
    secret_headers: tuple[str, ...] = ()
    # In requests, answers and messages, besides what ccxt_cassette hides by itself.
    secret_fields: tuple[str, ...] = ()
    # What else stands for an account: a pattern, and what takes its place everywhere.
    pseudonyms: Mapping[str, str] = field(default_factory=dict)
    # (method, path) -> name of a documented sample; None where the venue has published no answers
    documented: Mapping[tuple[str, str], str] | None = None
    documented_symbol: str | None = None  # where those samples are of another market
    # Paths that begin so are served by another host.
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    # Of the streaming class: what it does must not depend on how quickly things follow each other.
    stream_options: Mapping[str, Any] = field(default_factory=dict)
    # Whether the venue has addresses, deposits and withdrawals.
    money: bool = False
    # Whether the venue has other orders than limit orders.
    kinds: bool = False
    # (symbol, best bid) -> calls that the venue refuses: the exception, the method, its arguments
    refused: Callable[[str, float], Sequence[tuple[Any, ...]]] = lambda symbol, bid: ()
    # (keys, now, method, url, headers, body): fails on a request that is not signed with the keys. Written
    # from the venue's documents.
    check_signature: Callable[[Mapping[str, str], int, str, str, Mapping[str, str], Any], None] | None = None
    # (keys, url, message): fails on a message over a stream that should be signed with the keys and is not.
    check_message: Callable[[Mapping[str, str], str, Any], None] = lambda keys, url, message: None

    def symbol_of(self, conversation: str) -> str:
        documented = conversation.startswith("documented-")
        return self.documented_symbol or self.symbol if documented else self.symbol

    def conversations(self) -> list[str]:
        """The names of those that there are with this venue."""
        left_out = () if self.documented else ("documented-",)
        left_out += () if self.kinds else ("sandbox-kinds",)
        left_out += () if self.money else ("documented-money", "sandbox-money")
        return [name for name in CONVERSATIONS if not name.startswith(left_out)]


def keys_of(exchange: Any) -> Mapping[str, str]:
    return {name: getattr(exchange, name) for name in ("apiKey", "secret", "uid")}


def check_signatures(exchange: Any, profile: Profile) -> None:
    """Have each request that the exchange signs checked."""
    sign = exchange.sign

    def checked_sign(*args: Any, **kwargs: Any) -> Any:
        request = sign(*args, **kwargs)
        told = (request["method"], request["url"], request["headers"] or {}, request["body"])
        profile.check_signature(keys_of(exchange), exchange.milliseconds(), *told)
        return request

    exchange.sign = checked_sign


def check_messages(patch: Any, exchange: Any, profile: Profile) -> None:
    """Have each message that the exchange sends over a stream checked, and what opens a connection."""
    send, create = Connection.send, Connection.create_connection

    async def checked_send(connection: Any, message: Any) -> None:
        profile.check_message(keys_of(exchange), connection.url, message)
        await send(connection, message)

    def checked_create(connection: Any, session: Any) -> Any:
        headers = connection.options.get("headers") or {}
        if any(name.lower() in profile.secret_headers for name in headers):
            now = exchange.milliseconds()
            profile.check_signature(keys_of(exchange), now, "GET", connection.url, headers, None)
        return create(connection, session)

    patch.setattr(Connection, "send", checked_send)
    patch.setattr(Connection, "create_connection", checked_create)


def _check_bitmart2(
    keys: Mapping[str, str], now: int, method: str, url: str, headers: Mapping[str, str], body: Any
) -> None:
    def digest(text: str) -> str:
        return hmac.new(keys["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()

    parts = urllib.parse.urlsplit(url)
    text = body.decode() if isinstance(body, bytes) else body or ""
    if parts.path == "/v2/authentication":
        proof = digest(f"{keys['apiKey']}:{keys['secret']}:{keys['uid']}")
        assert dict(urllib.parse.parse_qsl(text)) == {
            "grant_type": "client_credentials",
            "client_id": keys["apiKey"],
            "client_secret": proof,
        }
    elif parts.path.startswith(("/v2/orders", "/v2/wallet", "/v2/trades")):
        assert headers["X-BM-AUTHORIZATION"].startswith("Bearer ")
        assert headers["X-BM-TIMESTAMP"] == str(now)
        fields = dict(urllib.parse.parse_qsl(parts.query))
        if method == "POST":
            fields = json.loads(text, parse_int=str, parse_float=str)
        elif method == "DELETE" and parts.path != "/v2/orders":
            fields = {"entrust_id": parts.path.rpartition("/")[2]}
        elif method == "GET":
            return
        signed = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
        assert headers["X-BM-SIGNATURE"] == digest(signed), f"signed text should have been {signed}"


def _check_bitexasia(
    keys: Mapping[str, str], now: int, method: str, url: str, headers: Mapping[str, str], body: Any
) -> None:
    parts = urllib.parse.urlsplit(url)
    if not parts.path.startswith(("/v1/orders", "/v1/account")):
        assert not [name for name in headers if name.lower().startswith("x-api")]
        return
    nonce = headers["X-Api-Nonce"]
    assert len(nonce) == 16 and int(nonce, 16) >= 0
    assert (headers["X-Api-Key"], headers["X-Api-Timestamp"]) == (keys["apiKey"], str(now))
    text = body.decode() if isinstance(body, bytes) else body or ""
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    signed = "\n".join([method, target, text, str(now), nonce])
    digest = hmac.new(keys["secret"].encode(), signed.encode(), hashlib.sha256).hexdigest()
    assert headers["X-Api-Signature"] == digest, f"signed text should have been {signed!r}"


def _refused_by_bitexasia(symbol: str, bid: float) -> Sequence[tuple[Any, ...]]:
    return [
        (ccxt.InvalidOrder, "createOrder", symbol, "limit", "buy", 1e10, bid),
        (ccxt.MarketClosed, "createOrder", "DOGE/USDT", "limit", "buy", 100, 0.14),
    ]


def _check_bitexbit(
    keys: Mapping[str, str], now: int, method: str, url: str, headers: Mapping[str, str], body: Any
) -> None:
    def digest(text: str) -> str:
        return hmac.new(keys["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()

    path = urllib.parse.urlsplit(url).path
    text = body.decode() if isinstance(body, bytes) else body or ""
    if path.startswith("/api/gateway/"):
        assert (headers["X-Key"], headers["X-Timeout"]) == (keys["apiKey"], str(now + 500))
        assert headers["X-Sign"] == digest(f"{keys['apiKey']}{path}{now + 500}{text}")
    elif path.startswith("/api/v2/private/"):
        assert headers["X-API-Key"] == keys["apiKey"] and int(headers["X-Nonce"]) >= now
        assert headers["X-Signature"] == digest(f"{path}{headers['X-Nonce']}{text}")
    elif path.startswith("/api/v1/") and path.split("/")[3] not in ("currencies", "pairs", "orderbook"):
        if path == "/api/v1/exchanges/":
            return
        assert headers["X-KEY"] == keys["apiKey"] and int(headers["X-NONCE"]) >= now
        fields = sorted(urllib.parse.parse_qsl(text))
        assert headers["X-SIGN"] == digest(keys["apiKey"] + urllib.parse.urlencode(fields))


def _check_btex(
    keys: Mapping[str, str], now: int, method: str, url: str, headers: Mapping[str, str], body: Any
) -> None:
    parts = urllib.parse.urlsplit(url)
    if method == "GET":
        assert not body and parts.path.startswith(("/mx_data/", "/openapi1/"))
        return
    assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
    fields = dict(urllib.parse.parse_qsl(body, strict_parsing=False, keep_blank_values=True))
    sign = fields.pop("sign")
    assert (fields["access_key"], fields["ts"]) == (keys["apiKey"], str(now // 1000))
    assert "secret_key" not in fields
    text = urllib.parse.urlencode(sorted({**fields, "secret_key": keys["secret"]}.items())).encode()
    if parts.path.startswith("/mx_openapi1/"):
        digest = hmac.new(keys["secret"].encode(), text, hashlib.sha256).digest()
        assert sign == base64.b64encode(digest).decode(), f"signed text should have been {text!r}"
    else:
        assert parts.path == "/openapi1/auth_api"
        assert sign == hashlib.md5(text).hexdigest(), f"signed text should have been {text!r}"


def _check_bitmaxfutures(
    keys: Mapping[str, str], now: int, method: str, url: str, headers: Mapping[str, str], body: Any
) -> None:
    head, _, path = urllib.parse.urlsplit(url).path.partition("/api/pro/")
    if not head and path not in ("v2/account/info", "v1/info") and not path.startswith("v1/wallet/"):
        assert not [name for name in headers if name.lower().startswith("x-auth")]
        return
    assert headers["x-auth-key"] == keys["apiKey"]
    time = headers["x-auth-timestamp"]
    assert time == str(now)
    signs = {"v2/order/hist": "order/hist", "v1/cash/balance": "balance"}.get(path, path.removeprefix("v1/"))
    digest = hmac.new(keys["secret"].encode(), f"{time}+{signs}".encode(), hashlib.sha256).digest()
    assert headers["x-auth-signature"] == base64.b64encode(digest).decode(), (
        f"{signs} should have been signed"
    )


def _check_login_to_bitmaxfutures(keys: Mapping[str, str], url: str, message: Any) -> None:
    if isinstance(message, dict) and message["op"] == "auth":
        assert message.keys() == {"op", "id", "t", "key", "sig"}
        headers = {"x-auth-key": message["key"], "x-auth-timestamp": str(message["t"])}
        headers["x-auth-signature"] = message["sig"]
        _check_bitmaxfutures(keys, message["t"], "GET", url, headers, None)


PROFILES = {
    "bitmart2": Profile(
        url="https://openapi.bitmart.com",
        symbol="BMX/ETH",
        secret_headers=("x-bm-authorization", "x-bm-signature", "x-bm-timestamp"),
        secret_fields=("client_id", "client_secret", "access_token"),
        documented={
            ("POST", "/v2/authentication"): "v2-authentication",
            ("GET", "/v2/ping"): "v2-ping",
            ("GET", "/v2/time"): "v2-time",
            ("GET", "/v2/currencies"): "v2-currencies",
            ("GET", "/v2/symbols_details"): "v2-symbols_details",
            ("GET", "/v2/ticker"): "v2-ticker",
            ("GET", "/v2/symbols/BMX_ETH/kline"): "v2-kline",
            ("GET", "/v2/symbols/BMX_ETH/orders"): "v2-order_book",
            ("GET", "/v2/symbols/BMX_ETH/trades"): "v2-trades",
            ("GET", "/v2/wallet"): "v2-wallet",
            ("POST", "/v2/orders"): "v2-post_order",
            ("GET", "/v2/orders"): "v2-orders",
            ("GET", "/v2/orders/1223181"): "v2-order_details",
            ("DELETE", "/v2/orders/1223181"): "v2-cancel_order",
            ("DELETE", "/v2/orders"): "v2-cancel_orders",
            ("GET", "/v2/trades"): "v2-trade_history",
        },
        refused=lambda symbol, bid: [
            (ccxt.InvalidOrder, "createOrder", symbol, "limit", "buy", 1, bid * 100),
        ],
        check_signature=_check_bitmart2,
    ),
    "bitexasia": Profile(
        url="https://api.bitexasia.com",
        symbol="SOL/USDT",
        secret_headers=("x-api-key", "x-api-timestamp", "x-api-nonce", "x-api-signature"),
        kinds=True,
        refused=_refused_by_bitexasia,
        check_signature=_check_bitexasia,
    ),
    "bitexbit": Profile(
        url="https://bitexbit.com",
        symbol="BTC/USD",
        elsewhere={"/api/gateway/": "https://www.bitexbit.com"},
        money=True,
        secret_headers=("x-key", "x-sign", "x-nonce", "x-api-key", "x-signature", "x-timeout"),
        # Besides what spends money, what tells whose account it is.
        secret_fields=("slug", "wallet_slug", "txid", "sender", "uid", "sid"),
        stream_options={"stream": {"lag": 1_000_000}},
        listed_id="34",
        documented={
            ("GET", "/api/v1/currencies/"): "v1-currencies",
            ("GET", "/api/v1/pairs/"): "v1-pairs",
            ("GET", "/api/v1/orderbook/BTC_USD/"): "v1-orderbook-grouped",
            ("GET", "/api/v1/exchanges/"): "v1-exchanges",
            ("GET", "/api/charts/BTC_USD/15/chart"): "charts-chart",
            ("GET", "/api/v2/public/currencies"): "v2-public-currencies",
            ("GET", "/api/v2/public/pairs"): "v2-public-pairs",
            ("GET", "/api/v2/public/tickers"): "v2-public-tickers",
            ("GET", "/api/v1/wallets/"): "v1-wallets",
            ("POST", "/api/v2/private/order/create"): "v2-private-order-create",
            ("POST", "/api/v2/private/order/33852806/cancel"): "v2-private-order-cancel",
            ("GET", "/api/v2/private/orders"): "v2-private-orders",
            ("GET", "/api/v2/private/trades"): "v2-private-trades",
            ("GET", "/api/v1/exchanges/own/"): "v1-exchanges",  # no sample of its own
            ("GET", "/api/v1/deposits/"): "v1-deposits",
            ("GET", "/api/v1/withdraws/"): "v1-withdraws",
            ("GET", "/api/v2/private/trading-fees"): "v2-private-trading-fees",
            ("GET", "/api/v2/private/transfers"): "v2-private-transfers",
            ("GET", "/api/gateway/payment-methods"): "gateway-payment-methods",
            ("POST", "/api/gateway/wallet/create"): "gateway-wallet-create",
            ("GET", "/api/gateway/wallets"): "gateway-wallets",
            ("POST", "/api/gateway/withdraw/create"): "gateway-withdraw-create",
        },
        check_signature=_check_bitexbit,
    ),
    "btex": Profile(
        url="https://api.btex.com",
        symbol="BTC/USD:BTC",
        least=10,
        order_id="1234567",
        too_much=("buy", 50_000, 0.5),
        kinds=True,
        secret_fields=("access_key", "sign"),
        documented={
            ("GET", "/mx_data/contracts"): "mx_data-contracts",
            ("GET", "/mx_data/tickers"): "mx_data-tickers",
            ("GET", "/mx_data/orderbook"): "mx_data-orderbook",
            ("GET", "/mx_data/trades"): "mx_data-trades",
            ("GET", "/mx_data/k_data"): "mx_data-k_data",
            ("GET", "/openapi1/pairs"): "openapi1-pairs",
            ("POST", "/mx_openapi1/account_info"): "mx_openapi1-account_info",
            ("POST", "/mx_openapi1/place_order"): "mx_openapi1-place_order",
            ("POST", "/mx_openapi1/cancel_order"): "mx_openapi1-cancel_order",
            ("POST", "/mx_openapi1/active_orders"): "mx_openapi1-active_orders",
            ("POST", "/mx_openapi1/active_positions"): "mx_openapi1-active_positions",
            ("POST", "/mx_openapi1/get_order_batch"): "mx_openapi1-get_order_batch",
            ("POST", "/mx_openapi1/order_match_results"): "mx_openapi1-order_match_results",
            ("POST", "/mx_openapi1/myorders"): "mx_openapi1-myorders",
            ("POST", "/mx_openapi1/mytrades"): "mx_openapi1-mytrades",
        },
        check_signature=_check_btex,
    ),
    "bitmaxfutures": Profile(
        url="https://bitmax.io",
        symbol="XRP/USDT:USDT",
        secret_headers=("x-auth-key", "x-auth-timestamp", "x-auth-signature"),
        secret_fields=("accountId", "email", "cashAccount", "marginAccount", "futuresAccount", "key", "sig"),
        # The user's number is in every order's id; a stream has ids of accounts under names that others have.
        pseudonyms={r"U\d{10}": "U0000000000", r"\b(?:csh|fut|mar)[0-9A-Za-z]{29}\b": MASK},
        kinds=True,
        documented={
            ("GET", "/api/pro/v2/account/info"): "rest-v2-account-info",
            ("GET", "/api/pro/v2/futures/contract"): "rest-v2-futures-contract",
            ("GET", "/api/pro/v2/futures/collateral"): "rest-v2-futures-collateral",
            ("GET", "/api/pro/v2/futures/pricing-data"): "rest-v2-futures-pricing-data",
            ("GET", "/api/pro/v1/ticker"): "rest-v1-ticker-futures",
            ("GET", "/api/pro/v1/depth"): "rest-v1-depth",
            ("GET", "/api/pro/v1/trades"): "rest-v1-trades-futures",
            ("GET", "/api/pro/v1/barhist"): "rest-v1-barhist-futures",
            ("GET", "/0/api/pro/v2/futures/position"): "rest-v2-futures-position",
            ("GET", "/0/api/pro/v2/futures/free-margin"): "rest-v2-futures-free-margin",
            ("POST", "/0/api/pro/v2/futures/order"): "rest-v2-order",
            ("DELETE", "/0/api/pro/v2/futures/order"): "rest-v2-order-cancel",
            ("DELETE", "/0/api/pro/v2/futures/order/all"): "rest-v2-order-cancel-all",
            ("GET", "/0/api/pro/v2/futures/order/open"): "rest-v2-order-open",
            ("GET", "/0/api/pro/v2/futures/order/status"): "rest-v2-order-status",
            ("GET", "/0/api/pro/v2/futures/order/hist/current"): "rest-v2-order-hist-current",
        },
        documented_symbol="BTC/USDT:USDT",
        refused=lambda symbol, bid: [
            (ccxt.InvalidOrder, "createOrder", symbol, "limit", "sell", 2, bid * 2, {"reduceOnly": True}),
        ],
        check_signature=_check_bitmaxfutures,
        check_message=_check_login_to_bitmaxfutures,
    ),
}
