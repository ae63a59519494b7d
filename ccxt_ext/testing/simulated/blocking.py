"""ccxt's own sync class, whose transport, throttle and retries a simulated exchange uses."""

from ccxt.base.exchange import Exchange

SyncExchange = Exchange
