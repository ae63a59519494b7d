"""Lets async clients connect to their sandbox only."""

import asyncio
import weakref
from typing import Any

import aiohttp

from ccxt_ext.venue.closed import sandboxed


class ClosedConnector(aiohttp.TCPConnector):
    """Connects only to the sandbox, for requests, redirects and WebSockets."""

    def __init__(self, instance: Any, **kwargs: Any) -> None:
        # A weak reference, so that the instance can end as soon as nobody else holds it.
        self.instance = weakref.proxy(instance)
        self.serves = weakref.ref(instance)
        super().__init__(**kwargs)

    async def connect(self, req: Any, *args: Any, **kwargs: Any) -> Any:
        if req.proxy is not None:
            sandboxed.refuse_proxy(self.instance)
        sandboxed.check(self.instance, req.url.raw_host, req.url.port)
        return await super().connect(req, *args, **kwargs)


def is_closed(instance: Any, session: Any) -> bool:
    """Whether the session reaches only this instance's sandbox."""
    connector = getattr(session, "connector", None)
    return isinstance(connector, ClosedConnector) and connector.serves() is instance


def closed_session(instance: Any, session: aiohttp.ClientSession) -> aiohttp.ClientSession:
    """A new session in place of `session`, without its headers and cookies."""
    if instance.tcp_connector is not None and session.connector is instance.tcp_connector:
        session.detach()  # ccxt made it, and closes the connector itself
    loop = instance.asyncio_loop or asyncio.get_running_loop()
    return aiohttp.ClientSession(loop=loop, connector=ClosedConnector(instance, loop=loop))
