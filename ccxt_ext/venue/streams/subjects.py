"""What is watched, as a value with parts, since a symbol may contain any separator."""

from dataclasses import dataclass

__all__ = ["Subject", "subject_of"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody waits for news of. News are sent out under it, as ccxt's are under a message hash."""

    kind: str
    """`balance`, `bidask`, `fundingRate`, `markPrice`, `myTrades`, `ohlcv`, `orderbook`, `orders`,
    `positions`, `ticker` or `trades`."""
    symbols: tuple[str, ...] = ()
    """None stands for all markets, or for the account as a whole."""
    detail: str | int | None = None
    """The timeframe of candles, the limit of a book."""
    asked: str | None = None
    """The watcher's own parameters, where they make a difference."""

    @property
    def symbol(self) -> str | None:
        """The one symbol; None if there is none."""
        return self.symbols[0] if self.symbols else None

    def is_left_with(self, left: "Subject") -> bool:  # internal
        """Whether who leaves `left` leaves this too: the same thing, whatever its limit and parameters."""
        return (self.kind, self.symbols) == (left.kind, left.symbols) and left.detail in (None, self.detail)

    def __str__(self) -> str:
        detail = None if self.detail is None else str(self.detail)
        return ":".join(filter(None, (self.kind, ",".join(self.symbols), detail)))


def subject_of(kind: str, symbol: str | None = None, detail: str | int | None = None) -> Subject:
    """A subject about one symbol, or about none in particular."""
    return Subject(kind, (symbol,) if symbol else (), detail)
