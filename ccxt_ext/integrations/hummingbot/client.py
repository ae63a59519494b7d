"""The exchange of ccxt that a connector goes through. It is there as long as somebody uses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import ccxt.async_support
import ccxt.pro
from ccxt.base.errors import BaseError

from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.surface.compat import drop_caches


class Client:
    """One connector's exchange.

    hummingbot makes connectors only to ask them something, and drops them unclosed. So the exchange is opened
    when the first user comes, and closed when the last one has gone: a started connector is a user itself.
    Ours are opened again for the next one, as hummingbot restarts a connector whenever its network fails. Of
    ccxt's a new one is made: some would wait for ever for a login that was cut.
    """

    def __init__(self, id: str, credentials: Mapping[str, str], default_type: str) -> None:
        self.id = id
        self.credentials = {name: value for name, value in credentials.items() if value}
        self.default_type = default_type
        self.markets: Mapping[str, Any] = {}
        """As they were told last, by ccxt's symbols, those too that are gone; the next exchange gets them."""
        self._api: Any = None
        self._idle: Any = None
        """One that is closed, or has never been open."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._users = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        """The exchange, with its markets."""
        api = self._enter()
        try:
            if not self.markets:
                await self._load(api)
            yield api
        finally:
            await self._leave(api)

    async def load_markets(self) -> Mapping[str, Any]:
        """The markets as they are now."""
        api = self._enter()
        try:
            # By load_markets(True) all other calls would wait for this one, and fail with it.
            told: Mapping[str, Any] = await api.load_markets_helper(True)
            self.markets = {**self.markets, **told}
            return told
        finally:
            await self._leave(api)

    @property
    def api(self) -> Any:
        """The exchange, to ask what it can do. It may be closed."""
        if self._api is not None:
            return self._api
        if self._idle is None:
            self._idle = self._made()
        return self._idle

    def has(self, method: str) -> bool:
        return bool(self.api.has.get(method))

    def _enter(self) -> Any:
        loop = asyncio.get_running_loop()
        if self._api is None or self._loop is not loop:
            self._api, self._loop, self._users = self._opened(loop), loop, 0
        self._users += 1
        return self._api

    def _opened(self, loop: asyncio.AbstractEventLoop) -> Any:
        api, self._idle = self._idle, None
        if api is None or api.asyncio_loop not in (None, loop):
            return self._made()
        self._give_markets(api)
        api.open()
        return api

    async def _leave(self, api: Any) -> None:
        if api is not self._api:
            await api.close()  # another loop has taken its place
            return
        self._users -= 1
        if not self._users:
            self._api = None
            await asyncio.shield(self._close(api))

    async def _close(self, api: Any) -> None:
        await api.close()
        if isinstance(api, AsyncRestClient):
            self._idle = api
        else:
            drop_caches(api)  # it may stay until Python looks for cycles

    async def _load(self, api: Any) -> None:
        # Those who wait for the same answer would be cancelled with the one that is.
        self.markets = await asyncio.shield(api.load_markets())

    def _made(self) -> Any:
        kind = exchange_class(self.id)
        api = kind({**self.credentials, "options": {"defaultType": self.default_type}})
        self._give_markets(api)
        return api

    def _give_markets(self, api: Any) -> None:
        if self.markets and not api.markets:
            api.set_markets(list(self.markets.values()))


def exchange_class(id: str) -> Any:
    """ccxt's class of this id: the one with streams, if there is one."""
    for module in (ccxt.pro, ccxt.async_support):
        kind = getattr(module, id, None)
        if isinstance(kind, type):
            return kind
    raise BaseError(f"ccxt has no exchange {id}")
