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
        self.others = found.keys() - methods
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


def names(exchange: Any) -> Iterable[str]:
    """What dir() tells of an exchange; to ccxt while it makes one, what has no second name yet."""
    known: Named | None = vars(exchange).get(_BEING_MADE)
    return object.__dir__(exchange) if known is None else known.others | vars(exchange).keys()
