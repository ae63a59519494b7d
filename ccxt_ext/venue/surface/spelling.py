"""ccxt's other names of methods, in camel case, made once for each class.

ccxt goes through all two thousand names of each exchange that is made, and sets each method on the class once
more under its other name. That is four fifths of what making one takes, and whatever Python has learned of a
class it forgets when an attribute of it is set. So ccxt is shown what it has not named yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import FunctionType
from typing import Any

from ccxt.base.types import Entry

# Of our own methods those that users call.
SPELT_TWICE = frozenset(("has_on",))

_NAMED = "_ccxt_ext_named"
_BEING_MADE = "_ccxt_ext_being_made"


class Named:
    """The methods of a class that have both names, and how the class looked then."""

    def __init__(self, exchange: Any) -> None:
        kind = type(exchange)
        setattr(kind, _NAMED, self)
        found = {name: value for base in reversed(kind.__mro__) for name, value in vars(base).items()}
        # What its constructor was given in place of a method, ccxt has set on the exchange alone.
        methods = {name for name, value in found.items() if isinstance(value, (FunctionType, Entry))}
        methods -= vars(exchange).keys()
        self.others = found.keys() - methods - own_names(kind)
        self._looked = look(kind)

    def holds_for(self, kind: type) -> bool:
        """Whether nobody has put other methods into the class, or into one that it is based on."""
        return look(kind) == self._looked


def look(kind: type) -> Sequence[Any]:
    """All that the class has, and those that it is based on."""
    return [tuple(vars(base).values()) for base in kind.__mro__]


class Naming:
    """While an exchange is made."""

    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange

    def __enter__(self) -> None:
        kind = type(self.exchange)
        named = vars(kind).get(_NAMED)
        self.known = named if named is not None and named.holds_for(kind) else None
        vars(self.exchange)[_BEING_MADE] = self.known

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        vars(self.exchange).pop(_BEING_MADE)
        if kind is None and self.known is None:
            Named(self.exchange)


def names_for_dir(exchange: Any) -> Iterable[str]:
    """What dir() tells of an exchange; to ccxt while it makes one, what is to have a second name and has none
    yet."""
    made = vars(exchange)
    if _BEING_MADE not in made:
        return object.__dir__(exchange)
    known: Named | None = made[_BEING_MADE]
    if known is not None:
        return known.others | made.keys()
    return set(object.__dir__(exchange)) - own_names(type(exchange))


def own_names(kind: Any) -> set[str]:
    """Those of our classes that ccxt does not know, and so nobody by another name."""
    ours = [base for base in kind.__mro__ if base.__module__.startswith("ccxt_ext.")]
    ccxts = {name for base in kind.__mro__ if base not in ours for name in vars(base)}
    has = {kind.un_camel_case(None, name) for name in kind.metadata()["has"]}
    found = {name for base in ours for name, value in vars(base).items() if is_own(value)}
    return found - ccxts - has - SPELT_TWICE


def is_own(value: Any) -> bool:
    """Not an implicit method, nor one that somebody has put into our class."""
    if isinstance(value, FunctionType):
        return value.__module__.startswith("ccxt_ext.")
    return not isinstance(value, Entry)
