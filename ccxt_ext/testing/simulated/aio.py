# twin: blocking.py, by hand
"""ccxt's own async class, whose transport, throttle and retries a simulated exchange uses."""

from ccxt.async_support.base.exchange import Exchange

AsyncExchange = Exchange
