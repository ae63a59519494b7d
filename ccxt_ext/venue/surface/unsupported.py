# twin: unsupported_sync.py
"""Makes the methods that a venue does not support raise NotSupported."""

import functools
import inspect
from typing import Any

from ccxt.base.errors import NotSupported

from ccxt_ext.venue.aio import AsyncExchange

# Keys of `has` that are not methods.
NO_METHODS = frozenset(
    (
        "CORS",
        "future",
        "index",
        "margin",
        "option",
        "privateAPI",
        "publicAPI",
        "sandbox",
        "spot",
        "swap",
        "ws",
    )
)


# Each method of ccxt's is looked at once, however many classes lack it.
signature = functools.cache(inspect.signature)


def refuse_unsupported(cls: Any) -> None:
    """Make every method that is False in `has` raise NotSupported.

    Without this, ccxt would emulate some of them (editOrder cancels and creates), which a venue may not want,
    and would have no method at all for others.
    """
    has = cls.metadata()["has"]
    spellings = {method.replace("_", "").lower(): method for method in dir(AsyncExchange)}
    for name in AsyncExchange.describe(AsyncExchange)["has"]:
        if has.get(name) or name in NO_METHODS:
            continue
        snake = spellings.get(name.lower()) or AsyncExchange.un_camel_case(None, name)
        for spelling in (snake, name):
            if getattr(cls, spelling, None) is getattr(AsyncExchange, spelling, None):
                setattr(cls, spelling, not_supported(name, snake))


def not_supported(name: str, method: str) -> Any:
    """A method that raises NotSupported, unless the user has set its key in `has`."""
    ccxts = getattr(AsyncExchange, method, None)

    async def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        if ccxts is not None and self.has.get(name):  # set by an option
            return await ccxts(self, *args, **kwargs)
        raise NotSupported(f"{self.id} {name}() is not supported")

    if ccxts is not None:
        # Programs may look at a method's parameters before they call it.
        refuse.__signature__ = signature(ccxts)  # type: ignore[attr-defined]
        refuse.__name__, refuse.__doc__ = ccxts.__name__, ccxts.__doc__
    refuse.refuses = name  # type: ignore[attr-defined]
    return refuse
