"""The orders that were sent and that freqtrade's database does not have yet, in a file.

freqtrade writes an order into its database once the exchange has answered. What dies before that leaves an
order that nobody knows of, with money in it. So each is noted before it is sent, and until freqtrade has it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ccxt_ext.venue.settling.asked import TRIGGERS, Wanted

logger = logging.getLogger(__name__)

# What an order is for.
ENTRY, EXIT, STOP = "entry", "exit", "stop"

# It was sent; its id was told; nobody knows whether it was placed; it was filled, unknown to freqtrade.
SENT, TOLD, LOST, HELD = "sent", "told", "lost", "held"

KEPT = ("token", "purpose", "at", "symbol", "type", "side", "amount", "price", "params", "state", "order_id")


@dataclass
class Sent:
    """An order as it was sent."""

    purpose: str
    at: int
    """When, in milliseconds."""
    symbol: str
    type: str
    side: str
    amount: Any
    price: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)
    state: str = SENT
    order_id: str | None = None
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    thread: int | None = field(default_factory=threading.get_ident)
    """The one that sent it; None if that was in another process."""
    looked: float = 0.0
    """When it was looked for, by this process's own clock."""
    error: Any = None
    """One of unknown outcome that `settle()` takes. It knows more of what was sent than the file does."""

    def __str__(self) -> str:
        price = "" if self.price is None else f" at {self.price}"
        name = "" if self.order_id is None else f" {self.order_id}"
        return f"order{name} ({self.type} {self.side} {self.amount} {self.symbol}{price})"

    @property
    def wanted(self) -> Wanted:
        """As `settle()` knows it."""
        terms = self.symbol, self.type, self.side, self.amount, self.price, self.params
        return Wanted(*terms, token=self.token)

    @property
    def only_reduces(self) -> bool:
        return bool(self.params.get("reduceOnly"))


class InFlight:
    """Those of one bot. What is changed here has to be saved, and is in the file before `save()` returns."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.all: list[Sent] = []
        self._lock = threading.Lock()
        self._complained = False
        if path is not None and path.exists():
            self._load(path)

    def add(self, sent: Sent) -> None:
        self.all.append(sent)
        self.save()

    def remove(self, sent: Sent) -> None:
        with suppress(ValueError):
            self.all.remove(sent)
        self.save()

    def of(self, symbol: str, *states: str) -> list[Sent]:
        return [sent for sent in list(self.all) if sent.symbol == symbol and sent.state in states]

    def save(self) -> None:
        if self.path is None:
            return
        with self._lock:
            rows = [{name: getattr(sent, name) for name in KEPT} for sent in list(self.all)]
            beside = self.path.with_name(f"{self.path.name}.new")
            try:
                with beside.open("w") as file:
                    json.dump(rows, file, default=str, indent=1)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(self.path)
            except OSError as error:
                if not self._complained:
                    self._complained = True
                    logger.error(
                        f"{self.path} cannot be written ({error}), so that an order may be lost if freqtrade "
                        "is killed just when it places one"
                    )

    def _load(self, path: Path) -> None:
        try:
            rows = json.loads(path.read_text())
            self.all = [Sent(**{name: row[name] for name in KEPT}, thread=None) for row in rows]
        except (OSError, ValueError, KeyError, TypeError) as error:
            logger.error(
                f"{path} cannot be read ({error}): look whether there are orders that nobody knows of"
            )
            return
        for sent in self.all:
            if sent.state == SENT:
                sent.state = LOST


def path_for(config: Mapping[str, Any]) -> Path | None:
    """Where the orders of a bot are noted: beside its database. None if that is in memory alone."""
    url = str(config.get("db_url") or "")
    scheme, _, rest = url.partition("://")
    if scheme.startswith("sqlite"):
        name = rest.partition("?")[0].removeprefix("/")
        return Path(f"{name}.in-flight.json").absolute() if name else None
    folder = config.get("user_data_dir")
    if not url or folder is None:
        return None
    # It has a password in it.
    return Path(folder) / f"in-flight-{hashlib.sha256(url.encode()).hexdigest()[:12]}.json"


def purpose_of(params: Mapping[str, Any], side: str, is_exit: bool | None) -> str:
    if any(params.get(name) is not None for name in TRIGGERS):
        return STOP
    if is_exit is None:
        is_exit = side == "sell"
    return EXIT if is_exit else ENTRY
