"""Closes the classes of plug-ins that a program imports by itself, not by their ids, under a sandbox."""

from __future__ import annotations

from typing import Any

from ccxt_ext.plugins import id_of_class
from ccxt_ext.venue.closed.guard import guard


def close_as_they_are_made(base: Any) -> None:
    """Close each subclass of ccxt's Exchange class that a plug-in brings, as soon as it is there."""
    before = vars(base).get("__init_subclass__")
    if isinstance(before, _Closing):
        return

    def __init_subclass__(cls: Any, **arguments: Any) -> None:
        if before is None:
            super(base, cls).__init_subclass__(**arguments)
        else:
            before.__get__(None, cls)(**arguments)
        id = id_of_class(cls)
        if id is not None:
            guard(cls, id)

    base.__init_subclass__ = _Closing(__init_subclass__)


class _Closing(classmethod):
    """Tells our method from another one."""
