# twin: blocking.py, by hand
"""ccxt's async Exchange class as venues have it, and what else differs in async classes from sync ones."""

import asyncio
import zlib
from contextlib import suppress
from typing import Any

import aiohttp
from ccxt.async_support.base.exchange import Exchange

from ccxt_ext.venue.closed.over_aiohttp import is_closed
from ccxt_ext.venue.surface.compat import close_sessions

__all__ = ["AsyncExchange"]

TRANSPORT_ERRORS: tuple[type[BaseException], ...] = (aiohttp.ClientError, OSError)

# What reading an answer can raise besides ccxt's errors, for example for an unknown charset or a bad length.
UNREADABLE = (ArithmeticError, EOFError, LookupError, RecursionError, ValueError, zlib.error)

REDIRECTS = (301, 302, 303, 307, 308)


class AsyncExchange(Exchange):
    """ccxt's async Exchange class, which here follows no redirects.

    Following one could send an order twice, or send its signature to another host.
    """

    session: Any
    socks_proxy_sessions: Any

    def open(self, *args: Any, **kwargs: Any) -> None:
        before = self.session
        super().open(*args, **kwargs)
        if self.session is not before:
            self.session = without_redirects(self, self.session)

    async def close(self, clean_instance_data: bool = False) -> None:
        # Older releases take no argument.
        await (super().close(clean_instance_data) if clean_instance_data else super().close())
        await close_sessions(self)

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
    """A response that fails if it is a redirect. aiohttp's tracing could do this too, but is slower."""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        await super().start(connection)
        if self.status in REDIRECTS:
            raise aiohttp.ClientError(f"a redirect ({self.status}) is not followed")
        return self


class AsyncWaiter:
    """Waits until another thread or event loop calls `wake()`."""

    blocks_its_thread = False

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()

    def wake(self) -> None:
        # If the loop has ended, maybe this very moment, nobody waits in it any more.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._finish)

    def _finish(self) -> None:
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait for at most this long. Returns whether `wake()` was called."""
        woken, _ = await asyncio.wait([self._future], timeout=seconds)
        return bool(woken)
