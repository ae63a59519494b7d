"""The base class of all venues' classes, sync and async: everything that needs no network."""

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ccxt.base.errors import (
    AuthenticationError,
    BaseError,
    NotSupported,
)

from ccxt_ext._version import accept, note_conformance
from ccxt_ext.venue.answers import refusals
from ccxt_ext.venue.answers.plausible import plausible_book, plausible_trade
from ccxt_ext.venue.answers.redact import RedactingLogger, redact
from ccxt_ext.venue.answers.tickers import nearest_price, opening_price
from ccxt_ext.venue.calls.guards import guard_methods
from ccxt_ext.venue.calls.unified import inherits_params_from
from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.closed.following import tells_time
from ccxt_ext.venue.closed.guard import Construction, close_class, note_answer
from ccxt_ext.venue.fast import order_books, parsing
from ccxt_ext.venue.fast.parsing import Tables
from ccxt_ext.venue.keys.credentials import SECRET
from ccxt_ext.venue.orders import market_orders, outcomes
from ccxt_ext.venue.requests.building import UNRESERVED
from ccxt_ext.venue.surface import spelling
from ccxt_ext.venue.surface.compat import BaseExchange
from ccxt_ext.venue.surface.implicit import implicit_methods

__all__ = ["Venue"]

# The credentials that go into headers, and the characters that a header can carry.
_IN_HEADERS = ("apiKey", "token")
_HEADER = re.compile(r"[!-~]{1,8192}")


TICKER_NUMBERS = ("open", "close", "last", "change", "percentage", "low", "high")


def copied(tree: Any) -> Any:
    """A copy in which nothing that can be changed is shared with `tree`."""
    if isinstance(tree, dict):
        return {key: copied(value) for key, value in tree.items()}
    return [copied(item) for item in tree] if isinstance(tree, list) else tree


