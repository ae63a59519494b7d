"""The names of credentials are those of ccxt, of each release."""

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.keys.credentials import CREDENTIALS, PUBLIC, SECRET


def test_they_are_ccxts():
    assert tuple(Exchange.requiredCredentials) == CREDENTIALS
    assert {*PUBLIC, *SECRET} == set(CREDENTIALS)
