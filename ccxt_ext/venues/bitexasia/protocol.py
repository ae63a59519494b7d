"""BitexAsia v1 without the network: signing, requests, answers, errors."""

import secrets
from typing import Any

from ccxt.base.errors import (
    BadResponse,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, refusals, spot_markets
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.bitexasia import account, errors, fields, signing
from ccxt_ext.venues.bitexasia.books import DEFAULT_DEPTH
from ccxt_ext.venues.bitexasia.metadata import DOES_ANYWAY, UNDERSTANDS, metadata


class Protocol(Venue, contract=1, conformance="proven"):
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
        query = building.query_params(self, path, params)
        target = f"/{self.version}/{building.fill_path(self, path, params)}"
        if method != "GET":
            headers = {"Content-Type": "application/json"}
            body = (
                signing.order_body(self, query)
                if query or path == "orders"
                else self.options["cancelOrder"]["body"]
            )
        elif query:
            target += "?" + self.urlencode(query)
        if section(api) == "private" or self.options["signPublic"] or signing.is_deep(self, query):
            self.check_required_credentials()
            headers = {**signing.signed_headers(self, method, target, body or ""), **(headers or {})}
        return {
            "url": self.urls["api"]["rest"] + target,
            "method": method,
            "body": body or None,
            "headers": headers,
        }

    def calculate_rate_limiter_cost(
        self, api: Any, method: Any, path: Any, params: Any, config: Any = {}
    ) -> Any:
        """The venue counts weights; a deep order book weighs more."""
        weight = self.options["weights"].get(path)
        if weight is None:
            weight = config.get("byDepth", config.get("cost", 1))
        if not isinstance(weight, list):
            return weight
        depth = self.safe_integer(params, self.options["fetchOrderBook"]["depthParameter"], DEFAULT_DEPTH)
        return next((cost for most, cost in weight if depth <= most), weight[-1][1])

    # -- orders -------------------------------------------------------------------------------------

    def new_client_order_id(self) -> str:
        return secrets.token_hex(16)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        market = fields.market_of(self, order, market)
        timestamp = fields.when(self, order, "created_at")
        filled = fields.figure(self, order, "filled_size")
        average = fields.figure(self, order, "avg_fill_price")
        price = fields.figure(self, order, "price")
        kind = fields.word(self, order, "type")
        if kind == "stop":
            kind = "limit" if price is not None and Precise.string_gt(price, "0") else "market"
        status = self.options["orderStatuses"].get(fields.word(self, order, "status"))
        return self.safe_order(
            {
                "id": fields.needed(self, order, "id"),
                "clientOrderId": fields.text_of(self, order, "client_order_id"),
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastTradeTimestamp": None,
                "symbol": market["symbol"],
                "type": kind,
                "timeInForce": self.safe_string_upper(order, fields.named(self, order, "time_in_force")),
                "postOnly": False,
                "side": reading.side(self, order, "side"),
                "price": price,
                "triggerPrice": fields.figure(self, order, "stop_price"),
                "amount": fields.figure(self, order, "size"),
                "filled": filled,
                "remaining": fields.figure(self, order, "remaining_size"),
                "cost": Precise.string_mul(filled, average),
                "average": average,
                "status": status,
                "fee": None,
                "trades": None,
                "info": order,
            },
            market,
        )

    # -- answers ------------------------------------------------------------------------------------

    # -- markets ------------------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        id = fields.needed(self, market, "pair")
        first, _, last = id.rpartition(self.options["pairSeparator"])
        base_id = self.safe_string(market, "base", first)
        quote_id = self.safe_string(market, "quote", last)
        if not base_id or not quote_id:
            raise BadResponse(
                f"{self.id} expected the currencies of a pair in {reading.excerpt(self, market)}"
            )
        step = fields.figure(self, market, "size_step") or self.options["amountStep"]
        status = fields.word(self, market, "status")
        return spot_markets.spot_market(
            self,
            market,
            id,
            base_id,
            quote_id,
            active=None if status is None else self.options["marketStatuses"].get(status, False),
            step=step,
            tick=fields.figure(self, market, "tick_size"),
            amounts=(fields.figure(self, market, "min_size"), None),
        )

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        options = self.options["ticker"]
        market = fields.market_of(self, ticker, market)
        timestamp = fields.when(self, ticker, "timestamp")
        last = fields.figure(self, ticker, "last")
        change = fields.figure(self, ticker, "change_24h")
        percentage = None
        if options["changeUnit"] != "absolute":
            factor = "100" if options["changeUnit"] == "fraction" else "1"
            percentage, change = Precise.string_mul(change, factor), None
        volume = fields.figure(self, ticker, "volume_24h")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "high": None,
                "low": None,
                "bid": fields.figure(self, ticker, "bid"),
                "bidVolume": None,
                "ask": fields.figure(self, ticker, "ask"),
                "askVolume": None,
                "vwap": None,
                "open": None,
                "close": last,
                "last": last,
                "previousClose": None,
                "change": change,
                "percentage": percentage,
                "average": None,
                "baseVolume": None if options["volumeIsQuote"] else volume,
                "quoteVolume": volume if options["volumeIsQuote"] else None,
                "info": ticker,
            },
            market,
        )

    # -- the account --------------------------------------------------------------------------------

    def parse_balance(self, response: Any, wanted: str | None = None) -> Any:
        """Of one of the venue's accounts, which an option names unless it is told."""
        return account.parse_balance(self, response, wanted or self.options["fetchBalance"]["type"])

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
        done = 200 <= code < 300
        told = errors.error_in_answer(self, response, done)
        if told is not None and done and method == "POST" and not errors.is_refusal(self, response, told[0]):
            told = None  # what came of it, only the order tells
        if told is not None:
            errors.raise_error(self, code, url, headers, *told)
        if isinstance(response, dict) and not done:
            raise errors.class_of(self, code, url)(f"{self.id} {code} {reason} {reading.excerpt(self, body)}")
        refusals.raise_refusal(self, code, reason, None, body)
        reading.check_json(self, response, body)
