"""Markets that a venue lists after a client has loaded its own."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

LOOKS_AGAIN_S = 60.0  # for a market that could not be found


class Listings:
    """Which of the markets that rows name are known: others are loaded, or else told by their ids."""

    markets: Any
    markets_by_id: Any
    safe_market: Any

    #: Ids that were looked for in vain, and when.
    unlisted: Mapping[str, float] = {}

    def is_listed(self, id: str | None) -> bool:
        """Whether a market is known; or was looked for in vain not long ago."""
        return (
            id is None
            or id in (self.markets_by_id or {})
            or time.monotonic() - self.unlisted.get(id, -LOOKS_AGAIN_S) < LOOKS_AGAIN_S
        )

    def note_unlisted(self, ids: Iterable[str]) -> None:
        now = time.monotonic()
        self.unlisted = {**self.unlisted, **{id: now for id in ids if id not in self.markets_by_id}}

    def symbol_if_known(self, symbol: str | None) -> str | None:
        """What can be asked for; an order in a market that cannot be loaded goes by its id alone."""
        return symbol if self.markets is None or symbol in self.markets else None

    def market_told(self, symbol: str | None) -> Any:
        """That of a symbol which rows were told with, be it known or not."""
        return self.markets[symbol] if symbol in self.markets else self.safe_market(symbol)
