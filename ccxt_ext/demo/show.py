"""Runs the whole demo, chapter by chapter: each venue, then streams."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ccxt_ext.demo import story, streams
from ccxt_ext.demo.console_page import ConsolePage
from ccxt_ext.demo.desk import Desk
from ccxt_ext.program.console import console
from ccxt_ext.program.own_sandbox import own_sandbox


def show(ids: Sequence[str], seed: int) -> bool:
    """Show these venues on the console. Returns whether all checks were true."""
    page = ConsolePage(console())
    with own_sandbox(venues=tuple(ids), seed=seed) as box:
        for id in ids:
            with chapter(page, id):
                desk = Desk(id, box, page)
                page.heading(id, desk.me.name)
                story.tell(desk)
        streamed = streams.choose(ids)
        if streamed is not None:
            with chapter(page, f"{streamed} streams"):
                page.heading(streamed, "streams")
                streams.Streams(streamed, box, page, seed).tell()
    return page.conclude()


@contextmanager
def chapter(page: ConsolePage, title: str) -> Iterator[None]:
    """The `with` block is one chapter. An error in it is shown as a failed check."""
    start = time.perf_counter()
    done, page.title = page.checks, title
    try:
        yield
    except Exception as error:  # the other chapters still run
        page.check("it ran to its end", False, f"{type(error).__name__}: {error}")
    page.say(f"{page.checks - done} checks in {time.perf_counter() - start:.1f} s")
