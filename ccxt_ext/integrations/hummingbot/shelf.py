"""Which connectors there are beside hummingbot's own, by their names. Nothing of ccxt is imported for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from ccxt_ext import plugins
from ccxt_ext.integrations.hummingbot.asked import asked
from ccxt_ext.integrations.hummingbot.row import FOLDERS, Row

__all__ = ["OURS", "Row", "rows"]

logger = logging.getLogger(__name__)

PROGRAM = "hummingbot"

DEARER = Decimal("0.002")

OURS = (
    Row("bitexasia", "bitexasia", "spot", client_id_length=36),
    Row("bitexbit", "bitexbit", "spot", maker=DEARER, taker=DEARER),
    Row("bitmart2", "bitmart2", "spot", credentials=("apiKey", "secret", "uid")),
    Row("btex", "btex", "spot", maker=DEARER, taker=DEARER),
    # The last nine letters of a client id enter the venue's id of an order: of this many they differ.
    Row("bitmaxfutures_perpetual", "bitmaxfutures", "perpetual", client_id_length=18),
    Row("btex_perpetual", "btex", "perpetual", maker=DEARER, taker=DEARER),
)

_lock = threading.RLock()
_rows: dict[str, Row] | None = None


def rows() -> Mapping[str, Row]:
    """All of them, as they were when first asked for: ours, those of plug-ins, those that somebody wants."""
    global _rows
    with _lock:
        if _rows is None:
            found: dict[str, Row] = {}
            for row in (*OURS, *brought()):
                take(found, row)
            for row in asked({row.id for row in found.values()}):
                take(found, row)
            _rows = found
        return _rows


def take(found: dict[str, Row], row: Row) -> None:
    if row.name in found:
        logger.warning(f"{row.name} of {row.origin} is left out, as {found[row.name].origin} brings one")
    else:
        found[row.name] = row


def brought() -> Iterator[Row]:
    """Those that plug-ins bring by entry points. What is broken costs itself alone."""
    for name, claimants in plugins.conflicts(PROGRAM).items():
        origins = " and ".join(sorted(plugin.origin for plugin in claimants))
        logger.warning(
            f"hummingbot's connector {name} is left out: {origins} bring one, so CCXT_EXT_PLUGINS has to let "
            "in one of them only"
        )
    for problem in plugins.problems(PROGRAM):
        logger.warning(problem)
    for name in plugins.ids(PROGRAM):
        plugin = plugins.find(name, PROGRAM)
        origin = plugin.origin if plugin else ""
        try:
            yield replace(checked(plugins.target(name, PROGRAM), name), origin=origin, tested=False)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            reason = f"{type(error).__name__}: {error}"
            logger.warning(f"hummingbot's connector {name} of {origin} does not work: {reason}")


def checked(row: object, name: str) -> Row:
    if not isinstance(row, Row):
        raise TypeError(f"{row!r} is no Row")
    if row.name != name:
        raise ValueError(f"its row has the name {row.name!r}, not the one that it is brought for")
    if row.kind not in FOLDERS:
        raise ValueError(f"its kind is {row.kind!r}, and has to be spot or perpetual")
    if (row.kind == "perpetual") is not row.name.endswith("_perpetual"):
        raise ValueError("hummingbot knows perpetuals by their names, which end with _perpetual")
    return row
