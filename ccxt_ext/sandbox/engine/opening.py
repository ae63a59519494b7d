"""Puts the parts of a market together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .accounts import Accounts
from .clock import Clock
from .contracts.contract_settlement import ContractSettlement
from .contracts.holdings import Holdings
from .contracts.margins import Margins
from .contracts.order_margins import OrderMargins
from .contracts.prices import ContractPrices
from .contracts.requirements import Requirements
from .contracts.schedule import Schedule
from .ledger import Ledger
from .market import Market
from .model import MarketSpec, TriggerSource
from .outbox import Outbox
from .past import PastLock
from .synthetic.beginning import Beginning
from .synthetic.crowd import Crowd, open_members
from .synthetic.history import Horizon
from .trading.announcer import Announcer
from .trading.book import Book
from .trading.matching import Matching
from .trading.settlement import Settlement
from .trading.spot import SpotSettlement
from .trading.tape import Tape


@dataclass(frozen=True)
class EngineParts:
    """What all markets of an engine share."""

    clock: Clock
    ledger: Ledger
    accounts: Accounts
    outbox: Outbox
    margins: Margins
    horizons: Sequence[Horizon]
    past_lock: PastLock
    past_ends: Callable[[], int]
    now: Callable[[], int]
    """The present time. While something overdue is done, it is the time when that was due."""
    catch_up: Callable[[], None]
    next_position_id: Callable[[], int]


def open_market(spec: MarketSpec, parts: EngineParts, seed: str, first_id: int) -> Market:
    """A new market. `first_id` is the first number for its trades and for its synthetic orders."""
    ledger = parts.ledger
    members = open_members(spec, ledger)
    for account in members:
        parts.accounts.add(account)
    book, tape = Book(), Tape(spec)
    contract = prices = None
    settlement: Settlement
    if spec.is_contract:
        prices = ContractPrices(spec, seed, parts.clock.start_ms)
        holdings = Holdings(spec, prices, members)
        order_margins = OrderMargins(holdings)
        requirements = Requirements(holdings, order_margins, parts.margins)
        contract = settlement = ContractSettlement(
            holdings, requirements, parts.margins, ledger, parts.now, parts.next_position_id
        )
        parts.margins.add_market(holdings, order_margins)
        parts.accounts.add(contract.insurance)
    else:
        settlement = SpotSettlement(spec, ledger)
    matching = Matching(
        spec,
        book=book,
        tape=tape,
        settlement=settlement,
        announcer=Announcer(spec, parts.outbox, book, settlement, parts.accounts.by_name),
        accounts=parts.accounts.by_name,
        price_by=Sources(tape, prices).price_by,
        first_trade_id=first_id,
    )
    crowd = Crowd(members, matching, ledger, seed, first_id)
    market = Market(
        matching,
        crowd,
        Beginning(
            matching,
            crowd,
            nets={} if contract is None else contract.holdings.synthetic,
            horizons=parts.horizons,
            must_make=ledger.journal is not None,  # a copied history would have no postings
        ),
        clock=parts.clock,
        past_ends=parts.past_ends,
        past_lock=parts.past_lock,
        contract=contract,
        schedule=None if contract is None else Schedule(contract, ledger),
        catch_up=parts.catch_up if contract else None,
    )
    if prices is not None:
        prices.market_price = market.price_now
    return market


class Sources:
    """The prices that waiting orders may be compared with."""

    def __init__(self, tape: Tape, prices: ContractPrices | None) -> None:
        self._tape = tape
        self._prices = prices

    def price_by(self, source: TriggerSource) -> Decimal:
        """Without contracts, this is always the last price."""
        if source == "last" or self._prices is None:
            return self._tape.last_price
        return self._prices.mark if source == "mark" else self._prices.index
