"""Reads which accounts a sandbox is to have, and with how much money: `maker:USDT=1000,BTC=1`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.engine import Engine
from ccxt_ext.sandbox.engine.checks import is_nonsense
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL

Accounts = Mapping[str, Mapping[str, Any]]
"""Amounts by `CURRENCY` or `WALLET.CURRENCY`, for each `NAME`, or `VENUE/NAME` for one venue."""
Funds = dict[str, dict[str, Decimal]]
"""Amounts by wallet and currency."""


def parse_accounts(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """Accounts from the command line. Raises ValueError if one makes no sense."""
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        name, colon, amounts = text.partition(":")
        if not name or not colon:
            raise ValueError(f"{text!r} is no account; they are NAME:CURRENCY=AMOUNT,...")
        if name in found:
            raise ValueError(f"account {name} is named twice")
        found[name] = {}
        for entry in filter(None, amounts.split(",")):
            currency, equals, amount = entry.partition("=")
            if not currency or not equals or currency in found[name]:
                raise ValueError(f"{text!r} is no account; they are NAME:CURRENCY=AMOUNT,...")
            found[name][currency] = amount
    return found


def check_accounts(accounts: Accounts, venues: Iterable[str]) -> None:
    """Raise ValueError if they are for other venues, or if their amounts are no numbers."""
    served = tuple(venues)
    for key, amounts in accounts.items():
        venue = key.rpartition("/")[0]
        if venue and venue not in served:
            raise ValueError(f"account {key} is for {venue}, which is not served")
        if not isinstance(amounts, Mapping):
            raise ValueError(f"account {key} needs amounts by currency, not {amounts!r}")
        for currency, amount in amounts.items():
            _number(key, currency, amount)


def funds_by_venue(accounts: Accounts, engines: Mapping[str, Engine]) -> dict[str, dict[str, Funds]]:
    """What each account has at each venue. Raises ValueError for currencies that no venue has.

    An account that is named for one venue is that there, whatever all venues were told of this name. Of an
    account for all venues, each has those currencies that it knows.
    """
    return {venue: _funds_at(venue, engine, accounts, engines) for venue, engine in engines.items()}


def _funds_at(
    venue: str, engine: Engine, accounts: Accounts, engines: Mapping[str, Engine]
) -> dict[str, Funds]:
    found: dict[str, Funds] = {}
    for key, amounts in accounts.items():
        wanted, _, name = key.rpartition("/")
        if wanted not in ("", venue) or (not wanted and f"{venue}/{name}" in accounts):
            continue
        funds = found[name] = {}
        for text, amount in amounts.items():
            place = _place(engine, text)
            if place is not None:
                wallet, currency = place
                funds.setdefault(wallet, {})[currency] = _number(key, text, amount)
            elif wanted or not any(_place(other, text) for other in engines.values()):
                raise ValueError(f"account {key}: {wanted or 'no venue'} has {'no ' if wanted else ''}{text}")
    return found


def _place(engine: Engine, text: str) -> tuple[str, str] | None:
    """The wallet and the currency, if the venue has them."""
    wallet, dot, currency = text.rpartition(".")
    wallet = wallet if dot else engine.wallets[0]
    return (wallet, currency) if wallet in engine.wallets and currency in engine.currencies else None


def _number(account: str, currency: str, amount: Any) -> Decimal:
    text = format(amount, "f") if isinstance(amount, Decimal) else str(amount)
    fits = not isinstance(amount, bool) and PLAIN_DECIMAL.fullmatch(text) and not text.startswith("-")
    if not fits or is_nonsense(Decimal(text)):
        raise ValueError(f"account {account}: {currency} needs an amount such as 1.5, not {amount!r}")
    return Decimal(text)
