"""Where classes, sandboxes and the time come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ccxt_ext._told_time import OPTION
from ccxt_ext.testing.cassettes.clock import Clock
from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.settings import Settings
from ccxt_ext.testing.configs import merged

__tracebackhide__ = True  # pytest shows the line of the test that called this

Finder = Callable[[], Any]
"""Gives the sandbox of the test, or None if it has none."""


def class_of(id: str, kind: str) -> Any:
    """A class of ccxt's, or one that this package or a plug-in brings."""
    import ccxt.async_support
    import ccxt.pro

    from ccxt_ext.testing import venues

    if kind in venues.kinds_of(id):
        return venues.class_of(id, kind)
    module = {"sync": ccxt, "async": ccxt.async_support, "pro": ccxt.pro}[kind]
    found = getattr(module, id, None) if id in module.exchanges else None
    if found is None:
        raise CassetteError(f"ccxt has no exchange {id!r} of kind {kind!r}")
    return found


def sandbox_for(id: str, find: Finder | None, boxes: list[Any], settings: Settings) -> Any:
    """The sandbox that the test has, or else one of its own."""
    from ccxt_ext import plugins
    from ccxt_ext.sandbox import Sandbox

    found = find() if find is not None else None
    if found is not None:
        return found
    if id not in plugins.ids("sandbox"):
        raise CassetteError(
            f"the sandbox does not speak {id}'s protocol, so there is nothing to record from it; "
            f"it has {', '.join(sorted(plugins.ids('sandbox')))}"
        )
    for box in boxes:
        if isinstance(box, Sandbox) and id in box.describe()["venues"]:
            return box
    box = Sandbox(venues=[id], start_ms=settings.start_ms)
    box.__enter__()
    boxes.append(box)
    return box


def sandbox_config(
    made_by: Any, box: Any, id: str, given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The configuration of an account there, and where the venue's own addresses are to be found."""
    account = dict(box.config(id))
    theirs = account.pop("urls")["api"]
    # A cassette has its own clock.
    account["options"] = {name: value for name, value in account["options"].items() if name != OPTION}
    own = made_by()
    routes = dict(_pairs(own.urls["api"], theirs, own))
    return merged(account, given), routes


def _pairs(own: Any, theirs: Any, exchange: Any) -> Iterator[tuple[str, str]]:
    if isinstance(own, Mapping):
        for name in own:
            yield from _pairs(own[name], theirs[name], exchange)
    elif own and theirs:
        yield exchange.implode_hostname(own), theirs


def frozen(clock: Clock) -> AbstractContextManager[None]:
    """From here on the time of the whole process is that of a cassette's clock."""
    context = _frozen(clock)
    context.__enter__()
    return context


@contextmanager
def _frozen(clock: Clock) -> Iterator[None]:
    import time_machine

    with time_machine.travel(clock.at / 1000, tick=False) as traveller:
        clock.moved = lambda at: traveller.move_to(at / 1000, tick=False)
        try:
            yield
        finally:
            clock.moved = lambda at: None
