"""The one place that knows how ccxt's releases differ.

Until 4.5.88, `sign()`, `request()` and `Entry` named a section of the API with a string (`'public'`). Since
4.5.89 they use a list (`['public']`), and `sign()`, `request()` and `fetch2()` take no headers and no body.

Some releases between, such as 4.5.60, leave an async exchange's session open when it is closed. Newer ones
can drop what an exchange keeps of its streams.
"""

import inspect
import sys
from collections.abc import Sequence
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.types import Entry

__all__ = ["section"]

# The base class of ccxt's sync and async Exchange classes, in those releases that have one.
BaseExchange: Any = getattr(sys.modules[Exchange.__module__], "BaseExchange", Exchange)

SECTION_IS_LIST = "headers" not in inspect.signature(Exchange.sign).parameters


def section(api: str | Sequence[str]) -> str:
    """The dotted name of an API section, in whichever form ccxt gave it."""
    return api if isinstance(api, str) else ".".join(api)


def entry(path: str, sections: Sequence[str], method: str, config: dict[str, Any]) -> Entry:
    """An implicit method's descriptor, in the form that the installed ccxt expects."""
    api = list(sections) if SECTION_IS_LIST or len(sections) > 1 else sections[0]
    return Entry(path, api, method, config)


async def close_sessions(exchange: Any) -> None:
    """Close what `close()` of an async class has left open, if anything."""
    if exchange.session is not None:
        if exchange.own_session:
            await exchange.session.close()
        exchange.session = None
    await exchange.close_connector()
    await exchange.close_proxy_sessions()


def drop_caches(exchange: Any) -> None:
    """Drop what streams have told, of an exchange that is closed, where its release can."""
    drop = getattr(exchange, "clean_ws_data", None)
    if drop is not None:
        drop()
