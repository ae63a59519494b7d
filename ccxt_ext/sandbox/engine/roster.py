"""Which markets an engine has: they are listed, changed and ended while others are traded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from .contracts.contract_settlement import ContractSettlement
from .helm import Helm
from .listed import Listed
from .market import Market
from .model import MarketSpec, Refused
from .opening import EngineParts, open_market
from .treasury import Treasury
from .upkeep import Upkeep

ID_RANGE = 1_000_000_000
"""Each market has a range of numbers for its synthetic orders and its trades, so that they do not depend on
other markets. These ranges are above that of the accounts' orders."""


class Roster:
    def __init__(
        self,
        seed: str,
        parts: EngineParts,
        markets: Listed[Market],
        contracts: dict[str, ContractSettlement],
        *,
        wallets: Sequence[str],
        treasury: Treasury,
        upkeep: Upkeep,
        helm: Helm,
    ) -> None:
        """`markets` and `contracts` are filled here."""
        self._seed = seed
        self._parts = parts
        self._markets = markets
        self._contracts = contracts
        self._wallets = wallets
        self._treasury = treasury
        self._upkeep = upkeep
        self._helm = helm
        self._start_price_of: Callable[[MarketSpec], Decimal | None] | None = None

    def begin(self, specs: Sequence[MarketSpec]) -> None:
        """Open the markets that the engine has from the start."""
        specs = [self._with_wallet(spec) for spec in specs]
        for wallet in {spec.wallet for spec in specs}:
            self._parts.accounts.wallet(wallet)
            if len({spec.is_contract for spec in specs if spec.wallet == wallet}) > 1:
                raise ValueError(f"wallet {wallet} has to serve either spot markets or contracts")
        for spec in specs:
            self._open(spec)

    def start_at(self, price_of: Callable[[MarketSpec], Decimal | None]) -> None:
        self._start_price_of = price_of
        for market in self._markets.values():
            price = price_of(market.spec)
            if price is not None:
                market.start_at(price)

    def add(self, spec: MarketSpec) -> None:
        """List another market."""
        price = None if self._start_price_of is None else self._start_price_of(spec)
        self._open(self._with_wallet(spec if price is None else replace(spec, start_price=price)))

    def _with_wallet(self, spec: MarketSpec) -> MarketSpec:
        return spec if spec.wallet else replace(spec, wallet=self._wallets[0])

    def _open(self, spec: MarketSpec) -> None:
        if spec.id in self._markets or spec.id in self._markets.ended:
            raise ValueError(f"two markets are called {spec.id}")
        first_id = (len(self._markets) + len(self._markets.ended) + 1) * ID_RANGE + 1
        market = open_market(spec, self._parts, f"{self._seed}:{spec.id}", first_id)
        market.crowd.shape = self._helm.usual_book
        self._markets[spec.id] = market
        if market.contract is not None:
            self._contracts[spec.id] = market.contract
        self._treasury.add_currencies(spec.money)

    def change(self, market: Market, spec: MarketSpec) -> None:
        """Let a market go by other rules."""
        if market.rows_left is not None and (spec.tick, spec.step) != (market.spec.tick, market.spec.step):
            raise Refused("plays_candles", market=spec.id)
        self._upkeep.catch_up()
        market.change(spec, self._parts.clock.now())
        self._upkeep.look_again()

    def end(self, market: Market, keep: bool) -> None:
        """End a market for good. With `keep`, it stays among the others."""
        self._upkeep.catch_up()
        market.delist(self._parts.clock.now())
        self._upkeep.look_again()
        if not keep:
            self._markets.end(market.spec.id)
            self._contracts.pop(market.spec.id, None)
