"""What differs between the async and the sync classes. The twin, for sync, is blocking.py."""

import asyncio
import zlib
from contextlib import suppress
from typing import Any

import aiohttp
from ccxt.async_support.base.exchange import Exchange

from ccxt_ext.venue.closed.over_aiohttp import is_closed

__all__ = ["TRANSPORT_ERRORS", "UNREADABLE", "AsyncExchange", "AsyncWaiter"]

TRANSPORT_ERRORS: tuple[type[BaseException], ...] = (aiohttp.ClientError, OSError)

# What an answer can raise beside ccxt's errors: a charset, an encoding or a length that is none.
UNREADABLE = (ArithmeticError, EOFError, LookupError, RecursionError, ValueError, zlib.error)

REDIRECTS = (301, 302, 303, 307, 308)


class AsyncExchange(Exchange):
    """ccxt's, but it follows no redirect: an order would go out again, and its signature elsewhere."""

    session: Any
    socks_proxy_sessions: Any

    def open(self, *args: Any, **kwargs: Any) -> None:
        before = self.session
        super().open(*args, **kwargs)
        if self.session is not before:
            self.session = without_redirects(self, self.session)

    def get_socks_proxy_session(self, socksProxy: str) -> Any:
        if not self.socks_proxy_sessions or socksProxy not in self.socks_proxy_sessions:
            made = super().get_socks_proxy_session(socksProxy)
            self.socks_proxy_sessions[socksProxy] = without_redirects(self, made)
        return self.socks_proxy_sessions[socksProxy]


def without_redirects(exchange: Exchange, session: Any) -> aiohttp.ClientSession:
    """One that takes the place of a session that ccxt made."""
    connector, closed = session.connector, is_closed(exchange, session)
    session.detach()
    return aiohttp.ClientSession(
        loop=exchange.asyncio_loop,
        connector=connector,
        trust_env=exchange.aiohttp_trust_env and not closed,
        response_class=NoRedirect,
    )


class NoRedirect(aiohttp.ClientResponse):
    """An answer that leads nowhere else. Tracing could refuse redirects as well, and costs each call more."""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        await super().start(connection)
        if self.status in REDIRECTS:
            raise aiohttp.ClientError(f"a redirect ({self.status}) is not followed")
        return self


class AsyncWaiter:
    """Something to wait for that any thread or event loop may end."""

    blocks_its_thread = False

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()

    def wake(self) -> None:
        # Whoever waited in a loop that has ended, maybe just now, does not wait any more.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._finish)

    def _finish(self) -> None:
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self, seconds: float | None = None) -> bool:
        """Whether it was woken within that time."""
        woken, _ = await asyncio.wait([self._future], timeout=seconds)
        return bool(woken)
