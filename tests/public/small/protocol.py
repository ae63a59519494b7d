"""The small venue's protocol: what needs no network."""

import hashlib
import hmac

from ccxt.base.decimal_to_precision import TICK_SIZE
from ccxt.base.errors import (
    AuthenticationError,
    BadResponse,
    BadSymbol,
    InsufficientFunds,
    InvalidNonce,
    InvalidOrder,
    OrderNotFound,
    RateLimitExceeded,
)

from ccxt_ext.venue.answers import reading, refusals, spot_markets
from ccxt_ext.venue.answers.refusals import ANY_CALL
from ccxt_ext.venue.fast.balances import Balances, balance
from ccxt_ext.venue.fast.columns import SIDES, Choice, Number, Text, Time, amount
from ccxt_ext.venue.fast.parsing import Table, Tables
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface import features
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue

HAS = {
    "spot": True,
    "cancelAllOrders": "emulated",
    "cancelOrder": True,
    "createLimitOrder": True,
    "createOrder": True,
    "fetchBalance": True,
    "fetchMarkets": True,
    "fetchOpenOrders": True,
    "fetchOrderBook": True,
    "fetchTicker": True,
    "fetchTime": True,
    "fetchTrades": True,
}
UNDERSTANDS = {"createOrder": ("clientOrderId",)}
ORDERS = {"cost": 1, "once": True, "clientId": "mine", "idempotent": True}


class SmallTables(Tables):
    def trades(self, exchange, rows):
        columns = {
            "id": Text("id"),
            "timestamp": Time("at"),
            "side": Choice(SIDES, "side"),
            "price": Number("price"),
            "amount": amount("size"),
        }
        return Table(columns, market="pair")


class Protocol(Venue, contract=1):
    understands = UNDERSTANDS
    tables = SmallTables()

    @classmethod
    def metadata(cls):
        return {
            "id": "small",
            "name": "Small",
            "version": "v1",
            "rateLimit": 100,
            "pro": True,
            "has": HAS,
            "urls": {"api": {"rest": "https://api.small.example", "ws": "wss://api.small.example/v1/stream"}},
            "api": {
                "public": {"get": {"time": 1, "pairs": 1, "pairs/{pair}/{what}": 1}},
                "private": {
                    "get": {"balances": 1, "orders": 1},
                    "post": {"orders": ORDERS},
                    "delete": {"orders/{id}": {"cost": 1, "cancels": "id"}},
                },
            },
            "fees": {"trading": {"maker": 0.001, "taker": 0.001}},
            "precisionMode": TICK_SIZE,
            "requiredCredentials": {"apiKey": True, "secret": True},
            "features": {
                "spot": {
                    "createOrder": features.create_order(),
                    "fetchOpenOrders": features.order_list(100),
                    "fetchOrder": None,
                    "fetchMyTrades": None,
                }
            },
            "exceptions": {
                "exact": {
                    "bad_signature": AuthenticationError,
                    "bad_time": InvalidNonce,
                    "insufficient_funds": InsufficientFunds,
                    "too_small": InvalidOrder,
                    "unknown_order": OrderNotFound,
                    "unknown_market": BadSymbol,
                    "too_many": RateLimitExceeded,
                },
                "broad": ANY_CALL,
                "status": {},
            },
            "options": {"ws": {"pingInterval": 15000}},
        }

    def sign(self, path, api="public", method="GET", params={}, headers=None, body=None):
        target = f"/{self.version}/{building.fill_path(self, path, params)}"
        fields = building.query_params(self, path, params)
        if method == "POST":
            body = building.compact_json(fields)
            headers = {"Content-Type": "application/json"}
        elif fields:
            texts = {name: building.field_text(self, value) for name, value in fields.items()}
            target += "?" + self.urlencode(texts)
        if section(api) == "private":
            self.check_required_credentials()
            time = str(self.nonce())
            text = "\n".join((time, method, target, body or ""))
            mac = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
            headers = {**(headers or {}), "X-Key": self.apiKey, "X-Time": time, "X-Mac": mac}
        return {"url": self.urls["api"]["rest"] + target, "method": method, "body": body, "headers": headers}

    def handle_errors(self, code, reason, url, method, headers, body, response, requestHeaders, requestBody):
        error = response.get("error") if isinstance(response, dict) else None
        if 200 <= code < 300 and error is None:
            reading.check_json(self, response, body)
            return
        refusals.raise_refusal(self, code, reason, error, body)

    def parse_market(self, market):
        id, base, quote = (reading.required_text(self, market, key) for key in ("pair", "base", "quote"))
        return spot_markets.spot_market(
            self,
            market,
            id,
            base,
            quote,
            active=True,
            step=reading.number_text(self, market, "step"),
            tick=reading.number_text(self, market, "tick"),
            amounts=(reading.number_text(self, market, "least"), None),
        )

    def parse_ticker(self, ticker, market=None):
        names = {"last": "last", "open": "open", "high": "high", "low": "low", "volume": "baseVolume"}
        figures = {ours: reading.number_text(self, ticker, theirs) for theirs, ours in names.items()}
        now = reading.timestamp(self, ticker, "at")
        row = {
            "symbol": market["symbol"],
            "timestamp": now,
            "datetime": self.iso8601(now),
            **figures,
            "info": ticker,
        }
        return self.safe_ticker(row, market)

    def parse_trade(self, trade, market=None):
        now = reading.timestamp(self, trade, "at")
        return self.safe_trade(
            {
                "id": reading.required_text(self, trade, "id"),
                "symbol": self.safe_market(self.safe_string(trade, "pair"), market)["symbol"],
                "timestamp": now,
                "datetime": self.iso8601(now),
                "side": reading.side(self, trade, "side"),
                "price": reading.number_text(self, trade, "price"),
                "amount": reading.number_text(self, trade, "size"),
                "order": None,
                "type": None,
                "takerOrMaker": None,
                "cost": None,
                "fee": None,
                "info": trade,
            },
            market,
        )

    def parse_order(self, order, market=None):
        market = self.safe_market(self.safe_string(order, "pair"), market)
        now = reading.timestamp(self, order, "at")
        return self.safe_order(
            {
                "id": reading.required_text(self, order, "id"),
                "clientOrderId": self.safe_string(order, "mine"),
                "symbol": market["symbol"],
                "timestamp": now,
                "datetime": self.iso8601(now),
                "type": "limit",
                "side": reading.side(self, order, "side"),
                "price": reading.number_text(self, order, "price"),
                "amount": reading.number_text(self, order, "size"),
                "remaining": reading.number_text(self, order, "left"),
                "status": self.safe_string(order, "state"),
                "info": order,
            },
            market,
        )

    def parse_canceled(self, order, market):
        parsed = self.parse_order(reading.record(self, order), market)
        if parsed["status"] != "canceled":
            raise BadResponse(f"{self.id} did not cancel {reading.excerpt(self, order)}")
        return parsed

    def parse_balance(self, response):
        table = Balances("currency", {"free": amount("free"), "used": amount("held")})
        return balance(self, lambda rows: table, reading.rows(self, response), self.balance_of)

    def balance_of(self, rows):
        result = {"info": rows}
        for row in rows:
            code = self.safe_currency_code(reading.required_text(self, row, "currency"))
            result[code] = self.account()
            result[code]["free"] = reading.number_text(self, row, "free")
            result[code]["used"] = reading.number_text(self, row, "held")
        return self.safe_balance(result)
