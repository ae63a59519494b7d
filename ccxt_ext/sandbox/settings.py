"""How a sandbox is started."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ccxt_ext.sandbox.books import Books, read_books
from ccxt_ext.sandbox.candles import GivenCandles, read_candles
from ccxt_ext.sandbox.frontend import Limits
from ccxt_ext.sandbox.frontends import Description, all_venues, check_venues, described
from ccxt_ext.sandbox.funds import Accounts, check_accounts
from ccxt_ext.sandbox.options import check_options
from ccxt_ext.sandbox.prices import Prices, read_prices
from ccxt_ext.sandbox.saved import Saved, read
from ccxt_ext.sandbox.scenarios.named import read_scenario
from ccxt_ext.sandbox.scenarios.scenario import Scenario

HOST_NAME = re.compile(r"[A-Za-z0-9._-]+")


OF_FIRST_STATE = (
    *(
        "venues",
        "seed",
        "live",
        "limits",
        "start_ms",
        "clock",
        "options",
        "prices",
        "candles",
        "books",
        "accounts",
        "simulated",
    ),
)

SIMULATED_ID = re.compile("[a-z][a-z0-9_]{0,39}")

ClockMode = Literal["running", "frozen"]
"""Whether time passes by itself, or only when it is told to."""


@dataclass(frozen=True)
class Settings:
    """How a sandbox is started."""

    venues: tuple[str, ...] = field(default_factory=all_venues)
    seed: int = 1
    live: bool = False
    limits: Limits = "relaxed"
    host: str = "127.0.0.1"
    port: int = 0
    start_ms: int | None = None
    allow_hosts: tuple[str, ...] = ()
    """Further names by which clients may call the sandbox."""
    clock: ClockMode = "running"
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    prices: Prices | None = None
    """Where markets start, if not at their venues' own prices."""
    candles: tuple[GivenCandles, ...] = ()
    """What markets have behind them, and what they go through."""
    books: Books = field(default_factory=dict)
    """What the synthetic makers keep in the books, if not the usual."""
    accounts: Accounts = field(default_factory=dict)
    """Further accounts with their money, and what the two usual ones have instead of the usual."""
    save: Path | None = None
    """The file that gets the state at the end."""
    loaded: Saved | None = field(default=None, repr=False, compare=False)
    """The state to begin with, if it is not the first one."""

    scenario: Scenario | None = None
    """What happens from the start, and from each reset on."""
    simulated: Mapping[str, Description] = field(default_factory=dict)
    """Venues that have no frontend of their own, by any ids."""

    def __post_init__(self) -> None:
        check_venues(self.venues)
        if not self.all_venues:
            raise ValueError("no venue to serve")
        if len(set(self.venues)) != len(self.venues):
            raise ValueError("a venue is named twice")
        if self.limits not in ("relaxed", "venue"):
            raise ValueError(f"limits must be 'relaxed' or 'venue', not {self.limits!r}")
        if self.clock not in ("running", "frozen"):
            raise ValueError(f"clock must be 'running' or 'frozen', not {self.clock!r}")
        for venue in self.simulated:
            check_simulated(venue, self.venues)
        if not 0 <= self.port <= 65535 - len(self.all_venues):
            raise ValueError(f"port {self.port} leaves no room for {len(self.all_venues) + 1} ports")
        for name in self.allow_hosts:
            if not HOST_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a host, such as sandbox or sandbox.example")
        check_options(self.options)
        if self.prices is not None:
            self.prices.check_venues(self.all_venues)
        for what, name in [("candles", f"{each.venue}:{each.market}") for each in self.candles] + [
            ("book", name) for name in self.books if name
        ]:
            if name.partition(":")[0] not in self.all_venues:
                raise ValueError(f"{what}: {name} is at a venue that is not served")
        check_accounts(self.accounts, self.all_venues)

    @property
    def all_venues(self) -> tuple[str, ...]:
        """Those that have frontends of their own, and those that are simulated."""
        return (*self.venues, *self.simulated)

    @property
    def of_first_state(self) -> dict[str, Any]:
        """What the state of a sandbox follows from, and so has to be the same where that is loaded."""
        return {name: getattr(self, name) for name in OF_FIRST_STATE}

    @classmethod
    def given(
        cls,
        load: str | os.PathLike[str] | None = None,
        save: str | os.PathLike[str] | None = None,
        **fields: Any,
    ) -> Settings:
        """Settings from what a program gives: None for what it leaves open, and names in any collection.

        `load` is a file that a sandbox has saved, which tells all that the state follows from.
        """
        fields = {name: value for name, value in fields.items() if value is not None}
        for name in ("venues", "allow_hosts"):
            if name in fields:
                value = fields[name]
                fields[name] = (value,) if isinstance(value, str) else tuple(value)
        if "scenario" in fields:
            fields["scenario"] = read_scenario(fields["scenario"])
        fields["prices"] = read_prices(fields.get("prices"))
        fields["candles"] = read_candles(fields.get("candles"))
        fields["books"] = read_books(fields.pop("book", None))
        if "simulated" in fields:
            given = fields["simulated"]
            tables = given if isinstance(given, Mapping) else dict.fromkeys(given)
            fields["simulated"] = {venue: described(venue, table) for venue, table in tables.items()}
        if save is not None:
            fields["save"] = Path(save)
            if not fields["save"].parent.is_dir():
                raise ValueError(f"cannot write {save}: there is no such directory")
        return cls(**fields) if load is None else cls._loaded(load, fields)

    @classmethod
    def _loaded(cls, file: str | os.PathLike[str], fields: dict[str, Any]) -> Settings:
        saved = read(file)
        simulated = saved.settings.get("simulated", {})
        usual = cls(venues=tuple(saved.settings["venues"]), simulated=simulated)
        for name in OF_FIRST_STATE:
            wanted, was = fields.get(name, getattr(usual, name)), saved.settings.get(name)
            if wanted not in (was, getattr(usual, name)):
                raise ValueError(
                    f"{os.fspath(file)}: it was saved with other {name}, which stay as they were"
                )
        try:
            return cls(
                **{**fields, **{name: saved.settings[name] for name in OF_FIRST_STATE}, "loaded": saved}
            )
        except (TypeError, KeyError, AttributeError):
            raise ValueError(f"{os.fspath(file)}: it is damaged: its settings make no sense") from None


def check_simulated(venue: str, served: Collection[str]) -> None:
    """Raise ValueError unless there can be a simulated venue with this id, beside those that are served."""
    if not SIMULATED_ID.fullmatch(venue):
        raise ValueError(f"venues are simulated by their ids in ccxt, such as kraken, not {venue!r}")
    if venue in served:
        raise ValueError(f"{venue} is served already, with its own protocol")
