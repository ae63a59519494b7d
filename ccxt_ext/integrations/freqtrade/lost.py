"""Orders that may be on the venue without freqtrade knowing of them.

Their answer was lost, so that freqtrade takes them for not placed; or freqtrade ended, or failed, between the
answer and its database. They are looked for at once, and then in each round. What is still open is cancelled.
What was filled is given to freqtrade when it places the same again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any

from ccxt.base.errors import BaseError, ExchangeError, OrderNotFound

from ccxt_ext.integrations.freqtrade.database import KNOWN, UNKNOWN, Database
from ccxt_ext.integrations.freqtrade.in_flight import (
    ENTRY,
    HELD,
    LOST,
    STOP,
    TOLD,
    InFlight,
    Sent,
    purpose_of,
)
from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.settling.asked import Asked
from ccxt_ext.venue.settling.docket import docket_of
from ccxt_ext.venue.settling.likeness import completed, terms_of
from ccxt_ext.venue.settling.settling_sync import settle
from ccxt_ext.venue.settling.unsettled import Unsettled

logger = logging.getLogger(__name__)

PATIENCE_MS = 5_000
"""How long a call of freqtrade's looks for an order. Then freqtrade goes on, and each round looks again."""

ROUND_S = PATIENCE_MS / 1000
"""After so long, the rest of what is lost is looked for in the next round."""

OTHERS_MS = 120_000
"""How long another thread of freqtrade's, such as its API's, may need until its database has an order."""

LEAVES_MS = 60_000
"""How long after it was noted an order may have been sent, by a process that was killed."""

AGAIN_S = 3600
"""After how long it is said again that something on the venue is nobody's."""


