"""bitexbit without the network: what ccxt calls to sign requests and to read answers."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from ccxt_ext.venue.answers.redact import MASK
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.bitexbit import (
    account,
    addresses,
    bodies,
    errors,
    market_data,
    markets,
    orders,
    requests,
    signing,
    trades,
    transactions,
)
from ccxt_ext.venues.bitexbit.columns import BitexbitTables
from ccxt_ext.venues.bitexbit.metadata import DOES_ANYWAY, UNDERSTANDS, metadata

# A coupon's code is money for whoever reads it, a security code opens a transfer.
# Quotes may be escaped, where a message repeats a body.
_SPENDABLE = re.compile(
    r"""(["']code\\*["']\s*:\s*\\*["'])[0-9A-Za-z]{20,}|(security_code\\*["']?\s*[:=]\s*\\*["']?)[^"'&,}\s\\]+"""
)


class Protocol(Venue, contract=1, conformance="proven"):
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY
    tables = BitexbitTables()

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

    def redact(self, text: str) -> str:
        clean = super().redact(text)
        return _SPENDABLE.sub(lambda match: f"{match[1] or match[2]}{MASK}", clean)

    # -- requests -----------------------------------------------------------------------------------

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
        query = building.query_params(self, path, params)
        url = self.implode_hostname(self.urls["api"][name]) + (f"/{access}/" if name == "v2" else "/")
        url += building.fill_path(self, requests.as_requested(self, name, path), params)
        private = kind in ("v1.private", "v2.private", "gateway")
        if kind == "v1.private" and path == "order/{id}/":
            private = self.options["v1FetchOrderSigned"]
        if private:
            self.check_required_credentials()
        fields = {key: building.field_text(self, value) for key, value in query.items()}
        target = url + ("?" + self.urlencode(self.keysort(fields)) if fields and method == "GET" else "")
        if private and name == "v1":
            headers, body = signing.sign_v1(self, method, fields)
        elif private:
            body = bodies.json_text(self, query) if method == "POST" else None
            signed = signing.sign_v2 if name == "v2" else signing.sign_gateway
            headers = signed(self, urlsplit(url).path, body or "")
            if body is not None:
                headers["Content-Type"] = bodies.JSON
        return {"url": target, "method": method, "body": body, "headers": headers}

    def on_json_response(self, response_body: str) -> Any:
        """v1 sends money as JSON numbers, whose last digits floats would lose."""
        return json.loads(response_body, parse_float=str)

    # -- what is listed -----------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        return markets.parse_market(self, market)

    def parse_currency(self, currency: Any) -> Any:
        return markets.parse_currency(self, currency)

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        return market_data.parse_ticker(self, ticker, market)

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        return market_data.last_price(price)

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        return market_data.parse_ohlcv(self, ohlcv, market)

    # -- the account --------------------------------------------------------------------------------

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        return trades.parse_trade(self, trade, market)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        return orders.parse_order(self, order, market)

    def parse_balance(self, response: Any) -> Any:
        return account.parse_balance(self, response)

    def parse_transaction(self, transaction: Any, currency: Any = None) -> Any:
        return transactions.parse_transaction(self, transaction, currency)

    def parse_transfer(self, transfer: Any, currency: Any = None) -> Any:
        return transactions.parse_transfer(self, transfer, currency)

    def parse_deposit_address(self, depositAddress: Any, currency: Any = None) -> Any:
        return addresses.parse_deposit_address(self, depositAddress, currency)

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
        errors.check_answer(self, code, reason, url, method, body, response)
