"""Acme Exchange without the network: signing, requests, answers, errors."""

import secrets
from typing import Any

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue

from . import envelope, errors, markets, orders, signing
from .metadata import DOES_ANYWAY, UNDERSTANDS, metadata


class Protocol(Venue, contract=1):
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

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
        """The request for an endpoint. `path`, `api` and `method` are those of the tree in metadata.py."""
        target = f"/{self.version}/{building.fill_path(self, path, params)}"
        query = ""
        fields = {
            name: building.field_text(self, value)
            for name, value in building.query_params(self, path, params).items()
        }
        if method == "POST":
            body = building.compact_json(fields)  # the venue's documents say that numbers are strings
            headers = {"Content-Type": "application/json"}
        elif fields:
            query = self.urlencode(self.keysort(fields))  # sorted, as the signature needs it
        if section(api) == "private":
            self.check_required_credentials()
            signed = signing.signed_headers(self, method, target, query, body or "")
            headers = {**signed, **(headers or {})}
        return {
            "url": self.urls["api"]["rest"] + target + (f"?{query}" if query else ""),
            "method": method,
            "body": body,
            "headers": headers,
        }

    # -- public data --------------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        return markets.market(self, market)

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(ticker, "pair"), market, markets.SEPARATOR)
        timestamp = reading.timestamp(self, ticker, "time")
        last = reading.number_text(self, ticker, "last")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "high": reading.number_text(self, ticker, "high"),
                "low": reading.number_text(self, ticker, "low"),
                "bid": reading.number_text(self, ticker, "bid"),
                "bidVolume": reading.number_text(self, ticker, "bid_quantity"),
                "ask": reading.number_text(self, ticker, "ask"),
                "askVolume": reading.number_text(self, ticker, "ask_quantity"),
                "vwap": None,
                "open": reading.number_text(self, ticker, "open"),
                "close": last,
                "last": last,
                "previousClose": None,
                "change": None,
                "percentage": None,
                "average": None,
                "baseVolume": reading.number_text(self, ticker, "volume"),
                "quoteVolume": reading.number_text(self, ticker, "value"),
                "info": ticker,
            },
            market,
        )

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        """The venue's documents say: {"from": ..., "open": ..., "high": ..., "low": ..., ...}."""
        keys = ("open", "high", "low", "close", "volume")
        numbers = (reading.number_text(self, ohlcv, key) for key in keys)
        return [reading.timestamp(self, ohlcv, "from"), *map(self.parse_number, numbers)]

    # -- orders and the account ---------------------------------------------------------------------

    def new_client_order_id(self) -> str:
        return secrets.token_hex(16)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        return orders.parse_order(self, order, market)

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        return orders.parse_trade(self, trade, market)

    def parse_balance(self, response: Any) -> Any:
        result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
        for row in reading.rows(self, envelope.result(self, response)):
            account = self.account()
            account["total"] = reading.number_text(self, row, "total")
            account["used"] = reading.number_text(self, row, "in_orders")
            result[self.safe_currency_code(reading.required_text(self, row, "currency"))] = account
        return self.safe_balance(result)

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
        error = errors.told_error(response)
        if error is not None:  # the venue answers 200 to most of what it refuses
            errors.raise_told(self, code, reason, error)
        refusals.raise_refusal(self, code, reason, None, body)  # what is not the venue's own
        reading.check_json(self, response, body)
