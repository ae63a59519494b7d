"""A sandbox of a program's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccxt_ext.sandbox import Sandbox

# ccxt_ext.venue.closed.sandboxed reads it, and cannot be imported without ccxt.
VARIABLE = "CCXT_EXT_SANDBOX"

# Set beside it: every exchange of ccxt is closed, not only ours. The hook reads it.
STRICT_VARIABLE = "CCXT_EXT_SANDBOX_STRICT"


@contextmanager
def own_sandbox(**settings: Any) -> Iterator[Sandbox]:
    from ccxt_ext.sandbox import Sandbox

    # That of an enclosing `ccxt-ext run --sandbox` would take this one's place.
    enclosing = os.environ.pop(VARIABLE, None)
    try:
        with Sandbox(**settings) as box:
            yield box
    finally:
        if enclosing is not None:
            os.environ[VARIABLE] = enclosing
