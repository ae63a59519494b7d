"""Acme Exchange without the network: signing, requests, answers, errors."""

import secrets
from typing import Any

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue

from . import errors, markets, orders, signing
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
        fields = {
            name: building.field_text(self, value)
            for name, value in building.query_params(self, path, params).items()
        }
        if method == "POST":
            body = building.compact_json(fields)  # the venue's documents say that numbers are strings
            headers = {"Content-Type": "application/json"}
        elif fields:
            target += "?" + self.urlencode(fields)
        if section(api) == "private":
            self.check_required_credentials()
            headers = {**signing.signed_headers(self, method, target, body or ""), **(headers or {})}
        return {
            "url": self.urls["api"]["rest"] + target,
            "method": method,
            "body": body,
            "headers": headers,
        }

    # -- public data --------------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        return markets.market(self, market)

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(ticker, "market"), market, markets.SEPARATOR)
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
                "bidVolume": reading.number_text(self, ticker, "bid_size"),
                "ask": reading.number_text(self, ticker, "ask"),
                "askVolume": reading.number_text(self, ticker, "ask_size"),
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
        """The venue's documents say: [time, open, high, low, close, volume]."""
        numbers = (reading.number_text(self, ohlcv, place) for place in range(1, 6))
        return [reading.timestamp(self, ohlcv, 0), *map(self.parse_number, numbers)]

    # -- orders and the account ---------------------------------------------------------------------

    def new_client_order_id(self) -> str:
        return secrets.token_hex(16)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        return orders.parse_order(self, order, market)

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        return orders.parse_trade(self, trade, market)

    def parse_balance(self, response: Any) -> Any:
        result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
        for row in reading.rows(self, response, "balances"):
            account = self.account()
            account["free"] = reading.number_text(self, row, "available")
            account["used"] = reading.number_text(self, row, "held")
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
        if error is not None and not 200 <= code < 300:
            errors.raise_told(self, code, reason, error)
        refusals.raise_refusal(self, code, reason, None, body)  # what is not the venue's own
        reading.check_json(self, response, body)
