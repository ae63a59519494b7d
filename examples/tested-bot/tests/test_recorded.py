"""What Binance answers, recorded: the protocol, which a simulated exchange does not have.

The cassette holds the sample of Binance's documentation. For its answers of today, take the marker away, and
record where there is a network: `pytest tests/test_recorded.py --ccxt-record=all`.
"""

import pytest
from dip_bot import DipBot


@pytest.mark.ccxt_cassette(source="documented")
def test_candles_are_read_as_binance_sends_them(ccxt_cassette):
    exchange = ccxt_cassette.exchange("binance", options={"fetchMarkets": {"types": ["spot"]}})
    assert 0 <= DipBot(exchange).fallen() < 1
