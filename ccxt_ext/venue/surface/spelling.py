"""Saves time when exchanges are made: ccxt gives the methods of a class their camel case names only once.

For each exchange that is made, ccxt goes through all its two thousand names, and sets each method on the
class again under its second name. That takes four fifths of the time, and it empties Python's caches for the
class. So dir(), which ccxt uses to find the names, shows ccxt only those that still need this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import FunctionType
from typing import Any

from ccxt.base.types import Entry

# Methods that ccxt does not have, and that users call, so that they get a second name as well.
SPELT_TWICE = frozenset(("has_on",))

_NAMED = "_ccxt_ext_named"
_BEING_MADE = "_ccxt_ext_being_made"


class Named:
    """Remembers which methods of a class have both names, and what the class looked like then."""

    def __init__(self, exchange: Any) -> None:
        cls = type(exchange)
        self._looked: Sequence[Any] | None = None  # another thread may make an exchange meanwhile
        setattr(cls, _NAMED, self)
        found = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
        # If the constructor was given a replacement for a method, ccxt has set it only on this exchange.
        methods = {name for name, value in found.items() if isinstance(value, (FunctionType, Entry))}
        methods -= vars(exchange).keys()
        self.others = found.keys() - methods - own_names(cls)
        self._looked = look(cls)

    def holds_for(self, cls: type) -> bool:
        """Whether the class and its bases are unchanged since then."""
        return self._looked is not None and look(cls) == self._looked


def look(cls: type) -> Sequence[Any]:
    """All attributes of the class and of its bases, to compare them later."""
    return [tuple(vars(base).values()) for base in cls.__mro__]


class Naming:
    """Used in a `with` block around the making of an exchange: limits what dir() shows meanwhile."""

    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange

    def __enter__(self) -> None:
        cls = type(self.exchange)
        named = vars(cls).get(_NAMED)
        self.known = named if named is not None and named.holds_for(cls) else None
        vars(self.exchange)[_BEING_MADE] = self.known

    def __exit__(self, error: type[BaseException] | None, *_: Any) -> None:
        vars(self.exchange).pop(_BEING_MADE)
        if error is None and self.known is None:
            Named(self.exchange)


def names_for_dir(exchange: Any) -> Iterable[str]:
    """What dir() returns for an exchange. While one is made: the names that still need a second spelling."""
    made = vars(exchange)
    if _BEING_MADE not in made:
        return object.__dir__(exchange)
    known: Named | None = made[_BEING_MADE]
    if known is not None:
        return known.others | made.keys()
    return set(object.__dir__(exchange)) - own_names(type(exchange))


def own_names(cls: Any) -> set[str]:
    """The names that our classes add to ccxt's. Nobody expects a second spelling of those."""
    ours = [base for base in cls.__mro__ if base.__module__.startswith("ccxt_ext.")]
    ccxts = {name for base in cls.__mro__ if base not in ours for name in vars(base)}
    has = {cls.un_camel_case(None, name) for name in cls.metadata()["has"]}
    found = {name for base in ours for name, value in vars(base).items() if is_own(value)}
    return found - ccxts - has - SPELT_TWICE


def is_own(value: Any) -> bool:
    """Whether it was defined by us: it is no implicit method, and nobody else has put it into the class."""
    if isinstance(value, FunctionType):
        return value.__module__.startswith("ccxt_ext.")
    return not isinstance(value, Entry)
