"""BitMart openapi v2 without the network: signing, requests, answers, errors."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from ccxt.base.errors import (
    AuthenticationError,
    OrderNotFound,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, refusals, spot_markets
from ccxt_ext.venue.fast import balances
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.bitmart2 import errors, market_data, orders, signing
from ccxt_ext.venues.bitmart2.columns import BALANCES, BitmartTables
from ccxt_ext.venues.bitmart2.metadata import DOES_ANYWAY, UNDERSTANDS, metadata

ORDER_STATUSES = {"1": "open", "2": "open", "3": "closed", "4": "canceled", "5": "open", "6": "closed"}


class TokenRefused(AuthenticationError):
    """The venue does not (or no longer) know the token. It has not processed the request."""


class Protocol(Venue, contract=1, conformance="proven"):
    apiKey: str
    uid: str
    token: str | None  # a token of the caller's own, used until the venue refuses it
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY
    tables = BitmartTables()

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
        fields = {name: building.field_text(self, value) for name, value in params.items()}
        query = building.query_params(self, path, fields)
        url = f"{self.urls['api']['rest']}/{self.version}/{building.fill_path(self, path, params)}"
        kind = section(api)
        if kind == "token":
            self.check_required_credentials()
            body = self.urlencode(self.extend(signing.login_fields(self), query))
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return {"url": url, "method": method, "body": body, "headers": headers}
        if kind == "private":
            self.check_required_credentials()
            headers = {
                "X-BM-AUTHORIZATION": f"Bearer {signing.bearer(self)}",
                "X-BM-TIMESTAMP": str(self.nonce()),
            }
            if method == "POST":
                headers["X-BM-SIGNATURE"] = signing.signature(
                    self, signing.signed_of(self, method, path, query)
                )
                headers["Content-Type"] = "application/json"
                body = signing.order_body(self, query)
                return {"url": url, "method": method, "body": body, "headers": headers}
            if method == "DELETE" and (path != "orders" or self.options["signCancelAll"]):
                headers["X-BM-SIGNATURE"] = signing.signature(
                    self, signing.signed_of(self, method, path, fields)
                )
        if query:
            url += "?" + self.urlencode(query)
        return {"url": url, "method": method, "body": body, "headers": headers}

    def check_required_credentials(self, error: bool = True) -> bool:
        if not self.uid and isinstance(self.apiKey, str) and ":" in self.apiKey:
            # Of programs that have no field for the memo.
            self.apiKey, _, self.uid = self.apiKey.partition(":")
        return bool(super().check_required_credentials(error))

    def secrets(self) -> Iterator[str | None]:
        yield from super().secrets()
        token = signing.token_state(self).token if self.apiKey and self.secret and self.uid else None
        if token is not None:
            yield token.value

    # -- markets ------------------------------------------------------------------------------------

    def parse_currency(self, currency: Any) -> Any:
        id = reading.required_text(self, currency, "id")
        deposit = self.safe_bool(currency, "deposit_enabled")
        withdraw = self.safe_bool(currency, "withdraw_enabled")
        return self.safe_currency_structure(
            {
                "id": id,
                "code": self.safe_currency_code(id),
                "name": self.safe_string(currency, "name"),
                "active": None if deposit is None or withdraw is None else deposit and withdraw,
                "deposit": deposit,
                "withdraw": withdraw,
                "fee": None,
                "precision": None,
                "limits": {
                    "amount": {"min": None, "max": None},
                    "deposit": {"min": None, "max": None},
                    "withdraw": {"min": None, "max": None},
                },
                "networks": {},
                "type": "crypto",
                "info": currency,
            }
        )

    def parse_market(self, market: Any) -> Any:
        base_id = reading.required_text(self, market, "base_currency")
        quote_id = reading.required_text(self, market, "quote_currency")
        digits = reading.integer(self, market, "price_max_precision")
        tick = None if digits is None or not 0 <= digits <= 30 else self.parse_precision(str(digits))
        return spot_markets.spot_market(
            self,
            market,
            reading.required_text(self, market, "id"),
            base_id,
            quote_id,
            active=not market_data.is_past(self, self.safe_string(market, "expiration")),
            step=market_data.amount_step(self, market, tick),
            tick=tick,
            amounts=(
                reading.number_text(self, market, "base_min_size"),
                reading.number_text(self, market, "base_max_size"),
            ),
            prices=(tick, None),
        )

    # -- public data --------------------------------------------------------------------------------

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        return {
            "symbol": self.safe_symbol(market_data.ticker_market_id(self, price), market, "_"),
            "timestamp": None,
            "datetime": None,
            "price": self.parse_number(reading.number_text(self, price, "current_price")),
            "side": None,
            "info": price,
        }

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        market = self.safe_market(market_data.ticker_market_id(self, ticker), market, "_")
        share = reading.number_text(self, ticker, "fluctuation")
        last = reading.number_text(self, ticker, "current_price")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": None,
                "datetime": None,
                "high": reading.number_text(self, ticker, "highest_price"),
                "low": reading.number_text(self, ticker, "lowest_price"),
                "bid": reading.number_text(self, ticker, "bid_1"),
                "bidVolume": reading.number_text(self, ticker, "bid_1_amount"),
                "ask": reading.number_text(self, ticker, "ask_1"),
                "askVolume": reading.number_text(self, ticker, "ask_1_amount"),
                "vwap": None,
                # ccxt takes the opening price from the change, unless that is zero.
                "open": last if Precise.string_eq(share, "0") else None,
                "close": last,
                "last": last,
                "previousClose": None,
                "change": None,
                "percentage": Precise.string_mul(share, "100"),
                "average": None,
                # Their names are swapped at the venue: `base_volume` counts the quote currency.
                "baseVolume": reading.number_text(self, ticker, "volume"),
                "quoteVolume": reading.number_text(self, ticker, "base_volume"),
                "info": ticker,
            },
            market,
        )

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        volume = reading.number_text(self, ohlcv, "volume")
        close = reading.number_text(self, ohlcv, "current_price")
        if self.options["fetchOHLCV"]["volumeIsQuote"]:
            volume = Precise.string_div(volume, close)
        return [
            reading.timestamp(self, ohlcv, "timestamp"),
            self.parse_number(reading.number_text(self, ohlcv, "open_price")),
            self.parse_number(reading.number_text(self, ohlcv, "highest_price")),
            self.parse_number(reading.number_text(self, ohlcv, "lowest_price")),
            self.parse_number(close),
            self.parse_number(volume),
        ]

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        if "count" in trade:
            return market_data.parse_public_trade(self, trade, market)
        return orders.parse_own_trade(self, trade, market)

    # -- the account --------------------------------------------------------------------------------

    def parse_balance(self, response: Any) -> Any:
        return balances.balance(self, lambda rows: BALANCES, response, partial(orders.balance_of, self))

    def parse_order(self, order: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(order, "symbol"), market, "_")
        timestamp = reading.timestamp(self, order, "timestamp")
        side = reading.side(self, order, "side")
        return self.safe_order(
            {
                "id": reading.required_text(self, order, "entrust_id"),
                "clientOrderId": None,
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastTradeTimestamp": None,
                "symbol": market["symbol"],
                "type": "limit",
                "timeInForce": "GTC",
                "postOnly": False,
                "side": side,
                "price": reading.number_text(self, order, "price"),
                "triggerPrice": None,
                "amount": reading.number_text(self, order, "original_amount"),
                "filled": reading.number_text(self, order, "executed_amount"),
                "remaining": reading.number_text(self, order, "remaining_amount"),
                "cost": None,
                "average": None,
                "status": ORDER_STATUSES.get(self.safe_string(order, "status", "")),
                "fee": orders.fee_of(self, side, reading.number_text(self, order, "fees"), market),
                "trades": None,
                "info": order,
            },
            market,
        )

    sides_of_orders: dict[str, str] | None = None

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
        message = errors.error_text(self, response)
        if message is not None and errors.is_gone(self, code, method, url, message):
            raise OrderNotFound(f"{self.id} {self.redact(message)}")
        if code == 401 and not url.endswith("/authentication"):
            raise TokenRefused(f"{self.id} {self.redact(message or reason)}")
        if message is None or not errors.may_have_been_done(self, code, method, url, message, response):
            refusals.raise_refusal(self, code, reason, message, body)
        reading.check_json(self, response, body)
