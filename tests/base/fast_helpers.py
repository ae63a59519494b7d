"""What the tests of the fast parsers share: two classes that must not differ, and values of all sorts."""

from typing import Any

from ccxt.base.exchange import Exchange
from hypothesis import settings
from hypothesis import strategies as st

from ccxt_ext.base.rest_client_sync import SyncRestClient
from ccxt_ext.venues.bitmart2.protocol import Protocol
from ccxt_ext.venues.bitmart2.rest_sync import bitmart2

settings.register_profile("no deadline", deadline=None)  # a slow machine is no failure
settings.load_profile("no deadline")

MARKETS = [
    {
        "id": f"{base}_{quote}",
        "base_currency": base,
        "quote_currency": quote,
        "quote_increment": "0.01",
        "base_min_size": "0.01",
        "base_max_size": "10000000",
        "price_min_precision": 2,
        "price_max_precision": digits,
        "expiration": "NA",
    }
    for base, quote, digits in (("BMX", "ETH", 8), ("BTC", "USDT", 2), ("XRP", "ETH", 8), ("ABC", "USDT", 0))
]


class Reference(Protocol, SyncRestClient):
    """The venue as it would be without its columns."""


def with_markets(exchange: Any) -> Any:
    exchange.set_markets([exchange.parse_market(market) for market in MARKETS], {})
    return exchange


FAST = with_markets(bitmart2())
SLOW = with_markets(Reference())


def outcome(exchange: Any, method: str, *args: Any) -> tuple[Any, ...]:
    """The result to the last bit and type, or the exception."""
    try:
        result = getattr(exchange, method)(*args)
    except Exception as error:
        return type(error), str(error)
    return "result", repr(result)


def assert_same(method: str, *args: Any, fast: Exchange = FAST, slow: Exchange = SLOW) -> None:
    assert outcome(fast, method, *args) == outcome(slow, method, *args)


def decimals(least: int = 0, most: int = 10**9, places: int = 10) -> st.SearchStrategy[str]:
    def text(number: int, digits: int) -> str:
        padded = str(number).rjust(digits + 1, "0")
        return padded if digits == 0 else f"{padded[:-digits]}.{padded[-digits:]}"

    return st.builds(text, st.integers(least, most), st.integers(0, places))


# As a careful venue sends them, ...
PLAIN = decimals(1)
# ... as most venues do, ...
NUMBERS = st.one_of(
    PLAIN,
    decimals(),
    decimals(1).map(lambda text: "-" + text),
    st.integers(0, 10**12),
    st.floats(1e-9, 1e9),
    st.sampled_from(["0", "0.00", 0, 0.0, None]),
)
# ... and what nobody hopes for.
DIRT = st.one_of(
    NUMBERS,
    st.sampled_from(
        [
            "",
            "NaN",
            "inf",
            "-0",
            -0.0,
            "-0.0",
            "1e-7",
            "2E5",
            1e-7,
            1e22,
            " 1",
            "1_0",
            "1,5",
            ",",
            "007",
            ".5",
            "5.",
            "--1",
            "1-2",
            "true",
            "null",
            "[1",
            "2]",
            "0.1234567890123456789012",
            "123456789012345678901234567890",
            "9" * 400,
            "\u0661",
            "\ud800",
            "x",
            True,
            False,
            float("inf"),
            float("nan"),
            10**30,
            10**400,
            [],
            ["1"],
            {},
            {"a": 1},
        ]
    ),
    st.text(max_size=3),
)


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
