"""bitexbit without the network: three signatures, requests, errors."""

import hmac
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from ccxt.base.errors import (
    ArgumentsRequired,
    BadRequest,
    BaseError,
    ExchangeError,
    InvalidNonce,
    InvalidOrder,
    NotSupported,
    OrderNotFound,
    RateLimitExceeded,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venue.answers.redact import MASK
from ccxt_ext.venue.answers.refusals import ANY_CALL
from ccxt_ext.venue.orders import checks
from ccxt_ext.venue.requests import attempts, building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venues.bitexbit.funding import Funding
from ccxt_ext.venues.bitexbit.metadata import CHOICES, DOES_ANYWAY, UNDERSTANDS, metadata

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"

# A coupon's code is money for whoever reads it, a security code opens a transfer.
# Quotes may be escaped, where a message repeats a body.
_SPENDABLE = re.compile(
    r"""(["']code\\*["']\s*:\s*\\*["'])[0-9A-Za-z]{20,}|(security_code\\*["']?\s*[:=]\s*\\*["']?)[^"'&,}\s\\]+"""
)

_ORDER_CALL = re.compile(r"/(order|orders|order-cancel)(/|$)")
_ID = re.compile("[0-9]{1,40}")
_CANCEL = re.compile(r"/v1/order-cancel/$|/v2/private/order/[^/]+/cancel$")
_ORDER_SHOWN = re.compile(r"/v1/order/[^/]+/$")

# Statuses whose meaning no text of the venue changes.
_BY_STATUS = ("403", "429", "500", "502", "503")


class NumberText(str):
    """A number's text, which stands in JSON without quotes."""


class Protocol(Funding):
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

    def redact(self, text: str) -> str:
        clean = super().redact(text)
        return _SPENDABLE.sub(lambda match: f"{match[1] or match[2]}{MASK}", clean)

    # -- requests -----------------------------------------------------------------------------------

    def next_nonce(self) -> int:
        return attempts.shared_nonces(self).take(self.nonce())

    def sign(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        kind = section(api)
        name, _, access = kind.partition(".")
        query = building.query_of(self, path, params)
        url = self.implode_hostname(self.urls["api"][name]) + (f"/{access}/" if name == "v2" else "/")
        url += building.path_of(self, self.as_requested(name, path), params)
        private = kind in ("v1.private", "v2.private", "gateway")
        if kind == "v1.private" and path == "order/{id}/":
            private = self.options["v1FetchOrderSigned"]
        if private:
            self.check_required_credentials()
        fields = {key: building.field_text(self, value) for key, value in query.items()}
        target = url + ("?" + self.urlencode(self.keysort(fields)) if fields and method == "GET" else "")
        if private and name == "v1":
            headers, body = self.sign_v1(method, fields)
        elif private:
            body = self.json_text(query) if method == "POST" else None
            signed = self.sign_v2 if name == "v2" else self.sign_gateway
            headers = signed(urlsplit(url).path, body or "")
            if body is not None:
                headers["Content-Type"] = JSON
        return {"url": target, "method": method, "body": body, "headers": headers}

    def as_requested(self, name: str, path: str) -> str:
        """The path with or without a final slash, where the venue's documents contradict each other."""
        if name == "charts" and self.options["chartsTrailingSlash"]:
            return f"{path}/"
        slashes = self.options["v2TransferSlashes"]
        if name == "v2" and path.startswith("transfers") and slashes != "documented":
            bare = path.removesuffix("/")
            return f"{bare}/" if slashes == "all" else bare
        return path

    def sign_v1(self, method: str, fields: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
        """Over the key and the parameters of a POST; neither the URL nor the nonce is signed."""
        text = self.urlencode(self.keysort(dict(fields)))
        signed = text if method == "POST" or self.options["v1GetSignature"] == "query" else ""
        headers = {
            "X-KEY": self.apiKey,
            "X-SIGN": self.hash_text(self.apiKey + signed),
            "X-NONCE": str(self.next_nonce()),
        }
        if method != "POST":
            return headers, None
        if self.options["v1BodyFormat"] == "json":
            return {**headers, "Content-Type": JSON}, self.json_text(fields)
        return {**headers, "Content-Type": FORM}, text

    def sign_v2(self, path: str, body: str) -> dict[str, str]:
        nonce = str(self.next_nonce())
        return {
            "X-API-Key": self.apiKey,
            "X-Nonce": nonce,
            "X-Signature": self.hash_text(path + nonce + body),
        }

    def sign_gateway(self, path: str, body: str) -> dict[str, str]:
        timeout = str(self.nonce() + self.options["gatewayTimeout"])
        return {
            "X-Key": self.apiKey,
            "X-Timeout": timeout,
            "X-Sign": self.hash_text(self.apiKey + path + timeout + body),
        }

    def hash_text(self, text: str) -> str:
        return hmac.digest(self.secret.encode(), text.encode(), "sha256").hex()

    def json_text(self, value: Any) -> str:
        """JSON without blanks, whose numbers have no exponent."""
        if isinstance(value, NumberText):
            return str(value)
        if isinstance(value, Mapping):
            members = (f"{json.dumps(key)}:{self.json_text(item)}" for key, item in value.items())
            return "{" + ",".join(members) + "}"
        if isinstance(value, list):
            return "[" + ",".join(self.json_text(item) for item in value) + "]"
        if isinstance(value, float):
            return self.number_to_string(value)
        return json.dumps(str(value) if isinstance(value, Decimal) else value)

    def chosen(self, name: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Which API serves a method, by `params['method']` or the options."""
        api = self.safe_string(params, "method", self.options["methods"][name])
        if api not in CHOICES[name]:
            raise BadRequest(f"{self.id} {name}() is served by {', '.join(CHOICES[name])}, not by {api!r}")
        return api, self.omit(params, "method")

    def order_request(
        self, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The fields of an order in v1's names."""
        if type != "limit":
            raise NotSupported(f"{self.id} createOrder() supports limit orders only, not {type!r}")
        amount_text, price_text = checks.check_order(self, symbol, side, amount, price)
        request = {
            "type": side,
            "pair": self.market(symbol)["id"],
            "amount": amount_text,
            "price": price_text,
        }
        return self.extend(request, params)

    def around(self, id: str) -> dict[str, Any]:
        """Bounds of a list of v2 within which one order is, be they included or not."""
        if not _ID.fullmatch(id):
            raise OrderNotFound(f"{self.id} has no order {reading.excerpt(self, id)}: ids are numbers")
        return {"since_id": str(int(id) - 1), "until_id": str(int(id) + 1)}

    def ohlcv_request(
        self,
        market: Mapping[str, Any],
        step: str,
        since: Any,
        limit: Any,
        until: Any,
        seconds: bool,
        most: int,
    ) -> dict[str, Any]:
        """Both ends of the time that is asked for: from one alone the venue could count either way."""
        request: dict[str, Any] = {"limit": min(limit or most, most)}
        unit = 1000 if seconds else 1
        if since is not None:
            # As many candles open from here to there, be both ends included or not.
            end = since + request["limit"] * self.step_ms(step) - 1
            until = end if until is None else min(until, end)
            request["since"] = -(-since // unit)
        if until is not None:
            request["until"] = until // unit
        return request

    def step_ms(self, step: str) -> int:
        return 86_400_000 if step == "D" else int(step) * 60_000

    def positive_amount(self, code: str, amount: Any, method: str) -> str:
        """The text of an amount of money that is to be moved."""
        try:
            checks.positive(self, amount, "amount")
        except InvalidOrder:
            raise BadRequest(f"{self.id} {method}() needs a positive amount, not {amount!r}") from None
        if self.currency(code)["precision"] is None:
            return self.number_to_string(amount)
        try:
            text = self.currency_to_precision(code, amount)
        except ArithmeticError:  # more digits than ccxt's decimals have
            raise BadRequest(f"{self.id} {method}() of {amount} {code} cannot be cut to its step") from None
        if Precise.string_eq(text, "0"):
            raise BadRequest(f"{self.id} {method}() of {amount} {code} is below the currency's precision")
        return text

    def told_tag(self, tag: Any, params: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        """A withdrawal's tag. Newer releases of ccxt have it in the parameters, which come in its place."""
        if isinstance(tag, Mapping):
            tag, params = None, {**tag, **params}
        return self.safe_string(params, "tag") if tag is None else tag, self.omit(params, "tag")

    def withdrawal_request(
        self,
        code: str,
        amount: Any,
        address: str,
        tag: Any,
        method: Mapping[str, Any],
        params: Mapping[str, Any],
    ) -> dict[str, Any]:
        """`method` has the ticker and the network, and maybe the rest that the gateway tells of them."""
        text = self.positive_amount(code, amount, "withdraw")
        fiat = self.safe_bool(method, "is_fiat", self.currency(code).get("type") == "fiat")
        id = self.safe_string(params, "clientOrderId", self.uuid())
        request = {
            "ticker": method["ticker"],
            "network": method["network"],
            "card" if fiat else "address": address,
            "amount": text if self.options["gatewayAmountAsString"] else NumberText(text),
            "client_order_id": id,
        }
        if tag is not None:
            request[self.options["tagFields"].get(method["network"], "memo")] = tag
        return self.extend(request, self.omit(params, ["network", "clientOrderId"]))

    def only_method(self, methods: list[dict[str, Any]], code: str, flag: str, name: str) -> dict[str, Any]:
        """The one way to move a currency, of those that are enabled."""
        ticker = self.currency(code)["id"]
        fitting = [m for m in methods if m.get("ticker") == ticker and self.safe_bool(m, flag, False)]
        if len(fitting) == 1:
            return {**fitting[0], "network": reading.required(self, fitting[0], "network")}
        if fitting:
            networks = ", ".join(
                self.network_id_to_code(reading.required(self, m, "network")) for m in fitting
            )
            raise ArgumentsRequired(f"{self.id} {name}() requires a network for {code}: one of {networks}")
        raise BadRequest(f"{self.id} {name}() is not enabled for {code}")

    # -- errors -------------------------------------------------------------------------------------

    def handle_errors(
        self,
        code: int,
        reason: str,
        url: str,
        method: str,
        headers: Any,
        body: Any,
        response: Any,
        request_headers: Any,
        request_body: Any,
    ) -> None:
        is_success = 200 <= code < 300
        refused = isinstance(response, dict) and response.get("success") is False
        if is_success and not refused:
            reading.check_json(self, response, body)
            return
        message = self.error_text(response)
        path = urlsplit(url).path
        if is_success and method == "POST":
            # No document has such an answer: but for one that comes before all else, who knows what was done.
            if message is not None and refusals.by_words(self, ANY_CALL, message) is RateLimitExceeded:
                raise self.refusal(code, path, method, message)
            return
        if message is None and not is_success:
            refusals.refuse(self, code, reason, None, body)
        raise self.refusal(code, path, method, reading.excerpt(self, body) if message is None else message)

    def refusal(self, code: int, path: str, method: str, message: str) -> BaseError:
        """What a refusal in the venue's own words means."""
        text = message.lower()
        feedback = f"{self.id} {self.redact(message)}"
        by_status = self.exceptions["status"].get(str(code))
        if code == 401:
            late = "nonce" in text or "timeout" in text
            return (InvalidNonce if late else by_status)(feedback)
        if str(code) in _BY_STATUS or (by_status is None and not 200 <= code < 300):
            return (by_status or refusals.status_class(self, code))(feedback)
        by_words = refusals.by_words(self, self.rules_of(path, method), message)
        if by_words is not None:
            return by_words(feedback)
        if code == 404 and _ORDER_SHOWN.search(path):
            return OrderNotFound(feedback)
        return (by_status or ExchangeError)(feedback)

    def rules_of(self, path: str, method: str) -> Mapping[str, type[BaseError]]:
        rules: Mapping[str, type[BaseError]] = self.exceptions["sought"]
        if _CANCEL.search(path):
            return rules
        if _ORDER_CALL.search(path) is None:
            return {**self.exceptions["broad"]}
        own = self.exceptions["order"] if method == "POST" else {**rules, **self.exceptions["order"]}
        return {**own, **self.exceptions["broad"]}

    def error_text(self, response: Any) -> str | None:
        """The venue's words in the body of a refusal, whose form is not documented."""
        if not isinstance(response, dict):
            return None
        for key in ("error", "detail", "message"):
            text = response.get(key)
            if isinstance(text, str) and text:
                return text
        lists = [
            f"{name}: {', '.join(texts)}"
            for name, texts in response.items()
            if isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts)
        ]
        return "; ".join(lists) or None
