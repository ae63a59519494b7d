"""`ccxt-ext demo`: trades on a sandbox of every venue with ordinary ccxt code, and checks every figure."""

from __future__ import annotations

from ccxt_ext.cli.exits import FAILED, known
from ccxt_ext.cli.sandbox import Seed, Venues
from ccxt_ext.plugins import ours


def demo(venue: Venues = None, seed: Seed = 1) -> int:
    """Trade on a sandbox of every venue and show what happens.

    Exits with 0 only if everything that is shown was true.
    """
    ids = known("demo", venue or ()) or tuple(ours())
    from ccxt_ext.demo.show import show

    return 0 if show(ids, seed) else FAILED
