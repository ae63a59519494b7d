"""Lends a sandbox to a test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ccxt_ext.program.own_sandbox import VARIABLE
from ccxt_ext.sandbox import SandboxError
from ccxt_ext.testing.bots.box import BotSandbox
from ccxt_ext.testing.bots.lease import Lease
from ccxt_ext.testing.bots.marks import settings_in
from ccxt_ext.testing.bots.servers import Servers

LEASE = pytest.StashKey[Lease]()
"""Where a test keeps what it has made with its sandbox."""
BOX = pytest.StashKey[BotSandbox]()
"""Where a test keeps its sandbox."""
MARKER = "ccxt_sandbox"


@contextmanager
def lent(item: pytest.Item, servers: Servers) -> Iterator[BotSandbox]:
    """A sandbox as the test's markers ask for it, in its first state. Afterwards its clients are closed."""
    wrong = ""
    try:
        if os.environ.get(VARIABLE):
            raise SandboxError("it starts a sandbox of its own: run pytest without `ccxt-ext run --sandbox`")
        settings = settings_in(item.iter_markers(MARKER), item.path.parent)
        server = servers.ready(settings)
    except SandboxError as error:
        wrong = f"ccxt_sandbox: {error}"
    if wrong:
        pytest.fail(wrong, pytrace=False)
    lease = item.stash[LEASE] = Lease(server, getattr(item, "funcargs", {}))
    box = item.stash[BOX] = BotSandbox(lease)
    try:
        yield box
    finally:
        lease.end()
