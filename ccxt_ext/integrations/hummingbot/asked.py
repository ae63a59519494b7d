"""Connectors for exchanges that `CCXT_EXT_HUMMINGBOT` names: of ccxt's own, and of plug-ins."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterator
from typing import Any

from ccxt_ext import plugins
from ccxt_ext.integrations.hummingbot.described import Described, of_ccxt, of_class
from ccxt_ext.integrations.hummingbot.row import Row

logger = logging.getLogger(__name__)

VARIABLE = "CCXT_EXT_HUMMINGBOT"
"""Such as `whitebit,kraken`: ids of exchanges."""

SUFFIX = "_ccxt"
ENDINGS = {"spot": SUFFIX, "perpetual": f"{SUFFIX}_perpetual"}

CLIENT_ID_LENGTH = 18
"""Every exchange takes that much, as far as is known: kraken takes no more of a free text."""


def asked(taken: Collection[str]) -> Iterator[Row]:
    """A row for each kind of market of each exchange. `taken` are ids that have connectors anyway."""
    seen = set()
    for id in os.environ.get(VARIABLE, "").replace(",", " ").split():
        if id in seen:
            continue
        seen.add(id)
        if id in taken:
            logger.warning(f"{VARIABLE}: {id} has connectors without it")
            continue
        found, origin = who_has(id)
        if found is None:
            logger.warning(f"{VARIABLE}: neither ccxt nor a plug-in has an exchange {id!r} for asyncio")
        elif not found.kinds:
            logger.warning(f"{VARIABLE}: {id} has neither spot markets nor linear perpetuals")
        else:
            yield from (row(id, kind, found, origin) for kind in found.kinds)


def who_has(id: str) -> tuple[Described | None, str]:
    """What is known of an exchange, and who brings it. What ccxt has itself is ccxt's."""
    found = of_ccxt(id)
    if found is not None:
        return found, "ccxt"
    plugin = plugins.find(id)
    where: Any = plugin and (plugin.targets.get("pro") or plugin.targets.get("async_support"))
    return (of_class(where), plugin.origin) if plugin is not None and where else (None, "")


def row(id: str, kind: str, found: Described, origin: str) -> Row:
    return Row(
        name=f"{id.lower()}{ENDINGS[kind]}",
        id=id,
        kind=kind,
        origin=origin,
        tested=False,
        credentials=found.credentials,
        maker=found.fees.get("maker", Row.maker),
        taker=found.fees.get("taker", Row.taker),
        client_id_length=CLIENT_ID_LENGTH,
    )
