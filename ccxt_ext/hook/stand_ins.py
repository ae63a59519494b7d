"""Stand-ins: what an id gives if the plug-in that brings it is broken.

Programs make an instance of every exchange that ccxt lists, so that must work. A stand-in can do nothing, its
`has` says so, and whatever is called of it raises an error that tells whose plug-in is broken, and why.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator
from typing import Any

from ccxt.base.errors import NotSupported

# ccxt's methods that talk to an exchange: those that begin so, ...
ASKING = ("fetch", "load_", "request", "watch")
# ... those that begin so and take `params`, and a few more.
ACTING = (
    "add_",
    "borrow_",
    "cancel_",
    "close_",
    "create_",
    "edit_",
    "reduce_",
    "repay_",
    "set_",
    "sign_in",
    "transfer",
    "un_watch_",
    "withdraw",
)
OTHERS = ("deposit", "is_uta_enabled", "safe_deterministic_call")

# Implicit methods, in both spellings. Which ones there would be, nobody knows.
IMPLICIT = re.compile(
    r"[a-z]\w*(?:(?:Get|Post|Put|Delete|Patch|Head)(?:[A-Z0-9]\w*)?|_(?:get|post|put|delete|patch|head)(?:_\w+)?)"
)

_REASON = "_ccxt_ext_broken"


class BrokenPlugin(NotSupported):
    """A plug-in cannot be used. The text tells whose it is, and why; the cause is what it has raised."""


def why_broken(kind: Any) -> str | None:
    """Why a class is only a stand-in; None if it is the plug-in's own."""
    return getattr(kind, _REASON, None)


def stand_in(base: Any, id: str, reason: str, cause: BaseException | None) -> Any:
    """A subclass of one of ccxt's Exchange classes, for this id. Every call of it tells the reason."""

    def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise BrokenPlugin(reason) from cause

    async def refuse_later(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise BrokenPlugin(reason) from cause

    refusing = refuse_later if inspect.iscoroutinefunction(base.fetch) else refuse

    def __init__(self: Any, config: Any = {}, *args: Any, **kwargs: Any) -> None:
        before = dict(vars(self))
        try:
            base.__init__(self, config)
        except Exception:  # the configuration fits the plug-in, or nothing; here it is of no use
            vars(self).clear()
            vars(self).update(before)
            base.__init__(self)

    def describe(self: Any) -> Any:
        told = base.describe(self)
        return {**told, "id": id, "name": id, "has": dict.fromkeys(told["has"], False)}

    def switch(self: Any, enabled: Any) -> None:
        """A constructor may call it, and no address is used in any case."""

    def __getattr__(self: Any, name: str) -> Any:
        if IMPLICIT.fullmatch(name):
            return refusing.__get__(self)
        raise AttributeError(f"{id!r} has no attribute {name!r}: {reason}", name=name, obj=self)

    namespace: dict[str, Any] = dict.fromkeys(calls(base), refusing)
    namespace.update(
        __init__=__init__,
        __getattr__=__getattr__,
        __module__=__name__,
        __doc__=reason,
        describe=describe,
        set_sandbox_mode=switch,
        enable_demo_trading=switch,
    )
    namespace[_REASON] = reason
    return type(id, (base,), namespace)


def calls(base: Any) -> Iterator[str]:
    """The names of all methods that talk to an exchange."""
    for name in dir(base):
        method = inspect.getattr_static(base, name)
        if inspect.isfunction(method) and talks(snake_case(name), inspect.signature(method).parameters):
            yield name
    for name in base.describe(base)["has"]:
        if talks(snake_case(name), ("params",)):
            yield from (name, snake_case(name))


def talks(name: str, parameters: Collection[str]) -> bool:
    return name.startswith(ASKING) or name in OTHERS or (name.startswith(ACTING) and "params" in parameters)


def snake_case(name: str) -> str:
    """A method's name in ccxt's other spelling: fetchOHLCV as fetch_ohlcv."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name.replace("OHLCV", "Ohlcv")).lower()
