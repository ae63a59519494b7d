"""What the tests with unmodified programs need to know of each venue. A new venue adds one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.ids import IDS


@dataclass(frozen=True)
class ClientVenue:
    # What a plain script buys.
    symbol: str
    amount: float
    # What the tour over all venues trades, if not that: contracts, where there are some.
    tour: str = ""
    # The commands of freqtrade that work.
    freqtrade: tuple[str, ...] = ("list-markets", "download-data", "dry-run", "trade")
    # Its trading modes for which there are markets. The first is the bots'.
    modes: tuple[str, ...] = ("spot",)
    pairs: tuple[str, ...] = ()
    # What a bot's user has to put into ccxt's options.
    options: Mapping[str, Any] = field(default_factory=dict)
    stake_currency: str = "USDT"
    stake_amount: float = 100
    fee: float = 0.001
    # The first is the bot's.
    timeframes: tuple[str, ...] = ("1m", "5m", "1h", "1d")
    # What ccxt's checks of structures miss, beyond what ccxt's own suite meets (skip_ccxt of its profile).
    untold: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Features that freqtrade requires and the venue has not.
    lacks: tuple[str, ...] = ()


VENUES = {
    "bitmart2": ClientVenue(symbol="BTC/USDT", amount=0.01, pairs=("BTC/USDT", "ETH/USDT")),
    "bitexbit": ClientVenue(
        symbol="BTC/USDT",
        amount=0.01,
        pairs=("BTC/USDT", "ETH/USDT"),
        fee=0.002,
    ),
    # freqtrade works with no exchange that has no candles.
    "bitexasia": ClientVenue(symbol="BTC/USD", amount=0.01, freqtrade=(), lacks=("fetchOHLCV",)),
    "btex": ClientVenue(
        symbol="BTC/USD:BTC",
        amount=10,
        modes=("spot", "futures"),
        pairs=("BTC/USDT", "ETH/USDT"),
        fee=0.002,
        timeframes=("5m", "1h", "2h", "1d"),
        untold={"fetchPositions": ("timestamp", "datetime", "markPrice")},
    ),
    "bitmaxfutures": ClientVenue(
        symbol="BTC/USDT:USDT",
        amount=0.01,
        modes=("futures",),
        pairs=("BTC/USDT:USDT", "ETH/USDT:USDT"),
        untold={"fetchPositions": ("timestamp", "datetime", "collateral", "liquidationPrice")},
    ),
}


@dataclass(frozen=True)
class Contracts:
    """A venue whose contracts freqtrade trades: its leverages are of a long position and of a short one."""

    long: str = "BTC/USDT:USDT"
    short: str = "ETH/USDT:USDT"
    leverages: tuple[int, int] = (5, 20)
    # The stakes; that of the short position may lead to another tier.
    stakes: tuple[float, float] = (500, 500)
    # Whether it has stop orders.
    stops: bool = False


CONTRACTS = {
    "bitmaxfutures": Contracts(stakes=(500, 6000), stops=True),
    "btex": Contracts(),
}


def with_command(command: str) -> list[str]:
    """The venues with which this command of freqtrade can work."""
    return [venue for venue in IDS if venue in VENUES and command in VENUES[venue].freqtrade]
