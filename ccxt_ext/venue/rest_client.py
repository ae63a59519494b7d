"""The class that sends requests, for all venues."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ccxt.base.errors import BaseError

from ccxt_ext.venue.aio import UNREADABLE, AsyncExchange
from ccxt_ext.venue.answers import failures
from ccxt_ext.venue.answers.errors import as_list
from ccxt_ext.venue.keys.lines import show_life
from ccxt_ext.venue.requests import attempts, status, turns
from ccxt_ext.venue.requests.pace import Pace
from ccxt_ext.venue.requests.throttle import Throttle
from ccxt_ext.venue.surface.unsupported import refuse_unsupported
from ccxt_ext.venue.venue import Venue


class AsyncRestClient(Venue, AsyncExchange):
    """ccxt's Exchange, with its errors made uniform, its order calls sent once, and a throttle that keeps the
    limit as the venue counts it and knows what is urgent.

    An endpoint that places orders, or does anything else that must not happen twice, says so with
    `'once': True` in its entry of the `api` tree. There, `'clientId'` names the field with the caller's
    own id, if the venue takes one, and `'idempotent': True` tells that it honours each such id once.
    One that cancels orders has `'cancels'`, with the field of the order's id, or None if it cancels several;
    and one that does anything else `'changes': True`. It may tell its rank, as `'priority'`.
    """

    #: pauses after which orders that should be gone are looked for once more in the list of what is open
    look_again_ms: Sequence[int] = (100, 400, 1000)

    throttler: Any
    pace: Pace | None = None

    def __init_subclass__(cls, part: bool = False, **kwargs: Any) -> None:
        """`part`: of classes, without a venue's metadata yet."""
        super().__init_subclass__(part=part, **kwargs)
        if not part:
            turns.rank_methods(cls)
            refuse_unsupported(cls)

    # -- requests -----------------------------------------------------------------------------------

    async def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        return await attempts.send(self, path, api, method, params, *args, config=config)

    async def fetch(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        show_life()  # it may have been in the throttle for long
        status.note_status(0)
        try:
            return await super().fetch(url, method, headers, body)
        except BaseError as error:
            told = failures.error_for_caller(self, failures.corrected_by_status(self, error))
            if told is error:
                raise
        except UNREADABLE as error:
            told = failures.error_for_caller(self, failures.unreadable_answer(self, error, method, url))
        # Out here it gets no context: what lies behind an error that was cleaned holds the same secrets.
        raise told

    def on_rest_response(self, code: int, *args: Any) -> Any:
        status.note_status(code)
        return super().on_rest_response(code, *args)

    async def load_time_difference(self, params: Any = {}) -> int:
        """How far this clock is ahead of the venue's, taken at the middle of the round trip."""
        before, server = await turns.with_departure_time(self, self.fetch_time, params)
        after = self.milliseconds()
        self.options["timeDifference"] = (before + after) // 2 - server
        return self.options["timeDifference"]

    # -- the throttle -------------------------------------------------------------------------------

    def init_rest_rate_limiter(self) -> None:
        self.pace = self.pace or Pace()
        self.pace.before(self)
        super().init_rest_rate_limiter()
        self.pace.after(self)

    def init_throttler(self, cost: Any = None) -> None:
        if not isinstance(self.throttler, Throttle):
            self.pace = self.pace or Pace()
            self.throttler = Throttle(partial(self.pace.limits, self))

    async def throttle(self, cost: Any = None) -> None:
        """Wait until a request of that cost may leave."""
        await turns.wait_to_send(self, cost)

    # -- what a venue may do otherwise --------------------------------------------------------------

    async def before_signing(self) -> None:
        """What a venue has to have at hand then, and could be too old if it were fetched before the wait."""

    def params_to_send_again(self, params: Any) -> Any:
        """The parameters of a request that is sent again, once the clock is right."""
        return params

    def client_id_in(self, params: Any, config: Mapping[str, Any]) -> tuple[str | Sequence[str] | None, bool]:
        """The id that the caller gave an order, and whether the venue honours it once only."""
        id = self.safe_string(params, config["clientId"]) if "clientId" in config else None
        return id, id is not None and config.get("idempotent", False)

    def ids_to_cancel(self, params: Any, config: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The ids that a cancel names its orders by: the callers' own, and the venue's."""
        id = None if config["cancels"] is None else self.safe_string(params, config["cancels"])
        return [], as_list(id)