class LostOrders:
    """Stands between freqtrade and the two methods of an exchange that place and cancel orders."""

    def __init__(self, api: Any, in_flight: InFlight, database: Database) -> None:
        self.api = api
        self.database = database
        self.in_flight = in_flight
        self._create, self._cancel = api.create_order, api.cancel_order
        self._thread = threading.local()
        self._said: dict[tuple[str, str], float] = {}
        api.create_order, api.cancel_order = self.create_order, self.cancel_order

    @contextmanager
    def exits(self, is_exit: bool) -> Iterator[None]:
        """Whether what is placed meanwhile closes a position."""
        self._thread.is_exit = is_exit
        try:
            yield
        finally:
            self._thread.is_exit = None

    # -- what freqtrade calls -----------------------------------------------------------------------

    def create_order(
        self,
        symbol: str,
        type: str,
        side: str,
        amount: Any,
        price: Any = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        params = params or {}
        if self._settles():
            return self._create(symbol, type, side, amount, price, params)
        purpose = purpose_of(params, side, getattr(self._thread, "is_exit", None))
        sent = Sent(purpose, self.api.milliseconds(), symbol, type, side, amount, price, params)
        found = self._given_back(sent)
        if found is not None:
            return found
        self.in_flight.add(sent)
        try:
            order = self._create(symbol, type, side, amount, price, params)
        except BaseError as error:
            if not is_unknown(error):
                self.in_flight.remove(sent)
                raise
            order = self._settled(sent, error)
            if order is None:
                raise
        except BaseException as error:
            self._lose(sent, error)
            raise
        self._become(sent, TOLD, order["id"])
        return order

    def cancel_order(self, id: str, symbol: str | None = None, params: Any = {}) -> Any:
        try:
            return self._cancel(id, symbol, params)
        except BaseError as error:
            if not is_unknown(error) or self._settles():
                raise
            logger.warning(f"It is not known whether an order was cancelled, so it is looked at: {error}")
            try:
                order = self._settle(error, PATIENCE_MS)
            except Unsettled as unsettled:
                raise unsettled from error
            if order is None:
                raise OrderNotFound(f"{self.api.id} has no order {id}") from error
            return order

    def look_again(self) -> None:
        """Look for what may be lost. It is called at the start of each of freqtrade's rounds."""
        if not self.in_flight.all or not self.database.is_open():
            return
        began, now, here = time.monotonic(), self.api.milliseconds(), threading.get_ident()
        # Those first that were not looked for in the latest rounds.
        for sent in sorted(self.in_flight.all, key=lambda sent: sent.looked):
            others = sent.thread not in (None, here) and now - sent.at < OTHERS_MS
            if sent.state in (TOLD, HELD) and not others:
                self._check(sent)
            if sent.state == LOST and not others and time.monotonic() - began < ROUND_S:
                sent.looked = time.monotonic()
                try:
                    self._look(sent)
                except BaseError as failure:
                    text = f"It is not known yet what became of the {sent}: {failure}"
                    self._say(sent, logging.WARNING, text)
            if sent.state == HELD:
                self._say(sent, logging.ERROR, self._held(sent))

    def unsettled(self) -> list[Sent]:
        """Those of which nothing is known yet. Amounts are in contracts."""
        return [sent for sent in list(self.in_flight.all) if sent.state == LOST]

    # -- placing ------------------------------------------------------------------------------------

    def _settled(self, sent: Sent, error: BaseError) -> Any:
        """The order, if it is found; None if it was not placed, or is not found yet."""
        logger.warning(f"It is not known whether an order was placed, so it is looked for: {error}")
        try:
            found = self._settle(error, PATIENCE_MS)
        except BaseError as failure:
            self._lose(sent, failure if isinstance(failure, Unsettled) else error)
            logger.error(
                f"The {sent} may be on the venue. It is looked for in each round, and cancelled once found"
            )
            return None
        if found is None:
            self.in_flight.remove(sent)
            logger.warning("It was not placed")
        else:
            logger.warning(f"It was placed, as {found['id']}")
        return found

    def _given_back(self, wanted: Sent) -> Any:
        """An earlier order that freqtrade does not know and now asks for. None if there is none.

        Raises an error if it is not known what became of an earlier one, and a second might be too much.
        """
        symbol = wanted.symbol
        for sent in self.in_flight.of(symbol, LOST, HELD):
            self._check(sent)  # freqtrade looks for orders too, in the middle of a round
        for sent in self.in_flight.of(symbol, LOST):
            try:
                self._look(sent)
            except BaseError as unsettled:
                if not wanted.only_reduces:
                    raise Unsettled(
                        f"no other order is sent in {symbol} as long as it is not known what became of the "
                        f"{sent}: {unsettled}"
                    ) from unsettled
        for sent in self.in_flight.of(symbol, HELD):
            if sent.purpose != wanted.purpose:
                continue
            order = self._ended(sent)
            if order is None or not self._is_there(sent, order):
                logger.warning(f"What the {sent} had brought is not there any more, so it is forgotten")
                self.in_flight.remove(sent)
                continue
            if sent.side != wanted.side:
                raise ExchangeError(self._held(sent))
            logger.warning(f"No order is sent, as the {sent} was filled already: freqtrade is given that one")
            sent.thread = threading.get_ident()
            self._become(sent, TOLD)
            return completed(self.api, order, terms_of(self.api, sent.wanted))
        return None

    def _is_there(self, sent: Sent, order: Mapping[str, Any]) -> bool:
        """Whether what an order has brought is still the account's; of an exit, whether its trade is open."""
        if sent.purpose != ENTRY:
            opened = self.database.opened_at(sent.symbol)
            return opened is not None and opened <= sent.at
        market = self.api.market(sent.symbol)
        filled = float(order["filled"])
        if market["spot"]:
            have = self.api.fetch_balance().get(market["base"], {}).get("total") or 0.0
            return bool(have >= 0.98 * filled)
        side = "long" if sent.side == "buy" else "short"
        return any(
            position["side"] == side and (position["contracts"] or 0) >= filled
            for position in self.api.fetch_positions([sent.symbol])
        )

    # -- looking ------------------------------------------------------------------------------------

    def _check(self, sent: Sent) -> None:
        """Forget an order that freqtrade has. Take one for lost that it should have and has not."""
        if sent.order_id is None:
            return
        there = self.database.has_order(str(sent.order_id), sent.symbol)
        if there == KNOWN:
            self.in_flight.remove(sent)
        elif there == UNKNOWN and sent.state == TOLD:
            logger.warning(f"freqtrade's database does not have the {sent}")
            self._lose(sent)

    def _look(self, sent: Sent) -> None:
        """Find an order, and see to it that it is not open any more. Raises an error if that takes longer."""
        if sent.order_id is None:
            try:
                found = self._settle(self._error(sent), 0)
            except Unsettled as still:
                if still.ask_again_ms is None and still.candidates:
                    self._give_up(sent, still)
                raise
            if found is None:
                logger.warning(f"The {sent} was not placed")
                self.in_flight.remove(sent)
                return
            self._become(sent, LOST, found["id"])
            if self.database.has_order(found["id"], sent.symbol) == KNOWN:
                self.in_flight.remove(sent)
                return
        order = self._ended(sent)
        filled = 0 if order is None else order.get("filled") or 0
        if not filled:
            logger.warning(
                f"The {sent}, which freqtrade does not know, is not open any more, and nothing of it filled"
            )
            self.in_flight.remove(sent)
        elif sent.purpose == STOP:
            logger.warning(f"The {sent} was placed, unknown to freqtrade, and was filled")
            self.in_flight.remove(sent)
        else:
            self._become(sent, HELD)
            self._say(sent, logging.ERROR, self._held(sent))

    def _ended(self, sent: Sent) -> Any:
        """The order of a known id, which is cancelled if it is open."""
        error = Unsettled(f"whether the {sent} is open is not known")
        now = self.api.milliseconds()
        error.asked = Asked(
            "cancelOrder", ids=(str(sent.order_id),), symbol=sent.symbol, began=now, ended=now
        )
        return self._settle(error, PATIENCE_MS)

    def _settle(self, error: Any, timeout_ms: float) -> Any:
        """What became of it. What the search itself sends and cancels is not searched for in its turn."""
        self._thread.settles = True
        try:
            return settle(self.api, error, timeout_ms=timeout_ms)
        finally:
            self._thread.settles = False

    def _settles(self) -> bool:
        return bool(getattr(self._thread, "settles", False))

    def _error(self, sent: Sent) -> Any:
        """An error that `settle()` takes. In a process that did not send the order, it is made."""
        if sent.error is None:
            sent.error = self._made(sent)
        return sent.error

    def _made(self, sent: Sent) -> Any:
        kept = docket_of(self.api)
        for order_id in self.database.orders_since(sent.symbol, sent.at - LEAVES_MS):
            kept.is_told(order_id, "freqtrade's")
        now = self.api.milliseconds()
        ended = min(now, sent.at + LEAVES_MS)
        error = Unsettled(f"whether the {sent} was placed is not known")
        ticks = time.monotonic() - (now - ended) / 1000
        error.asked = Asked("createOrder", (sent.wanted,), began=sent.at, ended=ended, ticks=ticks)
        return error

    # -- saying and noting --------------------------------------------------------------------------

    def _give_up(self, sent: Sent, still: Unsettled) -> None:
        ids = ", ".join(order["id"] for order in still.candidates)
        logger.error(
            f"One of the orders {ids} may be the {sent}, of which freqtrade knows nothing: look yourself"
        )
        self.in_flight.remove(sent)

    def _say(self, sent: Sent, level: int, text: str) -> None:
        """Say it now, and again from time to time."""
        now, about = time.monotonic(), (sent.token, sent.state)
        if now >= self._said.get(about, 0.0):
            self._said[about] = now + AGAIN_S
            logger.log(level, text)

    def _held(self, sent: Sent) -> str:
        return (
            f"The {sent} was placed and filled, and freqtrade knows nothing of it. It is given to freqtrade "
            f"when that places such an {sent.purpose} in {sent.symbol} again; or close it by hand"
        )

    def _lose(self, sent: Sent, error: BaseException | None = None) -> None:
        sent.error = remembered(error)
        self._become(sent, LOST)

    def _become(self, sent: Sent, state: str, order_id: str | None = None) -> None:
        sent.state = state
        sent.order_id = order_id or sent.order_id
        self.in_flight.save()


def remembered(error: Any) -> Any:
    """What `settle()` needs of an error; None if it is of no use to it.

    It is a copy: the error itself holds all that freqtrade was about when it was raised, candles among it.
    """
    if isinstance(error, BaseError) and is_unknown(error) and hasattr(error, "asked"):
        return copy(error)
    return None
