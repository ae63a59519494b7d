"""Chapter 10, of money that comes and goes: lists of several pages that grow while they are read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.listing import small_pages
from ccxt_ext.testing.conformance.money import ROWS, Money
from ccxt_ext.testing.profile import Profile, Way

PARTS = ("since", "until", "since, until", "since, limit")


def is_told_once(
    profile: Profile, kind: str, method: str, *, into: bool = False, out: bool = False, to: bool = False
) -> None:
    """In each way that the profile names, with all that ccxt's arguments can ask."""
    for way in profile.list_ways or (Way(),):
        if way.methods and method not in way.methods:
            continue
        with small_pages(profile):
            money = Money(profile, kind, way)
            moves = money.moves(into=into, out=out, to=to)
            money.fill_up(moves)
            for part in ("", *PARTS):
                check(money, moves, method, part)


def check(money: Money, moves: Any, method: str, part: str) -> None:
    where = f"{method} of {money.where}" + (f", asked for by {part}" if part else "")
    moments = sorted(money.times.values())
    since = moments[ROWS // 5] - 500 if "since" in part else money.begun
    until = moments[ROWS * 4 // 5] - 500 if "until" in part else None
    limit = ROWS // 2 if "limit" in part else None
    params: dict[str, Any] = dict(money.way.params)
    if until is not None:
        params["until"] = until
    before = set(money.times)
    rows, _ = money.ask(moves, method, money.code, since, limit, params)
    amounts = [Decimal(str(row["amount"])) for row in rows]
    twice = len(amounts) - len(set(amounts))
    assert not twice, f"{where}: {twice} rows are told twice"
    last = until if until is not None else max(money.times.values())
    due = [amount for amount, time in money.times.items() if since <= time <= last][:limit]
    missing, wrong = before & set(due) - set(amounts), set(amounts) - set(due)
    assert not wrong, f"{where}: {len(wrong)} rows were not asked for"
    assert not (money.turns_pages and missing), f"{where}: {len(missing)} of {len(due)} rows are missing"
    times = [row["timestamp"] for row in rows]
    assert times == sorted(times), f"{where}: rows are not in the order of their times"


@case("10.11", "Deposits are listed once each", needs=("fetchDeposits",), frontend=True, level="proven")
def deposits(profile: Profile, kind: str) -> None:
    """Lists of several pages, with `since`, `until` and `limit`, while more money comes: none that was
    there before is missing, none comes twice, none was not asked for, all are in order."""
    is_told_once(profile, kind, "fetchDeposits", into=True)


@case(
    "10.12",
    "Withdrawals are listed once each",
    needs=("fetchWithdrawals", "withdraw"),
    frontend=True,
    level="proven",
)
def withdrawals(profile: Profile, kind: str) -> None:
    """As 10.11."""
    is_told_once(profile, kind, "fetchWithdrawals", out=True)


@case(
    "10.13",
    "Deposits and withdrawals are listed together, once each",
    needs=("fetchDepositsWithdrawals",),
    frontend=True,
    level="proven",
)
def both(profile: Profile, kind: str) -> None:
    """As 10.11."""
    is_told_once(profile, kind, "fetchDepositsWithdrawals", into=True, out=True)


@case(
    "10.14",
    "Transfers are listed once each",
    needs=("fetchTransfers", "transfer"),
    frontend=True,
    profile=("transfer",),
    level="proven",
)
def transfers(profile: Profile, kind: str) -> None:
    """As 10.11."""
    is_told_once(profile, kind, "fetchTransfers", to=True)
