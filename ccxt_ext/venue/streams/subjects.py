"""What is watched, as a value with parts: a symbol may contain whatever its venue likes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody waits for news of; connections know by it whom to serve."""

    kind: str
    symbols: tuple[str, ...] = ()  # none: all, or the account as a whole
    detail: str | None = None  # a candle's timeframe, a book's limit
    asked: str | None = None  # parameters of a watcher's own

    @property
    def symbol(self) -> str | None:
        return self.symbols[0] if self.symbols else None

    def is_left_with(self, left: "Subject") -> bool:
        """Whether leaving `left` ends this: the same, whatever limit and parameters it was asked with."""
        return (self.kind, self.symbols) == (left.kind, left.symbols) and left.detail in (None, self.detail)

    def __str__(self) -> str:
        return ":".join(filter(None, (self.kind, ",".join(self.symbols), self.detail)))


def hash_of(kind: str, symbol: str | None = None, detail: str | None = None) -> Subject:
    """What ccxt calls a message hash."""
    return Subject(kind, (symbol,) if symbol else (), detail)
