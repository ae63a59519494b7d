"""An account: its money and its past."""

from __future__ import annotations

from .ledger import Wallet
from .model import Fill, Order


class Account:
    """`keeps_records` is off for the synthetic traders, whose orders nobody asks for."""

    __slots__ = (
        "by_client_id",
        "fills",
        "fills_by_order",
        "keeps_records",
        "name",
        "open",
        "orders",
        "wallet",
    )

    def __init__(self, name: str, wallet: Wallet, keeps_records: bool = True) -> None:
        self.name = name
        self.wallet = wallet
        self.keeps_records = keeps_records
        self.orders: dict[int, Order] = {}
        self.open: dict[int, Order] = {}
        self.by_client_id: dict[str, Order] = {}
        self.fills: list[Fill] = []
        self.fills_by_order: dict[int, list[Fill]] = {}

    def add_order(self, order: Order) -> None:
        self.orders[order.id] = order
        self.open[order.id] = order
        if order.client_id is not None:
            self.by_client_id[order.client_id] = order

    def add_fill(self, fill: Fill) -> None:
        self.fills.append(fill)
        self.fills_by_order.setdefault(fill.order_id, []).append(fill)
