"""What freqtrade has of us here, for `ccxt-ext doctor`, which runs this in a process of its own."""

from __future__ import annotations

import json
import logging
from typing import Any

from ccxt_ext.integrations.freqtrade.fit import NEWEST, OLDEST
from ccxt_ext.integrations.kept import Kept


def report() -> dict[str, Any]:
    """freqtrade's release, which classes it has of whom, what is wrong with them, and what was warned of."""
    kept = Kept()
    logging.getLogger("ccxt_ext").addHandler(kept)

    import freqtrade
    import freqtrade.exchange

    shelf = getattr(vars(freqtrade.exchange).get("__getattr__"), "__self__", None)
    classes: dict[str, list[str]] = {}
    if shelf is not None:
        from ccxt_ext.integrations.freqtrade.failing import why_broken

        for name in sorted(shelf.names() - shelf.conflicts.keys()):
            kind = shelf.find(name)
            if kind is not None and why_broken(kind) is None:
                classes.setdefault(shelf.origin(name), []).append(name)
    return {
        "release": freqtrade.__version__,
        "known": [OLDEST, NEWEST],
        "classes": classes,
        "warnings": list(dict.fromkeys(kept.lines)),
    }


def write() -> None:
    print("\n" + json.dumps(report()))
