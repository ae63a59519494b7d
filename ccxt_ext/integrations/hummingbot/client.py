"""The exchange of ccxt that a connector goes through. It is there as long as somebody uses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import ccxt.async_support
import ccxt.pro
from ccxt.base.errors import BaseError


class Client:
    """One connector's exchange.

    hummingbot makes connectors only to ask them something, and drops them unclosed. So an exchange is made
    when the first user comes, and closed when the last one has gone: a started connector is a user itself.
    """

    def __init__(self, id: str, credentials: Mapping[str, str], default_type: str) -> None:
        self.id = id
        self.credentials = {name: value for name, value in credentials.items() if value}
        self.default_type = default_type
        self.markets: Mapping[str, Any] = {}
        """As they were told last, by ccxt's symbols; they are given to the next exchange."""
        self._api: Any = None
        self._idle: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._users = 0
        self._ready: asyncio.Task[Any] | None = None

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
            self.markets = await api.load_markets(True)
            return self.markets
        finally:
            await self._leave(api)

    @property
    def api(self) -> Any:
        """The exchange if it is open, to ask what it can do; else one that has never sent anything."""
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
            self._api, self._loop, self._users = self._made(), loop, 0
        self._users += 1
        return self._api

    async def _leave(self, api: Any) -> None:
        if api is not self._api:
            await api.close()  # another loop has taken its place
            return
        self._users -= 1
        if not self._users:
            self._api = None
            await asyncio.shield(api.close())

    async def _load(self, api: Any) -> None:
        self.markets = await api.load_markets()

    def _made(self) -> Any:
        kind = exchange_class(self.id)
        api = kind({**self.credentials, "options": {"defaultType": self.default_type}})
        if self.markets:
            api.set_markets(list(self.markets.values()))
        return api


def exchange_class(id: str) -> Any:
    """ccxt's class of this id: the one with streams, if there is one."""
    for module in (ccxt.pro, ccxt.async_support):
        kind = getattr(module, id, None)
        if isinstance(kind, type):
            return kind
    raise BaseError(f"ccxt has no exchange {id}")
