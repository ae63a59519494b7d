"""What every venue's class shares and needs no network for."""

import functools
import json
import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ccxt.base.errors import (
    ArgumentsRequired,
    AuthenticationError,
    BadResponse,
    BaseError,
    ExchangeError,
    ExchangeNotAvailable,
    InvalidOrder,
    NotSupported,
)
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers.listings import Listings
from ccxt_ext.venue.answers.plausible import Plausible
from ccxt_ext.venue.answers.redact import RedactingLogger, redact
from ccxt_ext.venue.answers.tickers import a_price, opening
from ccxt_ext.venue.answers.words import first_match
from ccxt_ext.venue.calls.guards import UnifiedCalls
from ccxt_ext.venue.calls.unified import read
from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.closed.guard import Closed, Making
from ccxt_ext.venue.orders import market_orders
from ccxt_ext.venue.orders.outcomes import Outcomes
from ccxt_ext.venue.surface import spelling
from ccxt_ext.venue.surface.implicit import implicit_methods

# What a query takes as it is.
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")

# json.dumps() makes one for each call.
compact_json = json.JSONEncoder(separators=(",", ":")).encode

# No larger than that products of two are still finite floats.
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)

# Credentials that stand in headers, and all that a header can carry.
_IN_HEADERS = ("apiKey", "token")
_HEADER = re.compile(r"[!-~]{1,8192}")

_LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999


TICKER_NUMBERS = ("open", "close", "last", "change", "percentage", "low", "high")


@functools.cache
def gaps(path: str) -> tuple[str, ...]:
    """The names in braces in a path of the `api` tree."""
    return tuple(Exchange.extract_params(path))


def copied(tree: Any) -> Any:
    """A copy in which nothing that can be changed is shared with `tree`."""
    if isinstance(tree, dict):
        return {key: copied(value) for key, value in tree.items()}
    return [copied(item) for item in tree] if isinstance(tree, list) else tree


