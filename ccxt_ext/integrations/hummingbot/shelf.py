"""Which connectors there are beside hummingbot's own, by their names. Nothing of ccxt is imported for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Row:
    """One connector."""

    name: str
    """As hummingbot calls it, such as `btex_perpetual`."""
    id: str
    """ccxt's id of its exchange."""
    kind: str
    """`spot` or `perpetual`."""
    origin: str = "ccxt-ext"
    tested: bool = True
    """Whether it is tested by ccxt-ext."""
    credentials: tuple[str, ...] = ("apiKey", "secret")
    """What it needs, by ccxt's names."""
    maker: Decimal = Decimal("0.001")
    """Fees as they are expected, until the venue's are known."""
    taker: Decimal = Decimal("0.001")
    example_pair: str = "BTC-USDT"
    client_id_length: int = 32


OURS = (
    Row("bitexasia", "bitexasia", "spot", client_id_length=36),
    Row("bitexbit", "bitexbit", "spot"),
    Row("bitmart2", "bitmart2", "spot", credentials=("apiKey", "secret", "uid")),
    Row("btex", "btex", "spot"),
    Row("bitmaxfutures_perpetual", "bitmaxfutures", "perpetual"),
    Row("btex_perpetual", "btex", "perpetual"),
)
