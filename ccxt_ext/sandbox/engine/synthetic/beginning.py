"""Gives a market its history: makes it, or copies one that was made for an equal market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ..ledger import Bucket
from ..trading.matching import Matching
from .barter import barter_of
from .crowd import Crowd
from .histories import HISTORIES, History, Resting, money_in
from .history import Horizon, make_history


class Beginning:
    def __init__(
        self,
        matching: Matching,
        crowd: Crowd,
        nets: dict[str, Decimal],
        horizons: Sequence[Horizon],
        must_make: bool,
    ) -> None:
        """`nets` are the crowd's net positions in contract markets. With `must_make`, nothing is copied."""
        self._matching = matching
        self._crowd = crowd
        self._nets = nets
        self._horizons = horizons
        self._must_make = must_make

    def begin(self, end_ms: int) -> None:
        """Give the market its history, up to `end_ms`."""
        spec = replace(self._matching.spec, expiry_ms=None)
        key = (self._crowd.seed, spec, self._crowd.shape, tuple(self._horizons))
        history = None if self._must_make else HISTORIES.get(key)
        if history is not None:
            self._copy(history, end_ms)
        else:
            barter = None if self._must_make else barter_of(self._matching, self._crowd.accounts, self._nets)
            make_history(self._matching, self._crowd, end_ms, self._horizons, barter)
            HISTORIES.keep(key, self.history(end_ms))
        self._matching.tape.bound()

    def history(self, end_ms: int) -> History:
        """The state of the market, as a history that ends at `end_ms`."""
        matching = self._matching
        orders = [*matching.book.bids.orders(), *matching.book.asks.orders()]
        return History(
            end_ms,
            matching.tape.kept(),
            [Resting.of(order) for order in orders],
            money_in(self.buckets()),
            dict(self._nets),
            matching.seq,
            matching.next_trade_id,
            self._crowd.next_order_id,
        )

    def _copy(self, history: History, end_ms: int) -> None:
        matching = self._matching
        shift_ms = end_ms - history.end_ms
        matching.tape.begin(history.trades, shift_ms)
        for resting in history.orders:
            matching.book.side(resting.side).add(resting.order(matching.spec.id, shift_ms))
        for bucket, amounts in zip(self.buckets(), history.money, strict=True):
            bucket.amounts.update(amounts)
        self._nets.update(history.positions)
        matching.seq, matching.next_trade_id = history.seq, history.next_trade_id
        self._crowd.next_order_id = history.next_order_id

    def buckets(self) -> list[Bucket]:
        """The buckets that the trades of the history move money between."""
        wallets = [account.wallet for account in self._crowd.accounts]
        return [bucket for wallet in wallets for bucket in wallet.buckets] + [self._matching.settlement.fees]
