"""Where a watch method has its news from: the venue's streams, or polls. Both look the same from there."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from ccxt_ext.venue.streams.subjects import Subject


class Source(ABC):
    @abstractmethod
    async def news(self, subjects: Sequence[Subject], params: Any) -> list[Any]:
        """Wait until any of the subjects has news. All that came at once, in the order in which it came.

        The news of a book or a list are ccxt's book or cache itself, those of candles their symbol, timeframe
        and cache, and those of tickers and the like the rows that have changed.
        """

    @abstractmethod
    async def leave(self, subjects: Sequence[Subject], params: Any) -> None:
        """End what nobody else needs. Whoever waits for the subjects gets UnsubscribeError."""

    @abstractmethod
    def note(self, order: Any) -> None:
        """This instance has placed an order."""

    @abstractmethod
    def closing(self) -> AbstractAsyncContextManager[None]:
        """While the exchange is being closed: whoever waits is cancelled, and whoever watches now as well."""
