"""The error for a request of which it cannot be known yet whether it was carried out."""

from collections.abc import Sequence
from typing import Any

from ccxt.base.errors import NetworkError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.settling.asked import Asked
from ccxt_ext.venue.venue import Venue

__all__ = ["Unsettled"]

_ABOUT = ("client_order_id", "client_order_ids", "order_id", "order_ids", "canceled_order_id", "idempotent")


class Unsettled(NetworkError):
    """Nobody knows yet whether a request was carried out. `settle()` takes this error too, and goes on."""

    #: As of the error whose outcome was to be settled: nothing is known yet.
    outcome: str = "unknown"
    asked: Asked
    client_order_id: str | None = None
    order_id: str | None = None
    client_order_ids: Sequence[str] = ()
    order_ids: Sequence[str] = ()
    #: After how many milliseconds `settle()` may know more. None: time alone will not tell.
    ask_again_ms: int | None = None
    #: Orders of which one may be the one that was asked for, where the venue's answers cannot tell.
    candidates: Sequence[Any] = ()


class NotYet(Exception):
    """It is not known yet. `wait_ms` says after how long it can be; None if waiting does not help."""

    def __init__(self, why: str, wait_ms: float | None = None, candidates: Sequence[Any] = ()) -> None:
        super().__init__(why)
        self.wait_ms = wait_ms
        self.candidates = candidates


def unsettled(exchange: Exchange, error: Any, doubt: NotYet) -> Unsettled:
    """The error that the caller of `settle()` gets."""
    asked: Asked = error.asked
    wait = None if doubt.wait_ms is None else max(int(doubt.wait_ms), 1)
    if wait is None:
        then = "look for yourself before you do it again"
    else:
        then = f"call settle() with this error again, in {(wait + 999) // 1000} s, before you do it again"
    made = Unsettled(f"{exchange.id} {asked.method}() is still of unknown outcome, as {doubt}: {then}")
    for name in _ABOUT:
        if hasattr(error, name):
            setattr(made, name, getattr(error, name))
    made.asked, made.ask_again_ms, made.candidates = asked, wait, tuple(doubt.candidates)
    return made


def why_not(exchange: Any) -> str:
    """Why an exchange is not one whose outcomes are settled by this call."""
    if not isinstance(exchange, Venue):
        return f"settle() takes an exchange that is built from ccxt_ext.venue, not {exchange!r}"
    other = "ccxt_ext.settle()" if exchange.synchronous else "await ccxt_ext.async_support.settle()"
    return f"for {exchange!r} it is {other}"
