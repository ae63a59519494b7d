"""Where the bytes of an async client leave, while it is to reach a sandbox and nothing else."""

import asyncio
import weakref
from typing import Any

import aiohttp

from ccxt_ext.venue.closed import sandboxed


class ClosedConnector(aiohttp.TCPConnector):
    """Connects to the sandbox only, for requests, redirects and WebSockets alike."""

    def __init__(self, instance: Any, **kwargs: Any) -> None:
        # Weakly, as ccxt's instances are to end as soon as nobody holds them.
        self.instance = weakref.proxy(instance)
        self.serves = weakref.ref(instance)
        super().__init__(**kwargs)

    async def connect(self, req: Any, *args: Any, **kwargs: Any) -> Any:
        if req.proxy is not None:
            sandboxed.refuse_proxy(self.instance)
        sandboxed.check(self.instance, req.url.raw_host, req.url.port)
        return await super().connect(req, *args, **kwargs)


def is_closed(instance: Any, session: Any) -> bool:
    """Whether the session reaches the sandbox of this very instance."""
    connector = getattr(session, "connector", None)
    return isinstance(connector, ClosedConnector) and connector.serves() is instance


def closed_session(instance: Any, session: aiohttp.ClientSession) -> aiohttp.ClientSession:
    """One that takes the place of `session`, with nothing of it: neither its headers nor its cookies."""
    if instance.tcp_connector is not None and session.connector is instance.tcp_connector:
        session.detach()  # made by ccxt, which closes the connector
    loop = instance.asyncio_loop or asyncio.get_running_loop()
    return aiohttp.ClientSession(loop=loop, connector=ClosedConnector(instance, loop=loop))
