"""Streaming classes that wait less, so that tests need not wait."""

import copy

QUICK = {
    "polling": {"interval": 20},
    "ws": {
        "connectInterval": 0,
        "reconnectDelay": 5,
        "maxReconnectDelay": 50,
    },
}


def hurry(exchange):
    # A copy, as ccxt puts what it is given itself where there was nothing, and tests change their watcher's.
    exchange.options = exchange.deep_extend(exchange.options, copy.deepcopy(QUICK))
