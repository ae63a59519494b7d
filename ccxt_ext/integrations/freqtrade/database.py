"""What freqtrade's database has."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

KNOWN, PENDING, UNKNOWN = "known", "pending", "unknown"


class Database:
    """Asks in freqtrade's own session, which is one for each of its threads."""

    @property
    def session(self) -> Any:
        from freqtrade.persistence import Order

        return getattr(Order, "session", None)

    def is_open(self) -> bool:
        """Whether freqtrade has opened it."""
        return self.session is not None

    def has_order(self, order_id: str, pair: str) -> str:
        """Whether it has an order, or is about to have it."""
        from freqtrade.persistence import Order

        if any(isinstance(each, Order) and each.order_id == order_id for each in self.session.new):
            return PENDING
        rows = self.session.query(Order.id).filter(Order.order_id == order_id, Order.ft_pair == pair)
        return UNKNOWN if rows.first() is None else KNOWN

    def orders_since(self, pair: str, since_ms: int) -> list[str]:
        """The ids of the orders of a pair that came to be since then."""
        from freqtrade.persistence import Order

        since = datetime.fromtimestamp(since_ms / 1000, timezone.utc).replace(tzinfo=None)
        rows = self.session.query(Order.order_id).filter(Order.ft_pair == pair, Order.order_date >= since)
        return [str(order_id) for (order_id,) in rows]

    def opened_at(self, pair: str) -> int | None:
        """When the open trade of a pair was opened, in milliseconds; None if there is none."""
        from freqtrade.persistence import Trade

        rows = self.session.query(Trade.open_date).filter(Trade.pair == pair, Trade.is_open.is_(True))
        first = rows.first()
        return None if first is None else round(first[0].replace(tzinfo=timezone.utc).timestamp() * 1000)
