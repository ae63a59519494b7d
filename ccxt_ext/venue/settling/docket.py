"""Which orders of a key are being placed, are of unknown outcome, or are known. No I/O.

A venue without client order ids lists an order that may be the lost one, or another that is just like it.
What was told to another call of this process is not it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.keys.shared import Shared, shared
from ccxt_ext.venue.settling.asked import TRIGGERS, Wanted

PLACED, KNOWN = "placed orders", "known orders"

# The states of what was asked for: its call goes on, its outcome is unknown, it was found, it is not there.
UNDER_WAY, UNKNOWN, FOUND, ABSENT = "under way", "unknown", "found", "absent"

# What is older is forgotten.
OLDEST_MS = 1_800_000

Entry = dict[str, Any]


class Docket:
    """What is known of one key's orders, by their symbols and ids."""

    def __init__(self, kept: Shared) -> None:
        self._kept = kept

    def number(self) -> int:
        """One that is higher than all before it."""
        return self._kept.number("orders", 1)

    def begins(self, order: Wanted, began: int, number: int) -> None:
        self._add(order, began, state=UNDER_WAY, began=began, ended=None, number=number)

    def was_lost(self, order: Wanted, now: int, began: int, ended: int, ticks: float) -> None:
        """Another process has placed it, and its outcome is unknown."""
        if not any(entry["token"] == order.token for entry in self.entries(order.symbol)):
            # It may be any order of which nothing is known here, whenever that was seen first.
            self._add(order, now, state=UNKNOWN, began=began, ended=ended, ticks=ticks, number=0)

    def _add(self, order: Wanted, noted: int, **more: Any) -> None:
        entry = {
            "token": order.token,
            "noted": noted,
            **more,
            "terms": [
                order.type,
                order.side,
                *map(text, (order.amount, order.price)),
                triggers(order.params),
            ],
        }
        self._change(order.symbol, lambda entries: [*entries, entry], noted)

    def ends(self, order: Wanted, now: int) -> None:
        """Its outcome is known to its caller."""
        self._change(order.symbol, lambda entries: instead(entries, order.token), now)

    def becomes(self, order: Wanted, state: str, now: int, **more: Any) -> None:
        new = {"state": state, **more}
        self._change(order.symbol, lambda entries: instead(entries, order.token, new), now)

    def entries(self, symbol: str) -> list[Entry]:
        found = self._kept.kept(PLACED, symbol)
        return [] if found is None else [dict(entry) for entry in found.value]

    def is_told(self, id: str, token: str | None) -> bool:
        """An order has this id; it is that of the call with this token, if there is one. Returns False if it
        is another call's."""
        while True:
            kept = self._kept.kept(KNOWN, id)
            seen, holder = (self.number(), None) if kept is None else kept.value
            if holder not in (None, token):
                return token is None
            if kept is not None and holder == token:
                return True
            value = None if kept is None else kept.value
            if self._kept.keep(KNOWN, id, [seen, token], instead_of=value):
                return True

    def holder(self, id: str) -> str | None:
        """The token of the call whose order has this id, if that is known."""
        kept = self._kept.kept(KNOWN, id)
        return None if kept is None else kept.value[1]

    def may_be(self, id: str, token: str, number: int) -> bool:
        """Whether an order may be that of the call with this token and number."""
        kept = self._kept.kept(KNOWN, id)
        if kept is None:
            return True
        seen, holder = kept.value
        return bool(holder == token or (holder is None and seen > number))

    def _change(self, symbol: str, change: Callable[[list[Entry]], list[Entry]], now: int) -> None:
        while True:
            kept = self._kept.kept(PLACED, symbol)
            value = None if kept is None else kept.value
            entries = change(young(value or [], now))
            if not entries and value is None:
                return
            if self._kept.keep(PLACED, symbol, entries, instead_of=value):
                return


def young(entries: list[Entry], now: int) -> list[Entry]:
    """Those that are not to be forgotten. The first was noted first, within moments."""
    if not entries or now - entries[0]["noted"] < OLDEST_MS:
        return entries
    return [entry for entry in entries if now - entry["noted"] < OLDEST_MS]


def instead(entries: list[Entry], token: str, new: Entry | None = None) -> list[Entry]:
    """The entry with a token changed, or left out. It is looked for among the newest first."""
    for at in reversed(range(len(entries))):
        if entries[at]["token"] == token:
            return [*entries[:at], *([] if new is None else [{**entries[at], **new}]), *entries[at + 1 :]]
    return entries


def text(value: Any) -> str | None:
    return None if value is None else str(value)


def triggers(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(params[name]) for name in TRIGGERS if params.get(name) is not None}


def docket_of(exchange: Exchange) -> Docket:
    """That of an exchange's key, at the address where it trades."""
    return Docket(shared("orders", exchange.id, repr(exchange.urls["api"]), str(exchange.apiKey)))
