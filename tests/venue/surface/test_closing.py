"""An async exchange that is closed holds no session, whatever its release of ccxt leaves open."""

import ccxt.async_support
import pytest
from ccxt.async_support.base.exchange import Exchange

from ccxt_ext.testing.bots.clients import Clients
from ccxt_ext.venues.bitmart2.rest import bitmart2


@pytest.fixture
def careless(monkeypatch):
    """As 4.5.60 is: only streams are closed."""

    async def close(self, clean_instance_data=False):
        streams = getattr(self, "close_ws_clients", None) or self.ws_close  # its name in older releases
        await streams()

    monkeypatch.setattr(Exchange, "close", close)


async def test_one_of_ours(careless):
    exchange = bitmart2()
    exchange.open()
    session = exchange.session
    await exchange.close()
    assert session.closed and exchange.session is None


async def test_one_of_ccxts_that_a_test_had(careless):
    clients = Clients()
    exchange = clients.keep(ccxt.async_support.kraken({"verify": False}))
    exchange.open()
    session = exchange.session
    await clients.close_in(exchange.asyncio_loop)
    assert session.closed and exchange.session is None
    clients.close()


async def test_a_session_of_the_programs_own_stays_open(careless):
    exchange = bitmart2()
    exchange.open()
    other = bitmart2({"session": exchange.session})
    assert not other.own_session
    await other.close()
    assert not exchange.session.closed
    await exchange.close()
