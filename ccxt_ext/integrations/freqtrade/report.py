"""What freqtrade has of us here, for `ccxt-ext doctor`, which runs this in a process of its own."""

from __future__ import annotations

import json
import logging
from typing import Any

from ccxt_ext.integrations.freqtrade.fit import NEWEST, OLDEST


def report() -> dict[str, Any]:
    """freqtrade's release, which classes it has of whom, what is wrong with them, and what was warned of."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("ccxt_ext").addHandler(handler)

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
        "warnings": list(dict.fromkeys(lines)),
    }


def write() -> None:
    print("\n" + json.dumps(report()))
