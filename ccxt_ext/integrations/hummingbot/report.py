"""What hummingbot has of us here, for `ccxt-ext doctor`, which runs this in a process of its own."""

from __future__ import annotations

import json
import logging
from typing import Any

from ccxt_ext.integrations.hummingbot import fit, shelf
from ccxt_ext.integrations.kept import Kept


def report() -> dict[str, Any]:
    """hummingbot's release, which connectors it has of whom, and what was warned of."""
    kept = Kept()
    logging.getLogger("ccxt_ext").addHandler(kept)

    from hummingbot.client.settings import AllConnectorSettings

    there = AllConnectorSettings.get_connector_settings()
    for kind in fit.CLASSES:
        if fit.problem() is None:
            try:
                fit.check_classes(kind)
            except ModuleNotFoundError:
                break  # it is among the warnings
    found: dict[str, list[str]] = {}
    for name, row in shelf.rows().items():
        if name in there and fit.problem() is None:
            found.setdefault(row.origin, []).append(name)
    return {
        "release": fit.version(),
        "known": [fit.OLDEST, fit.NEWEST],
        "classes": found,
        "warnings": list(dict.fromkeys(kept.lines)),
    }


def write() -> None:
    print("\n" + json.dumps(report()))
