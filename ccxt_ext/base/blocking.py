"""What differs between the async and the sync classes. The twin, for async, is aio.py."""

import threading

import requests
from ccxt.base.exchange import Exchange as SyncExchange

__all__ = ["TRANSPORT_ERRORS", "SyncExchange", "SyncWaiter"]

TRANSPORT_ERRORS: tuple[type[BaseException], ...] = (requests.RequestException, OSError)


class SyncWaiter:
    """Something to wait for that any thread or event loop may end."""

    blocks_its_thread = True

    def __init__(self) -> None:
        self._event = threading.Event()

    def wake(self) -> None:
        self._event.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it was woken within that time."""
        return self._event.wait(seconds)
