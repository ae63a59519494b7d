"""The sandbox that a program uses: one of its own, or one that runs already."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccxt_ext.sandbox import Sandbox
    from ccxt_ext.sandbox.attached import Attached

# ccxt_ext.venue.closed.sandboxed reads it. It is named here again, as that module cannot be imported without
# ccxt.
VARIABLE = "CCXT_EXT_SANDBOX"

# If this is set too, all of ccxt's exchanges are closed, not only ours. The hook reads it.
STRICT_VARIABLE = "CCXT_EXT_SANDBOX_STRICT"


@contextmanager
def own_sandbox(**settings: Any) -> Iterator[Sandbox]:
    """A sandbox for the `with` block."""
    from ccxt_ext.sandbox import Sandbox

    with outside(), Sandbox(**settings) as box:
        yield box


@contextmanager
def attached(where: str) -> Iterator[Attached]:
    """A sandbox that runs already, for the `with` block. Raises SandboxError if there is none."""
    from ccxt_ext.sandbox import Sandbox

    with outside(), Sandbox.connect(where) as box:
        yield box


@contextmanager
def outside() -> Iterator[None]:
    """Forget the sandbox of an enclosing `ccxt-ext run --sandbox`, as clients would use that one."""
    enclosing = os.environ.pop(VARIABLE, None)
    try:
        yield
    finally:
        if enclosing is not None:
            os.environ[VARIABLE] = enclosing
