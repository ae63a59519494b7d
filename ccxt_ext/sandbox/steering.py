"""What a program can do to a sandbox: the calls of the control port as methods."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ccxt_ext.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from decimal import Decimal

    Number = str | int | Decimal
    """An amount of money. Text and Decimal are exact; a float would not be."""

__tracebackhide__ = True  # pytest shows the line of the test that called this

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Steering:
    """Steers a sandbox by calls of its control port, wherever it runs."""

    @property
    def control_url(self) -> str:
        """The address of the control port."""
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """What `ccxt-ext sandbox --json` prints."""
        raise NotImplementedError

    def config(self, venue: str, account: str = "config") -> dict[str, Any]:
        """The constructor argument for a client of this account. It is a new dict for each call."""
        raise NotImplementedError

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Call the control port and return the parsed answer. Raises SandboxError if it is refused."""
        raise NotImplementedError

    # time

    def now(self) -> int:
        """The sandbox's time, in milliseconds since the epoch."""
        return int(self.control("GET", "/clock")["now"])

    def freeze(self, at_ms: int | None = None) -> int:
        """Let time stand until it is advanced, and return it. With `at_ms`, it passes until then before."""
        at = {} if at_ms is None else {"at_ms": at_ms}
        return int(self.control("POST", "/clock", {"freeze": True, **at})["now"])

    def unfreeze(self) -> int:
        """Let time run on from where it stands, and return it."""
        return int(self.control("POST", "/clock", {"freeze": False})["now"])

    def advance(
        self,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        *,
        trade: bool | None = None,
    ) -> int:
        """Let time pass, and return the time that it is then, in milliseconds.

        `trade` says whether the synthetic traders trade through that time. If it is not given, they do where
        a market is live.
        """
        ms = round(days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS)
        asked = {} if trade is None else {"trade": trade}
        return int(self.control("POST", "/clock", {"advance_ms": ms, **asked})["now"])

    # prices, candles and books

    def price(
        self,
        venue: str,
        market: str,
        price: Number | float | None = None,
        over_ms: int = 0,
        *,
        change: Number | float | None = None,
    ) -> int:
        """Have the synthetic traders bring a market to a price, and return the time when it is there.

        They do it by trades: at once, or evenly over a time, as that passes. Orders on the way are filled.
        Instead of the price, its `change` may be given, as a share of the last one: -0.1 is a tenth less.
        """
        fields: dict[str, Any] = {"venue": venue, "market": market, "over_ms": over_ms}
        if price is not None:
            fields["price"] = price if isinstance(price, float) else _text(price)
        if change is not None:
            fields["change"] = f"{change:.12f}" if isinstance(change, float) else _text(change)
        return int(self.control("POST", "/price", fields)["at_ms"])

    def play(
        self,
        venue: str,
        market: str,
        rows: Iterable[Sequence[Any]] | str | os.PathLike[str],
        timeframe: str = "1m",
        fit: bool = False,
    ) -> dict[str, int]:
        """Give a market candles, as ccxt has them or in a file, and return how many are `past` and `coming`.

        Those of the past take the place of its past; it goes through the others as time passes, and the usual
        synthetic traders are off. With `fit`, prices and volumes are set on the market's steps.
        """
        from ccxt_ext.sandbox.candles import as_texts

        try:
            texts = as_texts(rows)
        except ValueError as error:
            raise SandboxError(str(error)) from None
        fields = {"venue": venue, "market": market, "timeframe": timeframe, "fit": fit, "rows": texts}
        told: dict[str, int] = self.control("POST", "/candles", fields)
        return told

    def stop_playing(self, venue: str, market: str) -> None:
        """Give a market back to its usual synthetic traders, who go on from where it is."""
        self.control("DELETE", "/candles", {"venue": venue, "market": market})

    def book(
        self,
        venue: str,
        market: str | None = None,
        *,
        levels: int | None = None,
        width: float | None = None,
        size: float | None = None,
    ) -> dict[str, Any]:
        """Set what the synthetic makers keep in a market's book, or in those of all markets of a venue.

        `levels` is how many prices they have orders at, on each side; `width` the distance of the best two,
        as a share of the price; `size` a factor of the usual amounts. Returns the three by market.
        """
        figures = {"market": market, "levels": levels, "width": width, "size": size}
        given = {name: value for name, value in figures.items() if value is not None}
        shapes: dict[str, Any] = self.control("POST", "/book", {"venue": venue, **given})
        return shapes

    # accounts and their money

    def account(
        self, venue: str, account: str, funds: Mapping[str, Number] | None = None, wallet: str | None = None
    ) -> dict[str, Any]:
        """Open a further account with this money, and return the constructor argument for a client."""
        fields: dict[str, Any] = {"venue": venue, "account": account}
        fields["balances"] = {currency: _text(amount) for currency, amount in (funds or {}).items()}
        opened = self.control("POST", "/accounts", _with_wallet(fields, wallet))
        config: dict[str, Any] = opened["config"]
        return config

    def deposit(
        self, venue: str, account: str, currency: str, amount: Number, wallet: str | None = None
    ) -> dict[str, str]:
        """Put money into an account, and return what is `free` and `held` of this currency then."""
        return self._move("/deposit", venue, account, currency, amount, wallet)

    def withdraw(
        self, venue: str, account: str, currency: str, amount: Number, wallet: str | None = None
    ) -> dict[str, str]:
        """Take free money out of an account, and return what is `free` and `held` of this currency then."""
        return self._move("/withdraw", venue, account, currency, amount, wallet)

    def _move(
        self, path: str, venue: str, account: str, currency: str, amount: Number, wallet: str | None
    ) -> dict[str, str]:
        fields = {"venue": venue, "account": account, "currency": currency, "amount": _text(amount)}
        balance: dict[str, str] = self.control("POST", path, _with_wallet(fields, wallet))
        return balance

    # venues

    def simulate(
        self,
        venue: str,
        markets: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        precision_mode: int | None = None,
    ) -> dict[str, Any]:
        """Serve any other id of ccxt's too, simulated, and return its accounts' configs.

        `markets` are as ccxt has them, and `precision_mode` tells how their `precision` is to be read.
        Without them there is a plain default. A reset keeps the venue. `ccxt_ext.testing.simulated` has its
        clients.
        """
        fields: dict[str, Any] = {"venue": venue}
        if markets is not None:
            rows = markets.values() if isinstance(markets, Mapping) else markets
            fields["markets"] = list(rows)
        if precision_mode is not None:
            fields["precisionMode"] = precision_mode
        accounts: dict[str, Any] = self.control("POST", "/venues", fields)["accounts"]
        return accounts

    # markets

    def change_market(self, venue: str, market: str, **rules: Number | None) -> dict[str, Any]:
        """Change what a market goes by: `tick`, `step`, `min_amount`, `max_amount`, `min_cost`, `maker_fee`,
        `taker_fee`, `funding_rate`. Returns the market as it is then."""
        fields = {name: None if value is None else _text(value) for name, value in rules.items()}
        changed: dict[str, Any] = self.control(
            "PATCH", "/markets", {"venue": venue, "market": market, **fields}
        )
        return changed

    def halt(self, venue: str, market: str) -> None:
        """Let a market take no orders until it is resumed. Those that are open stay."""
        self.control("PATCH", "/markets", {"venue": venue, "market": market, "status": "halted"})

    def resume(self, venue: str, market: str) -> None:
        """Let a market that was halted take orders again."""
        self.control("PATCH", "/markets", {"venue": venue, "market": market, "status": "open"})

    def delist(self, venue: str, market: str) -> None:
        """End a market for good: its orders are cancelled, and positions settled at the index price."""
        self.control("DELETE", "/markets", {"venue": venue, "market": market})

    # scenarios

    def scenario(
        self, scenario: str | os.PathLike[str] | Mapping[str, Any], seed: int | None = None
    ) -> dict[str, Any]:
        """Reset the sandbox and play a scenario from there: by its name, from a file, or from a table.

        Returns how far it has come, as `GET /scenario` tells.
        """
        from ccxt_ext.sandbox.files import read_table, with_texts

        given = scenario
        if not isinstance(scenario, Mapping) and os.path.splitext(scenario)[1]:
            given = read_table(scenario)
        asked = {} if seed is None else {"seed": seed}
        begun: dict[str, Any] = self.control("POST", "/scenario", {"scenario": with_texts(given), **asked})
        return begun

    # snapshots

    def snapshot(self, name: str | None = None) -> str:
        """Keep the whole state as it is now, and return the snapshot's name."""
        taken = self.control("POST", "/snapshot", {} if name is None else {"name": name})
        return str(taken["snapshot"])

    def restore(self, snapshot: str) -> None:
        """Go back to a snapshot. Connections are closed, as by a reset."""
        self.control("POST", "/restore", {"snapshot": snapshot})

    def save(self, file: str | os.PathLike[str], snapshot: str | None = None) -> None:
        """Write a snapshot, or the state as it is now, into a file that another sandbox can load."""
        # Imported here, so that importing the class imports little.
        from ccxt_ext.sandbox.files import write_whole

        which = "" if snapshot is None else f"?snapshot={quote(snapshot, safe='')}"
        write_whole(file, b64decode(self.control("GET", f"/snapshot{which}")["file"]))


def _text(amount: Number) -> str:
    return str(amount) if isinstance(amount, (str, int)) else format(amount, "f")


def _with_wallet(fields: dict[str, Any], wallet: str | None) -> dict[str, Any]:
    return fields if wallet is None else {**fields, "wallet": wallet}
