"""Starts a sandbox for the program itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccxt_ext.sandbox import Sandbox

# ccxt_ext.venue.closed.sandboxed reads it. It is named here again, as that module cannot be imported without
# ccxt.
VARIABLE = "CCXT_EXT_SANDBOX"

# If this is set too, all of ccxt's exchanges are closed, not only ours. The hook reads it.
STRICT_VARIABLE = "CCXT_EXT_SANDBOX_STRICT"


@contextmanager
def own_sandbox(**settings: Any) -> Iterator[Sandbox]:
    """A sandbox for the `with` block."""
    from ccxt_ext.sandbox import Sandbox

    # If this runs inside of `ccxt-ext run --sandbox`, clients would use that sandbox instead of this one.
    enclosing = os.environ.pop(VARIABLE, None)
    try:
        with Sandbox(**settings) as box:
            yield box
    finally:
        if enclosing is not None:
            os.environ[VARIABLE] = enclosing
