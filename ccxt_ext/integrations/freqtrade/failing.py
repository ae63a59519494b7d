"""Classes that fail so that a user sees it.

freqtrade takes an AttributeError or an ImportError that comes out of an exchange's class for "there is no
such class", and goes on with its generic one, of which it tells at the level of information only. A bot for
contracts would end, for no reason that it tells; one for spot would trade without what its venue needs.
"""

from __future__ import annotations

import functools
from typing import Any

from freqtrade.exceptions import OperationalException

_SEEN = "_ccxt_ext_fails_visibly"
_REASON = "_ccxt_ext_broken"


def seen_to_fail(kind: Any, name: str, origin: str) -> Any:
    """The class, whose own mistakes end freqtrade with a message."""
    if kind.__module__.split(".")[0] == "freqtrade":  # nothing of freqtrade's own is changed
        kind = type(name, (kind,), {"__module__": __name__, "__doc__": kind.__doc__})
    if _SEEN in vars(kind):
        return kind
    before = kind.__init__

    @functools.wraps(before)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            before(self, *args, **kwargs)
        except (AttributeError, ImportError) as error:
            raise OperationalException(
                f"freqtrade's class {name} of {origin} has a mistake in it: {type(error).__name__}: {error}"
            ) from error

    kind.__init__ = __init__
    setattr(kind, _SEEN, True)
    return kind


def broken(base: Any, name: str, reason: str, cause: BaseException) -> Any:
    """A class in place of one that cannot be had. To list it does no harm; to use it raises the reason."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        raise OperationalException(reason) from cause

    def nothing(self: Any) -> None:
        """What freqtrade's own would close was never opened."""

    space = {"__init__": __init__, "__del__": nothing, "__doc__": reason, "__module__": __name__}
    return type(name, (base,), {**space, _REASON: reason})


def why_broken(kind: Any) -> str | None:
    """Why a class cannot be used; None if it can."""
    return getattr(kind, _REASON, None)
