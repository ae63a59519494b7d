"""Lends a sandbox to a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccxt_ext.program.own_sandbox import VARIABLE
from ccxt_ext.sandbox import SandboxError
from ccxt_ext.testing.bots.aftermath import (
    left_connected,
    missed_faults,
    told,
    wrong_after_call,
    wrong_in_sandbox,
)
from ccxt_ext.testing.bots.box import BotSandbox
from ccxt_ext.testing.bots.lease import Lease
from ccxt_ext.testing.bots.marks import settings_in
from ccxt_ext.testing.bots.report import TITLE, Files, section
from ccxt_ext.testing.bots.servers import Servers

LEASE = pytest.StashKey[Lease]()
"""Where a test keeps what it has made with its sandbox."""
BOX = pytest.StashKey[BotSandbox]()
"""Where a test keeps its sandbox."""
FAILED = pytest.StashKey[bool]()
"""Whether a test has failed, so that what follows from that is no second failure."""
NOTES = pytest.StashKey[bool]()
"""Whether a report has to note what is wrong besides: not if the test fails for that."""
SECTION = pytest.StashKey[str]()
"""What a test's report is to say of its sandbox, which is another test's by then."""
FILES = pytest.StashKey[Files]()
"""Where a session keeps the snapshots of failed tests."""
MARKER = "ccxt_sandbox"


@contextmanager
def lent(item: pytest.Item, servers: Servers, folder: Callable[[], Path]) -> Iterator[BotSandbox]:
    """A sandbox as the test's markers ask for it, in its first state. Afterwards its clients are closed.

    `folder` is where files for people go.
    """
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
    item.stash[FAILED], item.stash[NOTES], item.stash[SECTION] = False, True, ""
    if FILES not in item.config.stash:
        item.config.stash[FILES] = Files(folder())
    left: list[str] = []
    try:
        with lease.made.watched():
            yield box
    finally:
        try:
            if not item.stash[FAILED]:
                left = [*wrong_in_sandbox(lease), *left_connected(lease)]
            if left:
                item.stash[SECTION] = _section(item, lease)
        finally:
            lease.made.end()
            lease.end()
    if left:
        pytest.fail(told(left), pytrace=False)


def look_after(item: pytest.Item) -> None:
    """Fail a test whose function has ended well, if something is wrong all the same."""
    lease = item.stash.get(LEASE, None)
    wrong = [] if lease is None or lease.has_ended else wrong_after_call(lease)
    if wrong:
        item.stash[NOTES] = False
        pytest.fail(told(wrong), pytrace=False)


def add_section(item: pytest.Item, report: pytest.TestReport) -> None:
    """Say in the report of a failed test what its sandbox has seen."""
    lease = item.stash.get(LEASE, None)
    if lease is None:
        return
    if not lease.has_ended:
        item.stash[FAILED] = True
        item.stash[SECTION] = _section(item, lease)
    text, item.stash[SECTION] = item.stash[SECTION], ""
    if text:
        report.sections.append((TITLE, text))


def _section(item: pytest.Item, lease: Lease) -> str:
    notes = missed_faults(lease) if item.stash[NOTES] else []
    return section(lease, notes, item.config.stash[FILES], item.nodeid)