class Venue(BaseExchange):
    """ccxt's Exchange class, with the changes that all venues need.

    A venue derives its `Protocol` from this one, and its classes from that and from `AsyncRestClient` or
    `SyncRestClient`. It gives `metadata()`, `sign()`, `parse_*()` and `handle_errors()`.
    """

    #: For each method, by its name in `has`: the unified parameters of ccxt's that it reads.
    understands: Mapping[str, Collection[str]] = {}
    #: For each method: the parameters that ask for something which it does in any case.
    does_anyway: Mapping[str, Collection[str]] = {}

    #: Which column of the venue's lists holds what, so that they can be parsed fast.
    tables: Tables = Tables()

    #: Where `has` differs between types of markets: by method and type.
    hasFor: Mapping[str, Mapping[str, Any]]

    # Ids of markets that the venue did not list, and when it was last asked for them.
    unlisted: Mapping[str, float] = {}

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        """What `describe()` adds to ccxt's defaults."""
        raise NotImplementedError(f"{cls.__name__} has no metadata")

    def __init_subclass__(
        cls, part: bool = False, contract: int | None = None, conformance: str | None = None, **kwargs: Any
    ) -> None:
        """`contract` is the version of the contract that the class was built for, `conformance` the level
        that the author has seen it reach.

        A class that others are built from says `part=True`, and gets no implicit methods yet.
        """
        super().__init_subclass__(**kwargs)
        accept(cls, contract)
        note_conformance(cls, conformance)
        guard_methods(cls)
        close_class(cls)
        if "metadata" in cls.__dict__ and not part:
            for name, method in implicit_methods(cls.metadata()["api"]).items():
                setattr(cls, name, method)

    def __init__(self, config: Mapping[str, Any] = {}) -> None:
        with Construction(self, self.metadata()["id"], config) as redirected, spelling.Naming(self):
            super().__init__(redirected)
        market_orders.follow(self)

    def __dir__(self) -> Iterable[str]:
        return spelling.names_for_dir(self)

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
        """Does the same as ccxt's, and takes a shortcut if no character has to be encoded."""
        try:
            plain = UNRESERVED.fullmatch("".join([*params, *params.values()]))
        except TypeError:
            plain = None
        if plain is None:
            return BaseExchange.urlencode(params, doseq, sort)
        return "&".join([f"{name}={text}" for name, text in params.items()])

    def handle_option_and_params(
        self, params: Any, methodName: Any, optionName: str, defaultValue: Any = None
    ) -> Any:
        """Does the same as ccxt's, and takes a shortcut if neither parameters nor options name the option."""
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
        """Does the same as ccxt's, but on a copy of the parameters.

        ccxt writes into the dict that it gets. That may be its own default, and then later orders would have
        the take-profits and stop-losses of earlier ones.
        """
        own = {**params}
        return super().set_take_profit_and_stop_loss_params(
            symbol, type, side, amount, price, takeProfit, stopLoss, own
        )

    def has_on(self, name: str, type: str) -> Any:
        """What `has` says about a method, for markets of one type: 'spot', 'swap' or 'future'."""
        return self.hasFor.get(name, {}).get(type, self.has.get(name))

    @classmethod
    def inherits_params_from(cls, method: str) -> Sequence[str]:
        """The methods whose parameters this one reads too, unless the venue declares its own."""
        return inherits_params_from(method)

    # -- while the environment names a sandbox ------------------------------------------------------

    def set_sandbox_mode(self, enabled: bool) -> None:
        if sandboxed.is_closed(self):
            self.isSandboxModeEnabled = enabled  # it already talks to a sandbox, and to nothing else
            return
        if enabled and not self.urls.get("test"):
            raise NotSupported(f"{self.id} has no test environment, unless urls['test'] tells its address")
        super().set_sandbox_mode(enabled)

    def enable_demo_trading(self, enable: bool) -> None:
        if not sandboxed.is_closed(self):
            super().enable_demo_trading(enable)

    def get_socks_proxy_session(self, socksProxy: str) -> Any:
        if sandboxed.is_closed(self):
            sandboxed.refuse_proxy(self)
        return super().get_socks_proxy_session(socksProxy)

    def on_rest_response(self, *args: Any) -> Any:
        note_answer(self, args)
        return super().on_rest_response(*args)

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
        """What must not be seen in logs and errors. A venue adds its own, such as a token."""
        yield from (getattr(self, name, None) for name in SECRET)

    def redact(self, text: str) -> str:
        """The text without secrets."""
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
                value = str(value)  # credentials that were read from JSON may be numbers
                setattr(self, name, value)
            usable = isinstance(value, str) and (name not in _IN_HEADERS or _HEADER.fullmatch(value))
            if not usable and error:
                kind = "text without white space and special letters" if name in _IN_HEADERS else "text"
                raise AuthenticationError(f"{self.id} {name} has to be {kind}")
            if not usable:
                return False
        return True

    # -- orders whose outcome is unknown ------------------------------------------------------------

    def outcome_unknown(
        self,
        error: BaseError,
        client_id: outcomes.Ids = None,
        idempotent: bool = False,
        order_id: outcomes.Ids = None,
    ) -> BaseError:
        """A copy of `error` that tells the caller which orders may or may not have been placed."""
        return outcomes.outcome_unknown(self, error, client_id, idempotent, order_id)

    def advice(self, client_ids: Sequence[str], idempotent: bool) -> str:
        """The sentence that tells a caller what to do about an order whose outcome is unknown."""
        return outcomes.advice(client_ids, idempotent)

    # -- tickers ------------------------------------------------------------------------------------

    def safe_ticker(self, ticker: Any, market: Any = None) -> Any:
        """Does the same as ccxt's, but gives a possible opening price where the venue sends none.

        ccxt derives it from the change, which venues round. The result may not be a multiple of the price
        step, or may lie outside the range from low to high, so it is moved to the nearest price that can be.
        """
        numbers = {name: self.omit_zero(self.safe_string(ticker, name)) for name in TICKER_NUMBERS}
        last = numbers["close"] or numbers["last"]
        if numbers["open"] is not None or last is None:
            return super().safe_ticker(ticker, market)
        derived = opening_price(last, numbers["change"], numbers["percentage"])
        if derived is None:
            return super().safe_ticker(ticker, market)
        step = (
            self.safe_string((market or {}).get("precision"), "price") if self.is_tick_precision() else None
        )
        derived_fields = {"open": nearest_price(derived, step, numbers["low"], numbers["high"])}
        return super().safe_ticker({**ticker, **derived_fields}, market)

    # -- orders and trades --------------------------------------------------------------------------

    def safe_order(self, order: Any, market: Any = None) -> Any:
        """Does the same as ccxt's, but leaves `cost` open if the venue does not send it.

        ccxt assumes that every fill cost the limit price. A fill may have cost less.
        """
        is_told = any(
            self.omit_zero(self.safe_string(order, name)) is not None for name in ("cost", "average")
        )
        made = super().safe_order(order, market)
        if not is_told and not made["trades"] and made["filled"]:
            made["cost"] = None
        return made

    def safe_trade(self, trade: Any, market: Any = None) -> Any:
        return plausible_trade(self, super().safe_trade(trade, market))

    # -- lists: parsed fast if the venue declares a table for them, else by ccxt --------------------

    def parse_trades(
        self, trades: Any, market: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        made = None if params else parsing.trades(self, trades, market)
        if made is None:
            return super().parse_trades(trades, market, since, limit, params)
        return parsing.only_of_market(self, made, market, since, limit)

    def parse_orders(
        self, orders: Any, market: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        made = None if params else parsing.orders(self, orders, market)
        if made is None:
            return super().parse_orders(orders, market, since, limit, params)
        return parsing.only_of_market(self, made, market, since, limit)

    def parse_tickers(self, tickers: Any, symbols: Any = None, params: Any = {}) -> Any:
        made = None if params else parsing.tickers(self, tickers)
        if made is None:
            return super().parse_tickers(tickers, symbols, params)
        return self.filter_by_array_tickers(made, "symbol", self.market_symbols(symbols))

    def parse_ohlcvs(
        self,
        ohlcvs: Any,
        market: Any = None,
        timeframe: str = "1m",
        since: Any = None,
        limit: Any = None,
        tail: Any = False,
    ) -> Any:
        made = parsing.ohlcvs(self, ohlcvs, market)
        if made is None:
            return super().parse_ohlcvs(ohlcvs, market, timeframe, since, limit, tail)
        return self.filter_by_since_limit(made, since, limit, 0, tail)

    def parse_order_book(
        self,
        orderbook: Any,
        symbol: Any,
        timestamp: Any = None,
        bidsKey: Any = "bids",
        asksKey: Any = "asks",
        priceKey: Any = 0,
        amountKey: Any = 1,
        countOrIdKey: Any = 2,
    ) -> Any:
        args = (symbol, timestamp, bidsKey, asksKey, priceKey, amountKey, countOrIdKey)
        made = order_books.fast_order_book(self, orderbook, *args)
        return plausible_book(self, super().parse_order_book(orderbook, *args)) if made is None else made

    # -- requests and answers -----------------------------------------------------------------------

    @tells_time
    def nonce(self) -> int:
        return self.milliseconds() - self.options.get("timeDifference", 0)

    # -- answers ------------------------------------------------------------------------------------

    def parse_json(self, http_response: str) -> Any:
        try:
            return super().parse_json(http_response)
        except RecursionError:  # from Python's own parser, if the JSON is nested too deeply
            return None

    def throw_broadly_matched_exception(
        self, broad: Mapping[str, type[BaseError]], string: str, message: str
    ) -> None:
        """Matches whole words. ccxt's own looks for letters anywhere, and finds "sign" in "assigned"."""
        kind = refusals.class_by_words(self, broad, string)
        if kind is not None:
            raise kind(message)


close_class(Venue)
