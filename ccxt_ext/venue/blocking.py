"""What differs between the async and the sync classes. The twin, for async, is aio.py."""

import http.client
import threading
import zlib
from collections.abc import Mapping
from typing import Any

import requests
import urllib3
from ccxt.base.exchange import Exchange

__all__ = ["TRANSPORT_ERRORS", "UNREADABLE", "SyncExchange", "SyncWaiter", "no_redirects"]

TRANSPORT_ERRORS: tuple[type[BaseException], ...] = (requests.RequestException, OSError)

# What an answer can raise beside ccxt's errors: a charset, an encoding or a length that is none.
UNREADABLE = (
    ArithmeticError,
    EOFError,
    LookupError,
    RecursionError,
    ValueError,
    zlib.error,
    http.client.HTTPException,
    urllib3.exceptions.HTTPError,
)


class SyncExchange(Exchange):
    """ccxt's, but it follows no redirect: an order would go out again, and its signature elsewhere."""

    def __init__(self, config: Mapping[str, Any] = {}) -> None:
        super().__init__(config)
        if "session" not in config:
            # Not by way of max_redirects: requests would read the address first, and stumble over a bad one.
            self.session.get_redirect_target = no_redirects


def no_redirects(response: requests.Response) -> None:
    if response.is_redirect:
        raise requests.TooManyRedirects(f"a redirect ({response.status_code}) is not followed")


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
