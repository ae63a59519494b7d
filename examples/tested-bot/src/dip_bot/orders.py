"""Places orders so that none is lost and none doubled, whatever happens to the answers."""

import logging
import secrets
import time

import ccxt

log = logging.getLogger(__name__)

# How long after its time Binance takes a request: ccxt's recvWindow, and a little more.
TAKEN_FOR = 12
LATEST = 100


def place(exchange, symbol, side, amount, price):
    """The order as ccxt has it; None if it is certain that it was not placed."""
    client_id = secrets.token_hex(12)
    try:
        return exchange.create_order(symbol, "limit", side, amount, price, {"clientOrderId": client_id})
    except ccxt.OperationFailed as error:  # a timeout, a cut connection, a 5xx: who knows?
        log.warning("the outcome of order %s is unknown: %r", client_id, error)
    return look_up(exchange, symbol, client_id)


def look_up(exchange, symbol, client_id):
    sent = time.monotonic()
    while True:
        late = time.monotonic() - sent > TAKEN_FOR
        try:
            orders = exchange.fetch_orders(symbol, limit=LATEST)
        except ccxt.OperationFailed as error:
            log.warning("the venue is not there: %r", error)
        else:
            for order in orders:
                if order["clientOrderId"] == client_id:
                    return order
            if late:
                return None
        time.sleep(1)