class Venue(UnifiedCalls, Closed, Plausible, Outcomes, Listings):
    """Mixed into the venue's protocol class, in front of ccxt's Exchange."""

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        """What `describe()` adds to ccxt's defaults."""
        raise NotImplementedError(f"{cls.__name__} has no metadata")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "metadata" in cls.__dict__:
            for name, method in implicit_methods(cls.metadata()["api"]).items():
                setattr(cls, name, method)

    def __init__(self, config: Mapping[str, Any] = {}) -> None:
        with Making(self, self.metadata()["id"], config) as redirected, spelling.Naming(self):
            super().__init__(redirected)
        market_orders.follow(self)

    def __dir__(self) -> Iterable[str]:
        return spelling.names(self)

    def describe(self) -> Any:
        described = super().describe()
        # ccxt leaves most of `has` open and promises to emulate some; a venue has what it names.
        described["has"] = {name: None if name == "CORS" else False for name in described["has"]}
        described["timeframes"] = {}
        # By method and type of market, where `has` does not hold for all types that the venue lists.
        described["hasFor"] = {}
        return self.deep_extend(described, copied(self.metadata()))

    @staticmethod
    def urlencode(params: Mapping[str, Any] = {}, doseq: bool = False, sort: bool = False) -> str:
        """ccxt's, and quicker where there is nothing to encode."""
        try:
            plain = _PLAIN.fullmatch("".join([*params, *params.values()]))
        except TypeError:
            plain = None
        if plain is None:
            return Exchange.urlencode(params, doseq, sort)
        return "&".join([f"{name}={text}" for name, text in params.items()])

    def handle_option_and_params(
        self, params: Any, methodName: Any, optionName: str, defaultValue: Any = None
    ) -> Any:
        """ccxt's, and quicker where neither the parameters nor the options tell anything."""
        names = (optionName, f"default{optionName[:1].upper()}{optionName[1:]}")
        if (
            isinstance(params, dict)
            and params.keys().isdisjoint((*names, "callerMethodName"))
            and self.options.keys().isdisjoint((*names, methodName))
        ):
            return [defaultValue, params]
        return super().handle_option_and_params(params, methodName, optionName, defaultValue)

    def set_take_profit_and_stop_loss_params(
        self,
        symbol: str,
        type: Any,
        side: Any,
        amount: Any,
        price: Any = None,
        takeProfit: Any = None,
        stopLoss: Any = None,
        params: Any = {},
    ) -> Any:
        """ccxt writes into the parameters that it is given: the caller's, or its own default, so that later
        orders would have the exits of earlier ones."""
        own = {**params}
        return super().set_take_profit_and_stop_loss_params(
            symbol, type, side, amount, price, takeProfit, stopLoss, own
        )

    def has_on(self, name: str, type: str) -> Any:
        """What `has` tells of a method, on markets of a type: 'spot', 'swap', 'future'."""
        return self.hasFor.get(name, {}).get(type, self.has.get(name))

    def set_sandbox_mode(self, enabled: bool) -> None:
        if enabled and not self.urls.get("test") and not sandboxed.is_closed(self):
            raise NotSupported(f"{self.id} has no test environment, unless urls['test'] tells its address")
        super().set_sandbox_mode(enabled)

    # -- secrets ------------------------------------------------------------------------------------

    @property
    def logger(self) -> Any:
        return self._logger

    @logger.setter
    def logger(self, logger: logging.Logger | RedactingLogger | None) -> None:
        plain = logger.logger if isinstance(logger, RedactingLogger) else logger
        self._logger = None if plain is None else RedactingLogger(plain, self.redact)

    _logger: RedactingLogger | None = None

    def secrets(self) -> Iterator[str | None]:
        yield from (self.apiKey, self.secret, self.password, self.privateKey, self.token, self.uid)

    def redact(self, text: str) -> str:
        return redact(text, self.secrets())

    def log(self, *args: Any) -> None:
        super().log(*(self.redact(str(arg)) for arg in args))

    def check_required_credentials(self, error: bool = True) -> bool:
        needed = [name for name, is_needed in self.requiredCredentials.items() if is_needed]
        are_there = all(getattr(self, name) for name in needed)
        if not are_there and not super().check_required_credentials(error):
            return False
        for name in (*needed, "token") if self.token else needed:
            value = getattr(self, name)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value)  # as whoever reads it from JSON may have it
                setattr(self, name, value)
            usable = isinstance(value, str) and (name not in _IN_HEADERS or _HEADER.fullmatch(value))
            if not usable and error:
                kind = "text without white space and special letters" if name in _IN_HEADERS else "text"
                raise AuthenticationError(f"{self.id} {name} has to be {kind}")
            if not usable:
                return False
        return True

    # -- tickers ------------------------------------------------------------------------------------

    def safe_ticker(self, ticker: Any, market: Any = None) -> Any:
        """ccxt's, but an opening price that the venue does not tell is a price of the market, in its steps
        and between the lowest and the highest; derived from a rounded change it may be neither."""
        numbers = {name: self.omit_zero(self.safe_string(ticker, name)) for name in TICKER_NUMBERS}
        last = numbers["close"] or numbers["last"]
        if numbers["open"] is not None or last is None:
            return super().safe_ticker(ticker, market)
        derived = opening(last, numbers["change"], numbers["percentage"])
        if derived is None:
            return super().safe_ticker(ticker, market)
        step = (
            self.safe_string((market or {}).get("precision"), "price") if self.is_tick_precision() else None
        )
        told = {"open": a_price(derived, step, numbers["low"], numbers["high"])}
        return super().safe_ticker({**ticker, **told}, market)

    # -- orders that are told -----------------------------------------------------------------------

    def safe_order(self, order: Any, market: Any = None) -> Any:
        """ccxt's, without its guess that what was filled cost the limit price: it may have cost less."""
        is_told = any(
            self.omit_zero(self.safe_string(order, name)) is not None for name in ("cost", "average")
        )
        made = super().safe_order(order, market)
        if not is_told and not made["trades"] and made["filled"]:
            made["cost"] = None
        return made

    def costed_by(self, order: Any, trades: Sequence[Any]) -> Any:
        """An order with the cost and the average price that its trades tell, if they are all there."""
        filled = self.number_to_string(order["filled"])
        if not trades or not Precise.string_eq(self.sum_of(trades, "amount"), filled):
            return order
        told = {
            "cost": self.sum_of(trades, "cost"),
            "average": self.one_price_of(trades),
            "trades": list(trades),
        }
        made = self.safe_order({**order, **told}, self.market_told(order["symbol"]))
        latest = max((trade["timestamp"] for trade in trades if trade["timestamp"] is not None), default=None)
        # ccxt looks at trades only where it needs them.
        return {**made, "trades": list(trades), "lastTradeTimestamp": made["lastTradeTimestamp"] or latest}

    def one_price_of(self, trades: Sequence[Mapping[str, Any]]) -> Any:
        """The price of all of them; None where there are several, whose mean the cost tells."""
        prices = {trade["price"] for trade in trades}
        return prices.pop() if len(prices) == 1 else None

    def sum_of(self, rows: Sequence[Mapping[str, Any]], name: str) -> str:
        total = "0"
        for row in rows:
            total = Precise.string_add(total, self.number_to_string(row[name]))
        return total

    # -- requests -----------------------------------------------------------------------------------

    def nonce(self) -> int:
        return self.milliseconds() - self.options.get("timeDifference", 0)

    def path_of(self, path: str, params: Mapping[str, Any]) -> str:
        """`path` with its gaps filled in.

        With one of them left, or filled with what leads elsewhere, the path would be that of another
        endpoint: a DELETE of an order becomes one of all orders.
        """
        filled = path
        for name in gaps(path):
            piece = params.get(name)
            text = str(piece) if isinstance(piece, (str, int)) and not isinstance(piece, bool) else ""
            if text.strip() in ("", ".", ".."):
                raise ArgumentsRequired(f"{self.id} {path} requires {name}, which {piece!r} is not")
            plain = _PLAIN.fullmatch(text)
            filled = filled.replace("{" + name + "}", text if plain else quote(text, safe=""))
        return filled

    def query_of(self, path: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters that are not in the path."""
        names = gaps(path)
        return {name: value for name, value in params.items() if name not in names} if names else params

    def required_id(self, id: Any, method: str) -> str:
        if id is None or not str(id).strip():
            raise ArgumentsRequired(f"{self.id} {method}() requires the order's id")
        return str(id)

    # -- answers ------------------------------------------------------------------------------------

    def parse_json(self, http_response: str) -> Any:
        try:
            return super().parse_json(http_response)
        except RecursionError:  # the standard library's parser, on nesting that no venue sends
            return None

    def record(self, answer: Any) -> dict[str, Any]:
        """`answer`, which has to be a JSON object."""
        if isinstance(answer, dict):
            return answer
        raise BadResponse(f"{self.id} expected a JSON object, got {self.excerpt(answer)}")

    def rows(self, answer: Any, key: str | None = None) -> list[dict[str, Any]]:
        """The JSON objects in a list that is `answer` itself or stands under `key`."""
        listed = answer if key is None else self.record(answer).get(key)
        if isinstance(listed, list) and set(map(type, listed)) <= {dict}:
            return listed
        raise BadResponse(f"{self.id} expected a list of JSON objects, got {self.excerpt(answer)}")

    def number_text(self, row: Any, key: str | int) -> str | None:
        """A number of an answer as text, whether it came as a string, a number or null."""
        text = self.safe_string(row, key)
        if text is None or _NUMBER.fullmatch(text):
            return text
        raise BadResponse(f"{self.id} expected a number for {key}, got {self.excerpt(text)}")

    def whole(self, row: Any, *keys: str | int) -> int | None:
        """A whole number, under the first of the keys that the row has; None if it is none."""
        try:
            return self.safe_integer_n(row, list(keys))
        except OverflowError:  # infinity
            return None

    def moment(self, row: Any, *keys: str | int) -> int:
        """A time in milliseconds, under the first of the keys that the row has. Lists are sorted by it."""
        return self.moment_in(1, row, *keys)

    def moment_in(self, unit: int, row: Any, *keys: str | int) -> int:
        """The same, where the venue's unit is so many milliseconds."""
        found = self.whole(row, *keys)
        if found is not None and 0 <= found * unit <= _LAST_MILLISECOND:
            return found * unit
        raise BadResponse(
            f"{self.id} expected a time as {' or '.join(map(str, keys))} in {self.excerpt(row)}"
        )

    def handle_until(
        self, params: Mapping[str, Any], parse: Callable[[Any, Any], Any], market: Any
    ) -> tuple[Callable[[Any], bool] | None, Any]:
        """For a list that the venue itself does not end at `until`: whether a row comes before it, or None
        where all do, and the parameters without it."""
        until = self.safe_integer(params, "until")
        if until is None:
            return None, params
        return lambda row: (parse(row, market)["timestamp"] or 0) <= until, self.omit(params, "until")

    def only(self, wanted: Callable[[Any], bool] | None, rows: list[Any]) -> list[Any]:
        return rows if wanted is None else list(filter(wanted, rows))

    def side_of(self, row: Any, *keys: str | int) -> str | None:
        side = self.safe_string_lower_n(row, list(keys))
        return side if side in ("buy", "sell") else None

    def required(self, row: Mapping[str, Any], key: str) -> str:
        text = self.safe_string(row, key)
        if text is None:
            raise BadResponse(f"{self.id} expected {key} in {self.excerpt(row)}")
        return text

    def identity(self, row: Mapping[str, Any], ids: Sequence[str]) -> tuple[str | None, ...]:
        """What tells a row of a list from all others: the first of the ids it must have."""
        return self.required(row, ids[0]), *(self.safe_string(row, id) for id in ids[1:])

    def field_text(self, value: Any) -> str:
        """A parameter as it stands in a form or a query: numbers are plain decimals without an exponent."""
        if type(value) is str:
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        return self.number_to_string(value) if isinstance(value, (int, float)) else str(value)

    def spot_market(
        self,
        info: Any,
        id: str,
        base_id: str,
        quote_id: str,
        *,
        active: bool | None,
        step: str | None,
        tick: str | None,
        amounts: tuple[str | None, str | None] = (None, None),
        prices: tuple[str | None, str | None] = (None, None),
        costs: tuple[str | None, str | None] = (None, None),
        fees: tuple[Any, Any] | None = None,
    ) -> Any:
        """A market whose bounds are (least, most), and fees (taker's, maker's): by default all markets'."""
        base, quote = self.safe_currency_code(base_id), self.safe_currency_code(quote_id)
        trading = self.fees["trading"]
        taker, maker = (trading["taker"], trading["maker"]) if fees is None else fees
        limits = {"leverage": (None, None), "amount": amounts, "price": prices, "cost": costs}
        return self.safe_market_structure(
            {
                "id": id,
                "symbol": f"{base}/{quote}",
                "base": base,
                "quote": quote,
                "baseId": base_id,
                "quoteId": quote_id,
                "type": "spot",
                "spot": True,
                "margin": False,
                "swap": False,
                "future": False,
                "option": False,
                "contract": False,
                "active": active,
                "taker": taker,
                "maker": maker,
                "precision": {"amount": self.parse_number(step), "price": self.parse_number(tick)},
                "limits": {
                    name: {"min": self.parse_number(least), "max": self.parse_number(most)}
                    for name, (least, most) in limits.items()
                },
                "info": info,
            }
        )

    def parse_levels(
        self,
        answer: Any,
        symbol: str,
        limit: int | None,
        bids: str,
        asks: str,
        price: str = "price",
        amount: str = "amount",
    ) -> Any:
        """An order book whose levels are JSON objects."""
        book = self.record(answer)
        for side in (bids, asks):
            for level in self.rows(book, side):
                if self.number_text(level, price) is None or self.number_text(level, amount) is None:
                    raise BadResponse(
                        f"{self.id} sent a level without price or amount: {self.excerpt(level)}"
                    )
        parsed = self.parse_order_book(book, symbol, None, bids, asks, price, amount)
        for side in ("bids", "asks"):
            parsed[side] = parsed[side][:limit]
        return parsed

    def excerpt(self, answer: Any) -> str:
        text = self.redact(str(answer))
        return text if len(text) <= 200 else text[:200] + "..."

    def refuse(self, status: int, reason: str, message: str | None, body: str | None) -> None:
        """Raise what a venue's refusal means: its text is matched first, then its status.

        `exceptions` has the keys `exact`, `broad` and `status`. An error without the venue's own message
        comes from something in front of the venue, for which ccxt's table of statuses is right.
        """
        if message is not None:
            feedback = f"{self.id} {self.redact(message)}"
            self.throw_exactly_matched_exception(self.exceptions["exact"], message, feedback)
            self.throw_broadly_matched_exception(self.exceptions["broad"], message, feedback)
            by_status = self.exceptions["status"].get(str(status))
            raise (by_status or self.status_class(status))(feedback)
        if not 200 <= status < 300:
            raise self.status_class(status)(f"{self.id} {status} {reason} {self.excerpt(body)}".rstrip())

    def check_json(self, response: Any, body: str | None) -> None:
        if response is None:
            raise BadResponse(f"{self.id} answered {self.excerpt(body)!r}, which is not JSON")

    def by_words(self, rules: Mapping[str, type[BaseError]], text: str) -> type[BaseError] | None:
        """The first of the rules that the text fits, as `words.py` reads both."""
        return first_match(rules, text)

    def throw_broadly_matched_exception(
        self, broad: Mapping[str, type[BaseError]], string: str, message: str
    ) -> None:
        """ccxt's looks for letters, wherever they stand: in "assigned" it finds "sign"."""
        kind = self.by_words(broad, string)
        if kind is not None:
            raise kind(message)

    def status_class(self, status: int) -> type[Exception]:
        if status == 503:
            return self.exceptions["status"].get("503", ExchangeNotAvailable)
        found = self.httpExceptions.get(str(status))
        # A redirect, which is not followed, comes from something in front of the venue.
        return found or (ExchangeNotAvailable if 300 <= status < 400 or status >= 500 else ExchangeError)

    # -- orders -------------------------------------------------------------------------------------

    def check_order(
        self,
        symbol: str,
        side: Any,
        amount: Any,
        price: Any,
        type: str = "limit",
    ) -> tuple[str, str | None]:
        """The text of an order's amount and price, if the market can take them; market orders have no price.

        Whatever is known to be wrong is refused here, before anything is sent.
        """
        market = self.market(symbol)
        if side not in ("buy", "sell"):
            raise InvalidOrder(f"{self.id} createOrder() takes the side buy or sell, not {side!r}")
        if type not in ("limit", "market"):
            raise NotSupported(f"{self.id} createOrder() supports limit and market orders, not {type!r}")
        self.positive(amount, "amount")
        amount_text = self.to_precision("amount", symbol, amount)
        if type == "market":
            self.check_limits(market, "amount", amount_text)
            return amount_text, None
        if price is None:
            raise ArgumentsRequired(f"{self.id} createOrder() requires a price for a limit order")
        self.positive(price, "price")
        price_text = self.to_precision("price", symbol, price)
        cost_text = Precise.string_mul(amount_text, price_text)
        for name, text in (("amount", amount_text), ("price", price_text), ("cost", cost_text)):
            self.check_limits(market, name, text)
        return amount_text, price_text

    def positive(self, value: Any, name: str) -> None:
        text = str(value)
        if isinstance(value, bool) or not _NUMBER.fullmatch(text) or not Decimal(text) > 0:
            raise InvalidOrder(f"{self.id} createOrder() needs a positive {name}, not {value!r}")

    def to_precision(self, name: str, symbol: str, value: Any) -> str:
        if self.market(symbol)["precision"]["amount" if name == "amount" else "price"] is None:
            return str(self.number_to_string(value))  # a step that the venue does not tell
        steps = {
            "amount": self.amount_to_precision,
            "price": self.price_to_precision,
            "cost": self.cost_to_precision,
        }
        try:
            return steps[name](symbol, value)
        except ArithmeticError:  # more digits than ccxt's decimals have
            raise InvalidOrder(f"{self.id} {symbol} {name} {value!r} cannot be rounded to its step") from None

    def check_limits(self, market: Mapping[str, Any], name: str, text: str) -> None:
        limits = market["limits"].get(name) or {}
        least, most = self.safe_string(limits, "min"), self.safe_string(limits, "max")
        if least is not None and Precise.string_lt(text, least):
            raise InvalidOrder(f"{self.id} {market['symbol']} {name} {text} is below the minimum {least}")
        if most is not None and Precise.string_gt(text, most):
            raise InvalidOrder(f"{self.id} {market['symbol']} {name} {text} is above the maximum {most}")

    def refuse_order_params(self, params: Mapping[str, Any], allowed: Collection[str] = ()) -> dict[str, Any]:
        """`params` of an order that can have fewer of ccxt's parameters than others of its venue.

        Whatever asks for more raises NotSupported.
        """
        return read(self, "createOrder", params, allowed)
