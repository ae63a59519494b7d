"""BTEX without the network: two signatures, requests, errors, and which of its two APIs an answer is of."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ccxt.base import errors
from ccxt.base.errors import (
    ArgumentsRequired,
    BadRequest,
    BadResponse,
    BadSymbol,
    ExchangeError,
    InvalidOrder,
    NotSupported,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venue.orders import checks
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venues.btex.contracts import DIRECTIONS
from ccxt_ext.venues.btex.metadata import DOES_ANYWAY, UNDERSTANDS, metadata
from ccxt_ext.venues.btex.positions import Positions
from ccxt_ext.venues.btex.spot import Spot

FORM = "application/x-www-form-urlencoded"
# What contracts cannot do, nor spot, and a caller may choose to have ignored (C17).
FLAGS = ("reduceOnly", "postOnly", "timeInForce")

_PLACING = re.compile(r"/place_order\?|[?&](method=buy_coin|method=sell_coin)(&|$)")
_CANCELLING = re.compile(r"/cancel_order\?|[?&]method=cancel_order(&|$)")


class Protocol(Positions, Spot):
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

    # -- requests -----------------------------------------------------------------------------------

    def sign(
        self,
        path: str,
        api: Any = "contract.public",
        method: str = "GET",
        params: Any = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        product, _, access = section(api).partition(".")
        if product not in self.urls["api"]:
            raise NotSupported(f"{self.id} has no test environment for {product}")
        url = self.implode_hostname(self.urls["api"][product])
        fields = {name: building.field_text(self, value) for name, value in params.items()}
        if access == "private":
            self.check_required_credentials()
        if access == "private" and product == "contract":
            url += f"/mx_openapi1/{path}"
            body = self.form(self.signed({**fields, "ts": str(self.nonce() // 1000)}, self.contract_sign))
        elif access == "private":
            url += "/openapi1/auth_api"
            body = self.form(self.signed({**self.spot_time(), **fields, "method": path}, self.spot_sign))
            if self.options["spotAuthMethod"] == "GET":
                return {"url": f"{url}?{body}", "method": "GET", "body": None, "headers": headers}
        else:
            url += f"/mx_data/{path}" if product == "contract" else f"/openapi1/{path}"
            if fields:
                url += "?" + self.urlencode(fields)
        if body is not None:
            headers = {"Content-Type": FORM}
        return {"url": url, "method": method, "body": body, "headers": headers}

    def signed(self, fields: Mapping[str, str], make: Any) -> dict[str, str]:
        """All that is sent. The secret is a part of what is signed, and stays here."""
        named = {**fields, "access_key": self.apiKey}
        secret = {"secret_key": self.secret}
        sent = {**named, "sign": make(self.canonical({**named, **secret}))}
        return {**sent, **secret} if self.options["sendSecretKey"] else sent

    def canonical(self, fields: Mapping[str, str]) -> str:
        if self.options["signUrlEncode"]:
            return self.form(fields)
        return "&".join(f"{name}={text}" for name, text in sorted(fields.items()))

    def form(self, fields: Mapping[str, str]) -> str:
        # As forms have them: a blank is a plus sign, as with the venue's own clients.
        return self.urlencode(dict(sorted(fields.items()))).replace("%20", "+")

    def contract_sign(self, text: str) -> str:
        digest = hmac.digest(self.secret.encode(), text.encode(), "sha256")
        return base64.b64encode(digest).decode()

    def spot_sign(self, text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    def spot_time(self) -> dict[str, str]:
        name = self.options["spotTimestampParam"]
        now = self.nonce()
        return {name: str(now if self.options["spotTimestampUnit"] == "ms" else now // 1000)} if name else {}

    # -- which API ----------------------------------------------------------------------------------

    def is_spot(self, name: str, market: Any, params: Mapping[str, Any]) -> tuple[bool, dict[str, Any]]:
        """Whether a call is for spot, by its market, or else by `params['type']` or the options."""
        type, rest = self.handle_market_type_and_params(name, None, params)
        if market is not None:
            type = market["type"]
        return self.kind_of(name, type) == "spot", dict(rest)

    def kind_of(self, name: str, type: Any) -> str:
        if type not in ("spot", "swap", "future"):
            raise BadRequest(f"{self.id} {name}() is for spot, swap or future, not for {type!r}")
        return str(type)

    def contracts_only(self, name: str, market: Any) -> Any:
        if market["spot"]:
            raise NotSupported(f"{self.id} {name}() is for contracts: the spot API has nothing like it")
        return market

    def perpetual(self, name: str, market: Any) -> Any:
        if not market["swap"]:
            raise BadSymbol(f"{self.id} {name}() is for perpetual contracts, not for {market['symbol']}")
        return market

    def required_market(self, symbol: str | None, name: str) -> Any:
        if symbol is None:
            raise ArgumentsRequired(f"{self.id} {name}() requires a symbol")
        return self.market(symbol)

    def optional_market(self, symbol: str | None) -> Any:
        return None if symbol is None else self.market(symbol)

    # -- orders -------------------------------------------------------------------------------------

    def order_request(
        self, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Without what is still to be asked for: the price of a market order that goes by the last price, and
        leverage and margin mode where an open position is to tell them.
        """
        market = self.market(symbol)
        if market["spot"] and type != "limit":
            raise NotSupported(f"{self.id} spot markets take limit orders only, not {type!r}")
        if self.options["ignoreUnsupportedOrderFlags"]:
            params = self.omit(params, *FLAGS)
        own = () if market["spot"] else ("leverage", "marginMode")
        rest = checks.refuse_order_params(self, params, own)
        amount_text, price_text = checks.check_order(self, symbol, side, amount, price, type)
        if market["spot"]:
            return self.extend({"pair": market["id"], "price": price_text, "num": amount_text}, rest)
        if type == "market":
            price_text = self.market_order_price(symbol, price)
        leverage, mode = rest.pop("leverage", None), rest.pop("marginMode", None)
        request = {
            "contract_id": market["id"],
            "amount": amount_text,
            "direction": DIRECTIONS[side],
            "type": type,
        }
        if price_text is not None:
            request["price"] = price_text
        self.add_terms(
            request,
            None,
            self.options["leverages"].get(market["symbol"]) if leverage is None else leverage,
            self.options["marginModes"].get(market["symbol"]) if mode is None else mode,
        )
        return self.extend(request, rest)

    def add_terms(
        self,
        request: dict[str, Any],
        position: Mapping[str, Any] | None,
        leverage: Any = None,
        mode: Any = None,
    ) -> None:
        """Add what is told; with a position (or none, {}), what is missing as well."""
        market = self.market(request["contract_id"])
        if position is not None:
            leverage = self.leverage_of(market["symbol"], position)
            mode = self.margin_mode_of(market["symbol"], position)
        if leverage is not None and "leverage" not in request:
            request["leverage"] = self.checked_leverage(market, leverage)
        if mode is not None and "is_cross" not in request:
            request["is_cross"] = "1" if self.checked_margin_mode(market, mode) == "cross" else "-1"

    def market_order_price(self, symbol: str, price: Any) -> str | None:
        """The venue demands one, and does not say what for."""
        if price is not None:
            checks.positive(self, price, "price")
            return checks.to_precision(self, "price", symbol, price)
        return "0" if self.options["marketOrderPrice"] == "zero" else None

    def checked_leverage(self, market: Mapping[str, Any], leverage: Any) -> str:
        try:
            checks.positive(self, leverage, "leverage")
        except InvalidOrder:
            raise BadRequest(f"{self.id} leverage has to be a positive number, not {leverage!r}") from None
        text = self.number_to_string(leverage)
        most = self.safe_string(market["limits"]["leverage"], "max")
        if Precise.string_lt(text, "1") or (most is not None and Precise.string_gt(text, most)):
            raise BadRequest(f"{self.id} {market['symbol']} takes a leverage from 1 to {most}, not {text}")
        allowed = self.safe_string(market["info"], "allow_leverages")
        listed = (allowed or text).split(",")
        if self.options["strictLeverages"] and not any(Precise.string_eq(text, each) for each in listed):
            raise BadRequest(f"{self.id} {market['symbol']} takes a leverage of {allowed}, not {text}")
        return text

    def checked_margin_mode(self, market: Mapping[str, Any], mode: Any) -> str:
        if mode not in ("cross", "isolated"):
            raise BadRequest(f"{self.id} knows the margin modes cross and isolated, not {mode!r}")
        if mode == "cross" and self.safe_string(market["info"], "allow_cross") == "-1":
            raise BadRequest(f"{self.id} {market['symbol']} does not allow cross margin")
        return str(mode)

    def parse_new_order(self, answer: Any, request: Mapping[str, Any], type: str, side: str) -> Any:
        """The answer has the id only; the rest is what was asked for."""
        spot = "pair" in request
        market = self.safe_market(request["pair" if spot else "contract_id"])
        return self.safe_order(
            {
                "id": self.placed_id(answer),
                "symbol": market["symbol"],
                "type": type,
                "timeInForce": "GTC" if type == "limit" else None,
                "side": side,
                "price": request["price"] if type == "limit" else None,
                "amount": request["num" if spot else "amount"],
                "info": answer,
            },
            market,
        )

    def placed_id(self, answer: Any) -> str:
        id = self.told_id(answer)
        if id is None:
            raise BadResponse(f"{self.id} expected order_id in {reading.excerpt(self, answer)}")
        return id

    def told_id(self, answer: Any) -> str | None:
        """The id of a new order, if there is one: zero is none."""
        data = answer.get("data") if isinstance(answer, dict) else None
        id = self.safe_string(data, "order_id", "") if isinstance(data, dict) else ""
        return id if id.isalnum() and id.strip("0") else None

    def parse_cancel(self, answer: Any, id: str, market: Any, spot: bool) -> Any:
        self.data(answer)
        if (
            not spot and reading.whole(self, answer, "code") != 1
        ):  # of spot, any above zero is told to be success
            raise BadResponse(f"{self.id} answered a cancel with {reading.excerpt(self, answer)}")
        symbol = self.safe_string(market, "symbol")
        return self.safe_order({"id": id, "symbol": symbol, "status": "canceled", "info": answer}, market)

    # -- public data --------------------------------------------------------------------------------

    def trading_fee(self, market: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "info": market["info"],
            "symbol": market["symbol"],
            "maker": market["maker"],
            "taker": market["taker"],
            "percentage": True,
            "tierBased": False,
        }

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        """Of a ticker: the venue tells last prices there."""
        told = {name: price[name] for name in ("symbol", "timestamp", "datetime", "info")}
        return {**told, "price": price["last"], "side": None}

    def depth(self, limit: int | None, option: str) -> dict[str, Any]:
        """The smallest depth that the venue knows and that has all the levels asked for."""
        if limit is None:
            return {}
        depths: Sequence[int] = self.options[option]
        return {"depth": min((depth for depth in depths if depth >= limit), default=max(depths))}

    def ohlcv_request(
        self, market: Mapping[str, Any], timeframe: str, since: int | None, limit: int | None, params: Any
    ) -> dict[str, Any]:
        """The venue gives the newest candles, so many as are asked for."""
        steps = {**self.timeframes, **self.options["timeframes"].get(market["type"], {})}
        if timeframe not in steps:
            raise BadRequest(f"{self.id} has no timeframe {timeframe!r} for {market['symbol']}")
        until = self.safe_integer(params, "until")
        count = limit or self.options["ohlcvDefaultLimit"]
        span = self.parse_timeframe(timeframe) * 1000
        if since is not None:
            count = (self.nonce() - since) // span + 2
        elif until is not None:
            count += (self.nonce() - until) // span + 1
        request = {
            "pair" if market["spot"] else "contract_id": market["id"],
            "k_type": steps[timeframe],
            "k_amount": min(max(count, 1), self.options["ohlcvMaxLimit"]),
        }
        return self.extend(request, self.omit(params, "until"))

    def candle_rows(self, data: Any) -> list[list[Any]]:
        if isinstance(data, list) and set(map(type, data)) <= {list}:
            return data
        raise BadResponse(f"{self.id} expected a list of candles, got {reading.excerpt(self, data)}")

    # -- answers ------------------------------------------------------------------------------------

    def data(self, answer: Any) -> Any:
        data = reading.record(self, answer).get("data")
        if data is None:
            raise BadResponse(f"{self.id} expected data in {reading.excerpt(self, answer)}")
        return data

    def parse_market(self, market: Any) -> Any:
        return self.parse_contract(market) if "contract_id" in market else self.parse_pair(market)

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        parse = self.parse_pair_ticker if "ticker" in ticker else self.parse_contract_ticker
        return parse(ticker, market)

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        spot = market is not None and market["spot"]
        return self.parse_spot_candle(ohlcv) if spot else self.parse_contract_candle(ohlcv, market)

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        spot = "trade_info" in trade or "trade_type" in trade
        return self.parse_spot_trade(trade, market) if spot else self.parse_contract_trade(trade, market)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        parse = self.parse_spot_order if "danwei" in order else self.parse_contract_order
        return parse(order, market)

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
        told = reading.whole(self, response, "code") if isinstance(response, dict) else None
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query or request_body or ''}"
        placing = bool(_PLACING.search(target))
        if (placing or _CANCELLING.search(target)) and told is not None and (told <= 0 or code != 200):
            self.check_refusal(code, told, response, body, placing)
        if told is not None and told <= 0:
            self.raise_told(code, told, self.safe_string(response, "info", ""), placing)
        refusals.refuse(self, code, reason, None, body)
        if told is None:
            raise BadResponse(
                f"{self.id} answered {reading.excerpt(self, body)!r}, which is not what it documents"
            )

    def check_refusal(self, status: int, told: int, response: Any, body: str, placing: bool) -> None:
        """Nothing is certain of an order of which a refusal gives the id or no reason, or comes as a success;
        nor after a success that comes as an error. The same holds of a cancel, which knows the id anyway.
        """
        id = self.told_id(response) if placing else None
        has_reason = bool(self.safe_string(response, "info", "").strip())
        if id is not None or told > 0 or not has_reason or 200 < status < 300:
            error = BadResponse(
                f"{self.id} answered {status} {reading.excerpt(self, body)}, which is no clear refusal"
            )
            raise self.outcome_unknown(error, order_id=id) if placing else error

    def raise_told(self, status: int, code: int, info: str, placing: bool) -> NoReturn:
        feedback = f"{self.id} {code} {self.redact(info)}"
        named = self.options["errorCodes"].get(str(code))
        if named is not None:
            raise getattr(errors, named)(feedback)
        by_status = self.exceptions["status"].get(str(status))
        if by_status is None and status >= 500:
            by_status = refusals.status_class(self, status)
        rules = {**self.exceptions["broad"], **(self.exceptions["order"] if placing else {})}
        raise (by_status or refusals.by_words(self, rules, info) or ExchangeError)(feedback)
