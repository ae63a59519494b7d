"""What the tests of the fast parsers share: two classes that must not differ, and values of all sorts."""

from collections.abc import Callable
from typing import Any

from ccxt.base.exchange import Exchange
from hypothesis import strategies as st

from ccxt_ext.venue.rest_client_sync import SyncRestClient
from ccxt_ext.venues.bitmart2.protocol import Protocol
from ccxt_ext.venues.bitmart2.rest_sync import bitmart2
from tests.odd_values import DIRT
from tests.venues.bitmart2.listings import listing

MARKETS = [
    listing(id, base_max_size="10000000", price_min_precision=2, price_max_precision=digits)
    for id, digits in (("BMX_ETH", 8), ("BTC_USDT", 2), ("XRP_ETH", 8), ("ABC_USDT", 0))
]


class Reference(Protocol, SyncRestClient):
    """The venue as it would be if it parsed row by row: with a helper of its own in ccxt's place."""

    @staticmethod
    def to_array(value: Any) -> Any:
        return Exchange.to_array(value)


def with_markets(exchange: Any) -> Any:
    exchange.set_markets([exchange.parse_market(market) for market in MARKETS], {})
    return exchange


FAST = with_markets(bitmart2())
SLOW = with_markets(Reference())


def outcome(exchange: Any, method: str | Callable[..., Any], *args: Any) -> tuple[Any, ...]:
    """The result to the last bit and type, or the exception."""
    try:
        result = method(exchange, *args) if callable(method) else getattr(exchange, method)(*args)
    except Exception as error:
        return type(error), str(error)
    return "result", repr(result)


def assert_same(
    method: str | Callable[..., Any], *args: Any, fast: Exchange = FAST, slow: Exchange = SLOW
) -> None:
    assert outcome(fast, method, *args) == outcome(slow, method, *args)


def dirty_rows(rows: st.SearchStrategy[list[Any]], keys: list[Any]) -> st.SearchStrategy[list[Any]]:
    """The rows, with some cells replaced or taken away, some rows repeated or not even objects."""

    @st.composite
    def spoiled(draw: st.DrawFn) -> list[Any]:
        made = [row.copy() for row in draw(rows)]
        for _ in range(draw(st.integers(0, 3))):
            row = made[draw(st.integers(0, len(made) - 1))]
            if not isinstance(row, dict | list) or not row:
                continue
            key = draw(st.sampled_from(keys))
            if draw(st.booleans()):
                if isinstance(row, dict) or key < len(row):
                    row[key] = draw(DIRT)
            elif isinstance(row, dict):
                row.pop(key, None)
            else:
                del row[-1]
        if draw(st.integers(0, 5)) == 0:
            made[draw(st.integers(0, len(made) - 1))] = draw(st.sampled_from([None, [], {}, "123456", 5]))
        if draw(st.integers(0, 5)) == 0:
            made.append(made[0])
        return made

    return spoiled()
