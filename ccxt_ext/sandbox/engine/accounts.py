"""An account: its money and its past."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .ledger import Wallet
from .model import Fill, MarginMode, Order
from .positions import ClosedPosition, FundingPayment, Holding


class Account:
    """`keeps_records` is off for the synthetic traders, whose orders nobody asks for."""

    __slots__ = (
        "by_client_id",
        "closed_positions",
        "fills",
        "fills_by_order",
        "funding",
        "holdings",
        "keeps_records",
        "leverages",
        "margin_modes",
        "name",
        "open",
        "orders",
        "wallet",
        "wallets",
    )

    def __init__(self, name: str, wallets: Mapping[str, Wallet], keeps_records: bool = True) -> None:
        self.name = name
        self.wallets = dict(wallets)
        self.wallet = next(iter(self.wallets.values()))
        """The first."""
        self.keeps_records = keeps_records
        self.orders: dict[int, Order] = {}
        self.open: dict[int, Order] = {}
        self.by_client_id: dict[str, Order] = {}
        self.fills: list[Fill] = []
        self.fills_by_order: dict[int, list[Fill]] = {}
        self.holdings: dict[str, Holding] = {}
        """Its open positions, by market."""
        self.closed_positions: list[ClosedPosition] = []
        self.funding: list[FundingPayment] = []
        self.leverages: dict[str, Decimal] = {}
        self.margin_modes: dict[str, MarginMode] = {}

    def add_order(self, order: Order) -> None:
        self.orders[order.id] = order
        self.open[order.id] = order
        if order.client_id is not None:
            self.by_client_id[order.client_id] = order

    def add_fill(self, fill: Fill) -> None:
        self.fills.append(fill)
        self.fills_by_order.setdefault(fill.order_id, []).append(fill)
