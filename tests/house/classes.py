"""The fifteen public classes: how many of ours each is made of, and which names it adds to ccxt's."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

import ccxt
import ccxt.async_support
import ccxt.pro
from ccxt.base.types import Entry

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro
from tests.house.sources import PACKAGE
from tests.ids import IDS

HOMES = {
    "sync": (ccxt_ext, ccxt),
    "async": (ccxt_ext.async_support, ccxt.async_support),
    "pro": (ccxt_ext.pro, ccxt.pro),
}


class Face(NamedTuple):
    ours: list[type]  # classes of ours in the MRO
    names: list[str]  # public ones that ccxt's have not


def faces() -> Iterator[tuple[str, Face]]:
    for id in IDS:
        for kind, (home, _) in HOMES.items():
            yield f"{id} {kind}", face(getattr(home, id))


@functools.cache
def face(kind: type) -> Face:
    exchange = kind()
    has = {*exchange.has, *map(exchange.un_camel_case, exchange.has)}
    every = {*dir(exchange), *object.__dir__(exchange)}  # also what its own __dir__ may leave out
    names = {name for name in every if not name.startswith("_")} - has - ccxts()
    return Face(
        [each for each in kind.__mro__ if each.__module__.partition(".")[0] == PACKAGE],
        sorted(name for name in names if not is_implicit(kind, name)),
    )


@functools.cache
def ccxts() -> frozenset[str]:
    """What ccxt's own classes and their instances have, of all three kinds."""
    return frozenset(name for _, home in HOMES.values() for name in dir(home.Exchange()))


def is_implicit(kind: type, name: str) -> bool:
    """Whether it calls an endpoint: one of ccxt's descriptors, or the function that such a one makes."""
    found: Any = inspect.getattr_static(kind, name, None)
    return isinstance(found, Entry) or getattr(found, "__qualname__", "").startswith("Entry.")
