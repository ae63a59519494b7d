"""What is known of one connector before anything of it is imported."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

FOLDERS = {"spot": "exchange", "perpetual": "derivative"}
"""Where hummingbot has connectors, by our word for their markets."""


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

    @property
    def folder(self) -> str:
        return FOLDERS[self.kind]

    @property
    def package(self) -> str:
        """The name of its package in hummingbot."""
        return f"hummingbot.connector.{self.folder}.{self.name}"

    @property
    def class_name(self) -> str:
        """As hummingbot makes it of the module's name."""
        return "".join(word.capitalize() for word in f"{self.name}_{self.folder}".split("_"))
