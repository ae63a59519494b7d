"""ccxt's sync Exchange class as venues have it, and what else differs in sync classes from async ones."""

import http.client
import threading
import zlib
from collections.abc import Mapping
from typing import Any

import requests
import urllib3
from ccxt.base.exchange import Exchange

__all__ = ["SyncExchange"]

TRANSPORT_ERRORS: tuple[type[BaseException], ...] = (requests.RequestException, OSError)

# What reading an answer can raise besides ccxt's errors, for example for an unknown charset or a bad length.
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
    """ccxt's sync Exchange class, which here follows no redirects.

    Following one could send an order twice, or send its signature to another host.
    """

    def __init__(self, config: Mapping[str, Any] = {}) -> None:
        super().__init__(config)
        if "session" not in config:
            # max_redirects would not do: requests reads the new address first, and fails if that is invalid.
            self.session.get_redirect_target = no_redirects


def no_redirects(response: requests.Response) -> None:
    if response.is_redirect:
        raise requests.TooManyRedirects(f"a redirect ({response.status_code}) is not followed")


class SyncWaiter:
    """Waits until another thread or event loop calls `wake()`."""

    blocks_its_thread = True

    def __init__(self) -> None:
        self._event = threading.Event()

    def wake(self) -> None:
        self._event.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for at most this long. Returns whether `wake()` was called."""
        return self._event.wait(seconds)
