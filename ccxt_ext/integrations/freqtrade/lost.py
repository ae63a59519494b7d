"""Orders whose answer was lost: freqtrade takes them for not placed, and they may be on the venue."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from ccxt.base.errors import BaseError, NotSupported, OrderNotFound

from ccxt_ext.venue.settling.settling_sync import settle
from ccxt_ext.venue.settling.unsettled import Unsettled

logger = logging.getLogger(__name__)

PATIENCE_MS = 90_000
"""How long a round of freqtrade's may take because of one order: longer than any venue of ours needs."""


class LostOrders:
    """Those of one exchange."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.open: list[Unsettled] = []
        """Those of which nothing is known yet, and which freqtrade takes for not placed."""

    def found(self, error: BaseException) -> Any:
        """The order that the error is about, if it is on the venue; None if not, or if it was refused."""
        cause: Any = error.__cause__
        if getattr(cause, "outcome", None) != "unknown":
            return None
        logger.warning(f"It is not known whether an order was placed, so it is looked for: {cause}")
        try:
            found = settle(self.api, cause, timeout_ms=PATIENCE_MS)
        except Unsettled as unsettled:
            self.open.append(unsettled)
            logger.error(f"An order may be on the venue. It is cancelled once it is found: {unsettled}")
            return None
        except (NotSupported, TypeError):  # it was no order, or the exchange is not built from our parts
            return None
        except BaseError as refusal:
            logger.error(f"An order could not be looked for: {refusal}")
            return None
        logger.warning("It was not placed" if found is None else f"It was placed, as {found['id']}")
        return found

    def look_again(self) -> None:
        """Look for those of which nothing was known, and cancel what freqtrade does not know of."""
        for unsettled in list(self.open):
            try:
                found = settle(self.api, unsettled, timeout_ms=0)
                if found is not None:
                    self._take_back(found)
            except Unsettled as still:
                self.open[self.open.index(unsettled)] = still
            except BaseError as failure:
                logger.warning(f"An order that may be on the venue could not be looked for: {failure}")
            else:
                self.open.remove(unsettled)

    def _take_back(self, order: Any) -> None:
        if order.get("status") in (None, "open"):
            with suppress(OrderNotFound):  # it ended meanwhile
                self.api.cancel_order(order["id"], order["symbol"])
            order = self.api.fetch_order(order["id"], order["symbol"])
        filled = order.get("filled")
        what = f"{order['side']} {order['amount']} {order['symbol']}"
        text = f"The order {order['id']} ({what}) was placed after all"
        if filled:
            logger.error(
                f"{text}, and {filled} of it filled, which freqtrade does not know: close that by hand"
            )
        else:
            logger.warning(f"{text}, and is cancelled now")
