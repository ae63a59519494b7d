"""What tests of connectors need to know of each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Market:
    name: str
    """The connector's."""
    id: str
    """ccxt's id of its exchange."""
    pair: str
    symbol: str
    places: str
    """By this in their paths, requests that place orders are known while nothing is polled."""
    wallet: str | None = None
    """The sandbox's, where an account has several."""
    market_orders: bool = False
    post_only: bool = False
    honours_ids: bool = False
    """Whether an order with an id of ours is placed once, however often it is sent."""

    def __str__(self) -> str:
        return self.name


SPOT = (
    Market("bitexasia", "bitexasia", "BTC-USD", "BTC/USD", "orders", market_orders=True, honours_ids=True),
    Market("bitexbit", "bitexbit", "BTC-USDT", "BTC/USDT", "order"),
    Market("bitmart2", "bitmart2", "BTC-USDT", "BTC/USDT", "orders"),
    Market("btex", "btex", "BTC-USDT", "BTC/USDT", "auth_api", wallet="spot"),
)

PERPETUAL = (
    Market(
        "bitmaxfutures_perpetual",
        "bitmaxfutures",
        "BTC-USDT",
        "BTC/USDT:USDT",
        "futures/order$",
        wallet="futures",
        market_orders=True,
        post_only=True,
    ),
    Market(
        "btex_perpetual",
        "btex",
        "BTC-USDT",
        "BTC/USDT:USDT",
        "place_order",
        wallet="contracts",
        market_orders=True,
    ),
)
