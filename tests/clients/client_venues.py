"""What the tests with unmodified programs need to know of each venue. A new venue adds one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ccxt_ext._ids import IDS


@dataclass(frozen=True)
class ClientVenue:
    # What a plain script buys.
    symbol: str
    amount: float
    # What the tour over all venues trades, if not that: contracts, where there are some.
    tour: str = ""
    # The commands of freqtrade that can work. It takes exchanges that it does not know for spot exchanges.
    freqtrade: tuple[str, ...] = ("list-markets", "download-data", "dry-run", "trade")
    pairs: tuple[str, ...] = ()
    stake_currency: str = "USDT"
    stake_amount: float = 100
    fee: float = 0.001
    timeframes: tuple[str, ...] = ("1m", "5m", "1h", "1d")
    # What ccxt's checks of structures miss, beyond what ccxt's own suite meets (tests/ccxt_suite/skips.json).
    untold: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Features that freqtrade requires and the venue has not.
    lacks: tuple[str, ...] = ()


VENUES = {
    "bitmart2": ClientVenue(symbol="BTC/USDT", amount=0.01, pairs=("BTC/USDT", "ETH/USDT")),
    # Its API does not tell what was filled of an order, nor which order a trade belongs to; a bot that trades
    # for real asks for both.
    "bitexbit": ClientVenue(
        symbol="BTC/USDT",
        amount=0.01,
        freqtrade=("list-markets", "download-data", "dry-run"),
        pairs=("BTC/USDT", "ETH/USDT"),
        fee=0.002,
    ),
    # freqtrade works with no exchange that has no candles.
    "bitexasia": ClientVenue(symbol="BTC/USD", amount=0.01, freqtrade=(), lacks=("fetchOHLCV",)),
    # freqtrade trades contracts only where it has a class for the exchange.
    "btex": ClientVenue(
        symbol="BTC/USD:BTC",
        amount=10,
        freqtrade=(),
        untold={"fetchPositions": ("timestamp", "datetime", "markPrice")},
    ),
    "bitmaxfutures": ClientVenue(
        symbol="BTC/USDT:USDT",
        amount=0.01,
        freqtrade=(),
        untold={"fetchPositions": ("timestamp", "datetime", "collateral", "liquidationPrice")},
    ),
}


def with_command(command: str) -> list[str]:
    """The venues with which this command of freqtrade can work."""
    return [venue for venue in IDS if command in VENUES[venue].freqtrade]
