"""A small Binance on this machine, for tests of pages and examples that record one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.recorded import stubs

# Binance's documented sample of a candle.
CANDLE = (
    *(1499040000000, "0.01634790", "0.80000000", "0.01575800", "0.01577100", "148976.11427815"),
    *(1499644799999, "2434.19055334", 308, "1756.87402397", "28.46694368", "0"),
)

# As a test would say it itself: `exchange(id, via=...)`.
CONFTEST = """
import pytest

@pytest.fixture
def ccxt_cassette(ccxt_cassette):
    make = ccxt_cassette.exchange
    via = {via!r}
    ccxt_cassette.exchange = lambda id, kind="sync", **config: make(id, kind, via=via, **config)
    return ccxt_cassette
"""


class Binance(stubs.Binance):
    async def answer(self, request, body):  # type: ignore[no-untyped-def]
        if request.path.endswith("/klines"):
            return [CANDLE]
        if request.path.endswith("exchangeInfo") and "/api/v3/" not in request.path:
            return {"symbols": []}  # it has spot markets only
        return await super().answer(request, body)

    @property
    def via(self) -> dict[str, str]:
        others = ("https://fapi.binance.com", "https://dapi.binance.com")
        return {**super().via, **dict.fromkeys(others, self.url)}


@contextmanager
def recordable(folder: Path) -> Iterator[Binance]:
    """A folder whose tests record this one in place of Binance."""
    conftest = folder / "conftest.py"
    with Binance().serve() as stub:
        conftest.write_text(CONFTEST.format(via=stub.via))
        try:
            yield stub
        finally:
            conftest.unlink()
    assert stub.failures == []
