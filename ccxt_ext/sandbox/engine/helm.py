"""Moves the markets of an engine as somebody outside wants it: their prices, their candles, their books."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from .accounts import Accounts
from .checks import check_price
from .clock import Clock
from .market import Market
from .model import OPPOSITE, Refused, Trade
from .synthetic.crowd import BookShape
from .synthetic.rows import OhlcvRow, check_rows, in_ticks


class Helm:
    """What cannot be done raises `Refused`, and leaves nothing behind."""

    def __init__(
        self,
        markets: Mapping[str, Market],
        accounts: Accounts,
        clock: Clock,
        act: Callable[[Sequence[Market]], None],
    ) -> None:
        """`act` lets markets move as far as that is due, and does what follows from an operation."""
        self.usual_book = BookShape()
        """What the makers keep in the books of markets that are listed from now on."""
        self._markets = markets
        self._accounts = accounts
        self._clock = clock
        self._act = act

    def move_price(self, market_id: str, price: Decimal, over_ms: int = 0) -> int:
        """Have the traders bring a market to a price, at once or over a time. Returns when it is there."""
        market = self._open(market_id)
        ticks = check_price(market.spec, price) * market.per_tick
        if market.rows_left is not None:
            raise Refused("plays_candles", market=market_id)
        self._catch_up(market)
        now = self._clock.now()
        market.steer(ticks, now, now + over_ms)
        self._act([])
        return now + over_ms

    def play(self, market_id: str, rows: Sequence[OhlcvRow], step_ms: int, fit: bool = False) -> None:
        """Give a market candles: those of the past are its past, and it goes through the others.

        Raises BadRows if they are no candles, or if the market cannot have them. With `fit`, prices and
        volumes are set on the market's steps.
        """
        check_rows(rows, step_ms)
        fitting = in_ticks(rows, self._markets[market_id].spec, fit)
        market = self._open(market_id)
        self._catch_up(market)
        fitting = [row.finer(market.per_tick) for row in fitting]
        market.play(fitting, step_ms, self._trades_of_accounts(market_id), self._clock.now())
        self._act([])

    def give_back(self, market_id: str) -> None:
        """Give a market that goes through candles back to its usual traders."""
        market = self._open(market_id)
        self._catch_up(market)
        market.give_back()

    def shape_book(self, market_id: str, shape: BookShape) -> None:
        """Set what the makers keep in a market's book, and have them place it."""
        market = self._markets[market_id]
        self._catch_up(market)
        market.shape_book(shape, self._clock.now())
        self._act([])

    def _open(self, market_id: str) -> Market:
        market = self._markets[market_id]
        if not market.active:
            raise Refused("market_closed", market=market_id)
        market.warm_up()
        return market

    def _catch_up(self, market: Market) -> None:
        """Let a market move as far as it is, so that what follows comes after that."""
        self._act([market] if market.is_driven else [])

    def _trades_of_accounts(self, market_id: str) -> list[Trade]:
        """The trades of the accounts that were opened, oldest first."""
        found: dict[int, Trade] = {}
        for name in self._accounts.opened:
            for fill in self._accounts[name].fills.all:
                if fill.market == market_id:
                    taker = OPPOSITE[fill.side] if fill.maker else fill.side
                    found[fill.id] = Trade(fill.id, market_id, fill.price, fill.amount, taker, fill.timestamp)
        return sorted(found.values(), key=lambda trade: (trade.timestamp, trade.id))
