# Generated from rest_client.py by `ccxt-ext twins`. Do not edit.
"""The base class of all venues' REST classes: it sends requests and turns failures into ccxt's exceptions."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ccxt.base.errors import BaseError

from ccxt_ext.venue.answers import failures_sync
from ccxt_ext.venue.blocking import UNREADABLE, SyncExchange
from ccxt_ext.venue.keys.lines import show_life
from ccxt_ext.venue.orders.outcomes import list_of_ids
from ccxt_ext.venue.requests import attempts_sync, latest_status, turns_sync
from ccxt_ext.venue.requests.pace import Pace
from ccxt_ext.venue.requests.throttle import Throttle
from ccxt_ext.venue.surface.unsupported_sync import refuse_unsupported
from ccxt_ext.venue.venue import Venue

__all__ = ["SyncRestClient"]


class SyncRestClient(Venue, SyncExchange):
    """ccxt's Exchange class, with uniform errors, order calls that are sent only once, and its own throttle.

    A venue's class is made of its protocol and this one: `class ID(Protocol, AsyncRestClient)`.

    The throttle keeps to the limit as the venue counts it, and lets urgent requests go first.

    Entries of the `api` tree can say what an endpoint does:

    - `'once': True`: it places orders, or does something else that must not happen twice.
      `'clientId'` names the field that carries the caller's own id, if the venue takes one.
      `'idempotent': True` means that the venue carries out each such id only once.
    - `'cancels'`: it cancels orders. The value names the field with the order's id, or is None if the
      endpoint cancels several.
    - `'changes': True`: it changes anything else.
    - `'nonce': True`: each call needs a higher number than the one before. So the calls of a key go one after
      the other, and one whose number was refused is sent again. `sign()` takes the number from
      `shared_nonces()`; `options['nonce']` has `inTurn` and `retries`.
    - `'priority'`: how urgent it is, `'cancel'` or `'order'`, if that does not follow from the above.
    """

    #: After cancelling all orders: pauses before the list of open orders is read again, if some are left.
    look_again_ms: Sequence[int] = (100, 400, 1000)

    throttler: Any
    pace: Pace | None = None

    def __init_subclass__(cls, part: bool = False, **kwargs: Any) -> None:
        """A class that others are built from says `part=True`: it has no venue's metadata yet."""
        super().__init_subclass__(part=part, **kwargs)
        if not part:
            turns_sync.rank_methods(cls)
            refuse_unsupported(cls)

    # -- requests -----------------------------------------------------------------------------------

    def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        return attempts_sync.send(self, path, api, method, params, *args, config=config)

    def fetch(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        show_life()  # the request may have waited in the throttle for long
        latest_status.note_status(0)
        try:
            return super().fetch(url, method, headers, body)
        except BaseError as error:
            raised = failures_sync.error_for_caller(self, failures_sync.corrected_by_status(self, error))
            if raised is error:
                raise
        except UNREADABLE as error:
            raised = failures_sync.error_for_caller(
                self, failures_sync.unreadable_answer(self, error, method, url)
            )
        # Raised outside of the `except` block, so that Python does not attach the original error as context:
        # the original contains the secrets that were removed from the copy.
        raise raised

    def on_rest_response(self, code: int, *args: Any) -> Any:
        latest_status.note_status(code)
        return super().on_rest_response(code, *args)

    def load_time_difference(self, params: Any = {}) -> int:
        """Measure how far this clock is ahead of the venue's, counted at the middle of the round trip."""
        before, server = turns_sync.with_departure_time(self, self.fetch_time, params)
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

    def throttle(self, cost: Any = None) -> None:
        """Wait until a request of this cost may be sent."""
        turns_sync.wait_to_send(self, cost)

    # -- what a venue may override ------------------------------------------------------------------

    def before_signing(self) -> None:
        """Called right before a request is signed, after its wait in the throttle.

        A venue fetches here what would be too old if it were fetched before the wait, such as a token.
        """

    def params_to_send_again(self, params: Any) -> Any:
        """The parameters for sending a request again after the clock was corrected."""
        return params

    def client_id_in(self, params: Any, config: Mapping[str, Any]) -> tuple[str | Sequence[str] | None, bool]:
        """The caller's own id of an order, and whether the venue carries out each such id only once."""
        id = self.safe_string(params, config["clientId"]) if "clientId" in config else None
        return id, id is not None and config.get("idempotent", False)

    def ids_to_cancel(self, params: Any, config: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The ids of the orders that a request cancels: the caller's own ids, and the venue's."""
        id = None if config["cancels"] is None else self.safe_string(params, config["cancels"])
        return [], list_of_ids(id)
