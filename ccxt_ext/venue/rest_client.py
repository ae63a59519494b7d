"""The part of a venue's class that sends requests, for all venues."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

from ccxt.base.errors import (
    AuthenticationError,
    BadRequest,
    BadResponse,
    BaseError,
    DDoSProtection,
    ExchangeError,
    ExchangeNotAvailable,
    InvalidNonce,
    InvalidProxySettings,
    NetworkError,
    NotSupported,
    OperationFailed,
    OrderNotFillable,
    OrderNotFound,
    RateLimitExceeded,
)

from ccxt_ext.venue.aio import TRANSPORT_ERRORS, UNREADABLE, AsyncExchange, AsyncWaiter
from ccxt_ext.venue.answers.errors import copy_of, listed, text_of, with_unknown_outcome
from ccxt_ext.venue.calls.unified import sent
from ccxt_ext.venue.keys.lines import Line, Place, holding, show_life
from ccxt_ext.venue.keys.nonces import Nonces, nonces
from ccxt_ext.venue.orders import market_orders
from ccxt_ext.venue.orders.outcomes import leaves_open
from ccxt_ext.venue.requests.ranks import Rank, at_least, rank_of_endpoint
from ccxt_ext.venue.requests.turns import AsyncTurns

T = TypeVar("T")

# Of the latest answer to this task or thread.
_status: ContextVar[int] = ContextVar("status", default=0)

# The venue says that it did not take the order. Any other failure leaves that open.
REFUSED = (InvalidNonce, RateLimitExceeded, DDoSProtection)

# What `has` tells of a venue that is not a method.
NO_METHODS = frozenset(
    (
        "CORS",
        "future",
        "index",
        "margin",
        "option",
        "privateAPI",
        "publicAPI",
        "sandbox",
        "spot",
        "swap",
        "ws",
    )
)


class AsyncRestClient(AsyncTurns):
    """ccxt's Exchange, with its errors made uniform and its order calls sent once.

    An endpoint that places orders, or does anything else that must not happen twice, says so with
    `'once': True` in its entry of the `api` tree. There, `'clientId'` names the field with the caller's
    own id, if the venue takes one, and `'idempotent': True` tells that it honours each such id once.
    One that cancels orders has `'cancels'`, with the field of the order's id, or None if it cancels several;
    and one that does anything else `'changes': True`.
    """

    #: pauses after which orders that should be gone are looked for once more in the list of what is open
    look_again_ms: Sequence[int] = (100, 400, 1000)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.refuse_what_it_has_not()

    @classmethod
    def refuse_what_it_has_not(cls) -> None:
        """Make every method that `has` calls False raise NotSupported.

        ccxt's base emulates some of them (editOrder cancels and creates), which a venue may not want,
        and has no method at all for others.
        """
        has = cls.metadata()["has"]
        spellings = {method.replace("_", "").lower(): method for method in dir(AsyncExchange)}
        for name in AsyncExchange.describe(AsyncExchange)["has"]:
            if has.get(name) or name in NO_METHODS:
                continue
            snake = spellings.get(name.lower()) or AsyncExchange.un_camel_case(None, name)
            for spelling in (snake, name):
                if getattr(cls, spelling, None) is getattr(AsyncExchange, spelling, None):
                    setattr(cls, spelling, not_supported(name, snake))

    async def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        params = sent(self.id, params)
        self.path_of(path, params)  # a gap is refused here, whatever the venue's sign() makes of it
        once, cancels = config.get("once", False), "cancels" in config
        does = leaves_open(config)
        if once:
            # ccxt would repeat an order that timed out, if asked to retry failures.
            repeats, params = self.repeats_of_unknown(params, config)
        else:
            repeats, params = self.handle_option_and_params(params, path, "maxRetriesOnFailure", 0)
        pause, params = self.handle_option_and_params(params, path, "maxRetriesOnFailureDelay", 0)
        # Older releases of ccxt sign once for all attempts, and a venue takes a nonce once only.
        params = self.extend(params, {"maxRetriesOnFailure": 0})
        unknown = clock_was_set = False
        while True:
            _status.set(0)
            try:
                return await self.attempt(path, api, method, params, *args, config=config)
            except BaseError as error:
                failed = isinstance(error, OperationFailed)
                # With a 5xx even a clear text may be that of something between the venue and here.
                doubtful = (failed and not isinstance(error, REFUSED)) or self.answered_5xx()
                unknown = unknown or (does and doubtful and not self.was_unsent())
                if (
                    isinstance(error, InvalidNonce)
                    and not (unknown or clock_was_set)
                    and self.sets_its_clock()
                ):
                    # A refused time precedes processing: an order may be sent again.
                    clock_was_set = True
                    await self.load_time_difference()
                    params = self.renewed(params)
                    continue
                if failed and repeats > 0 and (unknown or not once):
                    repeats -= 1
                elif unknown and not (cancels and isinstance(error, OrderNotFound)):
                    raise self.without_answer(error, params, config) from error
                else:
                    raise
            if pause:
                await self.sleep(pause)

    def sets_its_clock(self) -> bool:
        """Whether the clock is set by the venue's when that refuses a time, as asked for."""
        wanted = self.options.get("adjustForTimeDifference") and self.has["fetchTime"]
        return bool(wanted) and not self.answered_5xx()

    def renewed(self, params: Any) -> Any:
        """The parameters of a request that is sent again, once the clock is right."""
        return params

    def on_rest_response(self, code: int, *args: Any) -> Any:
        _status.set(code)
        return super().on_rest_response(code, *args)

    @staticmethod
    def answered_5xx() -> bool:
        """Whether the latest answer of this call leaves open what became of the request."""
        return _status.get() >= 500

    async def attempt(
        self,
        path: str,
        api: Any,
        method: str,
        params: Any,
        *args: Any,
        config: dict[str, Any],
    ) -> Any:
        """Send once. Where the venue demands rising nonces (`'nonce': True`), the calls of a key go in turn,
        the urgent ones first.

        A refused nonce is replaced by a higher one: such a refusal precedes processing, so that this holds
        for orders as well. It happens when another process uses the same key.
        """
        with at_least(rank_of_endpoint(method, config)):
            if not config.get("nonce"):
                return await self.in_turn(path, api, method, params, *args, config=config)
            return await self.with_nonce(path, api, method, params, *args, config=config)

    async def with_nonce(
        self, path: str, api: Any, method: str, params: Any, *args: Any, config: dict[str, Any]
    ) -> Any:
        options, numbers = self.options["nonce"], self.shared_nonces()
        in_turn = options["inTurn"] and self.apiKey
        place = await self.take_turn(numbers.line, rank=self.rank()) if in_turn else None
        with holding(numbers.line, place):
            refusals = 0
            while True:
                try:
                    answer = await self.in_turn(path, api, method, params, *args, config=config)
                except InvalidNonce as error:
                    if self.answered_5xx():
                        raise
                    numbers.refused(str(error))
                    if refusals >= options["retries"]:
                        raise
                    refusals += 1
                except ExchangeError:  # about something else
                    numbers.accepted()
                    raise
                else:
                    numbers.accepted()
                    return answer

    async def take_turn(self, line: Line, together: bool = False, rank: Rank = Rank.REST) -> Place:
        """Wait until those before in the line are done, of whatever instance and thread, or do not go on."""
        waiter = AsyncWaiter()
        place = line.join(waiter.wake, together, rank)
        patience = 2 * self.timeout / 1000
        try:
            while (first := line.ahead_of(place)) is not None:
                # A call that this thread is to finish cannot, while the thread waits for it.
                stuck = waiter.blocks_its_thread and first.thread == place.thread
                left = 0 if stuck else patience - first.silence()
                if left > 0:
                    await waiter.wait(left)
                else:
                    line.pass_by(place, first, waiter.blocks_its_thread or first.thread != place.thread)
        except BaseException:
            line.leave(place)
            raise
        return place

    async def pause_in_turn(self, seconds: float) -> None:
        """Sleep while others wait for this one, who have to know that it goes on."""
        while seconds > 0:
            step = min(seconds, self.timeout / 1000)
            await self.sleep(step * 1000)
            seconds -= step
            show_life()

    def shared_nonces(self) -> Nonces:
        return nonces(self.id, str(self.apiKey))

    def repeats_of_unknown(self, params: Any, config: Mapping[str, Any]) -> tuple[int, Any]:
        """How often an order of unknown outcome is sent again, and the parameters without that number."""
        params = self.omit(params, ["maxRetriesOnFailure", "defaultMaxRetriesOnFailure"])
        repeats, params = self.handle_option_and_params(params, "createOrder", "retryUnknown", 0)
        repeats = self.safe_integer([repeats], 0, 0)
        return (repeats if self.known_by(params, config)[1] else 0), params

    def known_by(self, params: Any, config: Mapping[str, Any]) -> tuple[str | Sequence[str] | None, bool]:
        """The id that the caller gave an order, and whether the venue honours it once only."""
        id = self.safe_string(params, config["clientId"]) if "clientId" in config else None
        return id, id is not None and config.get("idempotent", False)

    def named_in(self, params: Any, config: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The ids that a cancel names its orders by: the callers' own, and the venue's."""
        id = None if config["cancels"] is None else self.safe_string(params, config["cancels"])
        return [], listed(id)

    def without_answer(self, error: BaseError, params: Any, config: Mapping[str, Any]) -> BaseError:
        """For whoever asked for something, and cannot know whether it was done."""
        if "cancels" in config:
            return self.cancel_unknown(error, *self.named_in(params, config))
        if config.get("once"):
            return self.outcome_unknown(error, *self.known_by(params, config))
        return self.change_unknown(error)

    async def fetch(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        show_life()  # it may have been in the throttle for long
        _status.set(0)
        try:
            return await super().fetch(url, method, headers, body)
        except BaseError as error:
            told = self.told(self.believed(error))
            if told is error:
                raise
        except UNREADABLE as error:
            told = self.told(self.unreadable(error, method, url))
        # Out here it gets no context: what lies behind an error that was cleaned holds the same secrets.
        raise told

    def believed(self, error: BaseError) -> BaseError:
        """A server that fails does not know whether an order is there, whatever it says of it."""
        if not (isinstance(error, OrderNotFound) and self.answered_5xx()):
            return error
        failed: BaseError = copy_of(error, str(error), ExchangeNotAvailable)
        return failed

    def unreadable(self, error: Exception, method: str, url: str) -> BaseError:
        """For what ccxt does not expect of an answer: an odd charset, encoding or length."""
        shown = f"{type(error).__name__} {text_of(error)}"
        # Only what goes out is encoded.
        if isinstance(error, UnicodeEncodeError):
            found: BaseError = BadRequest(f"{self.id} {method} {url} cannot be sent: {shown}")
        else:
            found = BadResponse(f"{self.id} {method} {url} has an answer that cannot be read: {shown}")
        found.__cause__ = error
        return found

    def told(self, error: BaseError) -> BaseError:
        """The error as its caller gets it: of one class for one cause, and free of secrets."""
        kind = type(error)
        text = str(error)
        if isinstance(error.__cause__, TRANSPORT_ERRORS) and kind in (ExchangeError, NetworkError):
            # A connection that was refused or cut: ccxt's sync and async classes each name it otherwise.
            kind = ExchangeNotAvailable
            text = f"{text} {type(error.__cause__).__name__}"
        behind = self.texts_behind(error)
        same = kind is type(error) and all(self.is_clean(shown) for shown in (text, behind, vars(error)))
        told: BaseError = error if same else copy_of(error, self.redact(text), kind, self.is_clean)
        return told

    def is_clean(self, value: Any) -> bool:
        """Whether a value shows nothing of the secrets."""
        shown = value if isinstance(value, str) else repr(value)
        return self.redact(shown) == shown

    @staticmethod
    def texts_behind(error: BaseException) -> str:
        """What an error's causes show of themselves: aiohttp's have a request's headers in their repr."""
        texts: list[str] = []
        behind = error.__cause__ or error.__context__
        while behind is not None and len(texts) < 40:
            texts += (str(behind), repr(behind))
            behind = behind.__cause__ or behind.__context__
        return "\n".join(texts)

    async def cancel_open_orders(self, symbol: Any, params: Any, most: int | None = None) -> list[Any]:
        """For venues without a call for all: one after the other; what has ended meanwhile is left out.

        Behind as many orders as the venue lists at most (`most`), there may be others. An order that cannot
        be cancelled does not spare those behind it. What counts in the end is what the venue lists as open,
        whatever it said to a cancel.
        """
        canceled: list[Any] = []
        refusals: dict[str, BaseError | None] = {}
        known = self.symbol_if_known
        orders = await self.fetch_open_orders(symbol, None, None, params)
        while new := [order for order in orders if order["id"] not in refusals]:
            for order in new:
                refusals[order["id"]] = None
                try:
                    canceled.append(await self.cancel_order(order["id"], known(order["symbol"]), params))
                except (AuthenticationError, InvalidProxySettings):
                    raise
                except (ExchangeError, BadResponse) as error:
                    refusals[order["id"]] = error
            may_be_more = most is not None and len(orders) >= most
            orders = await self.open_after_cancels(symbol, params, refusals)
            if not may_be_more:
                break
        left = self.still_open(orders, refusals)
        for pause in self.look_again_ms:
            if not left or any(left.values()):
                break
            # The list may be a moment behind.
            await self.sleep(pause)
            orders = await self.open_after_cancels(symbol, params, refusals)
            left = self.still_open(orders, refusals)
        if left:
            refusal = next(filter(None, left.values()), None)
            raise refusal or ExchangeError(f"{self.id} cancelAllOrders() left open: {', '.join(left)}")
        return canceled

    async def open_after_cancels(self, symbol: Any, params: Any, asked_for: Iterable[str]) -> Any:
        try:
            return await self.fetch_open_orders(symbol, None, None, params)
        except BaseError as error:
            raise self.cancel_unknown(error, order_id=list(asked_for)) from error

    async def create_market_as_limit(self, symbol: str, side: Any, amount: Any, params: Any) -> Any:
        """A market order as a limit order that crosses, by the best price of the book and the slippage that
        the caller allows. What it leaves unfilled is cancelled."""
        slippage = market_orders.slippage_of(self.id, self.options[market_orders.OPTION])
        book = await self.fetch_order_book(symbol)
        levels = book["asks" if side == "buy" else "bids"]
        if not levels:
            raise OrderNotFillable(f"{self.id} nobody offers {symbol} for a market {side}")
        step = self.safe_string(self.market(symbol)["precision"], "price")
        best = self.number_to_string(levels[0][0])
        price = market_orders.worst_price(side, best, slippage, step)
        order = await self.create_order(symbol, "limit", side, amount, price, params)
        try:
            order = await self.without_rest(order)
        except BaseError as error:
            text = f"{error} - order {order['id']} was placed, and what is not filled of it may be open"
            raise with_unknown_outcome(error, text, [], [order["id"]]) from error
        return {**order, "type": "market", "timeInForce": "IOC", "price": order["average"]}

    async def without_rest(self, order: Any) -> Any:
        """An order that was placed, once nothing of it is open any more."""
        if order["status"] not in (None, "open"):
            return order
        try:
            canceled = await self.cancel_order(order["id"], order["symbol"])
        except OrderNotFound as error:  # all of it was filled meanwhile
            found = await self.fetch_order(order["id"], order["symbol"])
            if found["status"] == "open":
                raise ExchangeError(f"{error} - but it is listed as open") from error
            return found
        if canceled["filled"] is not None:
            return canceled
        return await self.fetch_order(order["id"], order["symbol"])

    @staticmethod
    def still_open(
        orders: Sequence[Any], refusals: Mapping[str, BaseError | None]
    ) -> dict[str, BaseError | None]:
        """Of the orders that were to be cancelled those that are open, each with why it could not be."""
        found = {order["id"]: refusals[order["id"]] for order in orders if order["id"] in refusals}
        # What is listed is there, whatever the venue says.
        return {id: None if isinstance(error, OrderNotFound) else error for id, error in found.items()}

    async def fetched_once(self, line: Line, known: Callable[[], T | None], fetch: Any) -> T:
        """What is `known`, or else what `fetch()` gives, called by one of those who want it.

        If that fails, it fails for all who waited for it.
        """
        value = known()
        if value is not None:
            return value
        place = await self.take_turn(line)
        with holding(line, place):
            value = known()
            if value is not None:
                return value
            if place.failure is not None:
                raise copy_of(place.failure)
            try:
                return await fetch()
            except Exception as error:
                line.leave(place, error)
                raise

    async def know_markets(self, ids: Iterable[str | None], all_needed: bool = False) -> None:
        """Markets that were listed since the markets were loaded are loaded. Rows of those that cannot be are
        told by their ids: what is wrong with one row is no matter of the others. If all are needed, as their
        rows have yet to be asked for, that is an error."""
        strange = {id for id in ids if id is not None and not self.is_listed(id)}
        if strange:
            try:
                await self.load_markets(True)
            except BaseError as error:
                if all_needed:
                    raise
                if self.verbose:
                    self.log(f"{', '.join(strange)} cannot be loaded: {error}")
            else:
                self.note_unlisted(strange)

    async def load_time_difference(self, params: Any = {}) -> int:
        """How far this clock is ahead of the venue's, taken at the middle of the round trip."""
        before, server = await self.timed(self.fetch_time, params)
        after = self.milliseconds()
        self.options["timeDifference"] = (before + after) // 2 - server
        return self.options["timeDifference"]


def not_supported(name: str, method: str) -> Any:
    ccxts = getattr(AsyncExchange, method, None)

    async def refuse(self: AsyncRestClient, *args: Any, **kwargs: Any) -> Any:
        if ccxts is not None and self.has.get(name):  # by an option
            return await ccxts(self, *args, **kwargs)
        raise NotSupported(f"{self.id} {name}() is not supported")

    if ccxts is not None:
        # Programs look at what a method takes before they call it.
        refuse.__signature__ = inspect.signature(ccxts)  # type: ignore[attr-defined]
        refuse.__name__, refuse.__doc__ = ccxts.__name__, ccxts.__doc__
    refuse.refuses = name  # type: ignore[attr-defined]
    return refuse
